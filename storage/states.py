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

# Who may become what. A provider's states may go back, and ended orders reopen for a while; what was refunded
# stays counted. `unknown` leaves only by a finding: the id is known, or it is known not to exist.
_FROM_PROVIDER = AT_PROVIDER | ENDED_AT_PROVIDER
MOVES: dict[OrderState, frozenset[OrderState]] = {
    OrderState.QUEUED: frozenset({OrderState.SUBMITTING}),
    OrderState.SUBMITTING: frozenset(
        {OrderState.QUEUED, OrderState.PENDING, OrderState.REJECTED, OrderState.UNKNOWN},
    ),
    OrderState.UNKNOWN: frozenset({OrderState.PENDING, OrderState.REJECTED}),
    **{state: _FROM_PROVIDER - {state} for state in _FROM_PROVIDER},
    OrderState.REJECTED: frozenset(),
}


def sources_of(target: OrderState) -> frozenset[OrderState]:
    """Give the states from which an order may become `target`."""
    return frozenset(source for source, targets in MOVES.items() if target in targets)
