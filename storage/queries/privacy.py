"""Statements about everything that is kept about one person, to give it to them.

Its end is in storage.queries.erasing.

A test walks the tables and makes sure that each column that is somebody's is named here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, or_, select

from storage.engine import Transaction
from storage.schema.catalogue import favourites
from storage.schema.customers import users
from storage.schema.messages import notices
from storage.schema.orders import (
    drafts,
    mass_lines,
    mass_orders,
    order_events,
    order_parts,
    orders,
    presets,
    request_lists,
    requests,
)
from storage.schema.payments import (
    coupon_uses,
    invitations,
    invite_codes,
    invoices,
    payments,
    top_ups,
)
from storage.schema.wallets import ledger, wallets

_PAGE = 500
# Whose the rows are is said by one of these: a column of the person's id, or one of a thing that is
# theirs.
_OF_ORDER, _OF_MASS, _OF_EITHER = "order_id", "mass_id", "inviter_id"
_OWNERS: Mapping[str, Table] = {_OF_ORDER: orders, _OF_MASS: mass_orders}
_OWNERS_IN_A_PAGE: Mapping[str, int] = {_OF_ORDER: 100, _OF_MASS: 5}

# What somebody is given of each table: not what the provider costs us, nor what only the workers
# need.
GIVEN: Mapping[Table, tuple[str, tuple[str, ...]]] = {
    users: (
        "id",
        (
            "id",
            "first_name",
            "username",
            "language",
            "created_at",
            "gone_at",
            "pushes",
            "digest_hour",
            "quiet_from",
            "quiet_until",
            "utc_offset",
            "coupon_id",
        ),
    ),
    orders: (
        "user_id",
        (
            "id",
            "draft_id",
            "service_id",
            "service_name",
            "service_category",
            "service_type",
            "fields",
            "link",
            "quantity",
            "price",
            "refunded",
            "discount",
            "currency",
            "billing",
            "state",
            "provider_order_id",
            "status_text",
            "start_count",
            "remains",
            "runs",
            "posts",
            "mass_id",
            "card_message_id",
            "created_at",
            "submitted_at",
            "started_at",
            "changed_at",
            "finished_at",
        ),
    ),
    order_events: (_OF_ORDER, ("order_id", "state", "at")),
    order_parts: (
        _OF_ORDER,
        (
            "order_id",
            "number",
            "provider_order_id",
            "state",
            "status_text",
            "start_count",
            "remains",
            "first_seen_at",
            "changed_at",
        ),
    ),
    requests: (
        "user_id",
        (
            "id",
            "order_id",
            "list_id",
            "kind",
            "state",
            "provider_refill_id",
            "status_text",
            "created_at",
            "sent_at",
            "changed_at",
            "ended_at",
        ),
    ),
    request_lists: ("user_id", ("id", "kind", "items", "message_id", "created_at")),
    drafts: (
        "user_id",
        ("id", "service_id", "fields", "quote", "created_at", "closed_at", "replaces"),
    ),
    mass_orders: (
        "user_id",
        (
            "id",
            "state",
            "message_id",
            "created_at",
            "confirmed_at",
            "placed_at",
            "told_at",
        ),
    ),
    mass_lines: (
        _OF_MASS,
        (
            "mass_id",
            "number",
            "text",
            "service_id",
            "fields",
            "quantity",
            "price",
            "was",
            "problem",
            "order_id",
        ),
    ),
    favourites: ("user_id", ("service_id", "created_at")),
    presets: ("user_id", ("id", "service_id", "name", "fields", "created_at")),
    wallets: ("user_id", ("balance", "chargebacks")),
    ledger: ("user_id", ("id", "source", "target", "amount", "order_id", "reason", "at")),
    invoices: (
        "user_id",
        (
            "id",
            "method",
            "amount",
            "currency",
            "stars",
            "draft_id",
            "state",
            "external_id",
            "pay_url",
            "created_at",
            "expires_at",
            "paid_at",
            "checkouts",
            "checked_out_at",
        ),
    ),
    payments: (
        "user_id",
        (
            "id",
            "invoice_id",
            "method",
            "charge_id",
            "amount",
            "currency",
            "stars",
            "paid",
            "asset",
            "state",
            "at",
            "refund_asked_at",
            "refunded_at",
        ),
    ),
    top_ups: ("user_id", ("id", "amount", "currency", "state", "created_at", "decided_at")),
    coupon_uses: ("user_id", ("id", "coupon_id", "order_id", "amount", "at", "returned_at")),
    invite_codes: ("user_id", ("code",)),
    invitations: (_OF_EITHER, ("at", "earned")),
}


@dataclass(frozen=True, slots=True)
class Page:
    """Some of somebody's rows.

    The next ones come `after` that number; None: these were the last.
    """

    rows: list[dict[str, Any]]
    after: int | None


def page_of(tx: Transaction, table: Table, user_id: int, after: int | None) -> Page:
    """Return a page of somebody's rows of a table of GIVEN: each is a read of its own, so none is
    long.

    They come by their number; rows of a thing that is theirs come by that thing's.
    """
    owner, columns = GIVEN[table]
    if owner in _OWNERS:
        return _page_of_owned(tx, table, user_id, after)
    key = list(table.primary_key)[-1]
    statement = select(key.label("page_key"), *(table.c[name] for name in columns)).where(
        _theirs(table, owner, user_id),
    )
    if after is not None:
        statement = statement.where(key > after)
    found = tx.execute(statement.order_by(key).limit(_PAGE)).all()
    rows = [dict(zip(columns, row[1:], strict=True)) for row in found]
    return Page(rows, found[-1].page_key if len(found) == _PAGE else None)


def _page_of_owned(tx: Transaction, table: Table, user_id: int, after: int | None) -> Page:
    """Return the rows of some things of theirs, of each all: it has a few dozen at most, or some
    hundred lines.
    """
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
    """Return which notices are messages that somebody wrote to the admins."""
    return (
        (notices.c.kind == "support")
        & notices.c.order_id.is_(None)
        & (notices.c.about_user_id == user_id)
    )


def messages_of(tx: Transaction, user_id: int, after: int | None) -> Page:
    """Return a page of what somebody wrote to the admins, oldest first; each admin's copy of a
    message is a row.
    """
    statement = select(notices.c.id, notices.c.payload, notices.c.created_at).where(
        written_by(user_id)
    )
    if after is not None:
        statement = statement.where(notices.c.id > after)
    found = tx.execute(statement.order_by(notices.c.id).limit(_PAGE)).all()
    rows = [{"at": row.created_at, "text": row.payload["text"]} for row in found]
    return Page(rows, found[-1].id if len(found) == _PAGE else None)
