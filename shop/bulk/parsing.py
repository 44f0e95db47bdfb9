"""Reading the lines of a mass order: what each says, and whether it could be a single order.

A line is `service | link | quantity`, from a chat or from a spreadsheet's file. The first separator
of a line is the one it uses: a service's id has none in it, while a link may hold commas and
semicolons.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from panel import SERVICE_TYPES
from shop.access import Assortment, is_sellable
from shop.catalogue.pricing import Prices
from shop.errors import BadAnswerError, ShopError
from shop.money import Money
from shop.ordering import forms
from shop.ordering.links import parse_link
from shop.parsing import parse_count, visible
from storage.rows import ServiceRow

MOST_LINES = 500
_CELLS = 3  # service, link, quantity
_ONE_WAY = "|\t"  # no link has these in it
_SEPARATORS = _ONE_WAY + ";,"
_SEPARATOR_ROW = re.compile(r'"?sep=.?"?[;,|\t]*', re.IGNORECASE)  # a spreadsheet's note to itself
_LARGEST_PRICE = 2**62  # of what a database can hold
_TOLD = 60  # characters of what was written, in a sentence about it


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A line as it was sent.

    `number` counts from 1, blank lines too; `cells` are two or three, or none.
    """

    number: int
    text: str
    cells: tuple[str, ...]

    @property
    def service(self) -> str:
        """The provider's id of the service, as the cards show it."""
        return self.cells[0].removeprefix("#").strip()

    @property
    def link(self) -> str:
        return self.cells[1]

    @property
    def quantity(self) -> str:
        return self.cells[2] if len(self.cells) == _CELLS else ""


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """What a line stands for. `price` in millionths; `problem` is the text's key and values."""

    service_id: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    quantity: int | None = None
    price: int | None = None
    problem: dict[str, Any] | None = None


def read_lines(text: str) -> list[WrittenLine]:
    """Split a text into its lines, without empty rows and what stands before a table: `sep=;`, the
    columns' names.
    """
    lines = [
        WrittenLine(number, line, _cells(line))
        for number, line in enumerate((visible(raw) for raw in _rows(text)), 1)
        if not _is_empty(line)
    ]
    if lines and _SEPARATOR_ROW.fullmatch(lines[0].text):
        lines = lines[1:]
    return lines[1:] if lines and _is_header(lines[0]) else lines


def is_list(text: str) -> bool:
    """Return whether a text that nobody has asked for is a mass order: several lines, each with a
    `|`.
    """
    lines = [line for line in _rows(text) if not _is_empty(visible(line))]
    return len(lines) > 1 and all("|" in line for line in lines)


def check(
    line: WrittenLine, services: Mapping[str, ServiceRow], assortment: Assortment, prices: Prices
) -> CheckedLine:
    """Hold a line against its service, as a single order would be.

    `services` are known by the provider's id.
    """
    if not line.cells:
        return CheckedLine(problem=as_problem(BadAnswerError("mass-line-unclear")))
    service = services.get(line.service)
    if service is None or not is_sellable(service) or not assortment.sells(service.category):
        return CheckedLine(
            problem=as_problem(
                BadAnswerError("mass-line-no-service", id=line.service[:_TOLD] or "—")
            )
        )
    try:
        fields = _fields(service, line)
        quantity, price = priced(service, fields, prices)
    except BadAnswerError as error:
        return CheckedLine(service.id, problem=as_problem(error))
    return CheckedLine(service.id, fields, quantity, price)


def check_again(
    service: ServiceRow | None, fields: Mapping[str, Any], assortment: Assortment, prices: Prices
) -> CheckedLine:
    """Hold a line that was good against its service as it is now."""
    if service is None or not is_sellable(service) or not assortment.sells(service.category):
        gone = BadAnswerError("error-not-for-sale")
        return CheckedLine(
            None if service is None else service.id, dict(fields), problem=as_problem(gone)
        )
    try:
        quantity, price = priced(service, fields, prices)
    except BadAnswerError as error:
        return CheckedLine(service.id, dict(fields), problem=as_problem(error))
    return CheckedLine(service.id, dict(fields), quantity, price)


def priced(service: ServiceRow, fields: Mapping[str, Any], prices: Prices) -> tuple[int, int]:
    """Return the charged quantity and the price (millionths) of a line's answers.

    Raises BadAnswerError.
    """
    step = forms.next_step(service, fields)
    quantity = forms.charged_quantity(service, fields)
    if step is not None or quantity is None:
        raise (forms.problem(service, step, fields) if step else None) or BadAnswerError(
            "mass-line-needs-more"
        )
    price = prices.of(service, quantity)
    if price > _LARGEST_PRICE:
        raise BadAnswerError("mass-line-too-dear")
    return quantity, price


def as_problem(error: ShopError) -> dict[str, Any]:
    """Return what a line keeps of an error: its sentence is made when it is shown, in the reader's
    language.
    """
    values = {
        name: asdict(value) if isinstance(value, Money) else value
        for name, value in error.values.items()
    }
    return {"key": error.key, "values": values}


def as_error(problem: Mapping[str, Any]) -> ShopError:
    """Return the error that a line has kept. Older lines have kept their money as text."""
    values = problem.get("values", {}).items()
    found = {name: Money(**value) if isinstance(value, dict) else value for name, value in values}
    return ShopError(str(problem.get("key")), **found)


def _fields(service: ServiceRow, line: WrittenLine) -> dict[str, Any]:
    wanted = {wanted.name for wanted in SERVICE_TYPES[str(service.type)].required}
    if "link" not in wanted or wanted - {"link", "quantity"}:
        raise BadAnswerError("mass-line-needs-more")
    fields: dict[str, Any] = dict.fromkeys(forms.steps(service))
    fields |= forms.read_answer(service, "link", line.link, fields)
    if "quantity" in wanted:
        fields |= forms.read_answer(service, "quantity", line.quantity, fields)
    elif line.quantity and parse_count(line.quantity) != 1:
        raise BadAnswerError("mass-line-package")
    return fields


def _rows(text: str) -> list[str]:
    """Split where editors and spreadsheets do; a link may hold the rarer line ends that
    `splitlines` knows.
    """
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _is_empty(line: str) -> bool:
    """Return whether a row has nothing in its cells: spreadsheets save those below a table, too."""
    return not line.strip(f'{_SEPARATORS}" \xa0')


def _cells(line: str) -> tuple[str, ...]:
    """Part a line into two or three cells; none where it can't be told how."""
    separator = next((character for character in line if character in _SEPARATORS), None)
    if separator is None:
        return ()
    quoted = '"' in line
    cells = _unquoted(line, separator) if quoted else line.split(separator)
    cells = [visible(cell) for cell in cells]
    while cells and not cells[-1]:  # a spreadsheet's empty columns
        cells.pop()
    if len(cells) > _CELLS and separator not in _ONE_WAY and not quoted:
        cells = _with_link_whole(cells, separator)
    return tuple(cells) if 1 < len(cells) <= _CELLS else ()


def _unquoted(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=True, strict=True))
    except (csv.Error, StopIteration):
        return []


def _with_link_whole(cells: list[str], separator: str) -> list[str]:
    """Put a link together that held the separator.

    `1,500` at the end may be one number or two: that is asked.
    """
    service, *link, quantity = cells
    return (
        []
        if any(piece.isdecimal() for piece in link[1:])
        else [service, separator.join(link), quantity]
    )


def _is_header(line: WrittenLine) -> bool:
    """Return whether a first line only names the columns: no digit in it, and no link."""
    if any(character.isdigit() for character in line.text):
        return False
    return bool(line.cells) and parse_link(line.link) is None and not line.link.startswith("@")
