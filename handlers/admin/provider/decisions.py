"""What admins are asked about the shop as a whole: a held queue, rates, a currency, the provider's
numbers.
"""

from aiogram import Router
from aiogram.types import CallbackQuery

from handlers.admin.provider import views
from handlers.callbacks import (
    AcceptRates,
    CurrencyIs,
    GoOnSending,
    NumbersAnew,
    SellAgain,
    ShowQuestion,
)
from handlers.components import count, isolated
from handlers.filters import IsAdmin
from handlers.screens import Screen, Toast
from locales import Translator
from shop.catalogue.service_holds import ServiceHolds
from shop.customers.accounts import CurrentUser
from shop.fulfilment.reused_ids import ReusedIds
from shop.outbox.payloads import CurrencyDiffersNotice
from shop.provider.currencies import CurrencyChoice
from shop.provider.held_queue import Sending
from shop.recovery.triage import Triage

router = Router(name=__name__)
router.callback_query.filter(IsAdmin())


@router.callback_query(ShowQuestion.filter())
async def show_question(
    query: CallbackQuery, callback_data: ShowQuestion, triage: Triage, t: Translator
) -> Screen:
    """Show what an alert has asked, and is not answered yet."""
    asked = await triage.question(callback_data.of)
    if asked is None:
        return views.settled(t)
    return views.question(asked.told, asked.order, t)


@router.callback_query(GoOnSending.filter())
async def go_on_sending(
    query: CallbackQuery,
    callback_data: GoOnSending,
    person: CurrentUser,
    sending: Sending,
    t: Translator,
) -> Screen:
    released = await sending.go_on(person.id, callback_data.asked)
    return Screen(t("sending-goes-on")) if released else views.settled(t)


@router.callback_query(AcceptRates.filter())
async def accept_rates(
    query: CallbackQuery,
    callback_data: AcceptRates,
    person: CurrentUser,
    holds: ServiceHolds,
    t: Translator,
) -> Screen:
    accepted = await holds.accept_rates(person.id, callback_data.asked)
    if not accepted:
        return views.settled(t)
    return Screen(t("rates-accepted", count=accepted, shown=count(accepted, t)))


@router.callback_query(SellAgain.filter())
async def sell_again(
    query: CallbackQuery,
    callback_data: SellAgain,
    person: CurrentUser,
    holds: ServiceHolds,
    t: Translator,
) -> Toast:
    """The alert stays as it is: it has the way to the service's margin."""
    service = await holds.sell_again(person.id, callback_data.service)
    return Toast(t.plain("service-sold-again", service=isolated(service.name[:80])), alert=True)


@router.callback_query(CurrencyIs.filter())
async def currency_is(
    query: CallbackQuery,
    callback_data: CurrencyIs,
    person: CurrentUser,
    currency_choice: CurrencyChoice,
    t: Translator,
) -> Screen:
    """Ask once more, then do it.

    Where there are wallets, the settings have to say what a new currency is worth.
    """
    asked = await currency_choice.stopped(person.id)
    if asked is None or asked.get("asked", 0) != callback_data.asked:
        return views.settled(t)
    told = CurrencyDiffersNotice.from_json(asked)
    mistake = callback_data.mistake == 1
    if callback_data.mistake > 1:
        return views.currency(told, t)
    if not mistake and not currency_choice.terms.house:
        return views.currency_settings(told, t)
    if callback_data.sure != 1:
        return views.currency_sure(told, t, mistake=mistake)
    answer = currency_choice.it_is_a_mistake if mistake else currency_choice.it_is_real
    if not await answer(person.id, callback_data.asked):
        return views.settled(t)
    return Screen(t("currency-goes-on" if mistake else "currency-taken-over", **asked))


@router.callback_query(NumbersAnew.filter())
async def numbers_anew(
    query: CallbackQuery,
    callback_data: NumbersAnew,
    person: CurrentUser,
    reused_ids: ReusedIds,
    t: Translator,
) -> Screen:
    anew = callback_data.anew == 1
    if callback_data.sure != 1:
        return views.numbers_sure(callback_data.asked, t)
    if not await reused_ids.answer(person.id, callback_data.asked, anew=anew):
        return views.settled(t)
    return Screen(t("numbers-taken" if anew else "numbers-left"))
