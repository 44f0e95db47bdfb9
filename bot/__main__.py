"""The commands. Nothing heavy is imported before it is known which one is wanted."""

import argparse
import asyncio
import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings

_COMMAND = "panel-shop-bot"
_DESCRIPTION = "A Telegram bot through which people order the services of a panel API v2 provider."


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog=_program(), description=_DESCRIPTION)
    found.add_argument(
        "command",
        nargs="?",
        default="run",
        choices=["run", "demo", "migrate", "audit", "backup", "restore"],
        help="run: the bot, by long polling (default). demo: try it in a browser, "
        "without token and key. "
        "migrate: bring the database to the newest schema; run does it too. "
        "audit: go over all the books; exit code 1 and a line for each difference where "
        "they don't agree. "
        "backup: copy the database while the bot runs, verify the copy and keep the last few. "
        "restore: put a backup in the place of the database, with the bot stopped.",
    )
    found.add_argument("file", nargs="?", help="restore: the backup")
    found.add_argument(
        "--to",
        metavar="FOLDER",
        help="backup: else BACKUP_FOLDER, else backups/ beside the database",
    )
    found.add_argument(
        "--yes", action="store_true", help="restore: replace the database without asking"
    )
    found.add_argument(
        "--accept-differences",
        action="store_true",
        help="restore: a backup whose books don't agree, all the same",
    )
    found.add_argument(
        "--put-right", action="store_true", help="restore: on PostgreSQL, after pg_restore"
    )
    found.add_argument(
        "--port", type=int, default=8080, help="demo: the page's port; the next free one is taken"
    )
    found.add_argument("--host", default="127.0.0.1", help="demo: the page's address")
    found.add_argument(
        "--speed", type=float, default=1.0, help="demo: how many times faster the provider delivers"
    )
    return found


def _program() -> str:
    """Return what the bot was started by: the installed command, or its module."""
    return _COMMAND if Path(sys.argv[0]).stem == _COMMAND else "python -m bot"


CANT_START, TRY_AGAIN = 2, 75  # the latter is EX_TEMPFAIL


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return the exit code; when it can't start there is one sentence for each
    reason.

    2: trying again changes nothing until somebody has changed the settings. 75: the bot could not
    use its database, which may be up a moment later; whoever has started it is to start it again.
    """
    given = parser().parse_args(arguments)
    if given.file is not None and given.command != "restore":
        parser().error(f"{given.command} takes no file")
    try:
        return asyncio.run(_demo(given) if given.command == "demo" else _operate(given))
    except KeyboardInterrupt:
        return 0
    except _CantStart as error:
        print(*error.sentences, sep="\n", file=sys.stderr)  # noqa: T201 - the operator's console
        return error.code


class _CantStart(Exception):  # noqa: N818 - it is a sentence
    """Why, in sentences, and the exit code."""

    def __init__(self, *sentences: str, code: int = CANT_START) -> None:
        super().__init__(*sentences)
        self.sentences, self.code = sentences, code


async def _demo(given: argparse.Namespace) -> int:
    from bot.telegram import aiogram_patches  # noqa: PLC0415 - see above

    aiogram_patches.prepare()
    from bot.demo import demo  # noqa: PLC0415

    await demo(given.host, given.port, given.speed)
    return 0


async def _operate(given: argparse.Namespace) -> int:
    from bot.dotenv import SettingsError  # noqa: PLC0415
    from bot.observability.logs import configure  # noqa: PLC0415
    from bot.settings import load  # noqa: PLC0415
    from storage.lock import only_process  # noqa: PLC0415
    from storage.migrate import DatabaseUnusableError, migrate  # noqa: PLC0415

    try:
        settings = load()
        configure(settings.log_level, settings.secrets, settings.log_format)
        if given.command == "migrate":
            with only_process(settings.database_url):
                await migrate(settings.database_url)
        elif given.command == "audit":
            return await _audit(settings.database_url)
        elif given.command in {"backup", "restore"}:
            return await _copy(settings, given)
        else:
            from bot.telegram import aiogram_patches  # noqa: PLC0415

            # bot.run enables it: what is imported stays, and looking it through takes a fifth of a
            # start
            gc.disable()
            aiogram_patches.prepare()
            from bot.run import run  # noqa: PLC0415

            _report_errors(settings)
            await run(settings)
    except SettingsError as error:
        raise _CantStart(*error.sentences) from None
    except DatabaseUnusableError as error:
        code = TRY_AGAIN if given.command == "run" else CANT_START
        raise _CantStart(f"The database can't be used: {error}", code=code) from None
    return 0


def _report_errors(settings: "Settings") -> None:
    """Send errors to Sentry as well, where the operator wants it; its package is imported only
    then.
    """
    if settings.sentry_dsn is None:
        return
    from bot.observability.logs import redaction  # noqa: PLC0415
    from bot.observability.sentry import report_to  # noqa: PLC0415

    report_to(settings.sentry_dsn.get_secret_value(), redaction(settings.secrets))


async def _copy(settings: "Settings", given: argparse.Namespace) -> int:
    from bot import backup_commands  # noqa: PLC0415 - see above

    if given.command == "backup":
        return await backup_commands.make_backup(settings, given.to)
    return await backup_commands.restore(
        settings,
        given.file,
        yes=given.yes,
        only_put_right=given.put_right,
        accept_differences=given.accept_differences,
    )


async def _audit(url: str) -> int:
    """Print what does not agree in the books, a line each; 1 where there is something.

    Changes nothing.
    """
    from shop.payments.audit import go_over, sentence  # noqa: PLC0415 - see above
    from storage.migrate import opened  # noqa: PLC0415

    async with opened(url) as database:
        report = await go_over(database)
    lines = [sentence(difference) for difference in report.differences]
    if not lines:
        size = report.size
        lines = [
            (
                f"{size.entries} entries, {size.wallets} wallets, {size.orders} orders: the "
                "books agree."
            )
        ]
    print(*lines, sep="\n")  # noqa: T201 - the operator's console
    return 1 if report.differences else 0


if __name__ == "__main__":
    sys.exit(main())
