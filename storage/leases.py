"""Statements about leases: who does a piece of work, until when.

A lease is kept by whoever took it, until its time is over or it is given back. Times are those of the processes'
own clocks: machines that share a database have to agree on the time to within a second or two.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, or_, select, update

from storage.engine import Transaction, insert_into
from storage.work_tables import leases


def take(tx: Transaction, names: Iterable[str], owner: str, *, now: datetime, until: datetime) -> set[str]:
    """Take, or keep, those of these that nobody else holds; give their names."""
    # Two processes that lock rows in different orders would wait for each other for ever.
    rows = [{"name": name, "owner": owner, "until": until} for name in sorted(set(names))]
    if not rows:
        return set()
    statement = insert_into(tx, leases).values(rows)
    taken = tx.execute(
        statement.on_conflict_do_update(
            index_elements=["name"],
            set_={"owner": owner, "until": until},
            where=or_(leases.c.owner == owner, leases.c.until < now),
        ).returning(leases.c.name),
    )
    return {row.name for row in taken}


def keep(tx: Transaction, names: Collection[str], owner: str, *, until: datetime) -> set[str]:
    """Make those of these longer that are still `owner`'s; give their names.

    One that has ended counts if nobody has had it since: whoever takes it writes their own name, or removes the row.
    """
    mine = select(leases.c.name).where(leases.c.name.in_(names), leases.c.owner == owner)
    found = {row.name for row in tx.execute(mine.order_by(leases.c.name).with_for_update())}
    tx.execute(update(leases).where(leases.c.name.in_(found)).values(until=until))
    return found


def held(tx: Transaction, names: Collection[str], owner: str, now: datetime) -> set[str]:
    """Give those of these that `owner` holds, and keep it so until this transaction ends."""
    found = tx.execute(
        select(leases.c.name)
        .where(leases.c.name.in_(names), leases.c.owner == owner, leases.c.until >= now)
        .order_by(leases.c.name)
        .with_for_update(read=True),
    )
    return {row.name for row in found}


def release(tx: Transaction, names: Collection[str], owner: str) -> None:
    tx.execute(delete(leases).where(leases.c.name.in_(names), leases.c.owner == owner))


def release_all(tx: Transaction, owner: str) -> None:
    tx.execute(delete(leases).where(leases.c.owner == owner))


def release_others(tx: Transaction, owner: str) -> None:
    tx.execute(delete(leases).where(leases.c.owner != owner))


def of_others(tx: Transaction, prefix: str, owner: str, now: datetime) -> set[str]:
    """Give the names that start so and are held by anybody but `owner`."""
    found = tx.execute(
        select(leases.c.name).where(
            leases.c.name.startswith(prefix), leases.c.until >= now, leases.c.owner != owner,
        ),
    )  # fmt: skip
    return {row.name for row in found}


def forget_lapsed(tx: Transaction, before: datetime) -> None:
    """Remove what nobody has held since `before`."""
    tx.execute(delete(leases).where(leases.c.until < before))
