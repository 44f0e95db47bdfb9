"""A price's origin on a service's card, for admins."""

from handlers.ui import Ui
from shop.money import to_decimal
from storage.rows import ServiceRow


def card_line(service: ServiceRow, ui: Ui) -> str:
    """Say on a service's card, to an admin, what of the price is whose."""
    found = ui.prices.explained(service)
    return ui.t(
        "margin-card",
        cost=ui.ours(found.cost),
        margin=ui.ours(to_decimal(found.price) - found.cost),
    )
