"""What each kind of notice carries, and how it may be said: a class for each Kind.

A class is stored as JSON in the outbox, and in the fact that remembers an alert. What was written
by an older version is read, too: a key that is missing there is empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import UnionType
from typing import Any, ClassVar, Self, TypeVar, get_args

from shop.outbox.kinds import Kind
from storage.enums import DONE, OrderState, RequestState

T = TypeVar("T")

_RESULTS = DONE | {OrderState.UNKNOWN, OrderState.FAILED}  # the last two because people must know
_REFUSED = frozenset({str(RequestState.REFUSED), "unsupported"})  # results of requests
_SPARSE = "sparse"


def sparse(default: T) -> T:
    """Return a field that is stored only where it is not `default`."""
    made: T = field(default=default, metadata={_SPARSE: True})
    return made


class _Stored:
    """Has fields that JSON can hold."""

    def to_json(self) -> dict[str, Any]:
        """Return what is stored."""
        found = {}
        for one in fields(self):  # type: ignore[arg-type]  # each subclass is a dataclass
            value = getattr(self, one.name)
            if one.metadata.get(_SPARSE) and value == one.default:
                continue
            if isinstance(value, tuple):
                value = [part.to_json() if isinstance(part, _Stored) else part for part in value]
            found[one.name] = value
        return found

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `to_json` returned, in this version or an older one; the rest is left out."""
        found = {}
        for one in fields(cls):  # type: ignore[arg-type]
            if one.name in stored:
                found[one.name] = _read(one.type, stored[one.name])
            elif one.default is one.default_factory:  # neither: both are MISSING
                found[one.name] = _read(one.type, None)
        return cls(**found)


def _read(kind: Any, value: Any) -> Any:
    if isinstance(kind, UnionType):  # with None
        return value
    if value is None:
        return kind()
    if kind in {int, str}:
        return kind(value)
    if isinstance(value, list):
        of = get_args(kind)[0]
        return tuple(of.from_json(one) if issubclass(of, _Stored) else one for one in value)
    return value


class Payload(_Stored):
    """What a notice of `kind` carries."""

    kind: ClassVar[Kind]
    # What only its own customer is told. Everything else is for admins, and stays when one of
    # them has themselves erased.
    for_customer: ClassVar[bool] = False
    # Everything else edits a message, which is silent, or is for admins, who are told at once.
    rings: ClassVar[bool] = False
    digested: ClassVar[bool] = False  # may be a line of its reader's day
    replies: ClassVar[bool] = False  # to the card of its order

    def __init_subclass__(cls) -> None:
        if "kind" in vars(cls):
            PAYLOADS[cls.kind] = cls

    @property
    def is_result(self) -> bool:
        """Whether it tells how something ended, or of money, to who wants to be told only that."""
        return True

    @property
    def is_answer(self) -> bool:
        """Whether it is the provider's no to what its reader has just asked for."""
        return False


PAYLOADS: dict[Kind, type[Payload]] = {}


def payload_of(kind: str, stored: Mapping[str, Any]) -> Payload:
    """Read what a notice of a kind carries. Raises ValueError for a kind that nobody knows."""
    return PAYLOADS[Kind(kind)].from_json(stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text(Payload):
    text: str


# What customers are told


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderNotice(Payload):
    """`refund` is what was given back, in millionths."""

    kind = Kind.ORDER
    for_customer = rings = digested = True
    state: str
    refund: int = 0

    @property
    def is_result(self) -> bool:
        """Whether it has ended or money came back; an order's other states are on the way."""
        return self.state in _RESULTS or self.refund > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CardNotice(Payload):
    kind = Kind.CARD
    for_customer = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditedNotice(Payload):
    kind = Kind.CREDITED
    for_customer = rings = True
    amount: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _RequestNotice(Payload):
    """`again`: when the next may be asked for, in seconds."""

    for_customer = rings = digested = replies = True
    result: str
    again: int | None = None

    @property
    def is_answer(self) -> bool:
        return self.result in _REFUSED


@dataclass(frozen=True, slots=True, kw_only=True)
class RefillNotice(_RequestNotice):
    """`counts`: the sum of a list of refills, by their states; it has no result of its own."""

    kind = Kind.REFILL
    result: str = sparse("")
    counts: dict[str, int] | None = sparse(None)  # noqa: RUF009 - a field

    def to_json(self) -> dict[str, Any]:
        return Payload.to_json(self) if self.counts is None else {"counts": self.counts}


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRequestNotice(_RequestNotice):
    kind = Kind.CANCEL_REQUEST


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsNotice(Payload):
    kind = Kind.REQUESTS
    for_customer = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MassNotice(Payload):
    kind = Kind.MASS
    for_customer = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MassDoneNotice(Payload):
    """`orders`: how many have ended in each state."""

    kind = Kind.MASS_DONE
    for_customer = rings = digested = True
    mass: int
    bad: int
    spent: int
    refunded: int
    orders: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToppedUpNotice(Payload):
    """`order` was started with it; `draft` could not be, and is asked again."""

    kind = Kind.TOPPED_UP
    for_customer = True
    amount: int
    method: str
    payment: int
    balance: int
    draft: int | None = sparse(None)
    order: int | None = sparse(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceNotice(Payload):
    """Without a `url` there is no invoice."""

    kind = Kind.INVOICE
    for_customer = True
    amount: int
    currency: str
    url: str
    draft: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidBackNotice(Payload):
    kind = Kind.PAID_BACK
    for_customer = True
    amount: int
    stars: int
    payment: int
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargedBackNotice(Payload):
    """`asked`: of how many orders the provider is asked to cancel."""

    kind = Kind.CHARGED_BACK
    for_customer = True
    amount: int
    stars: int
    payment: int
    balance: int
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUpDecidedNotice(Payload):
    kind = Kind.TOP_UP_DECIDED
    for_customer = True
    top_up: int
    amount: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnedNotice(Payload):
    kind = Kind.EARNED
    for_customer = rings = digested = True
    amount: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnedBackNotice(Payload):
    kind = Kind.EARNED_BACK
    for_customer = rings = digested = True
    amount: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementNotice(Payload):
    """`why` is an agreement.Waiting; `until` in seconds. `mass`: it stands for all its orders."""

    kind = Kind.AGREEMENT
    for_customer = rings = replies = True
    why: str
    until: int
    mass: int | None = sparse(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBackNotice(Payload):
    kind = Kind.TAKEN_BACK
    amount: int
    state: str


# What admins are told of one order


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownOrderNotice(Payload):
    kind = Kind.UNKNOWN_ORDER
    reason: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIdNotice(Payload):
    """`other`: the order that has the id; 0 where there is none any more."""

    kind = Kind.CONFLICT
    provider_order_id: str
    other: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundOrderNotice(Payload):
    kind = Kind.FOUND_ORDER
    provider_order_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LateAnswerNotice(Payload):
    kind = Kind.LATE_ANSWER
    provider_order_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedOrderNotice(Payload):
    kind = Kind.FAILED_ORDER


@dataclass(frozen=True, slots=True, kw_only=True)
class UnclearRefundNotice(Payload):
    """What the provider said; an alert from before knows nothing of it."""

    kind = Kind.UNCLEAR_REFUND
    status: str
    charge: str | None
    remains: int | None
    runs: int | None
    posts: int | None
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundStandsNotice(Payload):
    """`amount` was given back too much, in millionths."""

    kind = Kind.REFUND_STANDS
    amount: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeyondHoldNotice(Payload):
    kind = Kind.BEYOND_HOLD
    charged: str
    posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeCurrencyNotice(Payload):
    kind = Kind.CHARGE_CURRENCY
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckOrderNotice(Payload):
    """`why` is a recovery.AttentionReason; `since` in ISO form."""

    kind = Kind.STUCK_ORDER
    why: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedOrderNotice(Payload):
    """What the provider says of `id`; without a `status` it has said nothing of it.

    `evidence` is the row that keeps it; `other` is the order that has the id.
    """

    kind = Kind.CHECKED_ORDER
    id: str
    status: str | None = sparse(None)
    charge: str | None = None
    remains: int | None = None
    currency: str = ""
    fits: bool
    why: str
    other: int | None = sparse(None)
    said: str | None = sparse(None)
    evidence: int | None = sparse(None)

    def to_json(self) -> dict[str, Any]:
        found = Payload.to_json(self)
        if self.status is None:
            for name in ("charge", "remains", "currency"):
                del found[name]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginLeakNotice(Payload):
    """What an order brought and cost, in millionths, and the rule that set its price.

    `held`: its service is not sold until an admin has looked.
    """

    kind = Kind.MARGIN_LEAK
    cost: int
    paid: int
    discount: int
    scope: str
    name: str
    percent: str
    fixed: int
    minimum: int
    held: bool


# What admins are told of the provider


@dataclass(frozen=True, slots=True, kw_only=True)
class NoFundsNotice(_Text):
    kind = Kind.NO_FUNDS


@dataclass(frozen=True, slots=True, kw_only=True)
class BadKeyNotice(_Text):
    kind = Kind.BAD_KEY


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreachableNotice(_Text):
    kind = Kind.UNREACHABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusTextNotice(_Text):
    kind = Kind.STATUS_TEXT
    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingHeldNotice(Payload):
    """`why` is a brake.BrakeReason; `asked` says which question a button answers."""

    kind = Kind.SENDING_HELD
    why: str
    text: str
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalWordsNotice(_Text):
    kind = Kind.REFUSAL_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class LongWaitNotice(Payload):
    """In minutes: what the provider `asked` for, and what it gets."""

    kind = Kind.LONG_WAIT
    asked: int
    wait: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChangedNotice(Payload):
    kind = Kind.ACCOUNT_CHANGED
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyDiffersNotice(Payload):
    kind = Kind.CURRENCY_DIFFERS
    named: str
    provider: str
    shop: str
    asked: int
    house: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyOddNotice(_Text):
    kind = Kind.CURRENCY_ODD
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChange(_Stored):
    """A service whose rate is not believed yet."""

    id: int
    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesHeldNotice(Payload):
    """`services` are the newest of `count`."""

    kind = Kind.RATES_HELD
    count: int
    services: tuple[RateChange, ...]
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersAnewNotice(Payload):
    """`number` was given to order `other` at `when` (ISO form) before."""

    kind = Kind.NUMBERS_ANEW
    number: str
    other: int
    when: str
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceNotice(Payload):
    kind = Kind.BALANCE
    amount: str
    currency: str
    in_work: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceFailedNotice(_Text):
    kind = Kind.BALANCE_FAILED
    in_work: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceUnreadableNotice(_Text):
    kind = Kind.BALANCE_UNREADABLE
    in_work: int


# What admins are told of the catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadEntry(_Stored):
    """An entry of the catalogue that can't be read. `flaw` is a panel.Flaw."""

    flaw: str
    id: str
    name: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortCatalogueNotice(Payload):
    kind = Kind.SHORT_CATALOGUE
    listed: int
    known: int
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOutNotice(Payload):
    """How many entries and limits can't be read, and the first few."""

    kind = Kind.LEFT_OUT
    left_out: int
    limits: int
    lines: tuple[UnreadEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncedNotice(Payload):
    """What a look has found; the last three only where something can't be read."""

    kind = Kind.SYNCED
    listed: int
    added: int
    changed: int
    hidden: int
    left_out: int | None = sparse(None)
    limits: int | None = sparse(None)
    lines: tuple[UnreadEntry, ...] = sparse(())


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncFailedNotice(_Text):
    kind = Kind.SYNC_FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownTypeNotice(Payload):
    """`services` have the `label`; `service` is the first of them."""

    kind = Kind.UNKNOWN_TYPE
    label: str
    services: int
    service: int


# What admins are told of money


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargebackNotice(Payload):
    """`stopped` orders were taken back, and of `asked` the provider is asked to cancel them."""

    kind = Kind.CHARGEBACK
    user: int
    amount: int
    stopped: int
    asked: int
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundFailedNotice(Payload):
    kind = Kind.REFUND_FAILED
    user: str
    payment: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StrayPaymentNotice(Payload):
    kind = Kind.STRAY_PAYMENT
    user: str
    charge: str
    stars: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StarsDifferNotice(Payload):
    """In billionths of a Star."""

    kind = Kind.STARS_DIFFER
    total: int
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUpAskedNotice(Payload):
    kind = Kind.TOP_UP_ASKED
    top_up: int
    user: str
    name: str
    amount: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CryptoFailedNotice(_Text):
    kind = Kind.CRYPTO_FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class CryptoDiffersNotice(Payload):
    """What we had asked for, and what is said to be paid."""

    kind = Kind.CRYPTO_DIFFERS
    invoice: int
    user: str
    ours: str
    theirs: str
    payload: str
    paid: str | None
    asset: str | None
    charge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CryptoMissingNotice(Payload):
    kind = Kind.CRYPTO_MISSING
    invoice: int
    user: str
    external: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CryptoUnwatchedNotice(Payload):
    kind = Kind.CRYPTO_UNWATCHED
    invoices: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditNotice(Payload):
    """The `lines` may name people: they are in the messages, and not in the alert's fact."""

    kind = Kind.AUDIT
    count: int
    lines: tuple[str, ...] = sparse(())


# What else admins are told


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportNotice(_Text):
    kind = Kind.SUPPORT
    user: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupFailedNotice(_Text):
    kind = Kind.BACKUP_FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupDiffersNotice(_Text):
    kind = Kind.BACKUP_DIFFERS
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoredNotice(Payload):
    """`at`: when the backup was made, in seconds; None where nobody knows."""

    kind = Kind.RESTORED
    orders: int
    requests: int
    lines: int
    at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockAheadNotice(Payload):
    kind = Kind.CLOCK_AHEAD
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponGuessesNotice(Payload):
    kind = Kind.COUPON_GUESSES
    wrong: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOverNotice(Payload):
    """What an alert `of` a kind told of is over. `how`: each has its text in locales/."""

    kind = Kind.ALERT_OVER
    named: str | None = sparse(None)
    count: int | None = sparse(None)
    seconds: int | None = sparse(None)
    of: str
    how: str


# What only its own customer is told; what rings; what may be a line of a digest.
FOR_CUSTOMERS = frozenset(kind for kind, one in PAYLOADS.items() if one.for_customer)
PUSHED = frozenset(kind for kind, one in PAYLOADS.items() if one.rings)
DIGESTED = frozenset(kind for kind, one in PAYLOADS.items() if one.digested)
