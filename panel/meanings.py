"""What a provider's error text means, by lower-case fragments. Numeric codes aren't reliable: one family
uses 113 for both a busy link and missing funds.
"""

from enum import StrEnum


class Meaning(StrEnum):
    """What an error is about, for whoever decides what to do next."""

    BAD_KEY = "bad_key"  # the operator's key or account
    BAD_SERVICE = "bad_service"
    FUNDS = "funds"  # the operator's balance at the provider, never the customer's
    QUANTITY = "quantity"
    LINK = "link"
    BUSY_LINK = "busy_link"  # an active order has this link: wait and send later
    ORDER_ID = "order_id"  # soon after `add` it can mean "not indexed yet"
    REFILL = "refill"
    RATE_LIMIT = "rate_limit"
    TEMPORARY = "temporary"
    UNSUPPORTED = "unsupported"  # the provider has no such action, or not in this form
    OTHER = "other"


# The first match wins, so the narrow ones stand first: "Rate limit exceeded for this API key" is no bad key,
# "error.link_duplicate" is no bad link, "insufficient balance, minimum 5" is no quantity.
FRAGMENTS: tuple[tuple[Meaning, tuple[str, ...]], ...] = (
    (Meaning.RATE_LIMIT, ("too many requests", "rate limit")),
    (Meaning.BUSY_LINK, ("active order with this link", "link_duplicate", "same link")),
    (
        Meaning.FUNDS,
        (
            "not enough funds",
            "not_enough_funds",
            "insufficient balance",
            "insufficient funds",
            "balance is insufficient",
        ),
    ),
    (Meaning.BAD_KEY, ("api key", "inactive account", "user not found")),
    (
        Meaning.REFILL,
        ("refill not found", "not eligible for refill", "cannot be refilled", "already being refilled"),
    ),
    (
        Meaning.ORDER_ID,
        ("incorrect order id", "incorrect_order_id", "order not found", "invalid order id"),
    ),
    (Meaning.BAD_SERVICE, ("service id", "service not found", "disabled service", "service_inactive")),
    (
        Meaning.QUANTITY,
        (
            "quantity less",
            "quantity more",
            "min_quantity",
            "max_quantity",
            "minimum",
            "maximum number",
            "out of bounds",
        ),
    ),
    (Meaning.LINK, ("bad link", "incorrect link", "invalid_link", "error.link")),
    (
        Meaning.UNSUPPORTED,
        (
            "incorrect request",
            "incorrect action",
            "invalid action",
            "unknown action",
            "wrong action",
            "no such action",
            "action not found",
            "unsupported action",
            "action is not supported",
        ),
    ),
    (Meaning.TEMPORARY, ("temporarily unavailable", "try again later", "internal server error")),
)


def meaning_of(text: str) -> Meaning:
    """The meaning of an error text; `other` for what nobody has listed, in any language."""
    lower = text.lower()
    spaced = lower.replace("_", " ")
    for meaning, fragments in FRAGMENTS:
        if any(fragment in lower or fragment in spaced for fragment in fragments):
            return meaning
    return Meaning.OTHER
