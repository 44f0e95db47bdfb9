"""The commands. Nothing heavy is imported before it is known which one is wanted."""

import argparse
import asyncio
import sys

_DESCRIPTION = "A Telegram bot through which people order the services of a panel API v2 provider."


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m bot", description=_DESCRIPTION)
    found.add_argument(
        "command", nargs="?", default="run", choices=["run", "demo", "migrate"],
        help="run: the bot, by long polling (default). demo: try it in a browser, without token and key. "
        "migrate: bring the database to the newest schema; run does it too.",
    )  # fmt: skip
    found.add_argument("--port", type=int, default=8080, help="demo: the page's port; the next free one is taken")
    found.add_argument("--host", default="127.0.0.1", help="demo: the page's address")
    return found


def main(arguments: list[str] | None = None) -> int:
    given = parser().parse_args(arguments)
    try:
        return asyncio.run(_run(given))
    except KeyboardInterrupt:
        return 0


async def _run(given: argparse.Namespace) -> int:
    """Run the command and give the exit code: 2 for settings that can't be used, one sentence each."""
    if given.command == "demo":
        from bot.demo import demo  # noqa: PLC0415 - see above

        await demo(given.host, given.port)
        return 0
    from bot.logs import configure  # noqa: PLC0415
    from bot.settings import SettingsError, load  # noqa: PLC0415

    try:
        settings = load()
    except SettingsError as error:
        print(*error.sentences, sep="\n", file=sys.stderr)  # noqa: T201 - the operator's console
        return 2
    configure(settings.log_level, settings.secrets)
    if given.command == "migrate":
        from storage.engine import Database  # noqa: PLC0415
        from storage.migrate import upgrade  # noqa: PLC0415

        database = Database(settings.database_url)
        await upgrade(database)
        await database.close()
        return 0
    from bot.run import run  # noqa: PLC0415

    await run(settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
