"""A price's origin on a service's card, for admins."""

from handlers.components import provider_money
from locales import Translator
from shop.catalogue.pricing import Prices
from shop.money import to_decimal
from storage.rows import ServiceRow


def card_line(service: ServiceRow, prices: Prices, currency: str, t: Translator) -> str:
    """Say on a service's card, to an admin, what of the price is whose."""
    found = prices.explained(service)
    return t(
        "margin-card",
        cost=provider_money(found.cost, currency, t),
        margin=provider_money(to_decimal(found.price) - found.cost, currency, t),
    )
