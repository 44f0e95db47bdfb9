"""Paying what an order is short of, from its summary.

When it is paid the order starts by itself.
"""

from aiogram import Router
from aiogram.types import CallbackQuery

from handlers.callbacks import PayMissing
from handlers.customer.ordering.desk import Desk
from handlers.customer.top_ups import method_views as views
from handlers.customer.top_ups import views as top_up_views
from handlers.screens import Screen, Toast
from locales import Translator
from shop.customers.accounts import CurrentUser
from shop.ordering.placement import Form
from shop.payments.shortfall import Shortfall
from storage.enums import Method

router = Router(name=__name__)


@router.callback_query(PayMissing.filter())
async def pay(
    query: CallbackQuery,
    callback_data: PayMissing,
    person: CurrentUser,
    difference: Shortfall,
    desk: Desk,
    t: Translator,
) -> Screen | Toast:
    """Send an invoice and leave the summary as it is; what has changed since is shown first."""
    asked = await difference.pay(
        person.id, callback_data.draft, callback_data.method, callback_data.stars
    )
    if isinstance(asked, Form):
        return await desk.ask(asked)
    return (
        views.being_made(t)
        if asked.method is Method.CRYPTO
        else top_up_views.stars_invoice(asked, t)
    )
