"""One Confirm, one order, one hold: whatever is pressed how often."""

import asyncio

import pytest
from sqlalchemy import text

from shop.errors import QuoteChangedError, TooLittleMoneyError
from shop.money import Money
from storage import Transaction
from storage.queries import drafts as draft_statements
from storage.queries import orders as order_statements
from storage.schema.orders import drafts, order_events, orders
from storage.schema.wallets import ledger
from tests.harness.pause import Pause
from tests.harness.world import CUSTOMER, DOLLAR, PACKAGE, PLAYS, World, somebody_waits


async def test_twenty_confirms_at_once_make_one_order_and_one_hold(world: World) -> None:
    draft = await world.draft()
    sheets = await asyncio.gather(*(world.ordering.submit(CUSTOMER, draft) for _ in range(20)))
    placed = [sheet.order for sheet in sheets]
    assert len({order.id for order in placed}) == 1
    assert [row.state for row in await world.rows(orders)] == ["queued"]
    assert [row.note for row in await world.rows(order_events)] == ["confirmed"]
    assert [row.key for row in await world.rows(ledger)][1:] == [f"hold:{placed[0].id}"]
    assert await world.balance() == 100 * DOLLAR - placed[0].price
    assert await world.held() == placed[0].price == 300_000


async def test_a_confirm_that_loses_the_race_in_the_middle_gives_the_winners_order(
    world: World,
) -> None:
    if world.database.is_sqlite:  # one writer at a time: there is no middle
        return
    draft, earlier = await world.draft(), await world.order(link="https://example.com/other")
    values = {
        name: getattr(earlier, name)
        for name in (
            "user_id",
            "service_id",
            "service_name",
            "service_type",
            "fields",
            "link",
            "quantity",
            "currency",
            "cost",
        )
    }
    values |= {"draft_id": draft, "price": earlier.price, "billing": "house"}
    pause = Pause()

    def win(tx: Transaction) -> int:
        tx.execute(text("LOCK TABLE drafts"))
        pause(tx)
        draft_statements.close(tx, draft, CUSTOMER, world.clock())
        return order_statements.create(tx, values, world.clock())

    async with asyncio.TaskGroup() as tasks:
        winner = tasks.create_task(world.database.write(win))
        await pause.reached.wait()
        loser = tasks.create_task(world.ordering.submit(CUSTOMER, draft))
        await somebody_waits(world.database)
        pause.end()
    assert loser.result().order.id == winner.result().id
    assert len(await world.rows(orders)) == 2


async def test_many_drafts_confirmed_at_once_spend_no_more_than_there_is(world: World) -> None:
    await world.customer(502, dollars=1)
    ids = [
        await world.draft(user_id=502, link=f"https://example.com/{number}") for number in range(8)
    ]
    placed = await asyncio.gather(
        *(world.ordering.submit(502, draft) for draft in ids), return_exceptions=True
    )
    assert sum(not isinstance(found, Exception) for found in placed) == 3  # $0.30 each
    assert sum(isinstance(found, TooLittleMoneyError) for found in placed) == 5
    assert await world.balance(502) == 100_000


async def test_with_too_little_money_nothing_is_written_and_the_draft_stays_open(
    world: World,
) -> None:
    await world.customer(502, dollars=18)
    draft = await world.draft(PACKAGE, 502)
    with pytest.raises(TooLittleMoneyError) as refused:
        await world.ordering.submit(502, draft)
    assert refused.value.values == {"missing": Money(750_000, "USD")}
    assert await world.rows(orders) == []
    assert await world.rows(order_events) == []
    assert [row.closed_at for row in await world.rows(drafts)] == [None]
    assert await world.balance(502) == 18 * DOLLAR
    assert (await world.ordering.form(502, draft)).step is None


async def test_a_price_that_changed_since_the_summary_is_not_taken(world: World) -> None:
    draft = await world.draft()
    world.provider.change_service(PLAYS, rate="4.00")
    await world.synchroniser.sync()
    with pytest.raises(QuoteChangedError):
        await world.ordering.submit(CUSTOMER, draft)
    assert await world.rows(orders) == []
    form = await world.ordering.form(CUSTOMER, draft)
    assert form.changed is not None
    assert (form.changed.price, form.price) == (300_000, 600_000)
    assert (await world.ordering.submit(CUSTOMER, draft)).order.price == 600_000


async def test_a_price_beyond_every_wallet_is_too_little_money_and_no_crash(world: World) -> None:
    world.provider.change_service(PLAYS, rate="90000000", min="0", max="0")
    for _ in range(2):  # such a rate is not believed at once
        await world.synchroniser.sync()
    draft = await world.draft(quantity=10**15)
    with pytest.raises(TooLittleMoneyError):
        await world.ordering.submit(CUSTOMER, draft)
    assert await world.rows(orders) == []
