"""What each statement costs that a shop with a long past runs: how the database means to do it."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from storage import Database, Transaction
from storage.schema.base import metadata

# They grow with the shop. The others have a row for each service, admin, setting or process.
GROWING = frozenset(
    {
        "drafts",
        "orders",
        "order_events",
        "order_parts",
        "request_lists",
        "requests",
        "mass_orders",
        "mass_lines",
        "favourites",
        "presets",
        "users",
        "wallets",
        "ledger",
        "notices",
        "fsm",
        "updates",
        "evidence",
        "limited",
        "invoices",
        "payments",
        "top_ups",
        "coupon_uses",
    }
)
_READING = re.compile(
    r"\s*(SELECT|UPDATE|DELETE|WITH|INSERT.*\bSELECT\b)", re.IGNORECASE | re.DOTALL
)
_ALIAS = re.compile(r"\b(?:FROM|JOIN|,)\s+(\w+) AS (\w+)")
# The newest rows of a table by its key, or the oldest that are done, as nearly all are: as many are
# read as are wanted.
_FIRST = re.compile(
    r"FROM (\w+) (?:ORDER BY \1\.id DESC|\s*WHERE \1\.done_at IS NOT NULL ORDER BY \1\.id)\s+LIMIT"
)
_SCAN = re.compile(r"^SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")
# Indexes of what is open: as small as what they are about, so that reading one through is no scan
# of the past.
PARTIAL = frozenset(
    index.name
    for table in metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
)


@dataclass
class Statements:
    """Every different statement that was run, with the parameters of the first time."""

    seen: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def listening(self, database: Database) -> Iterator[None]:
        def note(
            _c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool
        ) -> None:
            if not many and _READING.match(statement):
                self.seen.setdefault(statement, parameters)

        event.listen(database.engine.sync_engine, "before_cursor_execute", note)
        try:
            yield
        finally:
            event.remove(database.engine.sync_engine, "before_cursor_execute", note)

    async def scans(self, database: Database) -> list[str]:
        """List the statements that read a growing table through, with what the database says of
        each.
        """

        def explained(tx: Transaction) -> list[str]:
            return [
                f"{why}: {said}"
                for said, given in self.seen.items()
                for why in _scans(tx, said, given)
            ]

        return await database.read(explained)


def _scans(tx: Transaction, statement: str, parameters: Any) -> list[str]:
    if tx.dialect.name == "sqlite":
        rows = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return list(filter(None, (_sqlite_scan(row.detail, statement) for row in rows)))
    # three rows are read through whatever there is
    tx.exec_driver_sql("SET LOCAL enable_seqscan = off")
    (plan,) = tx.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).one()
    return list(_postgresql_scans((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))


def _sqlite_scan(detail: str, statement: str) -> str | None:
    match = _SCAN.match(detail)
    if match is None or match[2] in PARTIAL or _FIRST.search(statement):
        return None
    tables = {alias: table for table, alias in _ALIAS.findall(statement)}
    return detail if tables.get(match[1], match[1]) in GROWING else None


def _postgresql_scans(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan" and node.get("Relation Name") in GROWING:
        yield f"{node['Node Type']} {node['Relation Name']} ({node['Plan Rows']} rows)"
    for child in node.get("Plans", ()):
        yield from _postgresql_scans(child)
