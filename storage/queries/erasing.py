"""Statements that erase somebody, a few hundred rows at a time: nobody else waits long for the
writer.

What bookkeeping needs becomes a pseudonym's, the *heir*: a person with a negative id, whose number
stands in the row of who is being erased until that row goes, last of all. What is done is known by
what is left, so whoever comes after a crash just begins anew. Until the end both are one person to
the books (storage.audit.sql.owner_of).
"""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Table,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    update,
)

from storage.engine import Transaction, insert_into
from storage.enums import IN_WORK, WAITING, MassState, PaymentState, RequestState, TopUpState
from storage.queries.facts import Fact
from storage.queries.ledger_keys import EntryKey, manual_prefix
from storage.queries.privacy import written_by
from storage.queries.statistics import comes_in_parts
from storage.rows import Order, from_rows
from storage.schema.base import QUOTING, metadata
from storage.schema.catalogue import favourites, margins, type_mappings
from storage.schema.customers import users
from storage.schema.messages import facts, fsm, notices
from storage.schema.operations import evidence, long_texts, updates
from storage.schema.orders import (
    drafts,
    mass_lines,
    mass_orders,
    order_events,
    orders,
    presets,
    request_lists,
    requests,
)
from storage.schema.payments import (
    coupon_uses,
    coupons,
    invitations,
    invite_codes,
    invoices,
    payments,
    top_ups,
)
from storage.schema.wallets import ledger, wallets

_ROWS = 200
_ORDERS = 25  # each with a dozen rows that belong to it
_MASS_ORDERS = 2  # each with up to some hundred lines
NOBODY = "—"
# Answers that are numbers of the plan: an order in work is settled by them, and they tell of
# nobody.
_PLAN = ("quantity", "runs", "interval", "posts", "old_posts", "min", "max", "delay")
# What bookkeeping needs, or what that hangs on.
_KEPT = (
    orders,
    request_lists,
    requests,
    mass_orders,
    wallets,
    ledger,
    invoices,
    payments,
    top_ups,
    coupon_uses,
)
_ACTORS = (
    ledger.c.actor_id,
    type_mappings.c.mapped_by,
    margins.c.set_by,
    coupons.c.created_by,
    top_ups.c.decided_by,
    payments.c.refund_by,
    orders.c.settled_by,
    evidence.c.actor_id,
)

# does a part, and returns how many rows that were; 0: nothing is left to do
Slice = Callable[[Transaction], int]


def lock(tx: Transaction, user_id: int) -> bool:
    """Let nobody else begin anything for them until this transaction ends; False for somebody
    unknown.

    In the order in which the workers do, the person last: whoever is writing for them ends first,
    and nobody begins.
    """
    for table, where in (
        (payments, payments.c.state.in_([PaymentState.CREDITED, PaymentState.REFUNDING])),
        (top_ups, top_ups.c.state == TopUpState.OPEN),
        (mass_orders, mass_orders.c.state.in_([MassState.DRAFT, MassState.PLACING])),
        (orders, orders.c.state.in_(sorted(IN_WORK))),
        (requests, requests.c.ended_at.is_(None)),
    ):
        theirs = select(table.c.id).where(table.c.user_id == user_id, where).order_by(table.c.id)
        tx.execute(theirs.with_for_update())
    found = tx.execute(select(users.c.id).where(users.c.id == user_id).with_for_update())
    return found.first() is not None


def in_flight(tx: Transaction, user_id: int) -> bool:
    """Return whether something is just being done for them: a request, a mass order being placed, a
    refund of Stars.
    """
    sending = select(requests.c.id).where(
        requests.c.user_id == user_id, requests.c.state == RequestState.SENDING
    )
    placing = select(mass_orders.c.id).where(
        mass_orders.c.user_id == user_id, mass_orders.c.state == MassState.PLACING
    )
    refund = select(payments.c.id).where(
        payments.c.user_id == user_id, payments.c.state == PaymentState.REFUNDING
    )
    return any(tx.scalar(one.limit(1)) is not None for one in (sending, placing, refund))


def begin(tx: Transaction, user_id: int, heir: int) -> None:
    """Write who the heir is, whose wallet it is from now on, and blank the person's own row."""
    values = {"first_name": NOBODY, "username": None, "coupon_id": None, "heir_id": heir}
    tx.execute(update(users).where(users.c.id == user_id).values(values))
    tx.execute(update(wallets).where(wallets.c.user_id == user_id).values(user_id=heir))


def rename_key(tx: Transaction, old: EntryKey, new: EntryKey) -> None:
    """Write another key to the entry that has the old one."""
    tx.execute(update(ledger).where(ledger.c.key == old.text).values(new.columns()))


def heir_of(tx: Transaction, user_id: int) -> int | None:
    """Return the heir of somebody who is being erased; None for everybody else."""
    heir: int | None = tx.scalar(select(users.c.heir_id).where(users.c.id == user_id))
    return heir


def begun(tx: Transaction) -> list[int]:
    """List who is being erased."""
    return list(
        tx.scalars(select(users.c.id).where(users.c.heir_id.is_not(None)).order_by(users.c.heir_id))
    )


def slices(user_id: int, heir: int, told: Collection[str]) -> list[Slice]:
    """List what is to be done, each again and again until it has nothing left to do.

    Of what is still to be said to them, what is of the kinds `told` to customers goes; an admin's
    alerts stay.
    """
    by_hand = or_(ledger.c.source == "manual", ledger.c.target == "manual")
    refused = case((top_ups.c.state == TopUpState.OPEN, TopUpState.REFUSED), else_=top_ups.c.state)
    kept: tuple[tuple[Column[Any], Mapping[str, Any]], ...] = (
        (ledger.c.user_id, {"reason": case((by_hand, ""), else_=ledger.c.reason)}),
        (requests.c.user_id, {"failure": ""}),
        (request_lists.c.user_id, {"items": [], "message_id": None}),
        (invoices.c.user_id, {"pay_url": None}),
        (payments.c.user_id, {}),
        (top_ups.c.user_id, {"state": refused}),
        (coupon_uses.c.user_id, {}),
        (invitations.c.inviter_id, {}),
        (invitations.c.invited_id, {}),
        *((column, {}) for column in _ACTORS if column.table is not ledger),
    )
    said = notices.c.done_at.is_not(None) | notices.c.kind.in_(sorted(told))
    over = (
        (notices.c.kind == "audit") & notices.c.order_id.is_(None) & notices.c.done_at.is_not(None)
    )
    ordered = exists().where(orders.c.draft_id == drafts.c.id)
    gone: tuple[tuple[Table, ColumnElement[bool]], ...] = (
        (drafts, (drafts.c.user_id == user_id) & ~ordered),
        (favourites, favourites.c.user_id == user_id),
        (presets, presets.c.user_id == user_id),
        (fsm, fsm.c.user_id == user_id),
        (invite_codes, invite_codes.c.user_id == user_id),
        (notices, (notices.c.user_id == user_id) & said),
        (notices, over),  # may name anybody
        (updates, updates.c.user_id == user_id),
        (long_texts, long_texts.c.user_id == user_id),
    )
    return [
        partial(_orders, user_id=user_id, heir=heir),
        partial(_mass_orders, user_id=user_id, heir=heir),
        partial(_acts, user_id=user_id, heir=heir),
        *(
            partial(_give, column=column, user_id=user_id, values={column.name: heir, **more})
            for column, more in kept
        ),
        *(partial(_remove, table=table, where=where) for table, where in gone),
        partial(_notices_about, user_id=user_id, heir=heir),
        partial(_facts_about, user_id=user_id, heir=heir),
    ]


def _orders(tx: Transaction, *, user_id: int, heir: int) -> int:
    """Give some orders away with what belongs to them; the numbers by which an order is settled
    remain.

    One that waits to be sent keeps its link, and with it its owner: there is none when erasing
    begins, and were there one later, the end of it is waited for.
    """
    waits = orders.c.state.in_(sorted(WAITING))
    theirs = (
        select(orders.c.id, orders.c.draft_id)
        .where(orders.c.user_id == user_id, ~waits)
        .order_by(orders.c.id)
    )
    found = tx.execute(theirs.limit(_ORDERS).with_for_update()).all()
    ids, forms = [row.id for row in found], [row.draft_id for row in found]
    if not ids:
        return 0
    plans = _plans(tx, ids)
    for table, where, values in (
        (order_events, order_events.c.order_id.in_(ids), {"note": ""}),
        # quotes the provider, who may quote them
        (evidence, evidence.c.order_id.in_(ids), {"payload": {}}),
        # An admin's alert shows the order as it is when it is said; only these quote the provider,
        # too.
        (notices, notices.c.order_id.in_(ids) & text(f"notices.{QUOTING}"), {"payload": {}}),
        (drafts, drafts.c.id.in_(forms), {"fields": {}, "quote": None, "user_id": heir}),
        (ledger, ledger.c.order_id.in_(ids) & (ledger.c.user_id == user_id), {"user_id": heir}),
        (
            orders,
            orders.c.id.in_(ids),
            {"link": "", "fields": {}, "failure": "", "card_message_id": None, "user_id": heir},
        ),
    ):
        tx.execute(update(table).where(where).values(values))
    for order_id, plan in plans.items():
        tx.execute(update(orders).where(orders.c.id == order_id).values(fields=plan))
    return len(ids)


def _plans(tx: Transaction, order_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return the numbers of those orders that come in parts."""
    found = tx.execute(select(orders).where(orders.c.id.in_(order_ids), comes_in_parts()))
    return {
        order.id: {
            name: order.fields[name] for name in _PLAN if isinstance(order.fields.get(name), int)
        }
        for order in from_rows(Order, found)
    }


def _mass_orders(tx: Transaction, *, user_id: int, heir: int) -> int:
    theirs = (
        select(mass_orders.c.id).where(mass_orders.c.user_id == user_id).order_by(mass_orders.c.id)
    )
    ids = list(tx.scalars(theirs.limit(_MASS_ORDERS).with_for_update()))
    if not ids:
        return 0
    lines = mass_lines.c.mass_id.in_(ids)
    tx.execute(update(mass_lines).where(lines).values(text="", fields={}, agreed=None))
    tx.execute(
        update(mass_lines).where(lines, mass_lines.c.problem.is_not(None)).values(problem={})
    )
    state = case(
        (mass_orders.c.state == MassState.DRAFT, MassState.CANCELED), else_=mass_orders.c.state
    )
    values = {"message_id": None, "state": state, "user_id": heir}
    tx.execute(update(mass_orders).where(mass_orders.c.id.in_(ids)).values(values))
    return len(ids)


def _acts(tx: Transaction, *, user_id: int, heir: int) -> int:
    """Make the heir's what they did to wallets as an admin; the keys of such entries name them."""
    mine, theirs = manual_prefix(user_id), manual_prefix(heir)
    key = case(
        (ledger.c.key.startswith(mine), func.replace(ledger.c.key, mine, theirs)),
        else_=ledger.c.key,
    )
    return _give(
        tx, column=ledger.c.actor_id, user_id=user_id, values={"actor_id": heir, "key": key}
    )


def _give(tx: Transaction, *, column: Column[Any], user_id: int, values: Mapping[str, Any]) -> int:
    table = column.table
    key = next(iter(table.primary_key))
    some = select(key).where(column == user_id).limit(_ROWS)
    return tx.execute(update(table).where(key.in_(some)).values(dict(values))).rowcount


def _remove(tx: Transaction, *, table: Table, where: ColumnElement[bool]) -> int:
    key = list(table.primary_key)[-1]
    if len(table.primary_key) > 1:  # a handful of rows
        return tx.execute(delete(table).where(where)).rowcount
    return tx.execute(delete(table).where(key.in_(select(key).where(where).limit(_ROWS)))).rowcount


def _notices_about(tx: Transaction, *, user_id: int, heir: int) -> int:
    """Make the heir's what is still to be said about them to others; what was said, and what they
    wrote, goes.
    """
    about = (
        select(notices)
        .where(notices.c.about_user_id == user_id)
        .order_by(notices.c.id)
        .limit(_ROWS)
    )
    found = tx.execute(about).all()
    wrote = set(
        tx.scalars(
            select(notices.c.id).where(
                written_by(user_id), notices.c.id.in_([row.id for row in found])
            )
        )
    )
    unsaid = [
        row
        for row in found
        if row.done_at is None and row.user_id != user_id and row.id not in wrote
    ]
    for row in unsaid:
        statement = update(notices).where(notices.c.id == row.id)
        tx.execute(statement.values(payload=_nameless(row.payload, heir), about_user_id=heir))
    kept = {row.id for row in unsaid}
    tx.execute(
        delete(notices).where(notices.c.id.in_([row.id for row in found if row.id not in kept]))
    )
    return len(found)


def _facts_about(tx: Transaction, *, user_id: int, heir: int) -> int:
    """Make the heir's which alerts about them were given: one that gets lost is never made up for.

    The rest goes.
    """
    found = tx.execute(select(facts).where(facts.c.about_user_id == user_id).limit(_ROWS)).all()
    for row in found:
        if row.name.startswith(Fact.ALERT.prefix()):
            statement = update(facts).where(facts.c.name == row.name)
            tx.execute(statement.values(value=_nameless(row.value, heir), about_user_id=heir))
        else:
            tx.execute(delete(facts).where(facts.c.name == row.name))
    return len(found)


def _nameless(said: Mapping[str, Any], heir: int) -> dict[str, Any]:
    return {**said, "user": str(heir)} | ({"name": ""} if "name" in said else {})


def end(tx: Transaction, user_id: int, heir: int) -> bool:
    """Remove the person, and the heir if there was nothing to inherit; False while there is still
    something of theirs.

    What came into their wallet meanwhile is in the heir's then.
    """
    if (
        tx.execute(select(users.c.id).where(users.c.id == user_id).with_for_update()).first()
        is None
    ):
        return True
    came = tx.execute(
        delete(wallets).where(wallets.c.user_id == user_id).returning(wallets)
    ).first()
    if came is not None:
        kept = insert_into(tx, wallets).values(
            user_id=heir, balance=came.balance, chargebacks=came.chargebacks
        )
        more = {
            "balance": wallets.c.balance + came.balance,
            "chargebacks": wallets.c.chargebacks + came.chargebacks,
        }
        tx.execute(kept.on_conflict_do_update(index_elements=["user_id"], set_=more))
    if _is_referred_to(tx, user_id):
        return False
    tx.execute(delete(users).where(users.c.id == user_id))
    if not _is_referred_to(tx, heir):
        tx.execute(delete(users).where(users.c.id == heir))
    return True


def _is_referred_to(tx: Transaction, user_id: int) -> bool:
    tables = metadata.sorted_tables
    owners = [
        key.parent for table in tables for key in table.foreign_keys if key.column.table is users
    ]
    return any(
        tx.scalar(select(column).where(column == user_id).limit(1)) is not None for column in owners
    )


def has_history(tx: Transaction, user_id: int) -> bool:
    """Return whether there is anything that bookkeeping needs, or that it hangs on."""
    columns = [
        *(table.c.user_id for table in _KEPT),
        invitations.c.inviter_id,
        invitations.c.invited_id,
    ]
    return any(
        tx.scalar(select(column).where(column == user_id).limit(1)) is not None
        for column in columns
    )
