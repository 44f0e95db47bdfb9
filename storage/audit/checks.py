"""What has to agree in the books: each check once, what a row must say and what it or its entries
do say.

That the accounts add up to nothing needs no check: each entry takes from one what it gives to
another.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Numeric,
    Subquery,
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
from storage.audit.orders import came_to_nothing, orders_and_agreements, orders_and_entries
from storage.audit.sql import (
    Check,
    Number,
    Subject,
    about,
    count_of,
    if_,
    is_rightly_keyed,
    known,
    moves,
    owner_of,
    sum_of,
    touches,
)
from storage.enums import InvoiceState, Method, PaymentState, TopUpState
from storage.queries.facts import Fact
from storage.queries.ledger_keys import LedgerSubject
from storage.queries.wallet import Account
from storage.schema.messages import facts
from storage.schema.orders import orders
from storage.schema.payments import coupon_uses, coupons, invitations, invoices, payments, top_ups
from storage.schema.wallets import ledger, wallets

_HOLD, _SALES, _WALLET, _BONUS, _MANUAL = (
    Account.HOLD,
    Account.SALES,
    Account.WALLET,
    Account.BONUS,
    Account.MANUAL,
)
_PROVIDER, _CORRECTION = Account.PROVIDER, Account.CORRECTION
_MOST_PERCENT = 50  # that a share can be
_OF_ORDERS = (_HOLD, _SALES, _PROVIDER)
_OF_PAYMENTS = (Account.STARS, Account.CRYPTO)
_SUBJECTS_OF_PAYMENTS = (
    LedgerSubject.PAYMENT,
    LedgerSubject.PAYBACK,
    LedgerSubject.PAYBACK_FAILED,
    LedgerSubject.CHARGEBACK,
)


def _ways() -> ColumnElement[bool]:
    """Return which entries lead where money goes, and are about what leads there: a new way or
    subject is added here.
    """
    order = ledger.c.order_id
    by_payments = [
        way
        for outside in _OF_PAYMENTS
        for way in (
            (outside, _WALLET, [about(LedgerSubject.PAYMENT), about(LedgerSubject.PAYBACK_FAILED)]),
            (_WALLET, outside, [about(LedgerSubject.PAYBACK), about(LedgerSubject.CHARGEBACK)]),
        )
    ]
    ways = [
        (_WALLET, _HOLD, [about(LedgerSubject.HOLD, order)]),
        (_HOLD, _SALES, [about(LedgerSubject.RELEASE, order)]),
        (_HOLD, _WALLET, [about(LedgerSubject.RELEASE, order)]),
        (_SALES, _WALLET, [about(LedgerSubject.REFUND, order)]),
        (_WALLET, _SALES, [about(LedgerSubject.TAKEBACK, order)]),
        (_SALES, _PROVIDER, [about(LedgerSubject.COST, order)]),
        (_PROVIDER, _SALES, [about(LedgerSubject.COST, order)]),
        *by_payments,
        (_MANUAL, _WALLET, [about(LedgerSubject.MANUAL), about(LedgerSubject.TOPUP)]),
        (_WALLET, _MANUAL, [about(LedgerSubject.MANUAL)]),
        (
            _BONUS,
            _WALLET,
            [
                about(LedgerSubject.WELCOME),
                about(LedgerSubject.COUPON),
                about(LedgerSubject.INVITE),
            ],
        ),
        (_WALLET, _BONUS, [about(LedgerSubject.INVITE_BACK)]),
        (_CORRECTION, _WALLET, [about(LedgerSubject.CORRECTION)]),
        (_WALLET, _CORRECTION, [about(LedgerSubject.CORRECTION)]),
    ]
    led = or_(*(and_(moves(source, target), or_(*subjects)) for source, target, subjects in ways))
    return and_(led, is_rightly_keyed())


def subjects() -> tuple[Subject, ...]:
    """List everything that is checked."""
    return (
        _wallets(),
        _owners(),
        orders_and_entries(),
        orders_and_agreements(),
        _entries(),
        _payments(),
        _paid_invoices(),
        _invoices(),
        _top_ups(),
        _coupon_uses(),
        _coupons(),
        _inviters(),
        _invitations(),
    )


def _wallets() -> Subject:
    owner = owner_of(ledger.c.user_id)
    entries = (
        select(
            owner.label("user_id"),
            (sum_of(ledger.c.target == _WALLET) - sum_of(ledger.c.source == _WALLET)).label(
                "balance"
            ),
            sum_of(about(LedgerSubject.CHARGEBACK)).label("chargebacks"),
            count_of(about(LedgerSubject.WELCOME)).label("welcomes"),
        )
        .where(touches([_WALLET]))
        .group_by(owner)
        .subquery()
    )
    balance, chargebacks = known(entries.c.balance), known(entries.c.chargebacks)
    welcomes = known(entries.c.welcomes)
    of = _whole_wallets()
    return Subject(
        "wallet",
        of.outerjoin(entries, entries.c.user_id == of.c.user_id),
        of.c.user_id,
        of.c.user_id,
        (
            Check(
                "balance", "holds {found}, its entries add up to {expected}", balance, of.c.balance
            ),
            Check(
                "chargebacks",
                "says that {found} was charged back, its entries {expected}",
                chargebacks,
                of.c.chargebacks,
            ),
            Check(
                "debt",
                "is below zero by {found} more than chargebacks explain",
                literal(0),
                if_(of.c.balance + chargebacks < 0, -of.c.balance - chargebacks),
            ),
            Check(
                "welcome",
                "was given {found} welcome gifts, and {expected} is one",
                if_(welcomes > 1, 1, welcomes),
                welcomes,
                money=False,
            ),
        ),
    )


def _whole_wallets() -> Subquery:
    """Of who is being erased, money may come into a wallet of their own when the heir has theirs
    already.
    """
    owner, of = owner_of(wallets.c.user_id), wallets.c
    sums = [func.sum(column).label(column.name) for column in (of.balance, of.chargebacks)]
    return select(owner.label("user_id"), *sums).group_by(owner).subquery()


def _owners() -> Subject:
    """People who have entries of a wallet, and no wallet."""
    owners = (
        select(owner_of(ledger.c.user_id).label("user_id"))
        .where(touches([_WALLET]))
        .distinct()
        .subquery()
    )
    of = _whole_wallets()
    return Subject(
        "user",
        owners.outerjoin(of, of.c.user_id == owners.c.user_id),
        owners.c.user_id,
        owners.c.user_id,
        (
            Check(
                "wallet",
                "has entries and no wallet",
                literal(1),
                if_(of.c.user_id.is_not(None), 1),
                money=False,
            ),
        ),
    )


def _entries() -> Subject:
    """Entries by themselves: they lead where money goes, and are about something of the same
    person's.
    """
    mine = ledger.c
    method = case((mine.source == _WALLET, mine.target), else_=mine.source)

    def belongs(table: Any, *, to: Number, **same: Number) -> Number:
        ours = [table.c[name] == column for name, column in same.items()]
        return exists().where(
            table.c.id == to, owner_of(table.c.user_id) == owner_of(mine.user_id), *ours
        )

    one = literal(1)
    return Subject(
        "entry",
        ledger,
        mine.id,
        mine.user_id,
        (
            Check(
                "way",
                "leads where no money goes, or is of no known kind",
                one,
                if_(_ways(), 1),
                money=False,
            ),
            Check(
                "order",
                "is about no order of theirs",
                one,
                if_(not_(touches(_OF_ORDERS)), 1, if_(belongs(orders, to=mine.order_id), 1)),
                money=False,
            ),
            Check(
                "payment",
                "is about no payment of theirs",
                one,
                if_(
                    not_(touches(_OF_PAYMENTS)),
                    1,
                    if_(
                        belongs(payments, to=mine.subject_id, method=method) & _about_payments(), 1
                    ),
                ),
                money=False,
            ),
            Check(
                "top_up",
                "is about no top-up of theirs",
                one,
                if_(
                    not_(about(LedgerSubject.TOPUP)),
                    1,
                    if_(belongs(top_ups, to=mine.subject_id), 1),
                ),
                money=False,
            ),
            Check(
                "coupon",
                "is about no use of a coupon by them",
                one,
                if_(
                    not_(about(LedgerSubject.COUPON)),
                    1,
                    if_(belongs(coupon_uses, to=mine.subject_id), 1),
                ),
                money=False,
            ),
        ),
    )


def _about_payments() -> ColumnElement[bool]:
    return ledger.c.subject.in_(_SUBJECTS_OF_PAYMENTS)


def _payments() -> Subject:
    entries = (
        select(
            ledger.c.subject_id.label("payment_id"),
            sum_of(about(LedgerSubject.PAYMENT)).label("credited"),
            (
                sum_of(about(LedgerSubject.PAYBACK)) - sum_of(about(LedgerSubject.PAYBACK_FAILED))
            ).label("paid_back"),
            sum_of(about(LedgerSubject.CHARGEBACK)).label("charged_back"),
            count_of(about(LedgerSubject.PAYBACK)).label("asked"),
            count_of(about(LedgerSubject.PAYBACK_FAILED)).label("refused"),
        )
        .where(touches(_OF_PAYMENTS))
        .group_by(ledger.c.subject_id)
        .subquery()
    )
    of = payments.c
    given_back = of.state.in_([PaymentState.REFUNDING, PaymentState.REFUNDED])
    return Subject(
        "payment",
        payments.outerjoin(entries, entries.c.payment_id == of.id),
        of.id,
        of.user_id,
        (
            Check(
                "credited",
                "of {expected}, {found} was credited",
                of.amount,
                known(entries.c.credited),
            ),
            Check(
                "paid_back",
                "{found} was taken out to be given back, {expected} must be",
                if_(given_back, of.amount),
                known(entries.c.paid_back),
            ),
            Check(
                "charged_back",
                "{found} was taken out as charged back, {expected} must be",
                if_(of.state == PaymentState.CHARGED_BACK, of.amount),
                known(entries.c.charged_back),
            ),
            Check(
                "refunds",
                "was taken out {found} times to be given back, the payment says {expected}",
                of.refunds,
                known(entries.c.asked),
                money=False,
            ),
            Check(
                "refusals",
                "came back {found} times that could not be given back, the payment says {expected}",
                of.refunds - if_(given_back, 1),
                known(entries.c.refused),
                money=False,
            ),
        ),
    )


def _paid_invoices() -> Subject:
    """What was paid is what was asked for, and what Telegram's own statement says.

    Of what was paid since the statement was read last nothing can be said.
    """
    of, stated = payments.c, facts.c.name == Fact.STARS_STATED
    read, bot = (
        select(what).where(stated).scalar_subquery()
        for what in (facts.c.at, facts.c.value["bot"].as_integer())
    )
    as_asked = and_(
        invoices.c.method == of.method,
        func.coalesce(invoices.c.stars, -1) == func.coalesce(of.stars, -1),
    )
    as_paid = func.coalesce(invoices.c.currency, of.currency) == of.currency
    missing = and_(of.method == Method.STARS, of.stated.is_(None), of.bot_id == bot, of.at < read)
    return Subject(
        "payment",
        payments.outerjoin(invoices, invoices.c.id == of.invoice_id),
        of.id,
        of.user_id,
        (
            Check(
                "invoice",
                "credits {found}, its invoice promised {expected}",
                if_(as_asked, invoices.c.amount, of.amount),
                of.amount,
            ),
            Check(
                "statement",
                "is not in Telegram's statement",
                literal(1),
                if_(missing, 0, 1),
                money=False,
            ),
            Check(
                "stars",
                "says that {found} Stars were paid, Telegram's statement says {expected}",
                func.coalesce(of.stated, of.stars, 0),
                func.coalesce(of.stars, 0),
                money=False,
            ),
            Check(
                "currency",
                "is not in its invoice's currency, or not in that of wallets",
                literal(1),
                if_(and_(as_paid, in_wallets_currency(of.currency)), 1),
                money=False,
            ),
        ),
    )


def _invoices() -> Subject:
    of = invoices.c
    came = exists().where(payments.c.invoice_id == of.id)
    return Subject(
        "invoice",
        invoices,
        of.id,
        of.user_id,
        (
            Check(
                "paid",
                "is paid without a payment, or the reverse",
                if_(came, 1),
                if_(of.state == InvoiceState.PAID, 1),
                money=False,
            ),
            _currency(of.currency),
        ),
    )


def _top_ups() -> Subject:
    of = top_ups.c
    entries = _credited(LedgerSubject.TOPUP, _MANUAL)
    return Subject(
        "top-up",
        top_ups.outerjoin(entries, entries.c.subject_id == of.id),
        of.id,
        of.user_id,
        (
            Check(
                "credited",
                "{found} was credited, {expected} was approved",
                if_(of.state == TopUpState.APPROVED, of.amount),
                known(entries.c.amount),
            ),
            _currency(of.currency),
        ),
    )


def _credited(subject: LedgerSubject, source: Account) -> Subquery:
    """Return what came into wallets from there, by the number of what it is about."""
    return (
        select(ledger.c.subject_id, func.sum(ledger.c.amount).label("amount"))
        .where(about(subject), moves(source, _WALLET))
        .group_by(ledger.c.subject_id)
        .subquery()
    )


def _currency(column: Number) -> Check:
    return Check(
        "currency",
        "is not in the currency of wallets",
        literal(1),
        if_(in_wallets_currency(column), 1),
        money=False,
    )


def _coupon_uses() -> Subject:
    of = coupon_uses.c
    entries = _credited(LedgerSubject.COUPON, _BONUS)
    source = (
        coupon_uses.outerjoin(entries, entries.c.subject_id == of.id)
        .outerjoin(coupons, coupons.c.id == of.coupon_id)
        .outerjoin(orders, orders.c.id == of.order_id)
    )
    return Subject(
        "use of a coupon",
        source,
        of.id,
        of.user_id,
        (
            Check(
                "credited",
                "{found} was credited, {expected} was promised",
                if_(of.order_id.is_(None), of.amount),
                known(entries.c.amount),
            ),
            Check("worth", "gave {found}, its coupon gives {expected}", _worth(), of.amount),
            Check(
                "returned",
                "was returned, and its order did not come to nothing",
                literal(1),
                if_(
                    or_(
                        of.returned_at.is_(None), and_(of.order_id.is_not(None), came_to_nothing())
                    ),
                    1,
                ),
                money=False,
            ),
        ),
    )


def _worth() -> Number:
    """Return what a use was worth: the coupon's amount, or at most its percentage of what the order
    would have cost.
    """
    use, coupon = coupon_uses.c, coupons.c
    most = cast(
        cast(coupon.percent, Numeric) * (orders.c.price + orders.c.discount) / 100, BigInteger
    )
    at_most = case((coupon.most < most, coupon.most), else_=most)
    return case(
        (use.order_id.is_(None), func.coalesce(coupon.amount, 0)),
        (coupon.percent.is_(None), 0),
        (use.amount > at_most, at_most),
        else_=use.amount,
    )


def _coupons() -> Subject:
    uses = (
        select(coupon_uses.c.coupon_id, func.count().label("uses"))
        .where(coupon_uses.c.returned_at.is_(None))
        .group_by(coupon_uses.c.coupon_id)
        .subquery()
    )
    return Subject(
        "coupon",
        coupons.outerjoin(uses, uses.c.coupon_id == coupons.c.id),
        coupons.c.id,
        coupons.c.created_by,
        (
            Check(
                "used",
                "counts {found} uses, there are {expected}",
                known(uses.c.uses),
                coupons.c.used,
                money=False,
            ),
        ),
    )


def _got() -> Number:
    """Return what an entry about invitations adds to what somebody has of them."""
    return case((about(LedgerSubject.INVITE), ledger.c.amount), else_=-ledger.c.amount)


def _inviters() -> Subject:
    """What people earned by invitations, one person's together: entries do not say for whom each
    was.
    """
    earned = (
        select(
            owner_of(invitations.c.inviter_id).label("user_id"),
            invitations.c.earned.label("earned"),
            literal(0).label("got"),
        )
        .union_all(
            select(owner_of(ledger.c.user_id), literal(0), _got()).where(
                or_(about(LedgerSubject.INVITE), about(LedgerSubject.INVITE_BACK))
            )
        )
        .subquery()
    )
    total = (
        select(
            earned.c.user_id,
            func.sum(earned.c.earned).label("earned"),
            func.sum(earned.c.got).label("got"),
        )
        .group_by(earned.c.user_id)
        .subquery()
    )
    return Subject(
        "inviter",
        total,
        total.c.user_id,
        total.c.user_id,
        (
            Check(
                "earned",
                "got {found} for invitations, which say {expected}",
                total.c.earned,
                total.c.got,
            ),
        ),
    )


def _invitations() -> Subject:
    """What was counted is no more than was spent at all, and the inviter has no more of it than a
    share can be.

    Each share, and what is taken back of one, is rounded by less than a millionth.
    """
    of = invitations.c
    customer = owner_of(orders.c.user_id)
    spent = (
        select(customer.label("user_id"), func.sum(orders.c.price).label("spent"))
        .group_by(customer)
        .subquery()
    )
    all_spent, most = known(spent.c.spent), (of.counted * _MOST_PERCENT + 99) / 100 + of.shares
    source = invitations.outerjoin(spent, spent.c.user_id == owner_of(of.invited_id))
    return Subject(
        "invitation",
        source,
        of.invited_id,
        of.inviter_id,
        (
            Check(
                "counted",
                "has {found} of spending counted, {expected} was spent",
                if_(of.counted > all_spent, all_spent, of.counted),
                of.counted,
            ),
            Check(
                "share",
                "has brought {found}, its spending is worth {expected}",
                if_(of.earned > most, cast(most, BigInteger), of.earned),
                of.earned,
            ),
        ),
    )
