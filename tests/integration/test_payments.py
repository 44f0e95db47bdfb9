"""Payments by Stars: counted once, whoever tells of them; given back, taken back, found in
Telegram's own books.
"""

import asyncio
from datetime import timedelta

import pytest

from shop.errors import NotFoundError, ShopError, TooLittleMoneyError
from shop.payments.stars import NANO, StarsUnreachableError, StarTransaction
from storage.enums import OrderState
from storage.schema.customers import users
from storage.schema.payments import invoices, payments
from storage.schema.wallets import ledger
from tests.factories.stars import StarsTill
from tests.harness.world import ADMINS, CUSTOMER, DOLLAR, World

HUNDRED = 100 * DOLLAR  # what the customer has


@pytest.fixture
def till(world: World) -> StarsTill:
    return StarsTill(world)


async def states(world: World) -> list[str]:
    return [row.state for row in await world.rows(payments)]


# Credited


async def test_twenty_who_bring_the_same_news_credit_once(world: World, till: StarsTill) -> None:
    invoice = await till.top_ups.ask_stars(CUSTOMER, 100)
    receipt = till.receipt("charge", invoice_id=invoice.id)
    credited = await asyncio.gather(*(till.payments.credit(receipt) for _ in range(20)))
    assert sum(credited) == 1
    assert await world.balance() == HUNDRED + DOLLAR
    assert (await world.told()).count("topped_up") == 1
    assert [row.state for row in await world.rows(invoices)] == ["paid"]


async def test_an_invoice_that_is_paid_twice_counts_twice(world: World, till: StarsTill) -> None:
    invoice = await till.top_ups.ask_stars(CUSTOMER, 100)
    for charge in ("one", "two"):
        assert await till.payments.credit(till.receipt(charge, invoice_id=invoice.id))
    assert await world.balance() == HUNDRED + 2 * DOLLAR


async def test_the_invoice_freezes_what_is_credited(world: World, till: StarsTill) -> None:
    invoice = await till.top_ups.ask_stars(CUSTOMER, 100)
    dearer = StarsTill(world)
    object.__setattr__(dearer.top_ups.terms, "star_value", 20_000)
    await dearer.payments.credit(till.receipt("promised", invoice_id=invoice.id))
    await dearer.payments.credit(till.receipt("unknown", invoice_id=777))
    assert [row.amount for row in await world.rows(payments)] == [DOLLAR, 2 * DOLLAR]


# Given back


async def test_a_refund_debits_first_and_ends_when_telegram_says_so(
    world: World, till: StarsTill
) -> None:
    await till.payments.credit(till.receipt("charge"))
    asked = await asyncio.gather(
        *(till.payments.ask_refund(1, admin) for admin in ADMINS), return_exceptions=True
    )
    assert sum(isinstance(one, ShopError) for one in asked) == 1
    assert await world.balance() == HUNDRED
    till.books.fails.append(StarsUnreachableError("timed out"))
    assert await till.refunder.asked()
    await till.refunder.step()
    assert await states(world) == ["refunding"]
    assert not await till.refunder.asked()  # it waits for its turn like everything that was tried
    await till.refunder.step()
    assert not await till.refunder.asked()
    assert await states(world) == ["refunded"]
    assert not await till.payments.taken_back("charge")  # Telegram's own news of it
    await till.refunder.step()
    assert till.books.given_back == ["charge"]
    assert await world.told() == ["topped_up", "paid_back"]
    assert await world.balance() == HUNDRED


async def test_a_refund_that_telegram_refuses_is_credited_again_and_may_be_asked_again(
    world: World, till: StarsTill
) -> None:
    await till.payments.credit(till.receipt("charge"))
    for _ in range(2):
        await till.payments.ask_refund(1, ADMINS[0])
        await till.refused()
        assert await world.balance() == HUNDRED + DOLLAR
        assert await states(world) == ["credited"]
    assert await world.told(ADMINS[0]) == ["refund_failed"] * 2
    assert await world.told(ADMINS[1]) == []
    assert len(await world.rows(ledger)) == 1 + 1 + 4


async def test_what_is_spent_is_not_given_back(world: World, till: StarsTill) -> None:
    await till.payments.credit(till.receipt("charge", 10_000))  # $100
    await world.order(quantity=10_000, link="https://example.com/a")  # $30
    with pytest.raises(NotFoundError):
        await till.payments.ask_refund(2, ADMINS[0])
    await till.payments.ask_refund(1, ADMINS[0])
    await till.refused()
    await world.order(quantity=10_000, link="https://example.com/b")
    await world.order(quantity=10_000, link="https://example.com/c")
    await world.order(quantity=10_000, link="https://example.com/d")
    with pytest.raises(TooLittleMoneyError):
        await till.payments.ask_refund(1, ADMINS[0])
    assert await states(world) == ["credited"]


# Taken back


async def test_a_chargeback_leads_below_zero_and_stops_what_was_not_sent(
    world: World, till: StarsTill
) -> None:
    await till.payments.credit(till.receipt("charge", 5_000))  # $50
    sent = await world.accepted(quantity=10_000, link="https://example.com/sent")  # $30
    for number in range(3):
        await world.accepted(quantity=10_000, link=f"https://example.com/{number}")
    waits = await world.order(quantity=1_000)  # $3
    taken = await asyncio.gather(*(till.payments.taken_back("charge") for _ in range(5)))
    assert sum(taken) == 1
    assert await world.balance() == -20 * DOLLAR
    assert (await world.look(waits)).state is OrderState.CANCELED
    assert (await world.look(sent)).state is OrderState.PENDING
    assert await world.told_admins() == ["chargeback"]
    with pytest.raises(ShopError) as refused:
        await world.order(quantity=100)
    assert refused.value.key == "error-in-debt"
    await till.payments.credit(till.receipt("another", 2_000))
    assert await world.balance() == 0
    await till.payments.credit(till.receipt("a third", 300))
    await world.order(quantity=1_000)


async def test_a_chargeback_that_the_wallet_covers_stops_nothing(
    world: World, till: StarsTill
) -> None:
    await till.payments.credit(till.receipt("charge"))
    waits = await world.order()
    await till.payments.taken_back("charge")
    assert (await world.look(waits)).state is OrderState.QUEUED


# Found


async def test_what_nobody_told_is_found_and_counted_once(world: World, till: StarsTill) -> None:
    await till.reconciler.step()
    now = world.clock()
    invoice = await till.top_ups.ask_stars(CUSTOMER, 100)
    till.books.pay("known", now)
    till.books.pay("lost", now, payload=str(invoice.id))
    till.books.pay("stranger's", now, 50, user_id=777)
    till.books.lines.append(StarTransaction("a gift", now, 5 * NANO))
    till.books.lines.append(StarTransaction("withdrawn", now, -7 * NANO - 3))
    await till.payments.credit(till.receipt("known"))
    for _ in range(3):
        await till.reconciler.step()
    assert [row.charge_id for row in await world.rows(payments)] == ["known", "lost", "stranger's"]
    assert await world.balance() == HUNDRED + 2 * DOLLAR
    assert await world.balance(777) == DOLLAR // 2
    assert 777 in [row.id for row in await world.rows(users)]
    assert await world.told_admins() == []


async def test_refunds_are_noted_wherever_they_stand(world: World, till: StarsTill) -> None:
    await till.reconciler.step()
    now = world.clock()
    await till.payments.credit(till.receipt("asked"))
    await till.payments.ask_refund(1, ADMINS[0])
    till.books.take_back("unseen", now)  # before its payment, in a list that is in no order
    till.books.pay("asked", now)
    till.books.pay("unseen", now)
    till.books.take_back("asked", now)
    till.books.take_back("nobody's", now)
    await till.reconciler.step()
    found = {row.charge_id: row.state for row in await world.rows(payments)}
    assert found == {"asked": "refunded", "unseen": "charged_back"}
    assert await world.balance() == HUNDRED
    await till.reconciler.step()
    assert await world.told() == ["topped_up", "topped_up", "paid_back", "charged_back"]


async def test_who_paid_before_the_shop_opened_paid_another_program(
    world: World, till: StarsTill
) -> None:
    till.books.pay("years ago", world.clock() - timedelta(days=700))
    await till.reconciler.step()
    world.pass_time(3600)
    await till.reconciler.step()
    assert await world.rows(payments) == []
    till.books.pay("now", world.clock())
    await till.reconciler.step()
    assert [row.charge_id for row in await world.rows(payments)] == ["now"]
    assert await world.told_admins() == []


async def test_long_statements_are_read_to_their_end_once_and_then_from_a_little_before_it(
    world: World, till: StarsTill
) -> None:
    long_ago = world.clock() - timedelta(days=1)
    for number in range(250):
        till.books.pay(f"old {number}", long_ago, 1)
    await till.reconciler.step()
    assert [offset for offset, _ in till.books.asked] == [0, 100, 200]
    till.books.asked.clear()
    till.books.lines.insert(
        200, StarTransaction("late", world.clock(), 9 * NANO, CUSTOMER, "Ann", 9)
    )
    till.books.pay("new", world.clock(), 5)
    await till.reconciler.step()
    assert [offset for offset, _ in till.books.asked] == [150, 250]
    assert {row.charge_id for row in await world.rows(payments)} == {"late", "new"}


async def test_a_difference_is_told_once_after_everything_was_read_again(
    world: World, till: StarsTill
) -> None:
    for number in range(150):
        till.books.pay(f"paid {number}", world.clock(), 1)
    await till.reconciler.step()
    till.books.extra = 7 * NANO
    await till.reconciler.step()
    assert await world.told_admins() == []
    till.books.asked.clear()
    for _ in range(3):
        await till.reconciler.step()
    assert sum(offset == 0 for offset, _ in till.books.asked) == 1
    assert await world.told_admins() == ["stars_differ"]
    till.books.extra = 0
    await till.reconciler.step()
    till.books.extra = 7 * NANO
    for _ in range(2):
        await till.reconciler.step()
    assert await world.told_admins() == ["stars_differ"] * 2


async def test_a_line_that_slipped_in_far_before_is_found_by_the_difference(
    world: World, till: StarsTill
) -> None:
    for number in range(150):
        till.books.pay(f"old {number}", world.clock() - timedelta(days=1), 1)
    await till.reconciler.step()
    till.books.lines.insert(
        3, StarTransaction("hidden", world.clock(), 100 * NANO, CUSTOMER, "Ann", 100)
    )
    for _ in range(3):
        await till.reconciler.step()
    assert [row.charge_id for row in await world.rows(payments)] == ["hidden"]
    assert await world.told_admins() == []


async def test_another_bots_statement_is_read_from_its_beginning(
    world: World, till: StarsTill
) -> None:
    for number in range(150):
        till.books.pay(f"old {number}", world.clock() - timedelta(days=1), 1)
    await till.reconciler.step()
    till.books.lines.clear()
    till.books.pay("new", world.clock())
    for _ in range(2):
        await till.reconciler.step()
    assert [row.charge_id for row in await world.rows(payments)] == ["new"]
    assert await world.told_admins() == []


async def test_while_telegram_is_not_reached_it_is_asked_again_soon(
    world: World, till: StarsTill
) -> None:
    till.books.unreachable = True
    till.books.pay("lost", world.clock())
    await till.reconciler.step()
    soon = await till.reconciler.pause()
    till.books.unreachable = False
    await till.reconciler.step()
    assert soon < await till.reconciler.pause()
    assert len(await world.rows(payments)) == 1
