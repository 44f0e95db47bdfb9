"""The operator's settings: read from the environment, and refused in plain sentences."""

import logging
from decimal import Decimal

import pytest

from bot.dotenv import SettingsError
from bot.observability.logs import Redacting
from bot.settings import load

GOOD = {"BOT_TOKEN": "42:abc", "PANEL_URL": "https://provider.example/api/v2", "PANEL_KEY": "key"}

SUCH_AS = "such as https://shop.example/telegram"


def read(monkeypatch, **values: str):
    for name, value in (GOOD | values).items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    return load(_env_file=None)


def test_the_defaults(monkeypatch) -> None:
    found = read(monkeypatch)
    assert found.telegram_api_url == "https://api.telegram.org"
    assert found.database_url.startswith("sqlite+aiosqlite:///data/")
    assert (found.billing, found.markup_percent, found.price_step) == (
        "wallet",
        0,
        Decimal("0.0001"),
    )
    assert (found.welcome_credit, found.status_interval, found.health_port) == (0, 30, None)


def test_lists_are_comma_separated(monkeypatch) -> None:
    found = read(
        monkeypatch,
        ADMIN_IDS="1, 2,",
        ALLOWED_USER_IDS="",
        CATEGORY_DENY="*adult*, casino",
        HEALTH_PORT="",
    )
    assert found.admin_ids == {1, 2}
    assert found.allowed_user_ids == frozenset()
    assert found.category_deny == ("*adult*", "casino")
    assert found.health_port is None


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("BOT_TOKEN", None, "BOT_TOKEN is missing: set it in .env or in the environment."),
        ("PANEL_KEY", None, "PANEL_KEY is missing: set it in .env or in the environment."),
        ("PANEL_URL", None, "PANEL_URL is missing: set it in .env or in the environment."),
        (
            "BOT_TOKEN",
            "nonsense",
            "BOT_TOKEN is wrong: must look like 123456:ABC..., as @BotFather gives it.",
        ),
        ("PANEL_URL", "provider", "PANEL_URL is wrong: must be an http or https address."),
        ("ADMIN_IDS", "1;2", "ADMIN_IDS is wrong: must be numbers, separated by commas."),
        (
            "DATABASE_URL",
            "mysql://x",
            "DATABASE_URL is wrong: must start with sqlite+aiosqlite:/// or postgresql+asyncpg://.",
        ),
        ("DEFAULT_LANGUAGE", "xx", "DEFAULT_LANGUAGE is wrong: must be one of en, ru."),
        ("BILLING", "free", "BILLING is wrong: input should be 'wallet' or 'house'."),
        (
            "PANEL_CALLS_PER_MINUTE",
            "0",
            "PANEL_CALLS_PER_MINUTE is wrong: input should be greater than or equal to 1.",
        ),
        (
            "STATUS_INTERVAL",
            "0",
            "STATUS_INTERVAL is wrong: input should be greater than or equal to 1.",
        ),
        ("MARKUP_PERCENT", "many", "MARKUP_PERCENT is wrong: input should be a valid decimal."),
        (
            "WEBHOOK_URL",
            "http://shop.example/telegram",
            "WEBHOOK_URL is wrong: must be a https address.",
        ),
        ("WEBHOOK_URL", "shop.example/telegram", "WEBHOOK_URL is wrong: must be a https address."),
        *(
            (
                "WEBHOOK_URL",
                url,
                (
                    f"WEBHOOK_URL is wrong: needs a path after the host, {SUCH_AS}, and "
                    "nothing after it."
                ),
            )
            for url in (
                "https://shop.example",
                "https://shop.example/",
                "https://shop.example/a?b",
                "https://x.y/{z}",
            )
        ),
        (
            "WEBHOOK_SECRET",
            "with space",
            "WEBHOOK_SECRET is wrong: must be 1-256 of A-Z, a-z, 0-9, _ and -.",
        ),
        (
            "WEBHOOK_SECRET",
            "a" * 257,
            "WEBHOOK_SECRET is wrong: must be 1-256 of A-Z, a-z, 0-9, _ and -.",
        ),
    ],
)
def test_each_mistake_is_one_plain_sentence(
    monkeypatch, name: str, value: str | None, sentence: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        read(monkeypatch, **{name: value})
    assert caught.value.sentences == [sentence]


def test_no_limit_is_written_as_nothing(monkeypatch) -> None:
    assert read(monkeypatch, PANEL_CALLS_PER_MINUTE="").panel_calls_per_minute is None
    assert read(monkeypatch, PANEL_CALLS_PER_MINUTE="60").panel_calls_per_minute == 60


ENV = (
    "BOT_TOKEN=42:abc\r\nPANEL_URL=https://provider.example/"
    "api\r\nPANEL_KEY=key\r\nTOP_UP_NOTE=Карта 100%\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_of_settings_in_any_unicode_is_read(tmp_path, encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    for text in (ENV, mark + ENV):
        (tmp_path / ".env").write_bytes(text.encode(encoding))
        found = load(_env_file=tmp_path / ".env")
        assert (found.bot_token.get_secret_value(), found.top_up_note) == ("42:abc", "Карта 100%")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (ENV.encode("cp1251"), "is not in UTF-8 (line 4): save it anew as UTF-8."),
        (ENV.encode("koi8-r"), "is not in UTF-8 (line 4): save it anew as UTF-8."),
        ("BOT_TOKEN=42:ä".encode("latin-1"), "is not in UTF-8 (line 1): save it anew as UTF-8."),
        (ENV.encode("utf-16")[:-1], "is not in UTF-8 (line 4): save it anew as UTF-8."),
        (b"BOT_TOKEN=42:abc\0\n", "is no text: save it anew as UTF-8."),
    ],
)
def test_one_in_another_encoding_is_one_sentence(tmp_path, content: bytes, sentence: str) -> None:
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        load(_env_file=tmp_path / ".env")
    assert caught.value.sentences == [f"{tmp_path / '.env'} {sentence}"]


def test_none_is_needed(tmp_path, monkeypatch) -> None:
    (tmp_path / "folder").mkdir()
    for name in ("missing", "folder"):
        with pytest.raises(SettingsError) as caught:
            load(_env_file=tmp_path / name)
        assert len(caught.value.sentences) == 3


def test_one_port_is_not_two_doors(monkeypatch) -> None:
    both = {"HEALTH_PORT": "9000", "WEBHOOK_PORT": "9000"}
    assert read(monkeypatch, **both).webhook_url == ""
    with pytest.raises(SettingsError) as caught:
        read(monkeypatch, **both, WEBHOOK_URL="https://shop.example/telegram")
    assert caught.value.sentences == [
        "WEBHOOK_PORT is wrong: must be another one than HEALTH_PORT."
    ]


def test_a_server_of_one_s_own_may_call_by_plain_http(monkeypatch) -> None:
    given = {"WEBHOOK_URL": "http://bot:8080/telegram", "WEBHOOK_SECRET": ""}
    found = read(monkeypatch, **given, TELEGRAM_API_URL="http://botapi:8081")
    assert found.webhook_url == "http://bot:8080/telegram"
    assert found.webhook_secret is None


def test_several_mistakes_are_all_told(monkeypatch) -> None:
    with pytest.raises(SettingsError) as caught:
        read(monkeypatch, BOT_TOKEN=None, PANEL_KEY=None, LOG_LEVEL="loud")
    assert len(caught.value.sentences) == 3


def test_secrets_are_in_no_repr(monkeypatch) -> None:
    found = read(monkeypatch, BOT_TOKEN="42:very-secret", PANEL_KEY="panel-secret")
    assert "secret'" not in repr(found)
    assert "very-secret" not in repr(found)
    assert "panel-secret" not in str(found)


def test_secrets_are_taken_out_of_logs_and_traces() -> None:
    formatter = Redacting(["42:very/hidden", "panel hidden"])
    error = ValueError("https://x/bot42:very/hidden/getMe")
    trace = (ValueError, error, None)
    text = formatter.format(
        logging.LogRecord("n", logging.ERROR, "p", 1, "key=%s", ("panel%20hidden",), trace)
    )
    assert "hidden" not in text
    assert "key=***" in text
    assert "bot***/getMe" in text
