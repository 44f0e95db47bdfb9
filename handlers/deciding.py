"""Admins decide on top-ups by hand, each with one press. For everybody else this doesn't exist."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from handlers.admin import IsAdmin
from handlers.callbacks import DecideCrypto, DecideTopUp
from handlers.screens import Screen
from handlers.views import paying as views
from locales import Translator
from shop.crypto_doubts import CryptoDoubts
from shop.manual_top_ups import ManualTopUps
from shop.people import Person

router = Router(name=__name__)
router.message.filter(IsAdmin())
router.callback_query.filter(IsAdmin())


@router.message(Command("topups"))
async def waiting(message: Message, person: Person, manual: ManualTopUps, t: Translator) -> Screen:
    del message
    return views.waiting(await manual.waiting(person.id), t)


@router.callback_query(DecideTopUp.filter())
async def decide(
    query: CallbackQuery, callback_data: DecideTopUp, person: Person, manual: ManualTopUps, t: Translator,
) -> Screen:  # fmt: skip
    del query
    decision = await manual.decide(person.id, callback_data.top_up, approve=callback_data.yes == 1)
    if callback_data.listed:
        toast = views.outcome_toast(decision, person.id, t)
        return views.waiting(await manual.waiting(person.id), t, toast=toast)
    return views.outcome(decision, person.id, t)


@router.callback_query(DecideCrypto.filter())
async def decide_crypto(
    query: CallbackQuery, callback_data: DecideCrypto, person: Person, doubts: CryptoDoubts, t: Translator,
) -> Screen:  # fmt: skip
    del query
    return views.crypto_decided(await doubts.decide(person.id, callback_data.invoice, credit=callback_data.yes == 1), t)
