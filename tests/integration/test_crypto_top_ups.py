"""Crypto Pay: an invoice is made once its row is written, and credited once however often it is
looked at.
"""

import logging
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from shop.errors import NotFoundError, ShopError
from shop.payments.top_ups import TopUpTerms
from storage.enums import Method
from storage.queries import payments as statements
from storage.schema.messages import notices
from storage.schema.payments import invoices, payments
from tests.harness.paying import POOR, Desk, open_desk
from tests.harness.world import World

FIVE = 5_000_000
MINUTE, HOUR = 60, 3_600


@pytest.fixture
async def desk(world: World) -> AsyncIterator[Desk]:
    async with open_desk(world) as opened:
        yield opened


async def states(desk: Desk) -> list[str]:
    return [str(row.state) for row in await desk.invoices()]


def only_invoice(desk: Desk) -> int:
    (number,) = desk.crypto_bot.invoices
    return number


async def test_an_invoice_is_made_and_its_payer_is_told_where(desk: Desk) -> None:
    await desk.top_ups.ask_crypto(POOR, FIVE)
    assert desk.world.bells.invoices.is_set()
    await desk.crypto.step()

    (row,) = await desk.invoices()
    made = desk.crypto_bot.invoices[only_invoice(desk)]
    assert (made.amount, made.fiat, made.payload, made.description) == (
        5,
        "USD",
        str(row.id),
        f"Top-up {row.id}",
    )
    assert (row.state, row.external_id, row.pay_url) == ("open", str(made.invoice_id), made.address)
    (notice,) = [row for row in await desk.world.rows(notices) if row.user_id == POOR]
    assert (notice.kind, notice.payload["url"], notice.payload["amount"]) == (
        "invoice",
        made.address,
        FIVE,
    )


async def test_a_payment_is_credited_once(desk: Desk) -> None:
    await desk.top_ups.ask_crypto(POOR, FIVE)
    await desk.crypto.step()
    number = only_invoice(desk)
    desk.crypto_bot.pay(number, "TON", "2.5")
    for _ in range(3):
        await desk.later(15)

    assert await desk.world.balance(POOR) == FIVE
    (payment,) = await desk.world.rows(payments)
    assert (payment.charge_id, payment.paid, payment.asset) == (
        f"crypto:{number}",
        Decimal(2),
        "TON",
    )
    assert (await states(desk), await desk.moved("crypto")) == (["paid"], [FIVE])
    assert (await desk.world.told(POOR))[-1] == "topped_up"


async def test_two_workers_credit_once(desk: Desk) -> None:
    await desk.top_ups.ask_crypto(POOR, FIVE)
    await desk.crypto.step()
    desk.crypto_bot.pay(only_invoice(desk))
    (row,) = await desk.invoices()
    (told,) = await desk.crypto.client.invoices([int(row.external_id)])
    invoice = await desk.world.database.read(statements.invoice, row.id)
    assert invoice is not None
    for _ in range(2):  # the second one has read its rows before the first one's commit
        await desk.crypto._follow(invoice, told)
    assert await desk.world.balance(POOR) == FIVE


async def test_a_lost_answer_makes_another_invoice_and_only_its_address_is_told(desk: Desk) -> None:
    desk.crypto_bot.fault("hang_after", "createInvoice")
    await desk.top_ups.ask_crypto(POOR, FIVE)
    await desk.crypto.step()
    assert (len(desk.crypto_bot.invoices), await states(desk)) == (1, ["new"])
    assert await desk.crypto.pause() <= 2

    await desk.later(2)
    assert (len(desk.crypto_bot.invoices), await states(desk)) == (2, ["open"])
    assert await desk.world.told(POOR) == ["invoice"]
    desk.crypto_bot.pay(max(desk.crypto_bot.invoices))
    await desk.later(15)
    assert await desk.world.balance(POOR) == FIVE


async def test_pauses_between_tries_grow_and_others_have_their_turn(desk: Desk) -> None:
    desk.crypto_bot.fault("html_502", "createInvoice", times=3)
    await desk.top_ups.ask_crypto(POOR, FIVE)
    await desk.crypto.step()
    await desk.later(1)  # not yet
    assert desk.crypto_bot.calls["createInvoice"] == 1
    await desk.later(1)
    assert desk.crypto_bot.calls["createInvoice"] == 2
    await desk.later(2)
    await desk.top_ups.ask_crypto(POOR, FIVE)
    assert desk.crypto_bot.calls["createInvoice"] == 2
    await desk.later(2)
    assert desk.crypto_bot.calls["createInvoice"] == 3
    assert await states(desk) == ["new", "new"]
    await desk.crypto.step()
    assert await states(desk) == ["new", "open"]
    await desk.later(8)
    assert await states(desk) == ["open", "open"]


async def test_a_refusal_is_told_and_admins_are_alerted_once(desk: Desk) -> None:
    desk.crypto_bot.fault("refuse", "createInvoice", times=2)
    for _ in range(2):
        await desk.top_ups.ask_crypto(POOR, FIVE)
    await desk.crypto.step()
    assert await states(desk) == ["failed", "failed"]
    assert [
        row.payload["url"] for row in await desk.world.rows(notices) if row.user_id == POOR
    ] == ["", ""]
    assert await desk.world.told_admins() == ["crypto_failed"]

    await desk.top_ups.ask_crypto(POOR, FIVE)
    await desk.crypto.step()  # it works again, so that the next failure is news
    desk.crypto_bot.fault("bad_key", "createInvoice")
    await desk.top_ups.ask_crypto(POOR, FIVE)
    await desk.crypto.step()
    assert await desk.world.told_admins() == ["crypto_failed"] * 2
    assert desk.crypto_bot.token not in str(await desk.world.rows(notices))


async def test_what_could_not_be_made_in_its_time_is_given_up(desk: Desk) -> None:
    desk.crypto_bot.fault("html_502", "createInvoice", times=50)
    await desk.top_ups.ask_crypto(POOR, FIVE)
    await desk.crypto.step()
    await desk.later(HOUR)
    assert await states(desk) == ["failed"]
    assert await desk.world.told_admins() == ["crypto_failed"]


async def test_polls_go_on_while_something_is_open(desk: Desk) -> None:
    assert await desk.crypto.pause() == 60
    await desk.top_ups.ask_crypto(POOR, FIVE)
    await desk.crypto.step()
    asked = desk.crypto_bot.calls["getInvoices"]
    assert await desk.crypto.pause() == 15
    await desk.crypto.step()  # a bell rang meanwhile
    assert desk.crypto_bot.calls["getInvoices"] == asked
    await desk.later(15)
    assert desk.crypto_bot.calls["getInvoices"] == asked + 1


async def test_a_failed_poll_loses_nothing(desk: Desk) -> None:
    await desk.top_ups.ask_crypto(POOR, FIVE)
    await desk.crypto.step()
    desk.crypto_bot.pay(only_invoice(desk))
    desk.crypto_bot.fault("html_502", "getInvoices")
    await desk.later(15)
    assert await desk.world.balance(POOR) == 0
    await desk.later(15)
    assert await desk.world.balance(POOR) == FIVE


async def test_an_old_invoice_expires_and_a_late_payment_still_counts(desk: Desk) -> None:
    await desk.top_ups.ask_crypto(POOR, FIVE)
    await desk.crypto.step()
    await desk.later(HOUR)
    assert await states(desk) == ["expired"]
    made = desk.crypto_bot.invoices[only_invoice(desk)]
    made.pay(desk.crypto_bot.clock(), "USDT", Decimal(1))
    await desk.later(5 * MINUTE)
    assert (await desk.world.balance(POOR), await states(desk)) == (FIVE, ["paid"])


async def test_after_a_day_nobody_looks_any_more(desk: Desk) -> None:
    await desk.top_ups.ask_crypto(POOR, FIVE)
    await desk.crypto.step()
    await desk.later(25 * HOUR)
    asked = desk.crypto_bot.calls["getInvoices"]
    await desk.later(5 * MINUTE)
    assert desk.crypto_bot.calls["getInvoices"] == asked


async def test_an_amount_is_asked_for_in_whole_cents(desk: Desk) -> None:
    assert (await desk.top_ups.ask_crypto(POOR, 123_001)).amount == 130_000


async def test_there_is_a_limit_per_day_and_one_of_unpaid_invoices(desk: Desk) -> None:
    with pytest.raises(ShopError, match="error-crypto-per-day"):
        await desk.top_ups.ask_crypto(POOR, 500_010_000)
    for _ in range(10):
        await desk.top_ups.ask_crypto(POOR, FIVE)
    with pytest.raises(ShopError, match="error-invoices-open"):
        await desk.top_ups.ask_crypto(POOR, FIVE)
    assert len(await desk.world.rows(invoices)) == 10


async def test_where_it_is_off_or_the_currency_is_not_theirs_nobody_is_offered_it(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    assert not TopUpTerms().crypto
    async with open_desk(world, crypto=False) as desk:
        assert Method.CRYPTO not in desk.top_ups.methods()
        with pytest.raises(NotFoundError):
            await desk.top_ups.ask_crypto(POOR, FIVE)
    object.__setattr__(world.ordering, "currency", lambda: "JPY")
    async with open_desk(world) as desk:
        assert Method.CRYPTO not in desk.top_ups.methods()
        with caplog.at_level(logging.WARNING):
            await desk.crypto.step()
            await desk.later(60)
    assert [record.message for record in caplog.records] == [
        "Crypto Pay has no invoices in JPY: it is not offered"
    ]
