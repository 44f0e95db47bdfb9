"""A shop with a long past, in an SQLite file: written by the database itself, in the form in which
the shop writes.

Every seventh user or so orders once a month, and one, the reseller, has a twentieth of all orders.
Most orders ended well; some in part, some not at all. The newest are in work, and a few of those
are stuck or have no answer.
"""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.contenders import TOKEN, shop, stock
from playground.telegram import BotApi
from storage.enums import Method

RESELLER = 10_000_000  # the other people's numbers follow
USERS = 20_000
ENDED = 1_000_000
# An order belongs to a provider's address: this one never changes.
PORT = 18_077
PROVIDER = f"http://127.0.0.1:{PORT}"
_SHELF_LIFE = timedelta(hours=12)  # later its orders in work would all be stuck
_CACHE_KIB = 1_000_000

# What provider ids begin with says what bench.large_provider answers for them.
COMPLETED, PARTIAL, CANCELED, PENDING = 9_000_000_000, 8_000_000_000, 7_000_000_000, 6_000_000_000
IN_PROGRESS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is; a tenth as many orders are in work as have ended."""

    ended: int = ENDED
    users: int = USERS
    services: int = 2_000

    @property
    def active(self) -> int:
        return self.ended // 10

    @property
    def name(self) -> str:
        return f"{self.ended}-orders-{self.users}-users-{self.services}-services.db"


async def large_shop(cache: Path, size: Size) -> Path:
    """Return the file of a shop of this size in the folder `cache`; one that is missing or too old
    is made.
    """
    cache.mkdir(parents=True, exist_ok=True)
    file = cache / size.name
    made_at = datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.exists() else None
    if made_at is None or datetime.now(UTC) - made_at > _SHELF_LIFE:
        await _make(cache, file, size)
    return file


def take(file: Path, folder: Path) -> Path:
    """Copy a shop's file to where it may be written to; returns the copy."""
    return Path(shutil.copyfile(file, folder / "shop.db"))


async def _make(cache: Path, file: Path, size: Size) -> None:
    """Make the shop in a folder of its own; its file gets its name when it is complete."""
    folder = cache / f"making-{size.name}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    app = shop(folder, BotApi(TOKEN), provider=PROVIDER)
    account = app.deps.account
    try:
        await stock(app, size.services)
    finally:
        await app.close()
    _fill(folder / "shop.db", size, account)
    (folder / "shop.db").replace(file)
    shutil.rmtree(folder)


def _fill(file: Path, size: Size, account: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA "
            f"cache_size=-{_CACHE_KIB}; PRAGMA temp_store=2;"
        )
        values = {
            "reseller": RESELLER,
            "users": size.users,
            "ended": size.ended,
            "active": size.active,
            "total": size.ended + size.active,
            "services": size.services,
            "now": int(time.time()),
            "account": account,
            "stars": str(Method.STARS),
            "completed": COMPLETED,
            "partial": PARTIAL,
            "canceled": CANCELED,
            "pending": PENDING,
            "in_progress": IN_PROGRESS,
        }
        with _without_indexes(connection):
            connection.execute("BEGIN")
            for statement in _STATEMENTS:
                used = {name: value for name, value in values.items() if f":{name}" in statement}
                connection.execute(statement, used)
            connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=WAL")


@contextmanager
def _without_indexes(connection: sqlite3.Connection) -> Iterator[None]:
    """Make the indexes of all tables at the end: sorting once is five times as fast as inserting in
    order.
    """
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in rows:
        connection.execute(f"DROP INDEX {name}")
    yield
    for _, sql in rows:
        connection.execute(sql)


def _time(seconds: str) -> str:
    """Write a time in seconds as the shop's tables keep it."""
    return f"strftime('%Y-%m-%d %H:%M:%f000', {seconds}, 'unixepoch')"


# A number for each order, in the order of time, with what becomes of it. The newest are ended and
# in work by turns.
_PLAN = """
CREATE TEMP TABLE plan AS
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :total),
placed AS (
    SELECT n,
        CASE WHEN n % 40 IN (0, 9) THEN :reseller ELSE :reseller + 1 + (n * 7919) % (:users - 1) END AS user_id,
        CASE
            WHEN n > :total - 2 * :active AND n % 2 = 1 THEN
                CASE WHEN n % 2000 = 777 THEN 'unknown' WHEN n % 200 IN (1, 3, 5) THEN 'stuck'
                     WHEN n % 100 = 7 THEN 'pending' ELSE 'in_progress' END
            WHEN n % 20 = 1 OR n % 40 = 20 THEN 'canceled'
            WHEN n % 20 IN (2, 3) THEN 'partial'
            ELSE 'completed'
        END AS kind,
        CAST(:now - 180 * 86400 + (180.0 * 86400 - 10000) * n / :total AS INTEGER) AS at
    FROM numbers
)
SELECT n, user_id, kind, at,
    kind IN ('completed', 'partial', 'canceled') AS ended,
    CASE kind WHEN 'stuck' THEN 'in_progress' ELSE kind END AS state,
    CASE
        WHEN kind IN ('completed', 'partial', 'canceled') THEN at + 7200
        WHEN kind = 'stuck' THEN MIN(at, :now - 3 * 86400)
        WHEN kind = 'unknown' THEN at
        ELSE MAX(at, :now - (n * 7919) % 72000)
    END AS changed,
    CASE kind WHEN 'partial' THEN 360000 WHEN 'canceled' THEN 900000 ELSE 0 END AS refunded,
    CASE kind WHEN 'unknown' THEN NULL WHEN 'completed' THEN :completed WHEN 'partial' THEN :partial
        WHEN 'canceled' THEN :canceled
        WHEN 'pending' THEN :pending ELSE :in_progress END + n AS provider_id
FROM placed
"""  # noqa: E501
_USERS = """
WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < :users - 1)
"""
_WAYS = (
    # Which orders, what it is, what its key ends in, from where, to where, how much, why, when.
    ("1", "hold", "", "wallet", "hold", "900000", "'order'", "at"),
    ("kind <> 'unknown'", "release", "", "hold", "sales", "900000", "'accepted'", "at + 2"),
    ("kind <> 'unknown'", "cost", ":0", "sales", "provider", "900000", "'charge'", "at + 2"),
    ("refunded > 0", "refund", ":0", "sales", "wallet", "refunded", "kind", "changed"),
    ("refunded > 0", "cost", ":1", "provider", "sales", "refunded", "'charge'", "changed"),
)
_EVENTS = (
    ("1", "'queued'", "'confirmed'", "at"),
    ("1", "'submitting'", "''", "at + 1"),
    ("kind = 'unknown'", "'unknown'", "'no answer'", "at + 60"),
    ("kind <> 'unknown'", "'pending'", "'accepted as ' || provider_id", "at + 2"),
    (
        "kind NOT IN ('unknown', 'pending', 'canceled')",
        "'in_progress'",
        "'In progress'",
        "at + 600",
    ),
    ("ended", "kind", "upper(substr(kind, 1, 1)) || substr(kind, 2)", "changed"),
)
_RECENT = "at > :now - 30 * 86400"  # older notices are pruned
_STATEMENTS = (
    _PLAN,
    f"""
    INSERT INTO users (id, first_name, username, language, created_at) {_USERS}
    SELECT :reseller + n, 'Person ' || n, 'person' || n, 'en', {_time(":now - 181 * 86400")} FROM numbers
    """,  # noqa: E501
    f"""
    INSERT INTO fsm (key, state, data) {_USERS}
    SELECT 'fsm:' || (:reseller + n) || ':' || (:reseller + n) || ':default', NULL, '{{}}' FROM numbers
    """,  # noqa: E501
    f"""
    INSERT INTO favourites (user_id, service_id, created_at) {_USERS}
    SELECT :reseller + n, 1 + n % :services, {_time(":now - 86400")} FROM numbers
    """,
    f"""
    INSERT INTO drafts (id, user_id, service_id, fields, quote, created_at, closed_at)
    SELECT n, user_id, 1 + (n * 31) % :services,
        '{{"link": "https://example.com/' || n || '", "quantity": 1000, "runs": null}}',
        '{{"price": 900000, "min": 10, "max": 100000, "name": "Service", "type": "default", "currency": "USD"}}',
        {_time("at")}, {_time("at")}
    FROM plan ORDER BY n
    """,  # noqa: E501
    f"""
    INSERT INTO orders (
        id, draft_id, user_id, service_id, service_name, service_type, fields, link, quantity, price, refunded,
        currency, cost, billing, state, provider_order_id, status_text, charge, start_count, remains, created_at,
        not_before, submitted_at, lease_until, changed_at, finished_at, card_message_id, started_at, booked_cost,
        bookings, lease_owner, account, service_category, full_charge
    )
    SELECT n, n, user_id, 1 + (n * 31) % :services, 'Service ' || (1 + (n * 31) % :services), 'default',
        '{{"link": "https://example.com/' || n || '", "quantity": 1000, "runs": null}}',
        'https://example.com/' || n, 1000, 900000, refunded, 'USD', '0.900000000000', 'wallet', state, provider_id,
        CASE state WHEN 'in_progress' THEN 'In progress' WHEN 'unknown' THEN ''
            ELSE upper(substr(state, 1, 1)) || substr(state, 2) END,
        CASE state WHEN 'unknown' THEN NULL WHEN 'partial' THEN '0.54' WHEN 'canceled' THEN '0.00' ELSE '0.90' END,
        CASE state WHEN 'unknown' THEN NULL ELSE 100 END,
        CASE state WHEN 'unknown' THEN NULL WHEN 'completed' THEN 0 WHEN 'partial' THEN 400 WHEN 'in_progress' THEN 900
            ELSE 1000 END,
        {_time("at")}, {_time("at")}, {_time("at + 1")}, {_time("at + 120")}, {_time("changed")},
        CASE WHEN ended THEN {_time("changed")} END, n,
        CASE WHEN state NOT IN ('unknown', 'pending') THEN {_time("at + 600")} END,
        CASE state WHEN 'unknown' THEN 0 ELSE 900000 - refunded END,
        CASE WHEN state = 'unknown' THEN 0 WHEN refunded > 0 THEN 2 ELSE 1 END,
        'bench', :account, 'Category', CASE state WHEN 'unknown' THEN NULL ELSE '0.90' END
    FROM plan ORDER BY n
    """,  # noqa: E501
    *(
        f"""
        INSERT INTO order_events (order_id, state, note, at)
        SELECT n, {state}, {note}, {_time(at)} FROM plan WHERE {which} ORDER BY n
        """
        for which, state, note, at in _EVENTS
    ),
    *(
        f"""
        INSERT INTO ledger (
            user_id, source, target, amount, order_id, key, subject, subject_id, reason, at
        )
        SELECT user_id, '{source}', '{target}', {amount}, n, '{subject}:' || n || '{end}', '{subject}', n, {why},
            {_time(at)}
        FROM plan WHERE {which} ORDER BY n
        """  # noqa: E501
        for which, subject, end, source, target, amount, why, at in _WAYS
    ),
    *(
        f"""
        INSERT INTO notices (user_id, kind, order_id, payload, created_at, not_before, done_at, outcome)
        SELECT user_id, 'order', n, '{{"state": "' || {state} || '", "refund": 0}}', {_time(at)}, {_time(at)},
            {_time(at)}, 'said'
        FROM plan WHERE {which} AND {_RECENT} ORDER BY n
        """  # noqa: E501
        for which, state, at in (
            ("kind <> 'unknown'", "'pending'", "at + 2"),
            ("kind IN ('completed', 'partial', 'in_progress')", "'in_progress'", "at + 600"),
            ("ended", "kind", "changed"),
        )
    ),
    f"""
    INSERT INTO evidence (order_id, kind, payload, at)
    SELECT n, 'lost', '{{}}', {_time("at + 60")} FROM plan WHERE kind = 'unknown'
    """,
    f"""
    INSERT INTO requests (
        order_id, user_id, kind, state, provider_refill_id, status_text, created_at, not_before, sent_at, changed_at,
        ended_at
    )
    SELECT n, user_id, 'refill', 'completed', CAST(n AS TEXT), 'Completed', {_time("changed + 90000")},
        {_time("changed + 90000")}, {_time("changed + 90001")}, {_time("changed + 99000")}, {_time("changed + 99000")}
    FROM plan WHERE kind = 'completed' AND n % 25 = 4 AND changed < :now - 100000 ORDER BY n
    """,  # noqa: E501
    # Everybody pays in by Stars twice; the rest of what they have spent was credited by hand.
    f"""
    INSERT INTO invoices (
        id, user_id, method, amount, currency, stars, state, created_at, expires_at, paid_at, checkouts, checked_out_at
    ) {_USERS.replace(":users - 1", "2 * :users - 1")}
    SELECT n + 1, :reseller + n % :users, :stars, 1300000, 'USD', 100, 'paid', {_time(":now - 100 * 86400")},
        {_time(":now - 99 * 86400")}, {_time(":now - 100 * 86400 + 9")}, 1, {_time(":now - 100 * 86400 + 8")}
    FROM numbers
    """,  # noqa: E501
    """
    INSERT INTO payments (
        id, user_id, invoice_id, method, charge_id, amount, currency, stars, state, at, bot_id, stated
    )
    SELECT id, user_id, id, method, 'charge-' || id, amount, currency, stars, 'credited', paid_at, 42, stars
    FROM invoices
    """,  # noqa: E501
    """
    INSERT INTO ledger (user_id, source, target, amount, key, subject, subject_id, reason, at)
    SELECT user_id, 'stars', 'wallet', amount, 'payment:' || id, 'payment', id, method, at FROM payments
    """,  # noqa: E501
    f"""
    INSERT INTO ledger (user_id, source, target, amount, key, subject, reason, actor_id, at)
    SELECT user_id, 'manual', 'wallet', SUM(900000 - refunded), 'manual:' || user_id || ':bench', 'manual', 'bank transfer', 1,
        {_time(":now - 180 * 86400")}
    FROM plan GROUP BY user_id
    """,  # noqa: E501
    "INSERT INTO wallets (user_id, balance) SELECT id, 2600000 FROM users",
    "DROP TABLE plan",
)
