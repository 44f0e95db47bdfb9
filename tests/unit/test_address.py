"""The database's address, the way operators have it."""

from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dotenv import SettingsError
from bot.settings import load
from storage import Database
from storage.engine.address import AddressError, for_asyncpg, read_address

GOOD = {"bot_token": "42:abc", "panel_url": "https://provider.example/api/v2", "panel_key": "key"}
LIKE = "it should be like postgresql+asyncpg://user:password@host/name"
MODES = "disable, allow, prefer, require, verify-ca, verify-full"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("postgres://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgresql://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("POSTGRES://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        (" postgresql+asyncpg://u:p@h/d\n", "postgresql+asyncpg://u:p@h/d"),
        ("sqlite:///data/shop.db", "sqlite+aiosqlite:///data/shop.db"),
        ("sqlite+aiosqlite:////srv/100%/shop.db", "sqlite+aiosqlite:////srv/100%/shop.db"),
    ],
)
def test_an_address_needs_no_driver(written: str, read: str) -> None:
    assert read_address(written) == read
    assert load(_env_file=None, database_url=written, **GOOD).database_url == read


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        ("sslmode=require", {"dsn": "postgresql://?sslmode=require"}),
        ("ssl=verify-full", {"dsn": "postgresql://?sslmode=verify-full"}),
        (
            f"sslmode=verify-ca&sslrootcert={__file__}",
            {"dsn": f"postgresql://?sslmode=verify-ca&sslrootcert={quote_plus(__file__)}"},
        ),
        ("application_name=the%20shop", {"dsn": "postgresql://?application_name=the+shop"}),
        (
            "target_session_attrs=read-write",
            {"dsn": "postgresql://?target_session_attrs=read-write"},
        ),
        ("options=-c%20geqo%3Doff", {"dsn": "postgresql://?options=-c+geqo%3Doff"}),
        ("connect_timeout=7", {"timeout": 7.0}),
        ("connect_timeout=0", {}),
        (
            "statement_cache_size=0&prepared_statement_cache_size=0",
            {"statement_cache_size": 0, "prepared_statement_cache_size": 0},
        ),
        ("channel_binding=prefer&gssencmode=disable", {}),
        ("", {}),
    ],
)
def test_libpqs_parameters_reach_asyncpg(query: str, arguments: dict[str, object]) -> None:
    address = read_address(f"postgres://u:p@h:5433/d?{query}")
    url, given = for_asyncpg(address)
    assert given == arguments
    assert url.render_as_string(hide_password=False) == "postgresql+asyncpg://u:p@h:5433/d"
    assert Database(address).url.host == "h"


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("postgresql+asyncpg:///name", f"names no host: {LIKE}"),
        ("postgres://user:secret@/name", f"names no host: {LIKE}"),
        ("postgresql://host", f"names no database: {LIKE}"),
        ("postgresql://host:5432/", f"names no database: {LIKE}"),
        ("postgresql://host/?sslmode=require", f"names no database: {LIKE}"),
        ("postgresql://user:se@cret@host/name", "must have an @ in the password written as %40"),
        ("postgresql://host:port/name", "can't be read as an address"),
        ("postgresql://h/d?sslmode=on", f"must have one of {MODES} for sslmode"),
        ("postgresql://h/d?ssl=true", f"must have one of {MODES} for ssl"),
        ("postgresql://h/d?sslrootcert=system", "names a file for sslrootcert that is not there"),
        ("postgresql://h/d?sslmode=", "says nothing for sslmode"),
        ("postgresql://h/d?ssl=require&sslmode=require", "says sslmode twice"),
        (
            "postgresql://h/d?channel_binding=require",
            "must have one of disable, prefer for channel_binding",
        ),
        ("postgresql://h/d?connect_timeout=soon", "must have a number for connect_timeout"),
        ("postgresql://h/d?pgbouncer=true", "has a parameter that can't be used here: pgbouncer"),
        (
            "postgresql://h/d?pa$$word=1",
            "has a parameter that can't be used here: one that is no name",
        ),
        ("sqlite+aiosqlite:///", "names no file: it could be sqlite+aiosqlite:///data/shop.db"),
        ("sqlite+aiosqlite:///data/what?.db", "must not have a ? in the name of the file"),
        (
            "sqlite+aiosqlite:///data/50%ff/shop.db",
            "must have a % in the name of the file written as %25",
        ),
        (
            "sqlite+aiosqlite:///data/50%00/shop.db",
            "must have a % in the name of the file written as %25",
        ),
        (
            "sqlite+aiosqlite://data/shop.db",
            "must start with sqlite+aiosqlite:/// or postgresql+asyncpg://",
        ),
        ("data/shop.db", "must start with sqlite+aiosqlite:/// or postgresql+asyncpg://"),
        (
            "postgresql+psycopg2://h/d",
            "must start with sqlite+aiosqlite:/// or postgresql+asyncpg://",
        ),
    ],
)
def test_what_can_not_be_used_is_one_sentence(address: str, reason: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(_env_file=None, database_url=address, **GOOD)
    assert caught.value.sentences == [f"DATABASE_URL is wrong: {reason}."]
    assert "secret" not in str(caught.value)


def test_a_socket_is_a_host_too() -> None:
    assert for_asyncpg(read_address("postgres:///shop?host=/run/postgresql"))[1] == {
        "dsn": "postgresql://?host=%2Frun%2Fpostgresql"
    }


@pytest.mark.parametrize("password", ["100%25", "a%40b", "p%ss", "%zz", "a?b", "a%2Fb", "%(here)s"])
def test_a_password_is_taken_as_it_is(password: str) -> None:
    url = Database(read_address(f"postgres://u:{password}@h/d?sslmode=prefer")).url
    decoded = {"100%25": "100%", "a%40b": "a@b", "a%2Fb": "a/b"}
    assert (url.password, url.host, url.database) == (decoded.get(password, password), "h", "d")


@given(
    st.text(max_size=60)
    | st.from_regex(r"(postgres|postgresql|sqlite)://[^\n]{0,40}", fullmatch=True)
)
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    try:
        address = read_address(text)
    except AddressError:
        return
    Database(address)
