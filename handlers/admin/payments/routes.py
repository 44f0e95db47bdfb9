"""`/payments`: what has come in, and giving it back.

Admins only, asked on every command and press.
"""

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from handlers.admin.payments import views
from handlers.callbacks import GiveBack, PaymentsPage
from handlers.filters import IsAdmin, user_id_of
from handlers.screens import Screen
from locales import Translator
from shop.customers.accounts import CurrentUser
from shop.payments.service import Payments
from shop.payments.wallet import Wallet

router = Router(name=__name__)
router.message.filter(IsAdmin())
router.callback_query.filter(IsAdmin())


async def _page(
    payments: Payments, user_id: int, page: int, t: Translator, toast: str | None = None
) -> Screen:
    size = views.PAYMENTS_A_PAGE
    found = await payments.latest(size + 1, user_id=user_id or None, offset=page * size)
    return views.payments(found[:size], user_id, page, t, more=len(found) > size, toast=toast)


@router.message(Command("payments"))
async def payments_command(
    message: Message, command: CommandObject, payments: Payments, t: Translator
) -> Screen:
    if not command.args:
        return await _page(payments, 0, 0, t)
    user_id = user_id_of(command.args.strip())
    if user_id is None:
        return Screen("⚠️ " + t("admin-bad-user", text=command.args[:64]))
    return await _page(payments, user_id, 0, t)


@router.callback_query(PaymentsPage.filter())
async def payments_page(
    query: CallbackQuery,
    callback_data: PaymentsPage,
    payments: Payments,
    t: Translator,
) -> Screen:
    return await _page(payments, callback_data.user, callback_data.page, t)


@router.callback_query(GiveBack.filter())
async def give_back(
    query: CallbackQuery,
    callback_data: GiveBack,
    person: CurrentUser,
    payments: Payments,
    wallet: Wallet,
    t: Translator,
) -> Screen:
    if callback_data.sure == 1:
        payment = await payments.ask_refund(callback_data.payment, person.id)
        return await _page(payments, payment.user_id, 0, t, t.plain("refund-asked"))
    payment = await payments.refundable(callback_data.payment)
    return views.ask(payment, (await wallet.balance(payment.user_id)).available, t)
