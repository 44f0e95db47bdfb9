"""What the operator's balance at the provider still pays for, learnt from refusals.

An order that can't be paid for waits behind the others. Those that cost less than what was refused are tried; the
refusal is forgotten when something as dear was taken, or when the balance is large enough again.
"""

from datetime import datetime
from decimal import Decimal

from storage import facts, orders
from storage.engine import Connection

FACT = "funds-refused"


async def refused_cost(connection: Connection) -> Decimal | None:
    """Give the least cost that was refused for want of money, in the provider's currency; None: nothing was."""
    found = await facts.get(connection, FACT)
    return None if found is None else Decimal(found[0]["cost"])


async def least_refused(connection: Connection) -> Decimal | None:
    """Give the same for choosing an order: forgotten where none waits any more that would find out anew."""
    known = await refused_cost(connection)
    if known is None or await orders.any_waits(connection, orders.FUNDS):
        return known
    await facts.forget(connection, FACT)
    return None


async def refused(connection: Connection, cost: Decimal, now: datetime) -> None:
    known = await refused_cost(connection)
    least = cost if known is None else min(cost, known)
    await facts.put(connection, FACT, {"cost": format(least, "f")}, now)


async def taken(connection: Connection, cost: Decimal, now: datetime) -> None:
    """An order of this cost was taken."""
    known = await refused_cost(connection)
    if known is not None and cost >= known:
        await _forget(connection, now)


async def seen(connection: Connection, amount: Decimal, asked_at: datetime, now: datetime) -> None:
    """The balance was so much when it was asked for; what was refused later is not in it."""
    found = await facts.get(connection, FACT)
    if found is not None and found[1] <= asked_at and amount >= Decimal(found[0]["cost"]):
        await _forget(connection, now)


async def _forget(connection: Connection, now: datetime) -> None:
    """Those that waited for money are in line again where they were."""
    await facts.forget(connection, FACT)
    await orders.end_wait(connection, orders.FUNDS, now)
