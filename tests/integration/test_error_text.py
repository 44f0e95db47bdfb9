"""A statement that fails says what failed, and nothing of what somebody wrote."""

import io
import logging
import traceback
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.observability.logs import Redacting
from storage import Database

WRITTEN = "hush hush"
TABLE = (
    "CREATE TABLE said (id INTEGER PRIMARY KEY, words VARCHAR(100) UNIQUE NOT NULL, "
    "size INTEGER CHECK (size < 5))"
)
INSERT = "INSERT INTO said (id, words, size) VALUES (:id, :words, :size)"
FIRST = {"id": 1, "words": WRITTEN, "size": 1}

FAILING: dict[str, tuple[str, Any]] = {
    "unique": (INSERT, FIRST | {"id": 2}),
    "check": (INSERT, {"id": 3, "words": f"{WRITTEN}!", "size": 9}),
    "not null": (
        "INSERT INTO said (id, size, words) VALUES (:id, :size, NULL)",
        {"id": 4, "size": 770077},
    ),
    "no such table": ("SELECT * FROM nowhere WHERE words = :words", {"words": WRITTEN}),
    "many": (
        INSERT,
        [{"id": 5, "words": f"{WRITTEN} 5", "size": 1}, {"id": 6, "words": WRITTEN, "size": 2}],
    ),
    "wrong type": (INSERT, {"id": 7, "words": {"words": WRITTEN}, "size": 1}),
}
# What only PostgreSQL minds.
QUOTING: dict[str, tuple[str, Any]] = {
    "number": ("SELECT CAST(CAST(:words AS text) AS integer)", {"words": WRITTEN}),
    "json": ("SELECT CAST(:words AS json)", {"words": f"{{{WRITTEN}"}),
    "argument": (INSERT, {"id": 8, "words": "x", "size": WRITTEN}),
}


async def failed(database: Database, statement: str, values: Mapping[str, Any]) -> str:
    """Return everything that a log can get to hold of the failure."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Redacting([]))
    with pytest.raises(SQLAlchemyError) as caught:
        await database.write(lambda tx: tx.execute(text(statement), values))
    error = caught.value
    trace = (type(error), error, error.__traceback__)
    handler.handle(
        logging.LogRecord("n", logging.ERROR, "p", 1, "failed: %s %r", (error, error), trace)
    )
    chain = "".join(traceback.format_exception(error))
    return f"{error} {error!r} {stream.getvalue()} {chain}"


async def test_no_error_repeats_a_value(database: Database) -> None:
    cases = FAILING if database.is_sqlite else FAILING | QUOTING

    def transaction(tx):
        tx.execute(text(TABLE))
        tx.execute(text(INSERT), FIRST)

    await database.write(transaction)
    try:
        for name, (statement, values) in cases.items():
            said = await failed(database, statement, values)
            for value in ("hush", "770077"):
                assert value not in said, (name, said)
            assert "[SQL:" in said, name
            assert "parameters hidden" in said, name
    finally:
        await database.write(lambda tx: tx.execute(text("DROP TABLE said")))


async def test_which_rule_was_broken_is_still_said(database: Database) -> None:
    statement = "INSERT INTO wallets (user_id, balance) VALUES (:user, 0)"
    said = await failed(database, statement, {"user": 990099})
    assert "foreign key" in said.lower() or "NOT NULL" in said or "not-null" in said
    assert "990099" not in said
