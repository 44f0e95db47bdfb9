"""Paying what an order is short of, from its summary. When it is paid the order starts by itself."""

from aiogram import Router
from aiogram.types import CallbackQuery

from handlers.callbacks import PayMissing
from handlers.ordering import Desk
from handlers.screens import Screen, Toast
from handlers.views import paying as views
from handlers.views import topping_up as top_up_views
from locales import Translator
from shop.ordering import Form
from shop.paying_the_difference import Difference
from shop.people import Person
from storage.states import Method

router = Router(name=__name__)


@router.callback_query(PayMissing.filter())
async def pay(
    query: CallbackQuery,
    callback_data: PayMissing,
    person: Person,
    difference: Difference,
    desk: Desk,
    t: Translator,
) -> Screen | Toast:
    """Send an invoice and leave the summary as it is; what has changed since is shown first."""
    del query
    asked = await difference.pay(person.id, callback_data.draft, callback_data.method, callback_data.stars)
    if isinstance(asked, Form):
        return await desk.ask(asked)
    return views.being_made(t) if asked.method is Method.CRYPTO else top_up_views.stars_invoice(asked, t)
