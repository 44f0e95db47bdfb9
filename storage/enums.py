"""Where an order is. One word for each place, used in the database, the code and the texts."""

from enum import StrEnum


class OrderState(StrEnum):
    """The life of an order, as this shop sees it."""

    QUEUED = "queued"  # paid and waiting for its turn; nothing has been sent
    SUBMITTING = "submitting"  # claimed: an `add` may be on its way
    UNKNOWN = "unknown"  # an `add` may have been received; money held, never sent again
    PENDING = "pending"  # the provider gave an id and has not begun
    PROCESSING = "processing"  # the provider prepares it
    IN_PROGRESS = "in_progress"  # being delivered
    COMPLETED = "completed"  # delivered
    PARTIAL = "partial"  # ended early; what was not delivered is refunded
    CANCELED = "canceled"  # ended without delivery; refunded
    FAILED = "failed"  # the provider reports a fault; an admin looks at it, nothing is concluded
    REJECTED = "rejected"  # the provider refused it; refunded


WAITING = frozenset({OrderState.QUEUED, OrderState.SUBMITTING, OrderState.UNKNOWN})
AT_PROVIDER = frozenset(
    {OrderState.PENDING, OrderState.PROCESSING, OrderState.IN_PROGRESS, OrderState.FAILED},
)
ENDED_AT_PROVIDER = frozenset({OrderState.COMPLETED, OrderState.PARTIAL, OrderState.CANCELED})
IN_WORK = WAITING | AT_PROVIDER
DONE = ENDED_AT_PROVIDER | {OrderState.REJECTED}

# Who may become what. A provider's states may go back, and ended orders reopen for a while; what
# was refunded stays counted. `unknown` leaves only by a finding: the id is known, or it is known
# not to exist.
_FROM_PROVIDER = AT_PROVIDER | ENDED_AT_PROVIDER
MOVES: dict[OrderState, frozenset[OrderState]] = {
    # Nothing was sent: taken back. Unknown only after a restore: it may have been sent since the
    # copy was made.
    OrderState.QUEUED: frozenset({OrderState.SUBMITTING, OrderState.CANCELED, OrderState.UNKNOWN}),
    OrderState.SUBMITTING: frozenset(
        {OrderState.QUEUED, OrderState.PENDING, OrderState.REJECTED, OrderState.UNKNOWN},
    ),
    OrderState.UNKNOWN: frozenset({OrderState.PENDING, OrderState.REJECTED}),
    **{state: _FROM_PROVIDER - {state} for state in _FROM_PROVIDER},
    OrderState.REJECTED: frozenset(),
}


def sources_of(target: OrderState) -> frozenset[OrderState]:
    """Return the states from which an order may become `target`."""
    return frozenset(source for source, targets in MOVES.items() if target in targets)


class RequestKind(StrEnum):
    """What a customer can ask for after the sale."""

    REFILL = "refill"
    CANCEL = "cancel"
    STATUS = "status"  # look now, out of turn


class RequestState(StrEnum):
    """The life of a request.

    The last six end it; `accepted` ends a cancellation only with its order.
    """

    WAITING = "waiting"  # written; nothing has been sent
    SENDING = "sending"  # claimed: it may be on its way
    ACCEPTED = "accepted"  # the provider took it (a refill: pending)
    IN_PROGRESS = "in_progress"  # a refill is being delivered
    COMPLETED = "completed"
    REJECTED = "rejected"  # taken, and then not done
    CANCELED = "canceled"
    FAILED = "failed"
    REFUSED = "refused"  # the provider said no at once
    UNKNOWN = "unknown"  # the answer got lost; never sent again by itself


REQUEST_OPEN = frozenset(
    {RequestState.WAITING, RequestState.SENDING, RequestState.ACCEPTED, RequestState.IN_PROGRESS},
)


class MassState(StrEnum):
    """The life of a mass order; how its orders do is in theirs."""

    DRAFT = "draft"  # its lines are shown; nothing was ordered
    PLACING = "placing"  # confirmed: its good lines become orders
    PLACED = "placed"  # every line has become an order, or was refused
    CANCELED = "canceled"  # thrown away


class Pushes(StrEnum):
    """How much somebody wants to be told."""

    ENDS = "ends"  # results only: what new people begin with
    ALL = "all"  # every change
    DIGEST = "digest"  # once a day


class Method(StrEnum):
    """How somebody pays into their wallet by themselves."""

    STARS = "stars"  # Telegram's, counted in whole ones
    CRYPTO = "crypto"  # by Crypto Pay


class InvoiceState(StrEnum):
    """The life of an invoice. It may be paid more than once, and late; each payment counts."""

    NEW = "new"  # to be made at Crypto Pay
    OPEN = "open"  # can be paid
    PAID = "paid"
    EXPIRED = "expired"  # not offered any more
    FAILED = "failed"  # Crypto Pay did not take it


class PaymentState(StrEnum):
    """The life of money that came."""

    CREDITED = "credited"  # in the wallet
    REFUNDING = "refunding"  # taken out of the wallet; Telegram is to give it back
    REFUNDED = "refunded"  # given back because an admin asked
    CHARGED_BACK = "charged_back"  # taken back by Telegram


class TopUpState(StrEnum):
    """What became of a wish to be credited by hand."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    CANCELED = "canceled"  # taken back by who asked
