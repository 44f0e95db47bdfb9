"""When a lost order was found beyond doubt: everything that could make the one id that fits another
order's.
"""

from datetime import timedelta

from panel import OrderStatus, PanelClient
from shop.orders.suborders import PAID_BY_POST, is_parent
from shop.recovery.balance import AGAINST, FOR
from shop.recovery.context import RecoveryContext
from shop.recovery.id_range import gap_of
from shop.recovery.matching import charge_speaks, match_status
from shop.recovery.progress import Candidate
from storage import Database
from storage.engine import Transaction
from storage.queries import recovery
from storage.rows import Order

MOST_CALLS = 4  # of one step, where a batch is refused as a whole
_MOST_PARENTS = 200
# without a later order of ours, only so long after it is an id "of that time"
_TIME_FITS = timedelta(minutes=10)


async def is_unambiguous(
    database: Database, panel: PanelClient, view: RecoveryContext, one: Candidate, weighed: str
) -> bool:
    """Return whether the one candidate that fits is the order.

    `weighed`: what the balance speaks. Raises PanelError.
    """
    return (
        _is_sure(view, one, weighed)
        and await _no_rival(database, view, one)
        and await _no_part(
            database,
            panel,
            view,
            one,
        )
    )


def _is_sure(view: RecoveryContext, one: Candidate, weighed: str) -> bool:
    """Return whether the whole gap is known, in time, and nothing speaks against the order."""
    order, gap = view.order, view.gap
    in_time = gap.first is not None or view.at - view.since <= _TIME_FITS
    known = view.complete if gap.inner([one.id]) else view.searched and in_time
    if (
        not known
        or view.forgotten
        or gap.last is None
        or order.submitted_at is None
        or weighed == AGAINST
    ):
        return False
    # That it has runs is all that the answer of a parent says.
    return not is_parent(order) or weighed == FOR or bool(charge_speaks(order, one.answer))


async def _no_rival(database: Database, view: RecoveryContext, one: Candidate) -> bool:
    """Return whether the id can be that of no other lost order of ours.

    Those that were being sent when it was seen have an answer by now, or are lost too.
    """

    def transaction(tx: Transaction) -> bool:
        for other in recovery.lost(tx, but=view.order):
            # The parts of a lost parent may be anything.
            if is_parent(other) or match_status(other, one.answer).possible:
                since = recovery.unknown_since(tx, other.id) or other.changed_at
                if gap_of(tx, other, since, late=True).has(one.id):
                    return False
        return True

    return await database.read(transaction)


async def _no_part(
    database: Database, panel: PanelClient, view: RecoveryContext, one: Candidate
) -> bool:
    """Return whether the id is none of the parts of our drip-feeds and subscriptions, such as one
    just begun.
    """

    def transaction(tx: Transaction) -> list[Order]:
        since = view.order.submitted_at or view.since
        return recovery.possible_parents(tx, since, PAID_BY_POST, view.order.account)

    found = await database.read(transaction)
    parents = [order.provider_order_id or "" for order in found if is_parent(order)]
    if not parents:
        return True
    if len(parents) > (MOST_CALLS if panel.profile.ids_per_call == 1 else _MOST_PARENTS):
        return False
    answers = await panel.statuses(parents, most_calls=MOST_CALLS)
    lists = [
        answer.orders if isinstance(answer := answers.get(key), OrderStatus) else None
        for key in parents
    ]
    return all(made is not None and one.id not in made for made in lists)
