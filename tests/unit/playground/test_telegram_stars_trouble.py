"""Stars that go wrong: updates lost, twice, late; refunds without an answer; chargebacks; other
people's entries.
"""

import pytest
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramBadRequest, TelegramNetworkError
from aiogram.types import TransactionPartnerFragment

from playground.telegram import BotApi
from playground.telegram.session import EmulatorSession


@pytest.fixture
def api():
    api = BotApi()
    api.person(id=1001, started=True)
    return api


@pytest.fixture
async def bot(api):
    async with Bot(api.token, session=EmulatorSession(api)) as bot:
        yield bot


@pytest.fixture
def heard(api, bot):
    """The payments the bot is told of: update id, kind, charge. It agrees to every checkout."""
    heard = []

    async def pump(update):
        if query := update.get("pre_checkout_query"):
            await bot.answer_pre_checkout_query(query["id"], ok=True)
        message = update.get("message", {})
        if kind := next(
            (k for k in ("successful_payment", "refunded_payment") if k in message), None
        ):
            heard.append((update["update_id"], kind, message[kind]["telegram_payment_charge_id"]))

    api.on_update = pump
    return heard


async def buy(api, bot):
    price = [{"label": "Stars", "amount": 50}]
    await bot.send_invoice(1001, "Top-up", "50 Stars", "7", "XTR", price, start_parameter="top")
    return (await api.person(id=1001).pay()).charge_id


async def statement(bot):
    return [(t.id, t.source is not None) for t in (await bot.get_star_transactions()).transactions]


async def test_a_lost_update_is_on_the_statement_only(api, bot, heard):
    api.stars.spoil_next("lost")
    lost = await buy(api, bot)
    told = await buy(api, bot)
    assert [charge for _, _, charge in heard] == [told]
    assert await statement(bot) == [(lost, True), (told, True)]
    assert api.person(id=1001).transcript().count("<successful_payment>") == 2


async def test_an_update_told_twice_has_two_numbers_and_one_charge(api, bot, heard):
    api.stars.spoil_next("twice")
    charge = await buy(api, bot)
    first, second = heard
    assert first[0] != second[0]
    assert first[1:] == second[1:] == ("successful_payment", charge)
    assert await statement(bot) == [(charge, True)]


async def test_a_late_update_comes_when_it_is_released(api, bot, heard):
    api.stars.spoil_next("late", times=2)
    charges = [await buy(api, bot), await buy(api, bot)]
    assert heard == []
    await api.stars.release()
    assert [charge for _, _, charge in heard] == charges
    await api.stars.release()
    assert len(heard) == 2


async def test_a_refund_whose_answer_is_lost_is_done(api, bot, heard):
    charge = await buy(api, bot)
    api.fail_next("refundStarPayment", drop=True, after=True)
    with pytest.raises(TelegramNetworkError):
        await bot.refund_star_payment(1001, charge)
    assert await statement(bot) == [(charge, True), (charge, False)]
    with pytest.raises(TelegramBadRequest, match="CHARGE_ALREADY_REFUNDED"):
        await bot.refund_star_payment(1001, charge)


async def test_a_refund_that_never_arrived_or_was_refused_is_not_done(api, bot, heard):
    charge = await buy(api, bot)
    api.fail_next("refundStarPayment", drop=True)
    with pytest.raises(TelegramNetworkError):
        await bot.refund_star_payment(1001, charge)
    api.fail_next("refundStarPayment", 400, "Bad Request: BALANCE_TOO_LOW")
    with pytest.raises(TelegramBadRequest, match="BALANCE_TOO_LOW"):
        await bot.refund_star_payment(1001, charge)
    assert await statement(bot) == [(charge, True)]
    assert await bot.refund_star_payment(1001, charge)


@pytest.mark.parametrize("told", [True, False])
async def test_a_chargeback_takes_the_newest_payment_that_is_left(api, bot, heard, told):
    ann, first, second = api.person(id=1001), await buy(api, bot), await buy(api, bot)
    heard.clear()
    assert await ann.charge_back(told=told) == second
    assert await ann.charge_back(told=told) == first
    assert [entry[1:] for entry in heard] == [
        ("refunded_payment", second),
        ("refunded_payment", first),
    ] * told
    assert await statement(bot) == [(first, True), (second, True), (second, False), (first, False)]
    assert (await bot.get_my_star_balance()).amount == 0
    with pytest.raises(AssertionError, match="no such charge"):
        await ann.charge_back()
    with pytest.raises(TelegramBadRequest, match="CHARGE_ALREADY_REFUNDED"):
        await bot.refund_star_payment(1001, first)


async def test_a_chargeback_after_a_withdrawal_leaves_less_than_nothing(api, bot, heard):
    await buy(api, bot)
    api.stars.withdraw(50)
    await api.person(id=1001).charge_back()
    assert (await bot.get_my_star_balance()).amount == -50
    _, withdrawal, _ = (await bot.get_star_transactions()).transactions
    assert isinstance(withdrawal.receiver, TransactionPartnerFragment)
    assert withdrawal.receiver.withdrawal_state.type == "succeeded"


async def test_aiogram_reads_nothing_beside_a_partner_it_does_not_know(api, bot, heard):
    """So whoever reads the statement has to pass over such an entry without losing its
    neighbours.
    """
    await buy(api, bot)
    api.stars.book("1", 5, source={"type": "affiliate_program", "commission_per_mille": 100})
    assert len((await bot.get_star_transactions()).transactions) == 2
    api.stars.book("2", 5, source={"type": "of tomorrow"})
    with pytest.raises(ClientDecodeError):
        await bot.get_star_transactions()
    assert len((await bot.get_star_transactions(offset=0, limit=2)).transactions) == 2
