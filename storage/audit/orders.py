"""What has to agree about orders: with their entries, with what was agreed, and with what has
happened to them.
"""

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Numeric,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
)

from storage.audit.currency import in_wallets_currency
from storage.audit.sql import Check, Number, Subject, count_of, if_, known, moves, owner_of, sum_of
from storage.enums import AT_PROVIDER, ENDED_AT_PROVIDER, WAITING, OrderState
from storage.queries.statistics import comes_in_parts
from storage.queries.wallet import Account
from storage.schema.operations import evidence
from storage.schema.orders import drafts, mass_lines, order_events, order_parts, orders
from storage.schema.payments import coupon_uses
from storage.schema.wallets import ledger

_LARGEST = 10**15  # millionths; a charge beyond that is booked as that
_HOLD, _SALES, _WALLET = Account.HOLD, Account.SALES, Account.WALLET
_REFUND = "refund"  # shop.fulfilment.evidence.Sign
_SHORT = frozenset({OrderState.PARTIAL, OrderState.CANCELED, OrderState.REJECTED})


def orders_and_entries() -> Subject:
    cost = or_(moves(_SALES, Account.PROVIDER), moves(Account.PROVIDER, _SALES))
    owner = owner_of(ledger.c.user_id)
    entries = (
        select(
            ledger.c.order_id,
            owner.label("user_id"),
            (sum_of(ledger.c.target == _HOLD) - sum_of(ledger.c.source == _HOLD)).label("held"),
            sum_of(moves(_HOLD, _SALES)).label("sold"),
            sum_of(moves(_HOLD, _WALLET)).label("released"),
            (sum_of(moves(_SALES, _WALLET)) - sum_of(moves(_WALLET, _SALES))).label("refunded"),
            (
                sum_of(moves(_SALES, Account.PROVIDER)) - sum_of(moves(Account.PROVIDER, _SALES))
            ).label("cost"),
            count_of(cost).label("bookings"),
            func.count().label("entries"),
        )
        .where(ledger.c.order_id.is_not(None))
        .group_by(ledger.c.order_id, owner)
        .subquery()
    )
    uses = (
        select(coupon_uses.c.order_id, coupon_uses.c.amount)
        .where(coupon_uses.c.order_id.is_not(None))
        .subquery()
    )
    of = orders.c
    pays, waits = of.billing == "wallet", of.state.in_(sorted(WAITING))
    # Only an order that was never sent is canceled without an id.
    nothing = or_(
        of.state == OrderState.REJECTED,
        and_(of.state == OrderState.CANCELED, of.provider_order_id.is_(None)),
    )
    went = not_(or_(waits, nothing))
    source = orders.outerjoin(
        entries, and_(entries.c.order_id == of.id, entries.c.user_id == owner_of(of.user_id))
    ).outerjoin(uses, uses.c.order_id == of.id)
    return Subject(
        "order",
        source,
        of.id,
        of.user_id,
        (
            Check(
                "held",
                "{found} is held for it, {expected} must be",
                if_(pays & waits, of.price),
                known(entries.c.held),
            ),
            Check(
                "sold",
                "has earned {found}, and must {expected}",
                if_(pays & went, of.price),
                known(entries.c.sold),
            ),
            Check(
                "released",
                "was not carried out: {found} of {expected} came back from what was held",
                if_(pays & nothing, of.price),
                known(entries.c.released),
            ),
            Check(
                "refunds",
                "entries give back {found}, the order says {expected}",
                if_(pays & went, of.refunded),
                known(entries.c.refunded),
            ),
            Check(
                "refunded",
                "gave back {found}, in its state it must be {expected}",
                _due(nothing, waits),
                of.refunded,
            ),
            Check(
                "cost",
                "entries book a cost of {found}, the order says {expected}",
                of.booked_cost,
                known(entries.c.cost),
            ),
            Check(
                "bookings",
                "its cost took {found} entries, the order says {expected}",
                of.bookings,
                known(entries.c.bookings),
                money=False,
            ),
            Check(
                "house",
                "is the house's own and has {found} entries",
                literal(0),
                if_(pays, 0, known(entries.c.entries)),
                money=False,
            ),
            Check(
                "discount",
                "coupons took off {found}, the order says {expected}",
                of.discount,
                known(uses.c.amount),
            ),
            Check(
                "booked",
                "has a cost of {found} booked, its charge comes to {expected}",
                _charged(),
                of.booked_cost,
            ),
        ),
    )


def came_to_nothing() -> ColumnElement[bool]:
    """An order ended without a delivery once, and gave everything back; it may have gone on
    since.
    """
    of = orders.c
    gave = (
        select(func.coalesce(func.sum(ledger.c.amount), 0))
        .where(ledger.c.order_id == of.id, or_(moves(_SALES, _WALLET), moves(_HOLD, _WALLET)))
        .correlate(orders)
        .scalar_subquery()
    )
    short = exists().where(
        order_events.c.order_id == of.id, order_events.c.state.in_(sorted(_SHORT))
    )
    return and_(short, or_(of.refunded == of.price, gave >= of.price))


def orders_and_agreements() -> Subject:
    """What was confirmed, and by whom; and that what the order says is what has happened to it."""
    of = orders.c
    last = select(order_events.c.order_id, func.max(order_events.c.id).label("id")).group_by(
        order_events.c.order_id
    )
    lines = (
        select(mass_lines.c.order_id, mass_lines.c.price)
        .where(mass_lines.c.order_id.is_not(None))
        .subquery()
    )
    latest, event = last.subquery(), order_events.alias("event")
    source = (
        orders.join(drafts, drafts.c.id == of.draft_id)
        .outerjoin(lines, lines.c.order_id == of.id)
        .outerjoin(latest, latest.c.order_id == of.id)
        .outerjoin(event, event.c.id == latest.c.id)
    )
    # A form that was erased has no quote any more; a line of a mass order has none of its own.
    quoted = cast(drafts.c.quote["price"].as_string(), BigInteger)
    one, same = literal(1), owner_of(drafts.c.user_id) == owner_of(of.user_id)
    return Subject(
        "order",
        source,
        of.id,
        of.user_id,
        (
            Check(
                "price",
                "costs {found}, and {expected} was agreed",
                func.coalesce(lines.c.price, quoted, of.price),
                of.price,
            ),
            Check(
                "owner",
                "is not of whoever has confirmed it",
                one,
                if_(same, 1),
                money=False,
            ),
            Check(
                "state",
                "is where nothing that has happened has led it",
                one,
                if_(or_(event.c.state == of.state, event.c.id.is_(None)), 1),
                money=False,
            ),
            Check(
                "provider_id",
                "has an id of the provider's that nothing has given it",
                one,
                if_(or_(of.provider_order_id.is_(None), of.user_id < 0, _was_given_id()), 1),
                money=False,
            ),
            Check(
                "reason",
                "has given something back, and nothing has happened for which",
                one,
                if_(or_(of.refunded == 0, _may_give_back()), 1),
                money=False,
            ),
            Check(
                "currency",
                "is not in the currency of wallets",
                one,
                if_(or_(of.billing != "wallet", in_wallets_currency(of.currency)), 1),
                money=False,
            ),
        ),
    )


def _charged() -> Number:
    """Return what an order's charge comes to in its own currency, where some of it is booked;
    otherwise what is booked.

    Orders from before costs were booked have a charge and no booking.
    """
    of = orders.c
    charge = cast(of.charge, Numeric) * cast(of.exchange, Numeric) * 1_000_000
    cost = case((charge < 0, 0), else_=charge)
    # SQLite counts in floating point here; the books are rounded up.
    near = func.abs(cost - of.booked_cost) <= cost / 1_000_000_000 + 2
    as_booked = or_(
        of.bookings == 0, of.charge.is_(None), cost >= literal(_LARGEST, BigInteger), near
    )
    return if_(as_booked, of.booked_cost, cast(cost, BigInteger))


def _was_given_id() -> ColumnElement[bool]:
    """An event tells of each id that an order has got: accepted, found or checked `as` it, to the
    letter.
    """
    note = order_events.c.note + literal(" ")
    named = literal(" as ") + orders.c.provider_order_id + literal(" ")
    # LIKE would take `_` for any letter, and on SQLite `P` for `p`.
    given = func.replace(note, named, "") != note
    return exists().where(order_events.c.order_id == orders.c.id, given)


def _may_give_back() -> ColumnElement[bool]:
    """An order gives back what it has not delivered, once it ended short of it; one that comes in
    parts, at its end.
    """
    of = orders.c
    ended = and_(
        order_events.c.order_id == of.id, order_events.c.state.in_(sorted(ENDED_AT_PROVIDER))
    )
    in_parts = or_(comes_in_parts(), exists().where(order_parts.c.order_id == of.id))
    return or_(
        exists().where(order_events.c.order_id == of.id, order_events.c.state.in_(sorted(_SHORT))),
        and_(in_parts, exists().where(ended)),
        _was_decided(),
    )


def _was_decided() -> ColumnElement[bool]:
    """An admin has said what an order gives back."""
    return exists().where(evidence.c.order_id == orders.c.id, evidence.c.kind == _REFUND)


def _due(nothing: ColumnElement[bool], waits: ColumnElement[bool]) -> Number:
    """Return what an order must have given back, where its state says it; where it does not,
    whatever it has.

    An order may have reopened and keeps what it gave back; before its first end it gives nothing.
    What a partial one owes depends on the very answer that ended it, and so does a canceled one of
    which something was charged, or delivered, or that an admin was asked about.
    """
    of = orders.c
    in_parts = or_(
        exists().where(order_parts.c.order_id == of.id), of.runs.is_not(None), of.posts.is_not(None)
    )
    has_ended = exists().where(
        order_events.c.order_id == of.id,
        order_events.c.state.in_(sorted(ENDED_AT_PROVIDER)),
    )
    charged = func.trim(func.coalesce(cast(of.charge, String), "0"), "0.") != ""
    said = or_(
        charged,
        func.coalesce(of.remains, 0).between(1, of.quantity - 1),
        of.unclear_since.is_not(None),
    )
    gave_less = and_(
        of.refunded < of.price, of.settled_by.is_(None), not_(or_(in_parts, said, _was_decided()))
    )
    return case(
        (nothing, of.price),
        (waits, 0),
        (and_(of.state == OrderState.CANCELED, gave_less), of.price),
        (and_(of.state.in_(sorted(AT_PROVIDER)), of.refunded > 0, not_(has_ended)), 0),
        else_=of.refunded,
    )
