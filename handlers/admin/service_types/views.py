"""What an admin chooses from when nobody knows a type."""

from handlers.callbacks import MapType, ServiceCard
from handlers.components import count, isolated
from handlers.customer.catalogue.type_views import shown_label
from handlers.screens import Row, Screen, button, keyboard, truncate
from locales import Translator
from panel import SERVICE_TYPES, ServiceType
from shop.catalogue.service_types import Mapped
from storage.rows import ServiceRow

_DESCRIPTION = 1_000


def choose(service: ServiceRow, t: Translator) -> Screen:
    """List the known types, with what each asks for."""
    description = truncate(service.description, _DESCRIPTION)
    parts = [
        t(
            "type-choose",
            label=shown_label(service.type_label),
            service=isolated(truncate(service.name, 120)),
        ),
        t("service-description", description=isolated(description)) if description else "",
        "\n".join(_line(row, t) for row in SERVICE_TYPES.values()),
    ]
    made = [
        button(
            ("✓ " if row.key == service.type else "") + row.label,
            MapType(service=service.id, type=row.key),
        )
        for row in SERVICE_TYPES.values()
    ]
    rows: list[Row] = [made[index : index + 2] for index in range(0, len(made), 2)]
    back = [button(t.plain("button-back"), ServiceCard(service=service.id, page=0))]
    return Screen("\n\n".join(filter(None, parts)), keyboard(*rows, back))


def mapped(found: Mapped, t: Translator) -> str:
    """Return what the mapping has brought."""
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
