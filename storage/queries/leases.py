"""Statements about leases: who does something, until when.

A lease is kept by whoever took it, until its time is over or it is given back. Times are those of
the processes' own clocks: machines that share a database have to agree on the time to within a
second or two.
"""

from datetime import datetime

from sqlalchemy import delete, or_, select, update

from storage.engine import Transaction, insert_into
from storage.schema.operations import leases


def take(
    tx: Transaction, name: str, owner: str, *, now: datetime, until: datetime, latest: datetime
) -> bool:
    """Take a lease, or keep it; False where somebody else holds it.

    One that ends after `latest` was taken by a clock that was ahead: it holds nobody back.
    """
    taken = tx.execute(
        insert_into(tx, leases)
        .values(name=name, owner=owner, until=until)
        .on_conflict_do_update(
            index_elements=["name"],
            set_={"owner": owner, "until": until},
            where=or_(leases.c.owner == owner, leases.c.until < now, leases.c.until > latest),
        )
        .returning(leases.c.name),
    )
    return taken.first() is not None


def keep(tx: Transaction, name: str, owner: str, *, until: datetime) -> bool:
    """Make a lease longer that is still `owner`'s; False where it is not.

    One that has ended counts if nobody has had it since: whoever takes it writes their own name, or
    removes the row.
    """
    kept = update(leases).where(leases.c.name == name, leases.c.owner == owner).values(until=until)
    return tx.execute(kept).rowcount > 0


def held(tx: Transaction, name: str, owner: str, now: datetime) -> bool:
    """Return whether `owner` holds a lease, and keep it so until this transaction ends."""
    found = select(leases.c.name).where(
        leases.c.name == name, leases.c.owner == owner, leases.c.until >= now
    )
    return tx.scalar(found.with_for_update(read=True)) is not None


def release_all(tx: Transaction, owner: str) -> None:
    tx.execute(delete(leases).where(leases.c.owner == owner))


def release_others(tx: Transaction, owner: str) -> None:
    tx.execute(delete(leases).where(leases.c.owner != owner))


def any_of_others(tx: Transaction, prefix: str, owner: str, now: datetime) -> bool:
    """Return whether anybody but `owner` holds a lease whose name starts so."""
    found = select(leases.c.name).where(
        leases.c.name.startswith(prefix), leases.c.until >= now, leases.c.owner != owner
    )
    return tx.scalar(found.limit(1)) is not None


def forget_lapsed(tx: Transaction, before: datetime) -> None:
    """Remove what nobody has held since `before`."""
    tx.execute(delete(leases).where(leases.c.until < before))
