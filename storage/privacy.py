"""Statements about everything that is kept about one person: giving it to them, and erasing it.

A test walks the tables and makes sure that each column that is somebody's is named here.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, ColumnElement, String, Table, cast, delete, exists, func, or_, select, type_coerce, update

from storage.engine import Transaction
from storage.money_tables import coupon_uses, coupons, invitations, invite_codes, invoices, margins, payments, top_ups
from storage.rows import Order, rows_as
from storage.states import MassState, PaymentState, RequestState, TopUpState
from storage.statistics import comes_in_parts
from storage.tables import (
    drafts,
    facts,
    favourites,
    fsm,
    ledger,
    mass_lines,
    mass_orders,
    notices,
    order_events,
    order_parts,
    orders,
    presets,
    request_lists,
    requests,
    type_mappings,
    users,
    wallets,
)
from storage.work_tables import evidence, long_texts, updates

_PAGE = 500
# Whose the rows are is said by one of these: a column of the person's id, or one of a thing that is theirs.
_OF_ORDER, _OF_MASS, _OF_EITHER = "order_id", "mass_id", "inviter_id"
_OWNERS: Mapping[str, Table] = {_OF_ORDER: orders, _OF_MASS: mass_orders}
_OWNERS_IN_A_PAGE: Mapping[str, int] = {_OF_ORDER: 100, _OF_MASS: 5}

# What somebody is given of each table: not what the provider costs us, nor what only the workers need.
GIVEN: Mapping[Table, tuple[str, tuple[str, ...]]] = {
    users: ("id", (
        "id", "first_name", "username", "language", "created_at", "gone_at", "pushes", "digest_hour", "quiet_from",
        "quiet_until", "utc_offset", "coupon_id",
    )),
    orders: ("user_id", (
        "id", "draft_id", "service_id", "service_name", "service_category", "service_type", "fields", "link",
        "quantity", "price",
        "refunded", "discount", "currency", "billing", "state", "provider_order_id", "status_text", "start_count",
        "remains", "runs", "posts", "mass_id", "card_message_id", "created_at", "submitted_at", "started_at",
        "changed_at", "finished_at",
    )),
    order_events: (_OF_ORDER, ("order_id", "state", "at")),
    order_parts: (_OF_ORDER, (
        "order_id", "number", "provider_order_id", "state", "status_text", "start_count", "remains", "first_seen_at",
        "changed_at",
    )),
    requests: ("user_id", (
        "id", "order_id", "list_id", "kind", "state", "provider_refill_id", "status_text", "created_at", "sent_at",
        "changed_at", "ended_at",
    )),
    request_lists: ("user_id", ("id", "kind", "items", "message_id", "created_at")),
    drafts: ("user_id", ("id", "service_id", "fields", "quote", "created_at", "closed_at", "replaces")),
    mass_orders: ("user_id", (
        "id", "state", "message_id", "created_at", "confirmed_at", "placed_at", "told_at",
    )),
    mass_lines: (_OF_MASS, (
        "mass_id", "number", "text", "service_id", "fields", "quantity", "price", "was", "problem", "order_id",
    )),
    favourites: ("user_id", ("service_id", "created_at")),
    presets: ("user_id", ("id", "service_id", "name", "fields", "created_at")),
    wallets: ("user_id", ("balance", "chargebacks")),
    ledger: ("user_id", ("id", "source", "target", "amount", "order_id", "reason", "at")),
    invoices: ("user_id", (
        "id", "method", "amount", "currency", "stars", "draft_id", "state", "external_id", "pay_url", "created_at",
        "expires_at", "paid_at", "checkouts", "checked_out_at",
    )),
    payments: ("user_id", (
        "id", "invoice_id", "method", "charge_id", "amount", "currency", "stars", "paid", "asset", "state", "at",
        "refund_asked_at", "refunded_at",
    )),
    top_ups: ("user_id", ("id", "amount", "currency", "state", "created_at", "decided_at")),
    coupon_uses: ("user_id", ("id", "coupon_id", "order_id", "amount", "at", "returned_at")),
    invite_codes: ("user_id", ("code",)),
    invitations: (_OF_EITHER, ("at", "earned")),
}  # fmt: skip

# Answers that are numbers of the plan: an order in work is settled by them, and they tell of nobody.
_PLAN = ("quantity", "runs", "interval", "posts", "old_posts", "min", "max", "delay")


_QUOTING = ("unknown_order", "refusal_words", "sending_held")  # shop.notices.Kind


@dataclass(frozen=True, slots=True)
class Page:
    """Some of somebody's rows. The next ones come `after` that number; None: these were the last."""

    rows: list[dict[str, Any]]
    after: int | None


def page_of(tx: Transaction, table: Table, user_id: int, after: int | None) -> Page:
    """Return a page of somebody's rows of a table of GIVEN: each is a read of its own, so none is long.

    They come by their number; rows of a thing that is theirs come by that thing's.
    """
    owner, columns = GIVEN[table]
    if owner in _OWNERS:
        return _page_of_owned(tx, table, user_id, after)
    key = list(table.primary_key)[-1]
    statement = select(key.label("page_key"), *(table.c[name] for name in columns)).where(
        _theirs(table, owner, user_id),
    )  # fmt: skip
    if after is not None:
        statement = statement.where(key > after)
    found = tx.execute(statement.order_by(key).limit(_PAGE)).all()
    rows = [dict(zip(columns, row[1:], strict=True)) for row in found]
    return Page(rows, found[-1].page_key if len(found) == _PAGE else None)


def _page_of_owned(tx: Transaction, table: Table, user_id: int, after: int | None) -> Page:
    """Return the rows of some things of theirs, of each all: it has a few dozen at most, or some hundred lines."""
    owner, columns = GIVEN[table]
    of, count = _OWNERS[owner], _OWNERS_IN_A_PAGE[owner]
    things = select(of.c.id).where(of.c.user_id == user_id)
    if after is not None:
        things = things.where(of.c.id > after)
    ids = list(tx.scalars(things.order_by(of.c.id).limit(count)))
    statement = select(*(table.c[name] for name in columns)).where(table.c[owner].in_(ids))
    found = tx.execute(statement.order_by(table.c[owner], *table.primary_key)).mappings()
    return Page([dict(row) for row in found], ids[-1] if len(ids) == count else None)


def _theirs(table: Table, owner: str, user_id: int) -> ColumnElement[bool]:
    if owner == _OF_EITHER:
        return or_(invitations.c.inviter_id == user_id, invitations.c.invited_id == user_id)
    return table.c[owner] == user_id


def written_by(user_id: int) -> ColumnElement[bool]:
    """Say which notices are messages that somebody wrote to the admins."""
    return (notices.c.kind == "support") & notices.c.order_id.is_(None) & _names(notices.c.payload, user_id)


def _names(value: ColumnElement[Any], user_id: int) -> ColumnElement[bool]:
    """Say which JSON values are about somebody: those that name them as their user."""
    named: ColumnElement[str] = cast(type_coerce(value, JSON)["user"].as_string(), String)
    return named == str(user_id)


def messages_of(tx: Transaction, user_id: int, after: int | None) -> Page:
    """Return a page of what somebody wrote to the admins, oldest first; each admin's copy of a message is a row."""
    statement = select(notices.c.id, notices.c.payload, notices.c.created_at).where(written_by(user_id))
    if after is not None:
        statement = statement.where(notices.c.id > after)
    found = tx.execute(statement.order_by(notices.c.id).limit(_PAGE)).all()
    rows = [{"at": row.created_at, "text": row.payload["text"]} for row in found]
    return Page(rows, found[-1].id if len(found) == _PAGE else None)


# Erasing


def lock(tx: Transaction, user_id: int) -> bool:
    """Let nobody else touch what is theirs until this transaction ends; False for somebody unknown.

    In the order in which the workers do, the person last: whoever is writing for them ends first, and nobody begins.
    """
    for table in (payments, top_ups, mass_orders, drafts, orders, requests):
        theirs = select(table.c.id).where(table.c.user_id == user_id).order_by(table.c.id)
        tx.execute(theirs.with_for_update())
    found = tx.execute(select(users.c.id).where(users.c.id == user_id).with_for_update())
    return found.first() is not None


def in_flight(tx: Transaction, user_id: int) -> bool:
    """Say whether something is just being done for them: a request, a mass order being placed, a refund of Stars."""
    sending = select(requests.c.id).where(requests.c.user_id == user_id, requests.c.state == RequestState.SENDING)
    placing = select(mass_orders.c.id).where(mass_orders.c.user_id == user_id, mass_orders.c.state == MassState.PLACING)
    refund = select(payments.c.id).where(payments.c.user_id == user_id, payments.c.state == PaymentState.REFUNDING)
    return any(tx.scalar(one.limit(1)) is not None for one in (sending, placing, refund))


def has_history(tx: Transaction, user_id: int) -> bool:
    """Say whether there is anything that bookkeeping needs, or that it hangs on."""
    tables = (orders, ledger, wallets, mass_orders, requests, request_lists, invoices, payments, top_ups, coupon_uses)
    theirs = [select(table.c.user_id).where(table.c.user_id == user_id) for table in tables]
    theirs.append(select(invitations.c.inviter_id).where(_theirs(invitations, _OF_EITHER, user_id)))
    return any(tx.scalar(one.limit(1)) is not None for one in theirs)


def drop_forms(tx: Transaction, user_id: int) -> None:
    """Remove the drafts that have not become an order."""
    ordered = exists().where(orders.c.draft_id == drafts.c.id)
    tx.execute(delete(drafts).where(drafts.c.user_id == user_id, ~ordered))


def blank(tx: Transaction, user_id: int) -> None:
    """Take out of what stays all that tells of the person; the numbers by which an order is settled remain."""
    theirs = select(orders.c.id).where(orders.c.user_id == user_id)
    masses = select(mass_orders.c.id).where(mass_orders.c.user_id == user_id)
    plans = _plans(tx, user_id)
    for table, where, values in (
        (orders, orders.c.user_id == user_id, {"link": "", "fields": {}, "failure": "", "card_message_id": None}),
        (order_events, order_events.c.order_id.in_(theirs), {"note": ""}),
        (drafts, drafts.c.user_id == user_id, {"fields": {}, "quote": None}),
        (requests, requests.c.user_id == user_id, {"failure": ""}),
        (request_lists, request_lists.c.user_id == user_id, {"items": [], "message_id": None}),
        (mass_orders, mass_orders.c.user_id == user_id, {"message_id": None}),
        (mass_orders, (mass_orders.c.user_id == user_id) & (mass_orders.c.state == MassState.DRAFT),
         {"state": MassState.CANCELED}),
        (mass_lines, mass_lines.c.mass_id.in_(masses), {"text": "", "fields": {}, "agreed": None}),
        (mass_lines, mass_lines.c.mass_id.in_(masses) & mass_lines.c.problem.is_not(None), {"problem": {}}),
        (ledger, (ledger.c.user_id == user_id) & _by_hand(), {"reason": ""}),
        (invoices, invoices.c.user_id == user_id, {"pay_url": None}),
        (top_ups, (top_ups.c.user_id == user_id) & (top_ups.c.state == TopUpState.OPEN),
         {"state": TopUpState.REFUSED}),
        # An admin's alert shows the order as it is when it is said; only these quote the provider, too.
        (notices, notices.c.order_id.in_(theirs) & notices.c.kind.in_(_QUOTING), {"payload": {}}),
        (evidence, evidence.c.order_id.in_(theirs), {"payload": {}}),  # quotes the provider, too
    ):  # fmt: skip
        tx.execute(update(table).where(where).values(values))
    for order_id, plan in plans.items():
        tx.execute(update(orders).where(orders.c.id == order_id).values(fields=plan))


def _by_hand() -> ColumnElement[bool]:
    return or_(ledger.c.source == "manual", ledger.c.target == "manual")


def _plans(tx: Transaction, user_id: int) -> dict[int, dict[str, Any]]:
    """Give the numbers of the orders that come in parts."""
    found = tx.execute(select(orders).where(orders.c.user_id == user_id, comes_in_parts()))
    return {
        order.id: {name: order.fields[name] for name in _PLAN if isinstance(order.fields.get(name), int)}
        for order in rows_as(Order, found)
    }


def give_to(tx: Transaction, user_id: int, heir: int) -> None:
    """Make what stays `heir`'s."""
    for column in (
        *(table.c.user_id for table in (drafts, orders, request_lists, requests, mass_orders, wallets, ledger)),
        *(table.c.user_id for table in (invoices, payments, top_ups, coupon_uses)),
        invitations.c.inviter_id, invitations.c.invited_id,
    ):  # fmt: skip
        tx.execute(update(column.table).where(column == user_id).values({column: heir}))


def withhold_name(tx: Transaction, user_id: int, heir: int) -> None:
    """Make `heir`'s what is still to be said about somebody to others, and which alerts about them were given.

    What was said is removed by `forget`, and so is what they wrote themselves. An alert that gets lost is never made up
    for.
    """
    about = _names(notices.c.payload, user_id) & ~written_by(user_id)
    unsaid = (notices.c.user_id != user_id) & notices.c.done_at.is_(None) & about
    for row in tx.execute(select(notices.c.id, notices.c.payload).where(unsaid)).all():
        statement = update(notices).where(notices.c.id == row.id)
        tx.execute(statement.values(payload=_nameless(row.payload, heir)))
    given = facts.c.name.startswith("alert:") & _names(facts.c.value, user_id)
    for row in tx.execute(select(facts.c.name, facts.c.value).where(given)).all():
        statement = update(facts).where(facts.c.name == row.name)
        tx.execute(statement.values(value=_nameless(row.value, heir)))


def _nameless(said: Mapping[str, Any], heir: int) -> dict[str, Any]:
    return {**said, "user": str(heir)} | ({"name": ""} if "name" in said else {})


def forget(tx: Transaction, user_id: int, heir: int, *, told: Collection[str]) -> None:
    """Remove what nobody needs any more, and the person; what they did as an admin was done by `heir`.

    Of what is still to be said to them, what is of the kinds `told` to customers; an admin's alerts stay.
    """
    for table, where in (
        (favourites, favourites.c.user_id == user_id),
        (presets, presets.c.user_id == user_id),
        (fsm, fsm.c.key.contains(f":{user_id}:", autoescape=True)),
        (invite_codes, invite_codes.c.user_id == user_id),
        (notices, (notices.c.user_id == user_id) & (notices.c.done_at.is_not(None) | notices.c.kind.in_(sorted(told)))),
        (notices, _names(notices.c.payload, user_id)),
        (notices, (notices.c.kind == "audit") & notices.c.done_at.is_not(None)),  # may name anybody
        (facts, _names(facts.c.value, user_id)),
        (updates, updates.c.user_id == user_id),
        (long_texts, long_texts.c.user_id == user_id),
        (users, users.c.id == user_id),
    ):
        tx.execute(delete(table).where(where))
    for column in (
        ledger.c.actor_id, type_mappings.c.mapped_by, margins.c.set_by, coupons.c.created_by, top_ups.c.decided_by,
        payments.c.refund_by, orders.c.settled_by, evidence.c.actor_id,
    ):  # fmt: skip
        tx.execute(update(column.table).where(column == user_id).values({column: heir}))
    mine, theirs = f"manual:{user_id}:", f"manual:{heir}:"
    tx.execute(
        update(ledger).where(ledger.c.key.startswith(mine)).values(key=func.replace(ledger.c.key, mine, theirs)),
    )


def rename_key(tx: Transaction, old: str, new: str) -> None:
    """Write another key to the entry that has the old one."""
    tx.execute(update(ledger).where(ledger.c.key == old).values(key=new))
