"""Everything the provider can say no with. The dialects decide how a refusal looks on the wire."""

from enum import StrEnum


class Why(StrEnum):
    """The documented sentence of each refusal; `{}` takes a limit or a field's name."""

    BAD_KEY = "Invalid API key"
    BAD_ACTION = "Incorrect request"
    BAD_METHOD = "Incorrect request method"
    BAD_SERVICE = "Incorrect service ID"
    BAD_LINK = "Bad link"
    BAD_FIELD = "Bad {}"
    TOO_FEW = "Quantity less than minimal {}"
    TOO_MANY = "Quantity more than maximum {}"
    NO_FUNDS = "Not enough funds on balance"
    BUSY_LINK = "You have active order with this link. Please wait until order being completed."
    BAD_ORDER = "Incorrect order ID"
    TOO_MANY_IDS = "No more than {} IDs in one request"
    NO_REFILL = "Order is not eligible for refill"
    REFILL_UNDER_WAY = "Order is already being refilled"
    BAD_REFILL = "Refill not found"
    NO_CANCEL = "Order cannot be canceled"
    RATE_LIMIT = "Rate limit exceeded"
    OUT_OF_ORDER = "Service is temporarily unavailable, please try again later"


class Refusal(Exception):  # noqa: N818  (the field's word: an explicit no is an ordinary answer)
    """`text` replaces the sentence; `http` replaces the code that the dialect would choose."""

    def __init__(
        self, why: Why, detail: object = "", *, text: str | None = None, http: int | None = None
    ) -> None:
        self.why = why
        self.text = why.format(detail) if text is None else text
        self.http = http
        super().__init__(self.text)
