"""A type that nobody knows, on a service's card."""

from handlers.callbacks import ChooseType
from handlers.components import isolated
from handlers.screens import Row, button, truncate
from locales import Translator
from panel import SERVICE_TYPES
from shop.catalogue.service_types import is_admins_word
from storage.rows import ServiceRow

_LABEL = 64


def shown_label(label: str) -> str:
    """Write a label as the provider does; an empty one is a dash."""
    return isolated(truncate(label, _LABEL)) if label.strip() else "—"


def type_button(service: ServiceRow, t: Translator) -> Row:
    """Make the button that leads to the choice; none for a type that the panel API knows."""
    if not is_admins_word(service):
        return []
    known = SERVICE_TYPES.get(service.type or "")
    label = t.plain("button-type-is", type=known.label) if known else t.plain("button-treat-as")
    return [button(label, ChooseType(service=service.id), None if known else "primary")]
