"""From what a customer entered to the form fields of `add`."""

import re
from collections.abc import Callable, Mapping, Sequence

from panel.service_types import Field, FieldKind, ServiceType

Value = str | int | Sequence[str]


def lines_of(value: Value) -> list[str]:
    """The lines of a list or of a text, without blanks at their ends and without empty ones."""
    parts = [str(value)] if isinstance(value, str | int) else [str(part) for part in value]
    return [line.strip() for part in parts for line in re.split(r"[\r\n]+", part) if line.strip()]


def _whole(name: str, value: Value, least: int) -> str:
    written = str(value).strip()
    if not (written.isascii() and written.isdigit()) or int(written[:30]) < least:
        raise ValueError(f"{name}: a whole number of at least {least} is needed")
    return written


def _date(name: str, value: Value) -> str:
    written = str(value).strip()
    if not re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}", written, re.ASCII):
        raise ValueError(f"{name}: a date as day/month/year is needed")
    return written


_WRITE: dict[FieldKind, Callable[[str, Value], str]] = {
    FieldKind.QUANTITY: lambda name, value: _whole(name, value, 1),
    FieldKind.NUMBER: lambda name, value: _whole(name, value, 0),
    FieldKind.LINES: lambda _, value: "\n".join(lines_of(value)),
    FieldKind.DATE: _date,
}


def _written(field: Field, value: Value | None) -> str:
    """The field as `add` takes it; "" when nothing was entered."""
    if value is None or not lines_of(value):
        return ""
    if write := _WRITE.get(field.kind):
        return write(field.name, value)
    if not isinstance(value, str | int):
        raise ValueError(f"{field.name}: one text is needed, not a list")  # noqa: TRY004 - one error for all
    written = str(value).strip()
    allowed = [value for value, _ in field.choices]
    if allowed and written not in allowed:
        raise ValueError(f"{field.name}: one of {', '.join(allowed)} is needed")
    return written


def order_fields(type: ServiceType, values: Mapping[str, Value]) -> dict[str, str]:  # noqa: A002
    """The fields of `add` beside `service`, in the order of the type's table.

    Lists are joined by newlines and their lines counted where the type is priced by them; names
    that the type doesn't have are left out. Raises ValueError, with a sentence that names the
    field, for a required field that is missing, a value that can't be one, or one of `runs` and
    `interval` without the other.
    """
    fields: dict[str, str] = {}
    for field in type.fields:
        if field.when and fields.get(field.when[0]) != field.when[1]:
            continue
        written = _written(field, values.get(field.name))
        if written:
            fields[field.name] = written
        elif field.required:
            raise ValueError(f"{field.name}: this field is needed for {type.label}")
    if ("runs" in fields) != ("interval" in fields):
        raise ValueError("runs and interval: both or neither are needed")
    quantity = sent_quantity(type, fields)
    return fields if quantity is None else fields | {"quantity": str(quantity)}


def sent_quantity(type: ServiceType, fields: Mapping[str, Value]) -> int | None:  # noqa: A002
    """The `quantity` that is sent without being asked for: the number of lines, or 1 for a
    package.
    """
    if type.counted:
        return len(lines_of(fields[type.counted]))
    return type.fixed_quantity
