"""What an admin chooses from when nobody knows a type."""

from handlers.callbacks import ChooseType, MapType, ServiceCard
from handlers.screens import Row, Screen, button, cut, keyboard
from handlers.views.parts import count, isolated
from locales import Translator
from panel import SERVICE_TYPES, ServiceType
from shop.types import Mapped, is_admins_word
from storage.rows import Service

_LABEL = 64
_DESCRIPTION = 1_000


def shown_label(label: str) -> str:
    """Write a label as the provider does; an empty one is a dash."""
    return isolated(cut(label, _LABEL)) if label.strip() else "—"


def type_button(service: Service, t: Translator) -> Row:
    """Make the button that leads to the choice; none for a type that the panel API knows."""
    if not is_admins_word(service):
        return []
    known = SERVICE_TYPES.get(service.type or "")
    label = t.plain("button-type-is", type=known.label) if known else t.plain("button-treat-as")
    return [button(label, ChooseType(service=service.id), None if known else "primary")]


def choose(service: Service, t: Translator) -> Screen:
    """List the known types, with what each asks for."""
    description = cut(service.description, _DESCRIPTION)
    parts = [
        t("type-choose", label=shown_label(service.type_label), service=isolated(cut(service.name, 120))),
        t("service-description", description=isolated(description)) if description else "",
        "\n".join(_line(row, t) for row in SERVICE_TYPES.values()),
    ]
    made = [
        button(("✓ " if row.key == service.type else "") + row.label, MapType(service=service.id, type=row.key))
        for row in SERVICE_TYPES.values()
    ]
    rows: list[Row] = [made[index : index + 2] for index in range(0, len(made), 2)]
    back = [button(t.plain("button-back"), ServiceCard(service=service.id, page=0))]
    return Screen("\n\n".join(filter(None, parts)), keyboard(*rows, back))


def mapped(found: Mapped, t: Translator) -> str:
    """Say what the mapping has brought."""
    return t(
        "type-mapped",
        label=shown_label(found.service.type_label),
        type=SERVICE_TYPES[str(found.service.type)].label,
        count=found.for_sale,
        shown=count(found.for_sale, t),
    )


def _line(row: ServiceType, t: Translator) -> str:
    asked = ", ".join(t.plain(f"field-{field.name}") for field in row.fields if field.required)
    return t("type-line", type=row.label, fields=asked)
