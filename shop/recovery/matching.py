"""Whether what the provider says of an id can be said of an order of ours."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from panel import SERVICE_TYPES, OrderStatus
from panel.models import State
from panel.service_types import Pricing
from shop.orders.figures import account_of, is_foreign, near
from shop.orders.suborders import is_parent, is_subscription, posts_of, runs_of, told
from storage.rows import Order

# their charge may be what is left of it
_NET = frozenset({State.PARTIAL, State.CANCELED, State.FAILED})
_PACKAGES = frozenset(
    key for key, row in SERVICE_TYPES.items() if row.pricing is Pricing.PER_PACKAGE
)


class MismatchReason(StrEnum):
    """Why an answer does not fit."""

    CHARGE = "charge"  # another amount than the expected cost
    REMAINS = "remains"  # more than was ordered, or far too much delivered
    # a drip-feed or subscription where none was ordered, the reverse, or one of another size
    PARTS = "parts"
    SILENT = "silent"  # nothing speaks against it, and nothing for it


@dataclass(frozen=True, slots=True)
class Fit:
    """`why` is empty where it fits, else a `MismatchReason`."""

    fits: bool
    why: str

    @property
    def possible(self) -> bool:
        """Whether nothing contradicts; only `fits` says that something agrees."""
        return self.fits or self.why == MismatchReason.SILENT


_FITS = Fit(fits=True, why="")


def match_status(order: Order, answer: OrderStatus) -> Fit:
    """Compare an answer of `status` with what was ordered: at least one figure has to agree, and
    none may contradict.

    A charge of 0 before an order was ended, and remains of 0, are what providers say who do not
    know yet.
    """
    parts = _parts(order, answer)
    charge = charge_speaks(order, answer)
    remains = _remains(order, answer)
    for why, speaks in (
        (MismatchReason.PARTS, parts),
        (MismatchReason.CHARGE, charge),
        (MismatchReason.REMAINS, remains),
    ):
        if speaks is False:
            return Fit(fits=False, why=why)
    return _FITS if parts or charge or remains else Fit(fits=False, why=MismatchReason.SILENT)


def charge_speaks(order: Order, answer: OrderStatus) -> bool | None:
    """Return whether the charge agrees (True) or contradicts (False); None where it says
    nothing.
    """
    charge = answer.charge
    if charge is None or is_foreign(charge, answer.currency, account_of(order)):
        return None
    if near(charge, order.cost):
        return None if charge == 0 else True
    if answer.state not in _NET:
        return None if answer.state is None and charge == 0 else False
    if charge > order.cost:
        return False
    return True if _is_net(order, answer, charge) else None


def _is_net(order: Order, answer: OrderStatus, charge: Decimal) -> bool:
    """Return whether the charge of an order that ended early is that of the part that was
    delivered.
    """
    if answer.state is not State.PARTIAL or not _counts(order) or answer.remains is None:
        return False
    delivered = order.quantity - answer.remains
    return 0 < delivered < order.quantity and near(charge, order.cost * delivered / order.quantity)


def _counts(order: Order) -> bool:
    """Return whether the order's quantity is in units: how many are in a package only the provider
    knows.
    """
    return not is_subscription(order) and order.service_type not in _PACKAGES


def _remains(order: Order, answer: OrderStatus) -> bool | None:
    """As `charge_speaks`, of the remains: any number on the way agrees with many orders, the whole
    with few.
    """
    remains = answer.remains
    if remains is None or not _counts(order):
        return None
    if not -order.quantity <= remains <= order.quantity:
        return False
    return True if remains == order.quantity else None


def _parts(order: Order, answer: OrderStatus) -> bool | None:
    """As `charge_speaks`, of runs and posts; what is no parent may still answer with 0 of them."""
    named = answer.orders or ()
    made = max(answer.runs or 0, answer.posts or 0, len(named))
    if not is_parent(order):
        return False if made > 1 or named else None
    if is_subscription(order):
        count, most = told(answer.posts, answer.runs), posts_of(order)
    elif answer.posts is not None and answer.runs is None:
        return False
    else:
        count, most = answer.runs, runs_of(order)
    if most and made > most:
        return False
    # A parent that shows neither is either another kind of order or a provider that says nothing of
    # parts.
    return True if count is not None else None
