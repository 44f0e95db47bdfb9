"""The warranty on a service's card."""

from handlers.callbacks import ChooseWarranty
from handlers.screens import Row, button
from locales import Translator
from shop.catalogue.warranty import FOREVER, warranty_days
from storage.rows import ServiceRow


def line(service: ServiceRow, t: Translator) -> str:
    """Return whether and for how long a service refills."""
    days = warranty_days(service) if service.refill else 0
    if days is None:
        return t("service-refill-yes")
    if days == 0:
        return t("service-refill-no")
    return t("service-refill-forever") if days >= FOREVER else t("service-refill-days", count=days)


def warranty_button(service: ServiceRow, t: Translator) -> Row:
    """Make the admins' button that leads to the choice; only what refills has a warranty."""
    return (
        [button(t.plain("button-warranty"), ChooseWarranty(service=service.id))]
        if service.refill
        else []
    )
