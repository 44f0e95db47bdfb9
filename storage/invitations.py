"""Statements about who invited whom, and what was shared for it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from storage.engine import Connection, insert_into
from storage.money_tables import invitations, invite_codes
from storage.states import OrderState
from storage.tables import orders

_SPENT = (OrderState.COMPLETED, OrderState.PARTIAL)


@dataclass(frozen=True, slots=True)
class Spending:
    """What an invited person has `spent`, of which `counted` was looked at before; all in millionths."""

    invited_id: int
    inviter_id: int
    counted: int
    earned: int
    spent: int


async def code_of(connection: Connection, user_id: int, suggested: str) -> str:
    """Give the code of somebody's link; where they have none, `suggested` is it from now on."""
    added = insert_into(connection, invite_codes).values(user_id=user_id, code=suggested)
    await connection.execute(added.on_conflict_do_nothing(index_elements=["user_id"]))
    return str(await connection.scalar(select(invite_codes.c.code).where(invite_codes.c.user_id == user_id)))


async def owner_of(connection: Connection, code: str) -> int | None:
    return await connection.scalar(select(invite_codes.c.user_id).where(invite_codes.c.code == code))


async def add(connection: Connection, invited_id: int, inviter_id: int, now: datetime) -> None:
    await connection.execute(
        insert_into(connection, invitations).values(invited_id=invited_id, inviter_id=inviter_id, at=now),
    )


async def totals(connection: Connection, inviter_id: int | None = None) -> tuple[int, int]:
    """Count who came, and add up what was earned by that (millionths): of one inviter, or of all."""
    statement = select(func.count(), func.sum(invitations.c.earned))
    if inviter_id is not None:
        statement = statement.where(invitations.c.inviter_id == inviter_id)
    row = (await connection.execute(statement)).one()
    return int(row[0]), int(row[1] or 0)


async def unshared(connection: Connection, since: datetime | None) -> list[Spending]:
    """List the invited who have spent more than was looked at; of orders that ended `since`, or ever (None).

    Spent is what their ended orders cost and did not give back.
    """
    if await connection.scalar(select(invitations.c.invited_id).limit(1)) is None:
        return []
    spent = func.sum(orders.c.price - orders.c.refunded)
    statement = (
        select(*(invitations.c[name] for name in ("invited_id", "inviter_id", "counted", "earned")), spent)
        .join(orders, orders.c.user_id == invitations.c.invited_id)
        .where(orders.c.state.in_(_SPENT), orders.c.billing == "wallet")
        .group_by(invitations.c.invited_id)
        .having(spent > invitations.c.counted)
        .order_by(invitations.c.invited_id)
    )
    if since is not None:
        lately = select(orders.c.user_id).where(orders.c.state.in_(_SPENT), orders.c.changed_at >= since)
        statement = statement.where(invitations.c.invited_id.in_(lately))
    return [Spending(*map(int, row)) for row in await connection.execute(statement)]


async def count(connection: Connection, found: Spending, earned: int) -> bool:
    """Note that this spending was looked at and brought `earned` more; False when somebody was first."""
    result = await connection.execute(
        update(invitations)
        .where(
            invitations.c.invited_id == found.invited_id,
            invitations.c.inviter_id == found.inviter_id,
            invitations.c.counted == found.counted,
        )
        .values(counted=found.spent, earned=invitations.c.earned + earned),
    )
    return result.rowcount == 1
