"""The migrations: each step up, down and up again, and at the top exactly the tables that the code
speaks of.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, inspect, text, update
from sqlalchemy.engine import Connection as SyncConnection
from sqlalchemy.exc import IntegrityError

from storage import Database, Transaction
from storage.enums import OrderState
from storage.migrate import (
    _LOCK,
    DatabaseUnusableError,
    config,
    downgrade,
    migrate,
    newest,
    upgrade,
)
from storage.queries import catalogue, orders, users, wallet
from storage.schema.base import metadata
from storage.schema.orders import orders as orders_table
from storage.schema.wallets import ledger
from tests.factories.ledger import everything_once
from tests.harness.pause import Pause
from tests.harness.world import somebody_waits
from tests.runtime.databases import ENGINES, fresh_url

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=ENGINES)
async def empty(request: pytest.FixtureRequest, tmp_path) -> AsyncIterator[Database]:
    """A database without any table."""
    async with fresh_url(request.param, tmp_path) as url:
        opened = Database(url)
        try:
            yield opened
        finally:
            await opened.close()


def revisions() -> list[str]:
    """List the revisions from the first to the newest."""
    return [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()][
        ::-1
    ]


async def tables_of(database: Database) -> set[str]:
    return await database.read(lambda tx: set(inspect(tx).get_table_names()) - {"alembic_version"})


async def test_every_revision_goes_up_and_down_and_up_again(empty: Database) -> None:
    below = "base"
    for revision in revisions():
        await upgrade(empty, revision)
        there = await tables_of(empty)
        await downgrade(empty, below)
        await upgrade(empty, revision)
        assert await tables_of(empty) == there
        below = revision
    assert await tables_of(empty) == set(metadata.tables)
    await downgrade(empty, "base")
    assert await tables_of(empty) == set()


def differences(connection: SyncConnection) -> list[object]:
    return list(
        compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), metadata
        )
    )


def checks(connection: SyncConnection, table: str) -> set[str | None]:
    """Name a table's checks, which Alembic doesn't compare."""
    return {check["name"] for check in inspect(connection).get_check_constraints(table)}


async def test_the_migrated_schema_is_the_one_of_the_tables(empty: Database) -> None:
    await upgrade(empty)
    await upgrade(empty)  # once more changes nothing

    def transaction(tx):
        assert differences(tx) == []
        assert checks(tx, "wallets") == {"ck_wallets_balance"}
        assert checks(tx, "ledger") == {"ck_ledger_amount", "ck_ledger_accounts"}
        orders = {f"ck_orders_{name}" for name in ("state", "price", "refunded", "quantity")}
        assert checks(tx, "orders") == orders

    await empty.read(transaction)


async def test_the_upgrades_of_two_processes_at_once_take_turns(empty: Database) -> None:
    upgrading = f"import asyncio, storage.migrate as m; asyncio.run(m.migrate({_url(empty)!r}))"

    async def process() -> str:
        started = await asyncio.create_subprocess_exec(
            sys.executable, "-c", upgrading, cwd=ROOT, stderr=asyncio.subprocess.PIPE
        )
        return (await started.communicate())[1].decode()

    assert await asyncio.gather(*(process() for _ in range(2))) == ["", ""]
    assert await tables_of(empty) == set(metadata.tables)


async def test_an_upgrade_is_one_transaction(empty: Database) -> None:
    """Between two commits another process could begin with what is half done."""
    commits: list[object] = []
    event.listen(empty.engine.sync_engine, "commit", commits.append)
    await upgrade(empty)
    assert len(commits) == 1
    await downgrade(empty, "base")
    assert len(commits) == 2


async def test_an_upgrade_waits_for_the_one_that_runs_already(empty: Database) -> None:
    if empty.is_sqlite:  # the write lock does it
        return
    pause = Pause()

    def upgrade_elsewhere(tx: Transaction) -> None:
        tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        pause(tx)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(empty.write(upgrade_elsewhere))
        await pause.reached.wait()
        tasks.create_task(migrate(_url(empty)))
        await somebody_waits(empty)
        assert await tables_of(empty) == set()
        pause.end()
    assert await tables_of(empty) == set(metadata.tables)


def _url(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


async def test_a_database_that_cannot_be_used_is_said_in_one_line(tmp_path) -> None:
    (tmp_path / "shop.db").write_text("this is no database, but it is long enough to look at" * 20)
    with pytest.raises(DatabaseUnusableError) as refused:
        await migrate(f"sqlite+aiosqlite:///{tmp_path}/shop.db")
    assert "\n" not in str(refused.value)
    assert str(refused.value)


async def test_a_database_of_a_newer_version_is_refused_in_a_sentence(empty: Database) -> None:
    await upgrade(empty)
    await empty.write(
        lambda tx: tx.execute(text("UPDATE alembic_version SET version_num = 'from-the-future'"))
    )
    with pytest.raises(DatabaseUnusableError, match="from-the-future"):
        await upgrade(empty)


async def test_a_shop_at_work_keeps_its_rows_through_the_upgrade(empty: Database) -> None:
    """Rows of the first schema that landed, written as it was then, are read by today's code."""
    at = "'2026-11-20 12:00:00+00:00'" if not empty.is_sqlite else "'2026-11-20 12:00:00.000000'"
    await upgrade(empty, "0001")

    def transaction(tx):
        for statement in (
            (
                "INSERT INTO users (id, first_name, language, created_at) VALUES (501, "
                f"'Ann', 'en', {at})"
            ),
            "INSERT INTO categories (id, name, position) VALUES (1, 'Podcasts', 0)",
            f"""INSERT INTO services (id, provider_id, category_id, position, name, description, type_label, type, rate,
                min, max, refill, cancel, dripfeed, sold, first_seen_at, changed_at)
                VALUES (1, '11', 1, 0, 'Plays', '', 'Default', 'default', '0.90', 10, 1000, true, true, true, true,
                {at}, {at})""",  # noqa: E501
            (
                "INSERT INTO drafts (id, user_id, service_id, fields, created_at) VALUES (1, "
                f"501, 1, '{{}}', {at})"
            ),
            f"""INSERT INTO orders (id, draft_id, user_id, service_id, service_name, service_type, fields, link,
                quantity, price, currency, cost, billing, state, provider_order_id, created_at, not_before, changed_at)
                VALUES (1, 1, 501, 1, 'Plays', 'default', '{{}}', 'https://example.com', 100, 90000, 'USD', '0.09',
                'wallet', 'in_progress', '7', {at}, {at}, {at})""",  # noqa: E501
            "INSERT INTO wallets (user_id, balance) VALUES (501, 5000000)",
        ):
            tx.execute(text(statement))

    await empty.write(transaction)
    await upgrade(empty)

    def transaction_2(tx):
        person, order = users.get(tx, 501), orders.get(tx, 1)
        service = catalogue.service(tx, 1)
        assert person is not None
        assert (person.pushes, person.quiet_from, person.utc_offset) == ("all", None, None)
        assert order is not None
        assert (order.state, order.started_at, order.mass_id) == (
            OrderState.IN_PROGRESS,
            None,
            None,
        )
        assert service is not None
        assert service.warranty_days is None
        assert wallet.balance(tx, 501) == 5_000_000

    await empty.read(transaction_2)

    def somebody_new(tx):
        assert users.create(
            tx, 502, first_name="Bob", username=None, language="en", now=datetime.now(UTC)
        )
        assert not users.create(
            tx, 501, first_name="Ann", username=None, language="en", now=datetime.now(UTC)
        )
        return [
            person.pushes
            for person in (users.get(tx, 501), users.get(tx, 502))
            if person is not None
        ]

    assert await empty.write(somebody_new) == ["all", "ends"]


async def test_what_admins_were_asked_before_is_asked_anew_and_charges_up_to_now_are_known(
    empty: Database,
) -> None:
    """The alerts of ended parents stood with the facts; an order in work has its charge before the
    end.
    """
    await upgrade(empty, "0004")
    at = "'2026-11-20 12:00:00+00:00'" if not empty.is_sqlite else "'2026-11-20 12:00:00.000000'"
    values = (
        "501, 1, 'Plays', 'default', '{}', 'x', 100, 90000, 'USD', '0.09', "
        f"'wallet', {at}, {at}, {at}"
    )

    def transaction(tx):
        for statement in (
            (
                "INSERT INTO users (id, first_name, language, created_at) VALUES (501, "
                f"'Ann', 'en', {at})"
            ),
            "INSERT INTO categories (id, name, position) VALUES (1, 'Podcasts', 0)",
            f"""INSERT INTO services (id, provider_id, category_id, position, name, description, type_label, type, rate,
                min, max, refill, cancel, dripfeed, sold, first_seen_at, changed_at)
                VALUES (1, '11', 1, 0, 'Plays', '', 'Default', 'default', '0.90', 10, 1000, true, true, true, true,
                {at}, {at})""",  # noqa: E501
            *(
                (
                    "INSERT INTO drafts (id, user_id, service_id, fields, created_at) VALUES "
                    f"({n}, 501, 1, '{{}}', {at})"
                )
                for n in (1, 2)
            ),
            *(
                f"""INSERT INTO orders (id, draft_id, state, provider_order_id, charge, user_id, service_id,
                    service_name, service_type, fields, link, quantity, price, currency, cost, billing, created_at,
                    not_before, changed_at) VALUES ({n}, {n}, '{state}', 'p{n}', '0.08', {values})"""  # noqa: E501
                for n, state in ((1, "in_progress"), (2, "partial"))
            ),
            *(
                f"INSERT INTO facts (name, value, at) VALUES ('{name}', '{{}}', {at})"
                for name in ("alert\\:unclear_refund\\:abc", "alert\\:stuck_order\\:abc")
            ),
        ):
            tx.execute(text(statement))

    await empty.write(transaction)
    await upgrade(empty)

    def transaction_2(tx):
        known = orders.get_many(tx, [1, 2])
        assert {order.id: order.full_charge for order in known.values()} == {
            1: Decimal("0.08"),
            2: None,
        }
        assert {order.unclear_since for order in known.values()} == {None}
        assert list(tx.scalars(text("SELECT name FROM facts"))) == ["alert:stuck_order:abc"]

    await empty.read(transaction_2)


async def test_what_refers_to_orders_stays_when_their_table_is_made_anew(
    database: Database,
) -> None:
    """On SQLite that takes foreign keys off for a moment; afterwards they count again."""
    await everything_once(database)
    known = "SELECT id, draft_id, state, provider_order_id, price, refunded FROM orders ORDER BY id"
    told = "SELECT id, order_id, state, note FROM order_events ORDER BY id"
    taken_off = "SELECT id, order_id, amount FROM coupon_uses ORDER BY id"
    moved = "SELECT id, order_id, key, subject, subject_id, amount FROM ledger ORDER BY id"

    async def rows() -> list[list[tuple[object, ...]]]:
        return await database.read(
            lambda tx: [
                [tuple(row) for row in tx.execute(text(one))]
                for one in (known, told, taken_off, moved)
            ]
        )

    before = await rows()
    assert all(before)
    await downgrade(database, "0004")
    await upgrade(database)
    assert await rows() == before
    with pytest.raises(IntegrityError):
        await database.write(lambda tx: tx.execute(update(ledger).values(order_id=999)))


async def test_two_accounts_may_give_one_number_and_one_account_may_not(database: Database) -> None:
    await everything_once(database)
    await downgrade(database, "0004")
    await upgrade(database)
    numbered = orders_table.c.provider_order_id
    with pytest.raises(IntegrityError):
        await database.write(
            lambda tx: tx.execute(
                update(orders_table)
                .where(numbered == "p-pending")
                .values(provider_order_id="p-partial")
            )
        )
    await database.write(
        lambda tx: tx.execute(
            update(orders_table)
            .where(numbered == "p-pending")
            .values(provider_order_id="p-partial", account="another"),
        )
    )


def test_the_newest_revision_is_known_by_the_names_of_files() -> None:
    assert newest() == ScriptDirectory.from_config(config()).get_current_head()


async def test_what_is_up_to_date_is_not_upgraded(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def rebuild(*_: object) -> None:
        raise AssertionError("nothing is to be done")

    monkeypatch.setattr(database, "rebuild", rebuild)
    await upgrade(database)
