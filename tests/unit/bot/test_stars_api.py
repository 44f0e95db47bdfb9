"""Telegram's statement of Stars: what counts as a payment, and what a refusal means."""

from typing import Any

import pytest
from aiogram import Bot

from bot.telegram.stars_api import TelegramStars, read_transaction
from playground.telegram import BotApi
from playground.telegram.session import EmulatorSession
from shop.payments.stars import NANO, RefundRefusedError, StarsUnreachableError

ANN = {"id": 7, "is_bot": False, "first_name": "Ann"}
PAYS = {"type": "user", "transaction_type": "invoice_payment", "user": ANN, "invoice_payload": "12"}


def line(**given: Any) -> dict[str, Any]:
    return {"id": "charge", "amount": 100, "date": 1_800_000_000} | given


def test_a_payment_and_its_refund_are_somebodys() -> None:
    paid, refunded = read_transaction(line(source=PAYS)), read_transaction(line(receiver=PAYS))
    assert paid.is_payment
    assert (paid.user_id, paid.first_name, paid.stars, paid.payload, paid.nano) == (
        7,
        "Ann",
        100,
        "12",
        100 * NANO,
    )
    assert refunded.is_refund
    assert refunded.nano == -100 * NANO


def test_what_an_affiliate_got_was_paid_too() -> None:
    shared = PAYS | {
        "affiliate": {"commission_per_mille": 105, "amount": 10, "nanostar_amount": 500_000_000}
    }
    paid = read_transaction(line(amount=89, nanostar_amount=500_000_000, source=shared))
    assert (paid.stars, paid.nano) == (100, 89_500_000_000)


@pytest.mark.parametrize(
    "partner",
    [
        {"type": "fragment"},
        {"type": "telegram_ads"},
        {"type": "of the year 2030", "what": [1]},
        {},
        PAYS | {"transaction_type": "gift_purchase"},
        PAYS | {"transaction_type": "paid_media_payment"},
    ],
)
def test_everything_else_only_counts(partner: dict[str, Any]) -> None:
    came, went = read_transaction(line(source=partner)), read_transaction(line(receiver=partner))
    assert not any([came.is_payment, came.is_refund, went.is_payment, went.is_refund])
    assert came.nano == -went.nano == 100 * NANO


async def test_the_api_against_the_emulator() -> None:
    api = BotApi()
    stars = TelegramStars(Bot(api.token, session=EmulatorSession(api)))
    api.stars.book("new", 5, source={"type": "of the year 2030"})
    assert [one.id for one in await stars.transactions(offset=0, limit=100)] == ["new"]
    assert await stars.balance() == 5 * NANO
    ann = api.person(7)
    api.stars.book("charge", 100, source=PAYS | {"user": ann.as_user()})
    for _ in range(2):  # the second time it is given back already
        await stars.refund(7, "charge")
    with pytest.raises(RefundRefusedError, match="CHARGE_NOT_FOUND"):
        await stars.refund(7, "no such")
    other = TelegramStars(Bot("1:WRONG", session=EmulatorSession(api)))
    for call in (other.balance(), other.transactions(offset=0, limit=1), other.refund(7, "charge")):
        with pytest.raises(StarsUnreachableError):
            await call
