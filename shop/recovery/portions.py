"""How much of an order: some of its units, or a percentage."""

from dataclasses import dataclass

from shop.errors import BadAnswerError
from shop.money import share
from shop.parsing import parse_count, plain_digits
from storage.rows import Order

PERCENT = 100


@dataclass(frozen=True, slots=True)
class Portion:
    """`part` of `of`: the units of an order, or 100."""

    part: int
    of: int

    def __str__(self) -> str:
        return f"{self.part} of {self.of}"

    def due(self, order: Order) -> int:
        """Return that portion of the order's price in millionths, rounded down."""
        return share(order.price, min(max(self.part, 0), self.of), self.of)


ALL, NOTHING = Portion(PERCENT, PERCENT), Portion(0, PERCENT)


def read_portion(text: str, quantity: int) -> Portion:
    """Read `30`, `1,000` or `25 %` of so many units as a person writes it.

    Raises BadAnswerError for what is none.
    """
    written = plain_digits(text).replace("٪", "%").strip()
    of_hundred = written.endswith("%")
    number = parse_count(written.removesuffix("%"))
    if number is None:
        raise BadAnswerError("undelivered-portion-none")
    most = PERCENT if of_hundred else quantity
    if number > most:
        raise BadAnswerError(
            "undelivered-portion-percent" if of_hundred else "undelivered-portion-many", most=most
        )
    return Portion(number, most)
