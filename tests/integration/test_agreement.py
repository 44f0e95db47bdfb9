"""What was agreed is checked again at the moment of spending: what no longer holds is not sent."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from shop.access import Assortment
from shop.aftercare.service import Aftercare
from shop.catalogue.pricing import Prices
from shop.errors import NotFoundError, QuoteChangedError
from shop.ordering.agreement import Agreement
from storage.enums import OrderState, RequestKind
from storage.schema.catalogue import services
from storage.schema.messages import facts, notices
from storage.schema.orders import orders
from storage.schema.wallets import ledger, wallets
from tests.harness.world import CUSTOMER, PLAYS, VISITS, World, open_world

LOOK = 301  # seconds until an order that waits is looked at again


async def change(world: World, service: str = PLAYS, *, looks: int = 1, **columns) -> None:
    world.provider.change_service(service, **columns)
    for _ in range(looks):
        await world.synchroniser.sync()


async def rise(world: World) -> None:
    await change(world, rate="3.01")  # of 100 at 2.00 with 50 %: 0.30 was paid


async def set_balance(world: World, units: int) -> None:
    """Write a balance past the books; a test sets it back before they are looked at."""
    await world.database.write(
        lambda tx: tx.execute(update(wallets).values(balance=units, chargebacks=max(-units, 0)))
    )


async def another_account(world: World) -> None:
    world.submitter.agreement = Agreement(account="another", prices=world.prices)


async def deny(world: World) -> None:
    world.submitter.agreement = Agreement(
        assortment=Assortment(deny=("Podcasts",)), prices=world.prices
    )


async def count_in_another_currency(world: World) -> None:
    world.submitter.agreement = Agreement(currency=lambda: "INR", prices=world.prices)


async def jump(world: World) -> None:
    await change(world, rate="200.00")


async def jump_for_good(world: World) -> None:
    await change(world, rate="200.00", looks=2)


class Unlooking(Agreement):
    """Has looked before it happened."""

    def broken(self, *given: Any) -> None:
        return None


Trouble = Callable[[World], Awaitable[None]]
TROUBLES: list[tuple[Trouble, str]] = [
    (rise, "changed"),
    (jump, "held"),
    (jump_for_good, "changed"),
    (lambda world: change(world, name="Podcast plays, of bots"), "changed"),
    (lambda world: change(world, category="Video"), "changed"),
    (lambda world: change(world, type="Package"), "changed"),
    (lambda world: change(world, removed=True), "gone"),
    (lambda world: change(world, rate="0"), "gone"),
    (lambda world: change(world, rate="99999999"), "gone"),
    (deny, "gone"),
    (another_account, "changed"),
    (count_in_another_currency, "changed"),
]


@pytest.mark.parametrize(("trouble", "waits"), TROUBLES)
async def test_what_is_not_as_agreed_is_not_sent(
    world: World, trouble: Trouble, waits: str
) -> None:
    order, other = await world.order(), await world.order(VISITS, link="https://example.com/other")
    await trouble(world)
    await world.submit()
    there = await world.look(order)
    assert (there.state, there.waiting) == ("queued", waits)
    assert [
        sent for sent in world.line.sent if sent["action"] == "add" and sent["service"] == PLAYS
    ] == []
    assert (await world.look(other)).state in ("pending", "queued")
    for _ in range(3):
        await world.later(LOOK)
    told = [kind for kind in await world.told() if kind == "agreement"]
    expected = [] if waits == "held" else ["agreement"]
    assert told[:1] == expected  # once, however often it is looked at


@pytest.mark.parametrize(("trouble", "waits"), TROUBLES)
async def test_after_a_day_without_a_word_the_money_is_back(
    world: World, trouble: Trouble, waits: str
) -> None:
    order = await world.order()
    before = await world.balance() + order.price
    await trouble(world)
    await world.submit()
    world.pass_time(24 * 3600 - 2)
    await world.submit()
    assert (await world.look(order)).state == "queued"
    await world.later(LOOK)
    there = await world.look(order)
    assert (there.state, there.refunded, there.waiting) == ("canceled", order.price, waits)
    assert await world.held() == 0
    assert await world.balance() == before
    assert world.line.count("add") == 0


@pytest.mark.parametrize(
    "small",
    [
        lambda world: change(world, rate="3.00"),  # the whole margin
        lambda world: change(world, rate="0.50"),
        lambda world: change(world, min="50", max="5000", refill=False, desc="New"),
    ],
)
async def test_what_costs_no_more_than_was_paid_goes_out(world: World, small: Trouble) -> None:
    order = await world.order()
    await small(world)
    await world.submit()
    assert (await world.look(order)).state == "pending"


async def test_what_is_again_as_it_was_agreed_goes_out_by_itself(world: World) -> None:
    order = await world.order()
    await change(world, rate="0")
    await world.submit()
    assert (await world.look(order)).waiting == "gone"
    await change(world, rate="2.00")
    await world.later(LOOK)
    there = await world.look(order)
    assert (there.state, there.waiting, there.waits_since) == ("pending", "", None)


async def test_whose_wallet_is_below_zero_has_nothing_sent_until_that_is_settled(
    world: World,
) -> None:
    order, other = await world.order(), await world.order(VISITS, link="https://example.com/other")
    balance = await world.balance()
    await set_balance(world, -1)
    for _ in range(3):
        await world.later(LOOK)
    assert {(await world.look(one)).waiting for one in (order, other)} == {"debt"}
    assert world.line.count("add") == 0
    assert await world.told() == ["card", "agreement", "card", "agreement"]
    await set_balance(world, balance)
    await world.later(LOOK)
    assert {(await world.look(one)).state for one in (order, other)} == {"pending"}


async def test_a_chargeback_between_the_look_and_the_claim_is_seen(world: World) -> None:
    order = await world.order()
    balance = await world.balance()
    await set_balance(world, -1)
    world.submitter.agreement = Unlooking(prices=world.prices)
    await world.submitter.step()
    assert (await world.look(order)).state == "queued"
    assert world.line.count("add") == 0
    await set_balance(world, balance)


async def test_a_rise_that_comes_between_the_look_and_the_claim_is_seen(world: World) -> None:
    """The claim is one statement that holds all of it: what changed in between finds no order to
    claim.
    """
    order = await world.order()
    await world.database.write(lambda tx: tx.execute(update(services).values(name="Another")))
    world.submitter.agreement = Unlooking(prices=world.prices)
    await world.submitter.step()
    assert (await world.look(order)).state == "queued"
    assert world.line.count("add") == 0


async def test_confirmed_anew_the_new_order_takes_the_old_ones_place(world: World) -> None:
    order = await world.order(quantity=200)
    await rise(world)
    await world.submit()
    balance, held = await world.balance(), await world.held()
    form = await world.ordering.agree_again(CUSTOMER, order.id)
    assert form.changed is not None
    assert (form.changed.price, form.price) == (600_000, 903_000)
    assert (form.balance, await world.balance(), await world.held()) == (
        balance + 600_000,
        balance,
        held,
    )
    new = (await world.ordering.submit(CUSTOMER, form.draft.id)).order
    # pressed twice
    assert (await world.ordering.submit(CUSTOMER, form.draft.id)).order.id == new.id
    old = await world.look(order)
    assert (old.state, old.waiting, old.refunded) == ("canceled", "replaced", old.price)
    assert await world.held() == new.price == 903_000
    await world.submit()
    assert (await world.look(new)).state == "pending"
    assert world.line.count("add") == 1
    assert [row.key for row in await world.rows(ledger)][1:] == [
        "hold:1",
        "release:1",
        "hold:2",
        "release:2",
    ]


async def test_what_has_changed_once_more_is_shown_once_more(world: World) -> None:
    order = await world.order()
    await rise(world)
    await world.submit()
    form = await world.ordering.agree_again(CUSTOMER, order.id)
    await change(world, rate="3.50")
    with pytest.raises(QuoteChangedError):
        await world.ordering.submit(CUSTOMER, form.draft.id)
    assert (await world.look(order)).state == "queued"
    assert await world.held() == order.price
    again = await world.ordering.form(CUSTOMER, form.draft.id)
    assert again.changed is not None
    await world.ordering.submit(CUSTOMER, form.draft.id)
    assert len(await world.rows(orders)) == 2


async def test_nothing_is_confirmed_anew_that_does_not_wait(world: World) -> None:
    order = await world.accepted()
    with pytest.raises(NotFoundError):
        await world.ordering.agree_again(CUSTOMER, order.id)
    with pytest.raises(NotFoundError):
        await world.ordering.agree_again(9001, order.id)


async def test_an_old_order_that_went_out_meanwhile_is_not_taken_back_and_nothing_is_ordered_twice(
    world: World,
) -> None:
    order = await world.order()
    await change(world, name="Another name")
    await world.submit()
    form = await world.ordering.agree_again(CUSTOMER, order.id)
    await change(world, name="Podcast plays")  # as it was agreed: it goes out
    await world.later(LOOK)
    assert (await world.look(order)).state == "pending"
    for once_more in (world.ordering.submit, world.ordering.form, world.ordering.submit):
        with pytest.raises(NotFoundError, match="error-replaced-gone"):
            await once_more(CUSTOMER, form.draft.id)
    assert len(await world.rows(orders)) == 1


async def test_two_summaries_of_one_waiting_order_make_one(world: World) -> None:
    """The push and the card both ask to look at it again."""
    order = await world.order(quantity=200)
    await rise(world)
    await world.submit()
    first, second = [await world.ordering.agree_again(CUSTOMER, order.id) for _ in range(2)]
    told = await asyncio.gather(
        *(world.ordering.submit(CUSTOMER, form.draft.id) for form in (first, second)),
        return_exceptions=True,
    )
    assert sorted(type(one) for one in told if isinstance(one, Exception)) == [NotFoundError]
    await world.submit()
    await world.later(LOOK)
    assert world.line.count("add") == 1
    assert [row.state for row in await world.rows(orders)] == ["canceled", "completed"]


async def test_a_summary_does_not_order_again_what_a_paid_debt_let_go(world: World) -> None:
    order, before = await world.order(quantity=200), await world.balance()
    await set_balance(world, -1)
    await world.submit()
    form = await world.ordering.agree_again(CUSTOMER, order.id)
    await set_balance(world, before)
    await world.later(LOOK)
    assert (await world.look(order)).state == "pending"
    with pytest.raises(NotFoundError, match="error-replaced-gone"):
        await world.ordering.submit(CUSTOMER, form.draft.id)
    assert len(await world.rows(orders)) == 1


async def test_the_order_whose_place_is_taken_is_no_other_on_the_link(world: World) -> None:
    order = await world.order(quantity=200)
    await rise(world)
    await world.submit()
    assert (await world.ordering.agree_again(CUSTOMER, order.id)).overlap is None
    another = await world.order(quantity=200)
    found = (await world.ordering.agree_again(CUSTOMER, order.id)).overlap
    assert found is not None
    assert found.own == another.id


async def test_taking_it_back_and_confirming_it_anew_at_once_leave_one(world: World) -> None:
    for number, rate in enumerate(("3.20", "5.20", "8.40", "13.50", "21.60")):
        order = await world.order(link=f"https://example.com/{number}")
        await change(world, rate=rate)
        await world.submit()
        form = await world.ordering.agree_again(CUSTOMER, order.id)
        aftercare = Aftercare(world.database, world.rules, world.bells, world.clock)
        await asyncio.gather(
            world.ordering.submit(CUSTOMER, form.draft.id),
            aftercare.ask(CUSTOMER, order.id, RequestKind.CANCEL),
            return_exceptions=True,
        )
        assert (await world.look(order)).state == "canceled"
        assert await world.held() == sum(
            row.price for row in await world.rows(orders) if row.state == OrderState.QUEUED
        )


@pytest.mark.parametrize(("rate", "sent"), [("2.00", True), ("2.20", True), ("2.21", False)])
async def test_the_house_bears_a_rise_within_its_tolerance(database, rate: str, sent: bool) -> None:
    async with open_world(database, billing="house") as world:
        world.submitter.agreement = Agreement(prices=Prices(step=1), tolerance=Decimal(10))
        await world.customer(9001, dollars=0)
        order = await world.order(user_id=9001)
        await change(world, rate=rate)
        await world.submit()
        assert (await world.look(order)).state == ("pending" if sent else "queued")


async def test_an_order_from_before_the_category_was_kept_goes_out(world: World) -> None:
    order = await world.order()
    await world.database.write(lambda tx: tx.execute(update(orders).values(service_category="")))
    await change(world, category="Video")
    await world.submit()
    assert (await world.look(order)).state == "pending"


async def test_what_was_sold_below_cost_knowingly_may_cost_as_much_and_no_more(
    world: World,
) -> None:
    """Such as with a coupon that took more off than the margin: 0.40 was to be spent for 0.30."""
    order = await world.order()
    await world.database.write(lambda tx: tx.execute(update(orders).values(cost=Decimal("0.40"))))
    await change(world, rate="4.01")
    await world.submit()
    assert (await world.look(order)).waiting == "changed"
    await change(world, rate="4.00")
    await world.later(LOOK)
    assert (await world.look(order)).state == "pending"


@pytest.mark.parametrize(
    ("column", "value"),
    [("name", "Podcast plays, of bots"), ("type", "Package"), ("rate", "2.10"), ("max", "9000")],
)
async def test_a_summary_binds_name_type_price_and_limits(
    world: World, column: str, value: str
) -> None:
    draft = await world.draft()
    await change(world, **{column: value})
    with pytest.raises(QuoteChangedError):
        await world.ordering.submit(CUSTOMER, draft)
    assert await world.rows(orders) == []


async def test_a_summary_binds_the_currency(world: World) -> None:
    draft = await world.draft()
    other = replace(world.ordering, currency=lambda: "INR")
    with pytest.raises(QuoteChangedError):
        await other.submit(CUSTOMER, draft)


async def test_a_summary_from_before_the_upgrade_binds_what_it_kept(world: World) -> None:
    from storage.schema.orders import drafts

    draft = await world.draft()

    def transaction(tx):
        old = {"price": 300_000, "min": 10, "max": 10_000}
        tx.execute(update(drafts).values(quote=old))

    await world.database.write(transaction)
    assert (await world.ordering.submit(CUSTOMER, draft)).order.price == 300_000


class TestMass:
    """The same of mass orders, whose customer is not told five hundred times."""

    async def placed(self, world: World, lines: int = 4) -> list:
        text = "\n".join(f"{PLAYS} | https://example.com/{number} | 100" for number in range(lines))
        found = await world.mass.read(CUSTOMER, text)
        await world.mass.confirm(CUSTOMER, found.id, message_id=None)
        await world.place()
        return await world.rows(orders)

    async def test_the_first_is_told_and_all_wait(self, world: World) -> None:
        placed = await self.placed(world)
        await rise(world)
        await world.submit()
        assert {row.waiting for row in await world.rows(orders)} == {"changed"}
        told = [row for row in await world.rows(notices) if row.kind == "agreement"]
        assert [(row.order_id, row.payload["mass"]) for row in told] == [(placed[0].id, 1)]

    async def test_a_line_whose_service_is_another_by_now_is_shown_again(
        self, world: World
    ) -> None:
        found = await world.mass.read(CUSTOMER, f"{PLAYS} | https://example.com | 100")
        await change(world, name="Podcast plays, of bots")
        assert await world.mass.confirm(CUSTOMER, found.id, message_id=None) == 0
        assert await world.mass.confirm(CUSTOMER, found.id, message_id=None) is None

    async def test_a_service_that_becomes_another_while_lines_are_placed(
        self, world: World
    ) -> None:
        found = await world.mass.read(CUSTOMER, f"{PLAYS} | https://example.com | 100")
        await world.mass.confirm(CUSTOMER, found.id, message_id=None)
        await change(world, name="Podcast plays, of bots")
        await world.place()
        assert await world.rows(orders) == []
        table = await world.mass.table(CUSTOMER, found.id, page=0, size=5)
        assert table.lines[0].problem == {"key": "mass-line-other-service", "values": {}}


async def test_a_word_for_each_reason_and_the_time_until_when(world: World) -> None:
    await world.order()
    await change(world, removed=True)
    await world.submit()
    (told,) = [row for row in await world.rows(notices) if row.kind == "agreement"]
    until = world.clock() + timedelta(hours=24)
    assert told.payload == {"why": "gone", "until": int(until.timestamp())}
    assert [row for row in await world.rows(facts) if row.name == "sending-brake"] == []
