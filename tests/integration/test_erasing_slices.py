"""Erasing goes a few hundred rows at a time: nobody waits long, and whoever is killed in between
leaves no half.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, insert, update

from shop.customers.erasing import Eraser, finish
from shop.errors import ShopError
from storage import Database, Transaction
from storage.enums import OrderState
from storage.queries import erasing, wallet
from storage.queries import users as user_statements
from storage.queries.wallet import Account
from storage.schema.base import metadata
from storage.schema.customers import users
from storage.schema.orders import drafts, orders
from storage.schema.wallets import ledger, wallets
from tests.chaos.saboteur import Killed
from tests.factories.entry_keys import entry_key
from tests.factories.somebody import SECRET, ZOE, dump, somebody
from tests.factories.stock import NOW, add_order, stock
from tests.harness.books import differences
from tests.harness.world import CUSTOMER, World, check_money, rows_of
from tests.integration.test_erasing import DOLLAR, people_of, privacy_of


@pytest.fixture
async def stocked(database: Database) -> Database:
    await stock(database)
    return database


class Watched(Database):
    """Counts the rows that each write transaction changes, and can be killed before any of them."""

    def __init__(self, database: Database, dies_before: int | None = None) -> None:
        super().__init__(database.url.render_as_string(hide_password=False))
        self.changed: list[int] = []
        self.between: Callable[[], Any] | None = None
        self._dies_before = dies_before

    async def write(self, work: Any, *args: Any, **named: Any) -> Any:
        if len(self.changed) == self._dies_before:
            raise Killed
        if self.between is not None:
            await self.between()
        rows = 0

        def counted(tx: Transaction) -> Any:
            def note(_connection, cursor, statement, *_others) -> None:
                nonlocal rows
                if not statement.lstrip().startswith("SELECT"):
                    rows += max(cursor.rowcount, 0)

            event.listen(tx, "after_cursor_execute", note)
            try:
                return work(tx, *args, **named)
            finally:
                event.remove(tx, "after_cursor_execute", note)

        result = await super().write(counted)
        self.changed.append(rows)
        return result


async def with_a_long_past(database: Database, count: int = 700) -> None:
    """Give Zoe many orders, each with a form, an event and an entry; their money adds up."""
    first = await somebody(database)

    def transaction(tx: Transaction) -> None:
        order = dict(tx.execute(orders.select().where(orders.c.id == first)).mappings().one())
        own = {
            name: order[name]
            for name in order
            if name not in ("id", "provider_order_id", "refunded")
        }
        form = {"user_id": ZOE, "service_id": 1, "fields": {"text": SECRET}, "created_at": NOW}
        made = tx.scalars(insert(drafts).returning(drafts.c.id), [form] * count)
        new = [own | {"draft_id": draft, "refunded": 0} for draft in made]
        numbers = list(tx.scalars(insert(orders).returning(orders.c.id), new))
        entry = {
            "user_id": ZOE,
            "amount": 1,
            "reason": "order",
            "at": NOW,
            "source": "wallet",
            "target": "hold",
        }
        tx.execute(
            insert(ledger),
            [entry | {"order_id": one} | entry_key(f"hold:{one}").columns() for one in numbers],
        )
        tx.execute(
            update(wallets)
            .where(wallets.c.user_id == ZOE)
            .values(balance=wallets.c.balance - count)
        )

    await database.write(transaction)


def _of_wallets(found: list[str]) -> list[str]:
    return [line for line in found if line.startswith(("wallet", "user"))]


async def test_no_transaction_changes_more_than_some_hundred_rows(stocked: Database) -> None:
    await with_a_long_past(stocked)
    watched = Watched(stocked)
    await privacy_of(watched).erase(ZOE, NOW)
    await watched.close()
    assert max(watched.changed) <= 300
    assert sum(watched.changed) > 2_000
    after = repr(await dump(stocked))
    assert str(ZOE) not in after
    assert SECRET not in after


async def test_wherever_it_is_killed_the_worker_brings_it_to_its_end(stocked: Database) -> None:
    """At each moment the books agree as they did before: both are one person to them."""
    await with_a_long_past(stocked, 60)
    before = await differences(stocked)  # the one order that was made by hand
    watched = Watched(stocked, dies_before=1)
    with pytest.raises(Killed):
        await privacy_of(watched).erase(ZOE, NOW)
    assert SECRET in repr(await dump(stocked))
    (heir,) = [row.heir_id for row in await rows_of(stocked, users) if row.id == ZOE]
    died = 1
    while True:
        assert _of_wallets(await differences(stocked)) == _of_wallets(before)
        again = Watched(stocked, dies_before=died)
        try:
            await Eraser(again).step()
            break
        except Killed:
            died += 3
        finally:
            await again.close()
    await watched.close()
    assert died > 30
    after = await dump(stocked)
    assert str(ZOE) not in repr(after)
    assert SECRET not in repr(after)
    assert [row["user_id"] for row in after["wallets"]] == [heir]
    assert {row["user_id"] for row in after["orders"]} == {heir}
    await Eraser(stocked).step()  # once more there is nothing to do
    assert await dump(stocked) == after


async def test_whoever_comes_back_in_the_middle_is_somebody_new(world: World) -> None:
    order = await world.accepted()
    world.provider.force_order(order.provider_order_id, "Completed")
    for _ in range(3):
        await world.later(600)
    watched = Watched(world.database, dies_before=2)
    with pytest.raises(Killed):
        await privacy_of(watched, world.clock).erase(CUSTOMER, world.clock())
    await watched.close()
    known = await world.database.read(user_statements.get, CUSTOMER)
    met = await people_of(world).get_or_create(
        CUSTOMER, first_name="Ann", username=None, language_code="en", known=known
    )
    assert met.first_name == "Ann"
    rows = {row.id: row for row in await world.rows(users)}
    assert rows[CUSTOMER].heir_id is None
    assert (await world.look(order)).user_id < 0
    await check_money(world.database)


async def test_what_comes_into_the_wallet_meanwhile_is_the_heir_s(stocked: Database) -> None:
    await with_a_long_past(stocked, 60)
    before = _of_wallets(await differences(stocked))
    watched, came = Watched(stocked), []

    async def pay() -> None:
        if len(watched.changed) in {1, 4}:
            came.append(len(came))
            moved = await stocked.write(
                wallet.move,
                user_id=ZOE,
                source=Account.MANUAL,
                target=Account.WALLET,
                amount=DOLLAR,
                key=entry_key(f"manual:9001:late:{len(came)}"),
                reason="late",
                now=NOW,
            )
            assert moved
            assert _of_wallets(await differences(stocked)) == before

    watched.between = pay
    await privacy_of(watched).erase(ZOE, NOW)
    await watched.close()
    assert len(came) == 2
    (row,) = [row for row in await rows_of(stocked, wallets) if row.user_id < 0]
    assert row.balance == 8_500_000 - 60 + 2 * DOLLAR
    assert _of_wallets(await differences(stocked)) == before


async def test_an_order_that_waits_to_be_sent_keeps_its_link_and_the_end_waits_for_it(
    stocked: Database,
) -> None:
    """It can't come in when erasing has begun, but for a payment that starts it at that very
    moment.
    """
    await with_a_long_past(stocked, 60)
    watched = Watched(stocked)

    async def order() -> None:
        if len(watched.changed) == 1:
            watched.between = None
            await add_order(
                stocked, user_id=ZOE, link="https://zoe.example", state=OrderState.QUEUED
            )

    watched.between = order
    with pytest.raises(ShopError) as refused:
        await privacy_of(watched).erase(ZOE, NOW)
    await watched.close()
    assert refused.value.key == "error-erase-busy"
    (waiting,) = [row for row in await rows_of(stocked, orders) if row.user_id == ZOE]
    assert (waiting.link, waiting.state) == ("https://zoe.example", "queued")
    await stocked.write(
        lambda tx: tx.execute(
            update(orders).where(orders.c.id == waiting.id).values(state="rejected")
        )
    )
    await Eraser(stocked).step()
    after = repr(await dump(stocked))
    assert str(ZOE) not in after
    assert "zoe.example" not in after


async def test_the_worker_and_the_press_at_once_leave_one_heir(stocked: Database) -> None:
    await with_a_long_past(stocked, 200)
    pressed = asyncio.create_task(privacy_of(stocked).erase(ZOE, NOW))
    while not await stocked.read(erasing.begun):
        await asyncio.sleep(0.001)
    await asyncio.gather(pressed, *(Eraser(stocked).step() for _ in range(2)))
    assert len([row for row in await rows_of(stocked, users) if row.id < 0]) == 1
    assert str(ZOE) not in repr(await dump(stocked))


async def test_nobody_is_erased_who_has_not_asked(stocked: Database) -> None:
    await somebody(stocked)
    before = await dump(stocked)
    assert await finish(stocked, ZOE)
    await Eraser(stocked).step()
    assert await dump(stocked) == before


async def test_somebody_s_number_is_in_no_table_that_the_slices_do_not_know(
    stocked: Database,
) -> None:
    referring = {
        key.parent.table.name
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table is users
    }
    done = {
        part.keywords["table"].name
        for part in erasing.slices(ZOE, -5, ())
        if "table" in part.keywords
    }
    done |= {
        part.keywords["column"].table.name
        for part in erasing.slices(ZOE, -5, ())
        if "column" in part.keywords
    }
    assert referring - done <= {"orders", "mass_orders", "wallets"}
