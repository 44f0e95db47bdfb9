"""Admins decide on top-ups by hand, each with one press. For everybody else this doesn't exist."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from handlers.callbacks import DecideCrypto, DecideTopUp
from handlers.customer.top_ups import method_views as views
from handlers.filters import IsAdmin
from handlers.screens import Screen
from locales import Translator
from shop.customers.accounts import CurrentUser
from shop.payments.crypto_doubts import CryptoDoubts
from shop.payments.manual import ManualTopUps

router = Router(name=__name__)
router.message.filter(IsAdmin())
router.callback_query.filter(IsAdmin())


@router.message(Command("topups"))
async def waiting(
    message: Message, person: CurrentUser, manual: ManualTopUps, t: Translator
) -> Screen:
    return views.waiting(await manual.waiting(person.id), t)


@router.callback_query(DecideTopUp.filter())
async def decide(
    query: CallbackQuery,
    callback_data: DecideTopUp,
    person: CurrentUser,
    manual: ManualTopUps,
    t: Translator,
) -> Screen:
    decision = await manual.decide(person.id, callback_data.top_up, approve=callback_data.yes == 1)
    if callback_data.listed:
        toast = views.outcome_toast(decision, person.id, t)
        return views.waiting(await manual.waiting(person.id), t, toast=toast)
    return views.outcome(decision, person.id, t)


@router.callback_query(DecideCrypto.filter())
async def decide_crypto(
    query: CallbackQuery,
    callback_data: DecideCrypto,
    person: CurrentUser,
    doubts: CryptoDoubts,
    t: Translator,
) -> Screen:
    return views.crypto_decided(
        await doubts.decide(person.id, callback_data.invoice, credit=callback_data.yes == 1), t
    )
