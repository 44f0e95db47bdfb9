"""A person of whom there is something in every table, with a secret in every column that could tell
of them.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Boolean, Table, insert

from shop.outbox import Kind
from shop.outbox.writing import _alert_name
from storage import Database, Transaction
from storage.enums import (
    InvoiceState,
    MassState,
    Method,
    OrderState,
    PaymentState,
    RequestKind,
    RequestState,
    TopUpState,
)
from storage.queries.facts import named_user
from storage.schema.base import metadata
from storage.schema.catalogue import favourites, margins, type_mappings
from storage.schema.customers import users
from storage.schema.messages import facts, fsm, notices
from storage.schema.operations import evidence, long_texts, updates
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
    coupons,
    invitations,
    invite_codes,
    invoices,
    payments,
    top_ups,
)
from storage.schema.types import Answers, BoundedText, ExactDecimal, LongWords, UtcTime
from storage.schema.wallets import ledger, wallets
from tests.factories.entry_keys import entry_key
from tests.factories.stock import ANN, BOB, NOW

ZOE = 7_731_904_455  # beyond 32 bits, and found nowhere by accident
SECRET = "only-Zoe-wrote-this"

Row = dict[str, Any]


def _secret_row(table: Table, **given: Any) -> Row:
    """Fill every column that is not given: texts and JSON with the secret.

    What is given tells of nobody.
    """
    row: Row = {}
    for column in table.c:
        if column.name in given or (column.name == "id" and column.autoincrement is not False):
            continue
        if isinstance(column.type, BoundedText | LongWords):
            row[column.name] = SECRET
        elif isinstance(column.type, Answers | JSON):
            row[column.name] = {"text": SECRET, "quantity": 100}
        elif isinstance(column.type, UtcTime):
            row[column.name] = NOW
        elif isinstance(column.type, ExactDecimal):
            row[column.name] = Decimal("4.25")
        elif isinstance(column.type, Boolean):
            row[column.name] = False
        elif column.foreign_keys:
            raise AssertionError(f"say what {table}.{column.name} refers to")
        else:
            row[column.name] = 7
    return row | given


def _add(tx: Transaction, table: Table, **given: Any) -> int:
    if table is notices:  # no alert's
        given |= {"alert": None, "message_id": None}
    if table in (notices, facts):
        given |= {"about_user_id": named_user(given.get("payload", given.get("value")))}
    statement = insert(table).values(**_secret_row(table, **given))
    if "id" in table.c:
        return int(tx.execute(statement.returning(table.c.id)).scalar_one())
    tx.execute(statement)
    return 0


async def somebody(
    database: Database,
    person: int = ZOE,
    *,
    secret: str = SECRET,
    state: OrderState = OrderState.COMPLETED,
) -> int:
    """Put the person into every table; give the number of their order."""

    def transaction(tx):
        _add(tx, users, id=person, language="en", pushes="all", coupon_id=None, heir_id=None)
        draft = _add(tx, drafts, user_id=person, service_id=1)
        open_draft = _add(tx, drafts, user_id=person, service_id=1, closed_at=None)
        assert open_draft
        mass = _add(tx, mass_orders, user_id=person, state=MassState.PLACED)
        _add(tx, mass_orders, user_id=person, state=MassState.DRAFT, placed_at=None, told_at=None)
        order = _add(
            tx,
            orders,
            draft_id=draft,
            user_id=person,
            service_id=1,
            service_name="Service",
            service_category="Services",
            account="",
            service_type="default",
            quantity=100,
            price=2_000_000,
            refunded=500_000,
            currency="USD",
            billing="wallet",
            state=state,
            provider_order_id=f"p{person}"[:4] + str(draft),
            status_text="In progress",
            waiting="",
            mass_id=mass,
            finished_at=NOW,
            changed_at=NOW - timedelta(minutes=1),
            exchange=Decimal(1),
            discount=0,
            booked_cost=0,
            bookings=0,
            settled_by=person,
            lease_owner="a process",
        )
        _add(tx, evidence, order_id=order, kind="lost", actor_id=person)
        _add(tx, updates, id=draft, user_id=person, owner="a process")
        _add(tx, long_texts, user_id=person, state="open", more=True)
        _add(tx, order_events, order_id=order, state="pending")
        _add(
            tx,
            order_parts,
            order_id=order,
            provider_order_id="p1-1",
            state="completed",
            status_text="Done",
        )
        listed = _add(tx, request_lists, user_id=person, kind=RequestKind.REFILL)
        _add(
            tx,
            requests,
            order_id=order,
            user_id=person,
            list_id=listed,
            kind=RequestKind.REFILL,
            state=RequestState.COMPLETED,
            provider_refill_id="r1",
            status_text="Completed",
            meaning="",
            lease_owner="a process",
        )
        _add(tx, mass_lines, mass_id=mass, number=1, service_id=1, order_id=order)
        _add(tx, favourites, user_id=person, service_id=1)
        _add(tx, presets, user_id=person, service_id=1)
        _money(tx, person, order)
        _paid_in(tx, person, order)
        for kind in (Kind.ORDER, Kind.CREDITED):
            _add(tx, notices, user_id=person, kind=kind, order_id=order, done_at=None, outcome="")
        _of_admins(tx, person, order, secret)
        _add(tx, fsm, key=f"fsm:{person}:{person}:default", state="Asking:answer", user_id=person)
        return order

    return await database.write(transaction)


def _money(tx: Transaction, person: int, order: int) -> None:
    """Give 10, take 2 for the order, give 0.5 back."""
    for key, source, target, amount, reason in (
        (f"welcome:{person}", "bonus", "wallet", 9_000_000, "welcome"),
        (f"manual:9001:{person % 1000}", "manual", "wallet", 1_000_000, SECRET),
        (f"hold:{order}", "wallet", "hold", 2_000_000, "order"),
        (f"release:{order}", "hold", "sales", 2_000_000, "accepted"),
        (f"refund:{order}:0", "sales", "wallet", 500_000, "partial"),
    ):
        _add(
            tx,
            ledger,
            user_id=person,
            source=source,
            target=target,
            amount=amount,
            **entry_key(key).columns(),
            reason=reason,
            order_id=order if reason in {"order", "accepted", "partial"} else None,
            actor_id=None,
        )
    _add(tx, wallets, user_id=person, balance=8_500_000, chargebacks=0)


def _paid_in(tx: Transaction, person: int, order: int) -> None:
    """What they paid, asked for, used and gave away; the welcome gift was all of it that moved
    money.
    """
    invoice = _add(
        tx,
        invoices,
        user_id=person,
        method=Method.CRYPTO,
        currency="USD",
        state=InvoiceState.OPEN,
        external_id=f"x{order}",
    )
    _add(
        tx,
        payments,
        user_id=person,
        invoice_id=invoice,
        method=Method.CRYPTO,
        charge_id=f"crypto:x{order}",
        currency="USD",
        state=PaymentState.CREDITED,
        refund_by=person,
        paid=Decimal("6.5"),
    )
    _add(tx, top_ups, user_id=person, currency="USD", state=TopUpState.OPEN, decided_by=person)
    coupon = _add(tx, coupons, code=f"C{order}", percent=None, total=None, created_by=person)
    _add(tx, coupon_uses, coupon_id=coupon, user_id=person, person="salted", order_id=order)
    _add(tx, invite_codes, user_id=person, code=f"i{order}")
    _add(tx, invitations, inviter_id=person, invited_id=ANN if person == ZOE else BOB)
    _add(tx, margins, scope="service", about=str(order), percent=Decimal(5), set_by=person)


def _of_admins(tx: Transaction, person: int, order: int, secret: str) -> None:
    """What admins were told of them, and what they did as an admin themselves."""
    wrote = {"user": person, "name": secret, "text": secret}
    stray = {"user": str(person), "name": secret, "charge": "1-2-3", "stars": 5}
    alert = {"reason": secret, "evidence": secret}
    for done_at in (NOW, None):
        outcome = "" if done_at is None else "said"
        about = {"user_id": 9001, "done_at": done_at, "outcome": outcome}
        _add(tx, notices, kind=Kind.SUPPORT, order_id=None, payload=wrote, **about)
        _add(tx, notices, kind=Kind.UNKNOWN_ORDER, order_id=order, payload=alert, **about)
        _add(tx, notices, kind=Kind.STRAY_PAYMENT, order_id=None, payload=stray, **about)
    _add(tx, type_mappings, label=f"label {person}"[:7], type="default", mapped_by=person)
    _add(tx, facts, name=_alert_name(Kind.STRAY_PAYMENT, f"charge of {order}"), value=stray)
    _add(tx, facts, name=f"balance-request:{person}", value={})
    _add(tx, facts, name=f"sync-request:{person}", value={})


async def dump(database: Database) -> dict[str, list[Row]]:
    """Give every row of every table, through a connection of its own."""
    return await database.read(
        lambda tx: {
            table.name: [dict(row._mapping) for row in tx.execute(table.select())]
            for table in metadata.sorted_tables
        }
    )
