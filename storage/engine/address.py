"""Reading the database's address the way operators have it: SQLAlchemy's, libpq's, or copied from a
hosting provider.

asyncpg reads libpq's parameters (`sslmode`, `sslrootcert` ...) from an address of its own;
SQLAlchemy would hand them over as arguments that asyncpg doesn't have.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

SQLITE = "sqlite+aiosqlite"
POSTGRESQL = "postgresql+asyncpg"
_DRIVERS = {
    "sqlite": SQLITE,
    SQLITE: SQLITE,
    "postgres": POSTGRESQL,
    "postgresql": POSTGRESQL,
    POSTGRESQL: POSTGRESQL,
}
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_SESSIONS = ("any", "primary", "standby", "read-write", "read-only", "prefer-standby")
_FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl")
# What these may say.
_CHOICES = {
    "sslmode": _SSL_MODES,
    "target_session_attrs": _SESSIONS,
    "sslnegotiation": ("postgres", "direct"),
    # libpq would do without, too. With `require` it would not, and asyncpg can't do either.
    "channel_binding": ("disable", "prefer"),
    "gssencmode": ("disable", "prefer"),
}
_DISPENSABLE = frozenset({"channel_binding", "gssencmode"})
_WORDS = (
    "host port user password passfile dbname application_name options sslpassword "
    "ssl_min_protocol_version "
    "ssl_max_protocol_version krbsrvname gsslib"
)
_FOR_ASYNCPG = (frozenset(_CHOICES) - _DISPENSABLE) | frozenset(_FILES) | frozenset(_WORDS.split())
_OTHER_NAMES = {"ssl": "sslmode", "database": "dbname", "connect_timeout": "timeout"}
_NUMBERS: dict[str, type[int] | type[float]] = {
    "timeout": float,
    "command_timeout": float,
    "statement_cache_size": int,
    "prepared_statement_cache_size": int,
}
# As SQLAlchemy parts it: a password may hold a question mark.
_QUERY = re.compile(r"[^:]+://(?:[^:/]*(?::[^@]*)?@)?[^?]*(?:\?(.*))?")


class AddressError(ValueError):
    """The address can't be used; the text says why, as the rest of a sentence about it."""


def read_address(text: str) -> str:
    """Return the address as SQLAlchemy wants it. Raises AddressError."""
    scheme, separator, rest = text.strip().partition("://")
    driver = _DRIVERS.get(scheme.lower())
    if driver is None or not separator or (driver == SQLITE and not rest.startswith("/")):
        raise AddressError(f"must start with {SQLITE}:/// or {POSTGRESQL}://")
    address = f"{driver}://{rest}"
    if driver == SQLITE:
        _check_file(rest[1:])
    else:
        _check_server(address, rest)
    return address


def of_file(file: Path | str) -> str:
    """Return the address of an SQLite file, whatever its name has in it."""
    return URL.create(SQLITE, database=str(file)).render_as_string()


def for_asyncpg(address: str) -> tuple[URL, dict[str, Any]]:
    """Part a PostgreSQL address into what SQLAlchemy connects to, and the arguments that asyncpg
    gets besides.

    Raises AddressError.
    """
    url = make_url(address)
    found = _QUERY.fullmatch(address)
    given = _parameters((found and found[1]) or "")
    arguments: dict[str, Any] = {name: given.pop(name) for name in _NUMBERS if name in given}
    if arguments.get("timeout") == 0:  # libpq's word for no limit; asyncpg's own is a minute
        del arguments["timeout"]
    if given:
        arguments["dsn"] = f"postgresql://?{urlencode(given)}"
    return url.set(query={}), arguments


def _check_file(path: str) -> None:
    file, _, query = path.partition("?")
    if not file:
        raise AddressError(f"names no file: it could be {SQLITE}:///data/shop.db")
    if "?" in path and not re.fullmatch(r"\w+=[^&=]*(&\w+=[^&=]*)*", query):
        raise AddressError("must not have a ? in the name of the file")
    # SQLAlchemy reads %ff and %00 as characters
    if not unquote(file).isprintable() or "\ufffd" in unquote(file):
        raise AddressError("must have a % in the name of the file written as %25")


def _check_server(address: str, rest: str) -> None:
    example = f"{POSTGRESQL}://user:password@host/name"
    if re.split(r"[/?]", rest)[0].count("@") > 1:
        raise AddressError("must have an @ in the password written as %40")
    try:
        url, arguments = for_asyncpg(address)
    except AddressError:
        raise
    except (ArgumentError, ValueError):
        raise AddressError("can't be read as an address") from None
    named = dict(parse_qsl(arguments.get("dsn", "").partition("?")[2]))
    for name in _FILES:
        if name in named and not Path(named[name]).is_file():
            raise AddressError(f"names a file for {name} that is not there")
    if not (url.host or "host" in named):
        raise AddressError(f"names no host: it should be like {example}")
    if not (url.database or "dbname" in named):
        raise AddressError(f"names no database: it should be like {example}")


def _parameters(query: str) -> dict[str, Any]:
    """Read what stands behind the `?`, under asyncpg's names.

    Raises AddressError for what it can't do.
    """
    given: dict[str, Any] = {}
    for written, value in parse_qsl(query, keep_blank_values=True):
        name = _OTHER_NAMES.get(written, written)
        if name in given:
            raise AddressError(f"says {written} twice")
        if name in _NUMBERS:
            given[name] = _number(written, name, value)
        elif name in _FOR_ASYNCPG or name in _DISPENSABLE:
            _check_value(written, value, _CHOICES.get(name))
            if name in _FOR_ASYNCPG:
                given[name] = value
        else:
            raise AddressError(f"has a parameter that can't be used here: {_shown(written)}")
    return given


def _number(written: str, name: str, value: str) -> float:
    kind = _NUMBERS[name]
    if not re.fullmatch(r"\d{1,6}" if kind is int else r"\d{1,6}(\.\d{1,3})?", value, re.ASCII):
        raise AddressError(f"must have a number for {written}")
    return kind(value)


def _check_value(written: str, value: str, choices: tuple[str, ...] | None) -> None:
    if not value:
        raise AddressError(f"says nothing for {written}")
    if choices is not None and value not in choices:
        raise AddressError(f"must have one of {', '.join(choices)} for {written}")


def _shown(name: str) -> str:
    """Return a parameter's name for a sentence; what is no name might be a secret's other half."""
    return name if re.fullmatch(r"[A-Za-z_.]{1,40}", name) else "one that is no name"
