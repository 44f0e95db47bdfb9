"""What Crypto Pay says is compared before it is money, and what it leaves out ends nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from typing import Any

import pytest

from shop.errors import ShopError
from shop.outbox import Kind
from shop.payments.crypto import UnwatchedCrypto
from shop.payments.crypto_doubts import CryptoDoubts
from storage.schema.messages import notices
from storage.schema.orders import orders
from storage.schema.payments import payments
from tests.harness.paying import POOR, Desk, open_desk
from tests.harness.world import ADMINS, PLAYS, World, open_world

FIVE = 5_000_000
HOUR, DAY = 3_600, 86_400
ADMIN = ADMINS[0]


@pytest.fixture
async def desk(world: World) -> AsyncIterator[Desk]:
    async with open_desk(world) as opened:
        yield opened


async def state(desk: Desk) -> str:
    (row,) = await desk.invoices()
    return str(row.state)


async def paid(desk: Desk) -> Any:
    """Have an invoice made and paid; give it as Crypto Pay has it."""
    await desk.top_ups.ask_crypto(POOR, FIVE)
    await desk.crypto.step()
    (number,) = desk.crypto_bot.invoices
    desk.crypto_bot.pay(number, "TON", "2.5")
    return desk.crypto_bot.invoices[number]


async def alerts(desk: Desk, kind: Kind) -> list[Any]:
    return [
        row for row in await desk.world.rows(notices) if row.kind == kind and row.user_id == ADMIN
    ]


DIFFERENT: dict[str, Callable[[Any], None]] = {
    "a larger amount": lambda made: setattr(made, "amount", Decimal(500)),
    "a smaller amount": lambda made: setattr(made, "amount", Decimal("4.99")),
    "another currency": lambda made: setattr(made, "fiat", "RUB"),
    "another one of ours": lambda made: setattr(made, "payload", "2"),
    "none of ours": lambda made: setattr(made, "payload", ""),
    "another program's": lambda made: setattr(made, "payload", "order-1"),
}


@pytest.mark.parametrize("name", DIFFERENT)
async def test_what_is_not_as_ours_was_is_asked_of_an_admin(desk: Desk, name: str) -> None:
    DIFFERENT[name](await paid(desk))
    for _ in range(4):
        await desk.later(15)
    assert (await desk.world.balance(POOR), await state(desk)) == (0, "open")
    (asked,) = await alerts(desk, Kind.CRYPTO_DIFFERS)
    assert (asked.payload["invoice"], asked.payload["user"], asked.payload["ours"]) == (
        1,
        str(POOR),
        "5 USD",
    )
    assert (asked.payload["paid"], asked.payload["asset"]) == ("2", "TON")


async def test_an_admin_may_credit_it_once(desk: Desk) -> None:
    made = await paid(desk)
    made.fiat = "RUB"
    await desk.later(15)
    doubts = CryptoDoubts(desk.payments)
    told = await asyncio.gather(
        *(doubts.decide(admin, 1, credit=credit) for admin in ADMINS for credit in (True, True)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, ShopError) for one in told) == 3
    assert (await desk.world.balance(POOR), await state(desk)) == (FIVE, "paid")
    made.fiat = "USD"  # what it says later changes nothing
    await desk.later(15)
    (payment,) = await desk.world.rows(payments)
    assert (payment.charge_id, payment.paid, payment.asset) == (
        f"crypto:{made.invoice_id}",
        Decimal(2),
        "TON",
    )
    assert await desk.world.balance(POOR) == FIVE


async def test_an_admin_may_leave_it_for_good(desk: Desk) -> None:
    made = await paid(desk)
    made.payload = "x"
    await desk.later(15)
    doubts = CryptoDoubts(desk.payments)
    await doubts.decide(ADMIN, 1, credit=False)
    made.payload = "1"
    for _ in range(3):
        await desk.later(600)
    with pytest.raises(ShopError, match="error-crypto-decided"):
        await doubts.decide(ADMIN, 1, credit=True)
    assert (await desk.world.balance(POOR), await state(desk)) == (0, "failed")


@pytest.mark.parametrize(("who", "invoice"), [(POOR, 1), (ADMIN, 2), (ADMIN, 999)])
async def test_nobody_else_decides_and_nothing_else_is_decided(
    desk: Desk, who: int, invoice: int
) -> None:
    (await paid(desk)).fiat = "RUB"
    await desk.later(15)
    await desk.top_ups.ask_crypto(POOR, FIVE)
    with pytest.raises(ShopError, match="error-button-old"):
        await CryptoDoubts(desk.payments).decide(who, invoice, credit=True)
    assert await desk.world.balance(POOR) == 0


async def test_an_invoice_that_is_left_out_of_an_answer_is_asked_for_again(desk: Desk) -> None:
    await paid(desk)
    known, desk.crypto_bot.invoices = desk.crypto_bot.invoices, {}
    for hours in (1, 2, 30, 24 * 5):
        await desk.later(hours * HOUR)
        assert await state(desk) == "open"
    (told,) = await alerts(desk, Kind.CRYPTO_MISSING)  # once
    assert (told.payload["invoice"], told.payload["external"]) == (1, str(next(iter(known))))
    desk.crypto_bot.invoices = known
    await desk.later(600)
    assert (await desk.world.balance(POOR), await state(desk)) == (FIVE, "paid")


async def test_what_nobody_has_spoken_of_for_a_month_ends(desk: Desk) -> None:
    await desk.top_ups.ask_crypto(POOR, FIVE)
    await desk.crypto.step()
    desk.crypto_bot.invoices.clear()
    await desk.later(2 * DAY)
    assert await state(desk) == "open"
    await desk.later(29 * DAY)
    assert await state(desk) == "expired"
    assert len(await alerts(desk, Kind.CRYPTO_MISSING)) == 1


async def test_invoices_that_stay_open_keep_nobody_from_new_ones(desk: Desk) -> None:
    for _ in range(10):
        await desk.top_ups.ask_crypto(POOR, FIVE)
    await desk.crypto.step()
    desk.crypto_bot.invoices.clear()
    await desk.later(2 * DAY)
    assert (await desk.top_ups.ask_crypto(POOR, FIVE)).id == 11


async def test_without_a_token_open_invoices_stay_and_the_admins_are_told_once(desk: Desk) -> None:
    """The next one who looks has a token again, and finds what was paid in between."""
    await paid(desk)
    await desk.top_ups.ask_crypto(POOR, FIVE)  # nobody can make this one
    unwatched = UnwatchedCrypto(desk.world.database, ADMINS, desk.world.bells, desk.world.clock)
    for _ in range(3):
        await unwatched.step()
        desk.world.pass_time(2 * DAY)
    assert [str(row.state) for row in await desk.invoices()] == ["open", "failed"]
    (told,) = await alerts(desk, Kind.CRYPTO_UNWATCHED)
    assert told.payload == {"invoices": 1}
    assert (await desk.world.told(POOR))[-1] == "invoice"
    await desk.later(15)
    assert (await desk.world.balance(POOR), (await desk.invoices())[0].state) == (FIVE, "paid")
    await desk.top_ups.ask_crypto(POOR, FIVE)
    await desk.crypto.step()
    await unwatched.step()
    assert len(await alerts(desk, Kind.CRYPTO_UNWATCHED)) == 2  # it is news again


async def test_where_nobody_has_a_wallet_any_more_paid_invoices_are_credited_and_start_nothing(
    database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_world(database) as world, open_desk(world) as desk:
        draft = await world.draft(PLAYS, POOR)
        await desk.top_ups.ask_crypto(POOR, FIVE, draft_id=draft)
        await desk.crypto.step()
        stars = await desk.top_ups.ask_stars(POOR, 100)
        late = await desk.top_ups.ask_crypto(POOR, FIVE)
        for access in {id(one): one for one in (world.access, desk.top_ups.access)}.values():
            object.__setattr__(access, "billing", "house")
            object.__setattr__(access, "allowed", frozenset({POOR}))
        assert desk.top_ups.offered() == ()
        desk.crypto_bot.pay(
            1 if 1 in desk.crypto_bot.invoices else next(iter(desk.crypto_bot.invoices))
        )
        await desk.later(15)
        assert await desk.pay(stars)
        assert await world.balance(POOR) == FIVE + 1_300_000
        assert await world.rows(orders) == []
        states = {row.id: row.state for row in await desk.invoices()}
        assert states[late.id] == "failed"
        await desk.payments.ask_refund(2, ADMIN)
        assert await desk.payments.taken_back("charge-1")
        with pytest.raises(ShopError, match="error-no-wallet"):
            await desk.top_ups.ask_crypto(POOR, FIVE)
        with pytest.raises(ShopError, match="error-no-wallet"):
            await desk.top_ups.check_out(POOR, stars.id, 100)
