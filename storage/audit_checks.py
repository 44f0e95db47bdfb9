"""What has to agree in the books: each check once, what a row must say and what it or its entries do say.

That the accounts add up to nothing needs no check: each entry takes from one what it gives to another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
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
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from storage.money_tables import coupon_uses, coupons, invitations, invoices, payments, top_ups
from storage.states import AT_PROVIDER, ENDED_AT_PROVIDER, WAITING, InvoiceState, OrderState, PaymentState, TopUpState
from storage.tables import ledger, order_events, order_parts, orders, wallets
from storage.wallet import Account

_HOLD, _SALES, _WALLET = Account.HOLD, Account.SALES, Account.WALLET
_OF_ORDERS = (_HOLD, _SALES, Account.PROVIDER)
_OF_PAYMENTS = (Account.STARS, Account.CRYPTO)
_WAYS = (
    (_WALLET, _HOLD), (_HOLD, _SALES), (_HOLD, _WALLET), (_SALES, _WALLET),
    (_SALES, Account.PROVIDER), (Account.PROVIDER, _SALES),
    (Account.STARS, _WALLET), (_WALLET, Account.STARS), (Account.CRYPTO, _WALLET), (_WALLET, Account.CRYPTO),
    (Account.MANUAL, _WALLET), (_WALLET, Account.MANUAL), (Account.BONUS, _WALLET), (_WALLET, Account.BONUS),
    (Account.CORRECTION, _WALLET), (_WALLET, Account.CORRECTION),
)  # fmt: skip

Number = ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Check:
    """`sentence` names what was found and what was expected: `{found}`, `{expected}`; millionths where `money`."""

    name: str
    sentence: str
    expected: Number
    found: Number
    money: bool = True


@dataclass(frozen=True, slots=True)
class Subject:
    """Rows that are looked at, each by all of its checks at once. `user` is whose they are."""

    name: str
    source: FromClause
    id: Number
    user: Number
    checks: Sequence[Check]


def subjects() -> tuple[Subject, ...]:
    """List everything that is checked."""
    return (
        _wallets(), _owners(), _orders(), _entries(), _payments(), _invoices(), _top_ups(), _coupon_uses(), _coupons(),
        _inviters(),
    )  # fmt: skip


class _number_in(FunctionElement[int]):  # noqa: N801 - it is written like a function of SQL
    """The first number in an entry's key: of the payment, the use or the top-up that it is about."""

    type = BigInteger()
    inherit_cache = True


@compiles(_number_in)
def _number_in_postgresql(element: Any, compiler: Any, **how: Any) -> str:
    return f"CAST(substring({compiler.process(element.clauses, **how)} FROM '^[a-z-]+:([0-9]{{1,18}})') AS BIGINT)"


@compiles(_number_in, "sqlite")
def _number_in_sqlite(element: Any, compiler: Any, **how: Any) -> str:
    key = compiler.process(element.clauses, **how)
    return f"CAST(substr({key}, instr({key}, ':') + 1) AS INTEGER)"


def _touches(accounts: Iterable[Account]) -> ColumnElement[bool]:
    return or_(ledger.c.source.in_(accounts), ledger.c.target.in_(accounts))


def _is(source: Account, target: Account) -> ColumnElement[bool]:
    return and_(ledger.c.source == source, ledger.c.target == target)


def _keyed(prefix: str) -> ColumnElement[bool]:
    return ledger.c.key.startswith(f"{prefix}:", autoescape=True)


def _key(prefix: str, number: Number) -> Number:
    return literal(f"{prefix}:") + cast(number, String)


def _sum(where: ColumnElement[bool]) -> Number:
    return func.sum(case((where, ledger.c.amount), else_=0))


def _count(where: ColumnElement[bool]) -> Number:
    return func.sum(case((where, 1), else_=0))


def _if(where: ColumnElement[bool], then: Any, otherwise: Any = 0) -> Number:
    return case((where, then), else_=otherwise)


def _known(column: Number) -> Number:
    """Give 0 where an outer join has found nothing."""
    return func.coalesce(column, 0)


def _wallets() -> Subject:
    entries = (
        select(
            ledger.c.user_id,
            (_sum(ledger.c.target == _WALLET) - _sum(ledger.c.source == _WALLET)).label("balance"),
            _sum(_keyed("chargeback")).label("chargebacks"),
        )
        .where(_touches([_WALLET]))
        .group_by(ledger.c.user_id)
        .subquery()
    )
    balance, chargebacks = _known(entries.c.balance), _known(entries.c.chargebacks)
    return Subject(
        "wallet", wallets.outerjoin(entries, entries.c.user_id == wallets.c.user_id),
        wallets.c.user_id, wallets.c.user_id,
        (
            Check("balance", "holds {found}, its entries add up to {expected}", balance, wallets.c.balance),
            Check(
                "chargebacks", "says that {found} was charged back, its entries {expected}", chargebacks,
                wallets.c.chargebacks,
            ),
            Check(
                "debt", "is below zero by {found} more than chargebacks explain", literal(0),
                _if(wallets.c.balance + chargebacks < 0, -wallets.c.balance - chargebacks),
            ),
        ),
    )  # fmt: skip


def _owners() -> Subject:
    """People who have entries of a wallet, and no wallet."""
    owners = select(ledger.c.user_id).where(_touches([_WALLET])).distinct().subquery()
    return Subject(
        "user", owners.outerjoin(wallets, wallets.c.user_id == owners.c.user_id), owners.c.user_id, owners.c.user_id,
        (
            Check(
                "wallet", "has entries and no wallet", literal(1), _if(wallets.c.user_id.is_not(None), 1), money=False,
            ),
        ),
    )  # fmt: skip


def _orders() -> Subject:
    cost = or_(_is(_SALES, Account.PROVIDER), _is(Account.PROVIDER, _SALES))
    entries = (
        select(
            ledger.c.order_id,
            ledger.c.user_id,
            (_sum(ledger.c.target == _HOLD) - _sum(ledger.c.source == _HOLD)).label("held"),
            _sum(_is(_HOLD, _SALES)).label("sold"),
            _sum(_is(_HOLD, _WALLET)).label("released"),
            _sum(_is(_SALES, _WALLET)).label("refunded"),
            (_sum(_is(_SALES, Account.PROVIDER)) - _sum(_is(Account.PROVIDER, _SALES))).label("cost"),
            _count(cost).label("bookings"),
            func.count().label("entries"),
        )
        .where(ledger.c.order_id.is_not(None))
        .group_by(ledger.c.order_id, ledger.c.user_id)
        .subquery()
    )
    uses = select(coupon_uses.c.order_id, coupon_uses.c.amount).where(coupon_uses.c.order_id.is_not(None)).subquery()
    of = orders.c
    pays, waits = of.billing == "wallet", of.state.in_(sorted(WAITING))
    # Only an order that was never sent is canceled without an id.
    nothing = or_(
        of.state == OrderState.REJECTED, and_(of.state == OrderState.CANCELED, of.provider_order_id.is_(None))
    )
    went = not_(or_(waits, nothing))
    source = orders.outerjoin(entries, and_(entries.c.order_id == of.id, entries.c.user_id == of.user_id)).outerjoin(
        uses, uses.c.order_id == of.id
    )
    return Subject("order", source, of.id, of.user_id, (
        Check(
            "held", "{found} is held for it, {expected} must be", _if(pays & waits, of.price), _known(entries.c.held),
        ),
        Check("sold", "has earned {found}, and must {expected}", _if(pays & went, of.price), _known(entries.c.sold)),
        Check(
            "released", "was not carried out: {found} of {expected} came back from what was held",
            _if(pays & nothing, of.price), _known(entries.c.released),
        ),
        Check(
            "refunds", "entries give back {found}, the order says {expected}", _if(pays & went, of.refunded),
            _known(entries.c.refunded),
        ),
        Check("refunded", "gave back {found}, in its state it must be {expected}", _due(nothing, waits), of.refunded),
        Check(
            "cost", "entries book a cost of {found}, the order says {expected}", of.booked_cost,
            _known(entries.c.cost),
        ),
        Check(
            "bookings", "its cost took {found} entries, the order says {expected}", of.bookings,
            _known(entries.c.bookings), money=False,
        ),
        Check(
            "house", "is the house's own and has {found} entries", literal(0),
            _if(pays, 0, _known(entries.c.entries)), money=False,
        ),
        Check("discount", "coupons took off {found}, the order says {expected}", of.discount, _known(uses.c.amount)),
    ))  # fmt: skip


def _due(nothing: ColumnElement[bool], waits: ColumnElement[bool]) -> Number:
    """Say what an order must have given back, where its state says it; where it does not, whatever it has.

    An order may have reopened and keeps what it gave back; before its first end it gives nothing. What a partial one
    owes depends on the very answer that ended it.
    """
    of = orders.c
    in_parts = exists().where(order_parts.c.order_id == of.id)
    has_ended = exists().where(
        order_events.c.order_id == of.id, order_events.c.state.in_(sorted(ENDED_AT_PROVIDER)),
    )  # fmt: skip
    return case(
        (nothing, of.price),
        (waits, 0),
        (and_(of.state == OrderState.CANCELED, of.refunded < of.price, not_(in_parts)), of.price),
        (and_(of.state.in_(sorted(AT_PROVIDER)), of.refunded > 0, not_(has_ended)), 0),
        else_=of.refunded,
    )


def _entries() -> Subject:
    """Entries by themselves: they lead where money goes, and are about something of the same person's."""
    mine = ledger.c
    number = _number_in(mine.key)
    method = case((mine.source == _WALLET, mine.target), else_=mine.source)

    def belongs(table: Any, *, to: Number, **same: Number) -> Number:
        ours = [table.c[name] == column for name, column in same.items()]
        return exists().where(table.c.id == to, table.c.user_id == mine.user_id, *ours)

    one = literal(1)
    return Subject("entry", ledger, mine.id, mine.user_id, (
        Check(
            "way", "leads where no money goes", one, _if(or_(*(_is(*way) for way in _WAYS)), 1), money=False,
        ),
        Check(
            "order", "is about no order of theirs", one,
            _if(not_(_touches(_OF_ORDERS)), 1, _if(belongs(orders, to=mine.order_id), 1)), money=False,
        ),
        Check(
            "payment", "is about no payment of theirs", one,
            _if(
                not_(_touches(_OF_PAYMENTS)), 1,
                _if(belongs(payments, to=number, method=method) & _about_payments(), 1),
            ), money=False,
        ),
        Check(
            "top_up", "is about no top-up of theirs", one,
            _if(not_(_keyed("topup")), 1, _if(belongs(top_ups, to=number), 1)), money=False,
        ),
        Check(
            "coupon", "is about no use of a coupon by them", one,
            _if(not_(_keyed("coupon")), 1, _if(belongs(coupon_uses, to=number), 1)), money=False,
        ),
    ))  # fmt: skip


def _about_payments() -> ColumnElement[bool]:
    return or_(*map(_keyed, ("payment", "payback", "payback-failed", "chargeback")))


def _payments() -> Subject:
    entries = (
        select(
            _number_in(ledger.c.key).label("payment_id"),
            _sum(_keyed("payment")).label("credited"),
            (_sum(_keyed("payback")) - _sum(_keyed("payback-failed"))).label("paid_back"),
            _sum(_keyed("chargeback")).label("charged_back"),
            _count(_keyed("payback")).label("asked"),
            _count(_keyed("payback-failed")).label("refused"),
        )
        .where(_touches(_OF_PAYMENTS))
        .group_by(_number_in(ledger.c.key))
        .subquery()
    )
    of = payments.c
    given_back = of.state.in_([PaymentState.REFUNDING, PaymentState.REFUNDED])
    return Subject("payment", payments.outerjoin(entries, entries.c.payment_id == of.id), of.id, of.user_id, (
        Check("credited", "of {expected}, {found} was credited", of.amount, _known(entries.c.credited)),
        Check(
            "paid_back", "{found} was taken out to be given back, {expected} must be", _if(given_back, of.amount),
            _known(entries.c.paid_back),
        ),
        Check(
            "charged_back", "{found} was taken out as charged back, {expected} must be",
            _if(of.state == PaymentState.CHARGED_BACK, of.amount), _known(entries.c.charged_back),
        ),
        Check(
            "refunds", "was taken out {found} times to be given back, the payment says {expected}", of.refunds,
            _known(entries.c.asked), money=False,
        ),
        Check(
            "refusals", "came back {found} times that could not be given back, the payment says {expected}",
            of.refunds - _if(given_back, 1), _known(entries.c.refused), money=False,
        ),
    ))  # fmt: skip


def _invoices() -> Subject:
    of = invoices.c
    came = exists().where(payments.c.invoice_id == of.id)
    return Subject("invoice", invoices, of.id, of.user_id, (
        Check(
            "paid", "is paid without a payment, or the reverse", _if(came, 1), _if(of.state == InvoiceState.PAID, 1),
            money=False,
        ),
    ))  # fmt: skip


def _top_ups() -> Subject:
    of = top_ups.c
    credited = and_(ledger.c.key == _key("topup", of.id), _is(Account.MANUAL, _WALLET))
    return Subject("top-up", top_ups.outerjoin(ledger, credited), of.id, of.user_id, (
        Check(
            "credited", "{found} was credited, {expected} was approved",
            _if(of.state == TopUpState.APPROVED, of.amount), _known(ledger.c.amount),
        ),
    ))  # fmt: skip


def _coupon_uses() -> Subject:
    of = coupon_uses.c
    credited = and_(ledger.c.key == _key("coupon", of.id), _is(Account.BONUS, _WALLET))
    return Subject("use of a coupon", coupon_uses.outerjoin(ledger, credited), of.id, of.user_id, (
        Check(
            "credited", "{found} was credited, {expected} was promised", _if(of.order_id.is_(None), of.amount),
            _known(ledger.c.amount),
        ),
    ))  # fmt: skip


def _coupons() -> Subject:
    uses = (
        select(coupon_uses.c.coupon_id, func.count().label("uses"))
        .where(coupon_uses.c.returned_at.is_(None))
        .group_by(coupon_uses.c.coupon_id)
        .subquery()
    )
    return Subject(
        "coupon", coupons.outerjoin(uses, uses.c.coupon_id == coupons.c.id), coupons.c.id, coupons.c.created_by,
        (
            Check(
                "used", "counts {found} uses, there are {expected}", _known(uses.c.uses), coupons.c.used, money=False,
            ),
        ),
    )  # fmt: skip


def _got() -> Number:
    """Give what an entry about invitations adds to what somebody has of them."""
    return case((_keyed("invite"), ledger.c.amount), else_=-ledger.c.amount)


def _inviters() -> Subject:
    """What people earned by invitations, one person's together: entries do not say for whom each was."""
    earned = (
        select(invitations.c.inviter_id.label("user_id"), invitations.c.earned.label("earned"), literal(0).label("got"))
        .union_all(select(ledger.c.user_id, literal(0), _got()).where(or_(_keyed("invite"), _keyed("invite-back"))))
        .subquery()
    )
    total = (
        select(earned.c.user_id, func.sum(earned.c.earned).label("earned"), func.sum(earned.c.got).label("got"))
        .group_by(earned.c.user_id)
        .subquery()
    )
    return Subject("inviter", total, total.c.user_id, total.c.user_id, (
        Check("earned", "got {found} for invitations, which say {expected}", total.c.earned, total.c.got),
    ))  # fmt: skip
