"""What Telegram says about payments, and `/paysupport`.

Rights are not asked here: money that has come is theirs.
"""

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message, PreCheckoutQuery

from handlers.customer.menu.routes import write_to_us
from handlers.customer.payments import views
from handlers.screens import Screen
from locales import Translator
from shop.customers.accounts import CurrentUser
from shop.customers.support import Support
from shop.payments.service import Payments, Receipt
from shop.payments.stars import invoice_of
from shop.payments.top_ups import TopUps
from storage.enums import Method

router = Router(name=__name__)


@router.pre_checkout_query()
async def pre_checkout(query: PreCheckoutQuery, top_ups: TopUps) -> None:
    """Has 10 s for its answer, which bot.middlewares.checkout gives."""
    await top_ups.check_out(
        query.from_user.id, invoice_of(query.invoice_payload), query.total_amount
    )


@router.message(F.successful_payment)
async def paid(message: Message, person: CurrentUser, payments: Payments) -> None:
    """The answer is a notice, as for payments that nobody has told us of."""
    if (said := message.successful_payment) is not None:
        receipt = Receipt(
            person.id,
            Method.STARS,
            said.telegram_payment_charge_id,
            message.date,
            invoice_of(said.invoice_payload),
            said.total_amount,
            first_name=person.first_name,
        )
        await payments.credit(receipt)


@router.message(F.refunded_payment)
async def given_back(message: Message, payments: Payments) -> None:
    if (said := message.refunded_payment) is not None:
        await payments.taken_back(said.telegram_payment_charge_id)


@router.message(Command("paysupport"))
async def pay_support(
    message: Message,
    command: CommandObject,
    person: CurrentUser,
    support: Support,
    payments: Payments,
    t: Translator,
) -> Screen:
    if text := (command.args or "").strip():
        return await write_to_us(text, person, support, t)
    latest = await payments.latest(views.LATEST, user_id=person.id)
    return views.pay_support(latest, support.contact, t)
