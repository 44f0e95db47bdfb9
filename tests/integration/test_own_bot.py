"""A new bot on old books: what Telegram counted for the old one is not taken for the new one's."""

from datetime import timedelta

import pytest

from shop.errors import ShopError
from shop.operations import own_bot
from shop.payments.service import Payments, Receipt
from shop.payments.top_ups import TopUps, TopUpTerms
from storage.enums import Method
from storage.queries import facts, notices, updates
from storage.queries import orders as order_statements
from storage.queries import payments as payment_statements
from storage.queries.facts import Fact
from storage.queries.updates import Claim
from storage.schema.messages import notices as notice_rows
from storage.schema.orders import orders
from storage.schema.payments import payments
from tests.harness.books import differences
from tests.harness.world import ADMINS, CUSTOMER, World

OLD, NEW, STAR = 111, 222, 13_000


def payments_of(world: World, bot_id: int) -> Payments:
    terms = TopUpTerms(
        star_value=STAR,
        star_presets=(100,),
        stars_per_day=10_000,
        crypto=False,
        crypto_per_day=1,
        amounts=(1,),
        note="",
    )
    top_ups = TopUps(
        world.database, world.access, lambda: "USD", world.bells, world.clock, terms, frozenset()
    )
    return Payments(
        world.database,
        world.ordering,
        top_ups,
        ADMINS,
        bells=world.bells,
        clock=world.clock,
        bot_id=bot_id,
    )


def paid(world: World, charge: str, method: Method = Method.STARS, **more) -> Receipt:
    return Receipt(
        CUSTOMER,
        method,
        charge,
        world.clock(),
        stars=100 if method is Method.STARS else None,
        **more,
    )


async def test_a_charge_of_the_new_bot_is_none_of_the_old_ones(world: World) -> None:
    before = await world.balance()
    assert await payments_of(world, OLD).credit(paid(world, "charge-1"))
    assert not await payments_of(world, OLD).credit(paid(world, "charge-1"))
    assert await payments_of(world, NEW).credit(paid(world, "charge-1"))
    assert await world.balance() == before + 200 * STAR
    assert await payments_of(world, NEW).taken_back("charge-1")
    assert await world.balance() == before + 100 * STAR


async def test_what_crypto_pay_counts_is_the_same_whatever_bot_asks(world: World) -> None:
    receipt = paid(world, "crypto:7", Method.CRYPTO, amount=1_000_000)
    assert await payments_of(world, OLD).credit(receipt)
    assert not await payments_of(world, NEW).credit(receipt)


async def test_only_the_bot_that_was_paid_gives_back(world: World) -> None:
    await payments_of(world, OLD).credit(paid(world, "charge-1"))
    with pytest.raises(ShopError, match="error-refund-other-bot"):
        await payments_of(world, NEW).ask_refund(1, ADMINS[0])
    with pytest.raises(ShopError, match="error-refund-other-bot"):
        await payments_of(world, NEW).refundable(1)
    await payments_of(world, OLD).ask_refund(1, ADMINS[0])


async def test_payments_from_before_belong_to_the_first_bot_that_is_seen(world: World) -> None:
    await payments_of(world, 0).credit(paid(world, "charge-1"))
    await world.database.write(facts.put, Fact.STARS, {"position": 5}, world.clock())
    assert not await own_bot.settle(world.database, OLD, world.clock())
    assert not await own_bot.settle(world.database, OLD, world.clock())
    assert not await payments_of(world, OLD).credit(paid(world, "charge-1"))

    def transaction(tx):
        assert (facts.get(tx, Fact.STARS.of(OLD)))[0] == {"position": 5}
        assert facts.get(tx, Fact.STARS) is None

    await world.database.read(transaction)


async def test_another_bots_cards_and_updates_are_forgotten(world: World) -> None:
    await own_bot.settle(world.database, OLD, world.clock())
    order = await world.accepted()

    def transaction(tx):
        order_statements.show_on(tx, CUSTOMER, 55, order.id)
        notices.add(tx, user_id=ADMINS[0], kind="x", now=world.clock(), alert="alert:x")
        notices.told_in(tx, 1, 66)
        until = world.clock() + timedelta(seconds=30)
        assert updates.claim(tx, 9, 1, "me", now=world.clock(), until=until) is Claim.MINE
        updates.done(tx, {9}, "me", world.clock())
        return until

    until = await world.database.write(transaction)
    assert await own_bot.settle(world.database, NEW, world.clock())
    assert [row.card_message_id for row in await world.rows(orders)] == [None]
    assert {row.message_id for row in await world.rows(notice_rows)} == {None}
    assert (
        await world.database.write(updates.claim, 9, 1, "me", now=world.clock(), until=until)
    ) is Claim.MINE


async def test_a_statement_is_noted_on_the_payments_of_its_own_bot_alone(world: World) -> None:
    """Telegram may give two bots the same charge; what nobody can ask for any more is no mistake of
    the books.
    """
    for bot in (OLD, NEW):
        assert await payments_of(world, bot).credit(paid(world, "charge-1"))

    def transaction(tx):
        assert payment_statements.unstated(tx, ["charge-1", "x"], NEW) == {"charge-1"}
        payment_statements.note_stated(tx, {"charge-1": 100}, NEW)
        facts.put(tx, Fact.STARS_STATED, {"bot": NEW}, world.clock() + timedelta(hours=1))

    await world.database.write(transaction)
    assert [(row.bot_id, row.stated) for row in await world.rows(payments)] == [
        (OLD, None),
        (NEW, 100),
    ]
    assert await differences(world.database) == []
    await world.database.write(
        facts.put, Fact.STARS_STATED, {"bot": OLD}, world.clock() + timedelta(hours=1)
    )
    assert ["Telegram's statement" in one for one in await differences(world.database)] == [True]
    await world.database.write(payment_statements.note_stated, {"charge-1": 100}, OLD)
