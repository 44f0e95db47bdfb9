"""What an operator meets before the bot runs: sentences, exit codes, the schema, the health of
it.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url, text

from tests.factories.ledger import everything_once
from tests.runtime.process import ROOT, Launcher, Operator, until

NEEDED = ("BOT_TOKEN", "PANEL_URL", "PANEL_KEY")
WRONG = {
    "BOT_TOKEN": "no-colon",
    "PANEL_URL": "provider.example/api",
    "TELEGRAM_API_URL": "ftp://x",
    "ADMIN_IDS": "olga",
    "ALLOWED_USER_IDS": "1;2",
    "DATABASE_URL": "mysql://here",
    "BILLING": "free",
    "MARKUP_PERCENT": "-5",
    "PRICE_STEP": "0",
    "WELCOME_CREDIT": "much",
    "STATUS_INTERVAL": "often",
    "CATALOG_INTERVAL": "0",
    "PANEL_TIMEOUT": "0",
    "PANEL_PARAMETERS": "header",
    "SUBMIT_WORKERS": "99",
    "DEFAULT_LANGUAGE": "xx",
    "LOG_LEVEL": "loud",
    "HEALTH_PORT": "70000",
}


def check_sentences(said: str, names: set[str]) -> None:
    """One plain sentence each, and nothing else."""
    lines = said.splitlines()
    assert {line.split()[0] for line in lines} == names
    assert len(lines) == len(names)
    for line in lines:
        assert line.endswith(".")
        assert line.split()[1] == "is"
    assert "Traceback" not in said


async def test_a_missing_setting_is_named(shop: Operator) -> None:
    bots = {name: shop.run(**{name: ""}) for name in NEEDED}
    for name, bot in bots.items():
        assert await bot.ended() == 2
        check_sentences(bot.said, {name})


async def test_all_missing_ones_are_named_at_once(shop: Operator, cold: Launcher) -> None:
    bot = shop.run(launcher=cold, **dict.fromkeys(NEEDED, ""))
    assert await bot.ended() == 2
    check_sentences(bot.said, set(NEEDED))


@pytest.mark.parametrize("command", ["run", "migrate"])
async def test_wrong_values_are_named_and_not_repeated(shop: Operator, command: str) -> None:
    bot = shop.run(command, **WRONG)
    assert await bot.ended() == 2
    check_sentences(bot.said, set(WRONG))
    assert "no-colon" not in bot.said


async def test_a_token_that_telegram_does_not_know(shop: Operator) -> None:
    bot = shop.run(BOT_TOKEN="42:someone-elses")
    assert await bot.ended() == 2
    assert bot.said.splitlines()[-1] == "BOT_TOKEN is wrong: Telegram does not know it."
    assert "Traceback" not in bot.said


async def test_a_database_that_can_not_be_used_is_one_sentence(shop: Operator) -> None:
    urls = (
        "sqlite+aiosqlite:////dev/null/shop.db",
        "postgresql+asyncpg://nobody@127.0.0.1:1/none",
        "postgresql+asyncpg://nobody@127.0.0.1:port/none",
    )
    for url, command, bot in [
        (url, c, shop.run(c, DATABASE_URL=url)) for url in urls for c in ("run", "migrate", "audit")
    ]:
        # 75: whoever has started the bot is to try again. A port that is none is a wrong setting.
        assert await bot.ended() == (75 if command == "run" and ":port" not in url else 2)
        (sentence,) = bot.said.splitlines()
        assert "database" in sentence.lower()


async def test_an_address_that_can_not_be_meant_is_one_sentence(shop: Operator) -> None:
    urls = (
        "postgres://user:secret@/name",
        "postgresql://127.0.0.1",
        "sqlite+aiosqlite:///",
        "postgres://u:secret@h/n?sslmode=on",
        "postgresql+asyncpg://u:secret@h/n?channel_binding=require",
        "postgres://u:secret@h/n?sslrootcert=/none.pem",
        "postgresql://u:sec@ret@h/n",
        "sqlite:///what?.db",
    )
    for bot in [
        shop.run(command, DATABASE_URL=url) for url in urls for command in ("run", "migrate")
    ]:
        assert await bot.ended() == 2
        check_sentences(bot.said, {"DATABASE_URL"})
        assert "secret" not in bot.said


async def test_libpqs_words_are_understood(postgres_shop: Operator, tmp_path: Path) -> None:
    url = make_url(postgres_shop.url)
    if str(url.query.get("host", "")).startswith("/"):  # over a socket nothing is encrypted
        url = url.set(host="127.0.0.1", query={})
    address = url.render_as_string(hide_password=False).replace(
        "postgresql+asyncpg://", "postgres://"
    )
    user, _, rest = address.removeprefix("postgres://").partition("@")
    address = (
        f"postgres://{user.partition(':')[0]}:100%25%(here)s%40@{rest}"
        if ":" not in user
        else address
    )
    given = (
        "sslmode=prefer&application_name=the%20shop&connect_timeout=10&"
        "target_session_attrs=read-write"
    )
    assert await postgres_shop.run("migrate", DATABASE_URL=f"{address}?{given}").ended() == 0
    (tmp_path / "no.pem").write_text("nothing")
    refused = {
        "sslmode=require": "rejected SSL upgrade",
        "sslmode=verify-full": "root.crt",
        f"sslmode=verify-full&sslrootcert={tmp_path}/no.pem": "[X509",
    }
    for query, reason in refused.items():
        bot = postgres_shop.run("migrate", DATABASE_URL=f"{address}?{query}")
        assert await bot.ended() == 2
        (sentence,) = bot.said.splitlines()
        assert sentence.startswith("The database can't be used: ")
        assert reason in sentence
        assert "sqlalchemy" not in sentence


async def test_a_percent_sign_in_the_path_is_no_matter(shop: Operator, tmp_path: Path) -> None:
    file = tmp_path / "100%" / "%(shop)s%20.db"
    given = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/100%/%(shop)s%2520.db",
        "BACKUP_FOLDER": str(tmp_path / "%41%"),
    }
    for command in (["migrate"], ["audit"], ["backup"]):
        bot = shop.run(*command, **given)
        assert await bot.ended() == 0, bot.said
    assert file.is_file()
    (copied,) = (tmp_path / "%41%").glob("*.db")
    bot = shop.run("restore", str(copied), "--yes", **given)
    assert await bot.ended() == 0, bot.said


def test_the_bot_itself_may_lie_below_one(tmp_path: Path) -> None:
    there = tmp_path / "100%(here)s"
    there.mkdir()
    for package in ("bot", "shop", "storage", "panel", "locales", "handlers"):
        (there / package).symlink_to(ROOT / package)
    (there / "storage").unlink()
    shutil.copytree(ROOT / "storage", there / "storage")
    done = subprocess.run(
        [sys.executable, "-m", "bot", "migrate"],
        cwd=there,
        capture_output=True,
        text=True,
        check=False,
        env={
            "BOT_TOKEN": "42:a",
            "PANEL_URL": "http://127.0.0.1:1/a",
            "PANEL_KEY": "k",
            "PATH": os.environ["PATH"],
        },
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (there / "data" / "shop.db").is_file()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
async def test_a_dotenv_file_of_windows_will_do(
    shop: Operator, tmp_path: Path, encoding: str
) -> None:
    lines = [
        f"{name}={shop.settings.pop(name)}" for name in ("BOT_TOKEN", "PANEL_URL", "PANEL_KEY")
    ]
    (tmp_path / ".env").write_bytes("\r\n".join([*lines, "TOP_UP_NOTE=Карта"]).encode(encoding))
    assert await shop.run("audit").ended() == 0


async def test_a_dotenv_file_in_no_unicode_is_one_sentence(shop: Operator, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("# секреты\nPANEL_KEY=ключ\n".encode("cp1251"))
    bot = shop.run("audit")
    assert await bot.ended() == 2
    assert bot.said == ".env is not in UTF-8 (line 1): save it anew as UTF-8.\n"


def test_help_is_there_at_once() -> None:
    """Half a second is what the issue asks for; the best of three, for the machine may be busy."""
    took = []
    for _ in range(3):
        before = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "bot", "--help"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        took.append(time.monotonic() - before)
        assert "migrate" in done.stdout
    assert min(took) < 0.5


def test_help_does_not_import_aiogram() -> None:
    code = (
        "import sys, bot.__main__ as main\n"
        "assert 'migrate' in main.parser().format_help()\n"
        "print([name for name in ('aiogram', 'prometheus_client', 'sqlalchemy', "
        "'pydantic') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


async def test_migrate_can_be_repeated(any_shop: Operator, cold: Launcher) -> None:
    for launcher in (cold, any_shop.launcher):
        bot = any_shop.run("migrate", launcher=launcher)
        assert await bot.ended() == 0
        assert "Traceback" not in bot.said
        assert await any_shop.database.read(
            lambda tx: len(list(tx.execute(text("SELECT * FROM alembic_version")))) == 1
        )
        assert await any_shop.rows() == []


async def test_the_audit_says_whether_the_books_agree(any_shop: Operator) -> None:
    async def audit() -> tuple[int, str]:
        bot = any_shop.run("audit")
        return await bot.ended(), bot.said.splitlines()[-1]

    assert (await audit())[0] == 2  # there is no schema yet
    assert await any_shop.run("migrate").ended() == 0
    assert await audit() == (0, "0 entries, 0 wallets, 0 orders: the books agree.")
    await everything_once(any_shop.database)
    assert await audit() == (0, "46 entries, 1 wallets, 11 orders: the books agree.")
    await any_shop.database.write(
        lambda tx: tx.execute(text("UPDATE wallets SET balance = balance + 2"))
    )
    assert await audit() == (1, "wallet 501: holds 53.601502, its entries add up to 53.6015")


async def test_the_health_port_answers(shop: Operator) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    bot = await shop.start(HEALTH_PORT=str(port))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        for path in ("/livez", "/readyz"):
            answer = await client.get(path)
            assert (answer.status_code, answer.text) == (200, "ok")
        assert "shop_database_up 1.0" in (await client.get("/metrics")).text
    assert await bot.stop() == 0

    with socket.socket() as connection:
        assert connection.connect_ex(("127.0.0.1", port)) != 0


async def test_a_health_port_that_is_taken_is_a_sentence(shop: Operator) -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:
        bot = shop.run(HEALTH_PORT=str(taken.getsockname()[1]))
        assert await bot.ended() == 2
    assert bot.said.splitlines()[-1].startswith("HEALTH_PORT")
    assert "Traceback" not in bot.said


async def test_a_dotenv_file_will_do(shop: Operator, tmp_path: Path) -> None:
    given = {name: shop.settings.pop(name) for name in ("PANEL_URL", "PANEL_KEY")}
    (tmp_path / ".env").write_text(
        "".join(f'{name}="{value}"\n' for name, value in given.items()), encoding="utf-8"
    )
    await shop.start()
    await until(
        lambda: shop.pg.provider.calls["services"], "the provider is asked with the key of .env"
    )


async def test_a_log_for_machines_is_one_object_a_line(shop: Operator) -> None:
    shop.pg.api.fail_next("getMe", 502)
    bot = await shop.start(LOG_FORMAT="json")
    assert await bot.stop() == 0
    lines = [json.loads(line) for line in bot.said.splitlines()]
    assert {"the bot is running", "the bot has stopped"} <= {line["message"] for line in lines}
    assert all(set(line) <= {"time", "level", "logger", "message", "exception"} for line in lines)
    assert all(line["time"].endswith("+00:00") for line in lines)
    assert any(
        line["level"] == "WARNING" and "Telegram can't be reached" in line["message"]
        for line in lines
    )
