"""Statements about who invited whom, and what was shared for it."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, or_, select, true, update

from storage.engine import Transaction, insert_into
from storage.enums import WAITING, OrderState
from storage.schema.orders import orders
from storage.schema.payments import invitations, invite_codes
from storage.schema.wallets import wallets

_SPENT = (OrderState.COMPLETED, OrderState.PARTIAL)
_NOTHING = (*sorted(WAITING), OrderState.REJECTED)  # nothing was spent by these yet, or ever


@dataclass(frozen=True, slots=True)
class Spending:
    """What an invited person has spent, and what of it the inviter was given a share of; all in
    millionths.

    `spent` is what their ended orders cost and did not give back; `kept` is that with all that the
    provider has. What their wallet is below zero by is in neither: that was spent and never paid.
    Of what was `counted` before, `earned` is the inviter's; they keep the share of what was
    `written_off`. `shares`: how often that has changed.
    """

    invited_id: int
    inviter_id: int
    counted: int
    earned: int
    written_off: int
    shares: int
    spent: int
    kept: int


def code_of(tx: Transaction, user_id: int, suggested: str) -> str:
    """Return the code of somebody's link; where they have none, `suggested` is it from now on."""
    added = insert_into(tx, invite_codes).values(user_id=user_id, code=suggested)
    tx.execute(added.on_conflict_do_nothing(index_elements=["user_id"]))
    return str(tx.scalar(select(invite_codes.c.code).where(invite_codes.c.user_id == user_id)))


def user_id_by_code(tx: Transaction, code: str) -> int | None:
    return tx.scalar(select(invite_codes.c.user_id).where(invite_codes.c.code == code))


def add(tx: Transaction, invited_id: int, inviter_id: int, now: datetime) -> None:
    tx.execute(
        insert_into(tx, invitations).values(invited_id=invited_id, inviter_id=inviter_id, at=now),
    )


def totals(tx: Transaction, inviter_id: int | None = None) -> tuple[int, int]:
    """Count who came, and add up what was earned by that (millionths): of one inviter, or of
    all.
    """
    statement = select(func.count(), func.sum(invitations.c.earned))
    if inviter_id is not None:
        statement = statement.where(invitations.c.inviter_id == inviter_id)
    row = tx.execute(statement).one()
    return int(row[0]), int(row[1] or 0)


def unsettled(tx: Transaction, since: datetime | None) -> list[Spending]:
    """List the invited who have spent more than was shared, or less: of those of whom something has
    changed `since`.

    None: of all. Whoever had a payment taken back is always looked at: that changes no order.
    """
    if tx.scalar(select(invitations.c.invited_id).limit(1)) is None:
        return []
    left = orders.c.price - orders.c.refunded
    sums = (
        select(
            orders.c.user_id,
            func.sum(case((orders.c.state.in_(_SPENT), left), else_=0)).label("spent"),
            func.sum(left).label("kept"),
        )
        .where(orders.c.state.not_in(_NOTHING), orders.c.billing == "wallet")
        .group_by(orders.c.user_id)
    )
    looked_at: ColumnElement[bool] = true()
    if since is not None:
        states = sorted(set(OrderState) - set(_NOTHING))
        lately = select(orders.c.user_id).where(
            orders.c.state.in_(states), orders.c.changed_at >= since
        )
        charged_back = select(wallets.c.user_id).where(wallets.c.chargebacks > 0)
        looked_at = or_(
            invitations.c.invited_id.in_(lately), invitations.c.invited_id.in_(charged_back)
        )
        sums = sums.where(or_(orders.c.user_id.in_(lately), orders.c.user_id.in_(charged_back)))
    of = sums.subquery()
    debt = case((wallets.c.balance < 0, -wallets.c.balance), else_=0)
    spent, kept = (
        func.coalesce(column - func.coalesce(debt, 0), 0) for column in (of.c.spent, of.c.kept)
    )
    names = ("invited_id", "inviter_id", "counted", "earned", "written_off", "shares")
    statement = (
        select(*(invitations.c[name] for name in names), spent, kept)
        .outerjoin(of, of.c.user_id == invitations.c.invited_id)
        .outerjoin(wallets, wallets.c.user_id == invitations.c.invited_id)
        .where(
            looked_at,
            or_(
                spent > invitations.c.counted,
                kept < invitations.c.counted - invitations.c.written_off,
            ),
        )
        .order_by(invitations.c.invited_id)
    )
    found = [Spending(*map(int, row)) for row in tx.execute(statement)]
    return [replace(one, spent=max(one.spent, 0), kept=max(one.kept, 0)) for one in found]


def settle(
    tx: Transaction, found: Spending, *, counted: int, earned: int, written_off: int
) -> bool:
    """Note how far this spending is shared now; False when somebody was first."""
    result = tx.execute(
        update(invitations)
        .where(
            invitations.c.invited_id == found.invited_id,
            invitations.c.inviter_id == found.inviter_id,
            invitations.c.counted == found.counted,
            invitations.c.shares == found.shares,
        )
        .values(counted=counted, earned=earned, written_off=written_off, shares=found.shares + 1),
    )
    return result.rowcount == 1
