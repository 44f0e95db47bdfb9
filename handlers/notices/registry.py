"""Every kind of notice: what it carries, and how it is put into words.

The notifier decides how it reaches the chat; what edits a live message is drawn from what the
database knows, and has no words here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from handlers.admin.margins import views as margins_views
from handlers.admin.provider import views as provider_views
from handlers.admin.recovery import refund_views
from handlers.admin.recovery import views as recovery_views
from handlers.customer.bulk import views as mass_views
from handlers.customer.orders import aftercare_views, agreement_views
from handlers.customer.payments import views as payment_views
from handlers.customer.promotions import components
from handlers.customer.top_ups import method_views
from handlers.notices import views
from handlers.screens import Row, Screen, keyboard
from locales import Translator
from shop.outbox import Kind, Payload, payloads
from storage.rows import Notice, Order

P = TypeVar("P", bound=Payload)


@dataclass(frozen=True, slots=True)
class About:
    """What a notice is about, as it is now: its order, the shop's currency, its reader's wallet."""

    order: Order | None
    currency: str
    balance: int = 0


@dataclass(frozen=True, slots=True)
class Words(Generic[P]):
    """How a payload is put into words. `key`: its text, of which there is one."""

    payload: type[P]
    screen: Callable[[P, About, Translator], Screen] | None
    key: str = ""


def render(told: Payload, about: About, t: Translator) -> Screen:
    """Return what a notice says. Raises ValueError for a kind that only draws a live message."""
    words = REGISTRY[told.kind]
    if words.screen is None:
        raise ValueError(f"{told.kind} has no words")
    return words.screen(told, about, t)


def render_notice(notice: Notice, about: About, t: Translator) -> Screen:
    """Return what a row of the outbox says."""
    return render(REGISTRY[Kind(notice.kind)].payload.from_json(notice.payload), about, t)


def _live(payload: type[P]) -> Words[P]:
    """Return the line of a kind that edits a live message."""
    return Words(payload, None)


def _text(
    payload: type[P],
    key: str,
    values: Callable[[P, Order | None, Translator], Mapping[str, Any]],
    *,
    ways: Callable[[Order, Translator], list[Row]] | None = None,
) -> Words[P]:
    """Return the line of a kind with one text; `ways` lead on from it where its order is known."""

    def screen(told: P, about: About, t: Translator) -> Screen:
        text, order = t(key, **values(told, about.order, t)), about.order
        rows = ways(order, t) if ways is not None and order is not None else []
        return Screen(text, keyboard(*rows) if any(rows) else None)

    return Words(payload, screen, key)


def _of_order(payload: type[P], view: Callable[[P, Order | None, Translator], Screen]) -> Words[P]:
    return Words(payload, lambda told, about, t: view(told, about.order, t))


def _of_money(payload: type[P], view: Callable[[P, str, Translator], Screen]) -> Words[P]:
    return Words(payload, lambda told, about, t: view(told, about.currency, t))


def _plain(payload: type[P], view: Callable[[P, Translator], Screen]) -> Words[P]:
    return Words(payload, lambda told, _, t: view(told, t))


def _order(
    view: Callable[[P, Order, Translator], Screen],
) -> Callable[[P, Order | None, Translator], Screen]:
    """Return a view that can't do without its order."""

    def checked(told: P, order: Order | None, t: Translator) -> Screen:
        if order is None:
            raise ValueError(f"{told.kind} without its order")
        return view(told, order, t)

    return checked


def _unknown_type(told: payloads.UnknownTypeNotice, about: About, t: Translator) -> Screen:
    text = t("admin-unknown-type", **views.unknown_type(told, about.order, t))
    return Screen(text, keyboard(views.treat_as(told, t)))


def _margin_leak(told: payloads.MarginLeakNotice, about: About, t: Translator) -> Screen:
    text, order = t("admin-margin-leak", **margins_views.leak(told, about.order, t)), about.order
    if order is None:
        return Screen(text)
    rows = [margins_views.leak_button(order, t)]
    if told.held:
        text += "\n" + t("admin-service-held")
        rows.append(provider_views.sell_again_button(order.service_id, t))
    return Screen(text, keyboard(*rows))


def _verdict(order: Order, t: Translator) -> list[Row]:
    """Lead to what an admin's verdict may end."""
    return [recovery_views.alert_button(order, t)]


_LINES: tuple[Words[Any], ...] = (
    # to customers: orders
    _of_order(payloads.OrderNotice, _order(views.push)),
    _live(payloads.CardNotice),
    _of_order(payloads.RefillNotice, aftercare_views.push),
    _of_order(payloads.CancelRequestNotice, aftercare_views.push),
    _live(payloads.RequestsNotice),
    _live(payloads.MassNotice),
    _of_money(payloads.MassDoneNotice, mass_views.done),
    _of_order(payloads.AgreementNotice, _order(agreement_views.agreement)),
    _text(payloads.TakenBackNotice, "push-taken-back", refund_views.given_again),
    # to customers: money
    _of_money(payloads.CreditedNotice, views.credited),
    _of_money(payloads.ToppedUpNotice, payment_views.topped_up),
    _plain(payloads.InvoiceNotice, method_views.invoice),
    _of_money(payloads.PaidBackNotice, payment_views.paid_back),
    _of_money(payloads.ChargedBackNotice, payment_views.charged_back),
    Words(
        payloads.TopUpDecidedNotice,
        lambda told, about, t: method_views.decided(told, about.currency, about.balance, t),
    ),
    _text(payloads.EarnedNotice, "push-earned", components.earned),
    _text(payloads.EarnedBackNotice, "push-earned-back", components.earned),
    # to admins: an order
    _text(payloads.UnknownOrderNotice, "admin-unknown-order", views.of_order, ways=_verdict),
    _text(payloads.TakenIdNotice, "admin-conflict", views.of_order_and_texts, ways=_verdict),
    _text(payloads.FoundOrderNotice, "admin-found-order", views.of_order_and_texts),
    _text(payloads.LateAnswerNotice, "admin-late-answer", views.of_order_and_texts),
    _text(payloads.FailedOrderNotice, "admin-failed-order", views.of_order, ways=_verdict),
    _text(payloads.StuckOrderNotice, "admin-stuck-order", recovery_views.stuck, ways=_verdict),
    _of_order(payloads.CheckedOrderNotice, recovery_views.checked),
    _text(
        payloads.UnclearRefundNotice,
        "admin-unclear-refund",
        views.unclear_refund,
        ways=refund_views.unclear_buttons,
    ),
    _text(
        payloads.RefundStandsNotice,
        "admin-refund-stands",
        refund_views.stands,
        ways=refund_views.stands_buttons,
    ),
    _text(
        payloads.BeyondHoldNotice,
        "admin-beyond-hold",
        refund_views.beyond_hold,
        ways=refund_views.beyond_hold_buttons,
    ),
    _text(payloads.ChargeCurrencyNotice, "admin-charge-currency", views.charge_currency),
    Words(payloads.MarginLeakNotice, _margin_leak, "admin-margin-leak"),
    # to admins: the provider
    _text(payloads.NoFundsNotice, "admin-no-funds", views.texts),
    _text(payloads.BadKeyNotice, "admin-bad-key", views.texts),
    _text(payloads.UnreachableNotice, "admin-unreachable", views.texts),
    _text(payloads.StatusTextNotice, "admin-status-text", views.texts),
    _of_order(payloads.SendingHeldNotice, provider_views.held),
    _of_order(payloads.RefusalWordsNotice, provider_views.refusal_words),
    _plain(payloads.LongWaitNotice, provider_views.long_wait),
    _plain(payloads.AccountChangedNotice, provider_views.account_changed),
    _plain(payloads.CurrencyDiffersNotice, provider_views.currency),
    _plain(payloads.CurrencyOddNotice, provider_views.currency_odd),
    _plain(payloads.RatesHeldNotice, provider_views.rates),
    _of_order(payloads.NumbersAnewNotice, provider_views.numbers),
    _plain(payloads.AlertOverNotice, provider_views.over),
    _text(payloads.BalanceNotice, "admin-balance", views.balance),
    _text(payloads.BalanceFailedNotice, "admin-balance-failed", views.texts),
    _text(payloads.BalanceUnreadableNotice, "admin-balance-unreadable", views.texts),
    # to admins: the catalogue
    _text(payloads.ShortCatalogueNotice, "admin-short-catalogue", views.short_catalogue),
    _text(payloads.LeftOutNotice, "admin-left-out", views.left_out),
    _text(payloads.SyncedNotice, "admin-synced", views.synced),
    _text(payloads.SyncFailedNotice, "admin-sync-failed", views.texts),
    Words(payloads.UnknownTypeNotice, _unknown_type, "admin-unknown-type"),
    # to admins: money
    _of_money(payloads.ChargebackNotice, payment_views.chargeback),
    _plain(payloads.RefundFailedNotice, payment_views.refund_failed),
    _plain(payloads.StrayPaymentNotice, payment_views.stray_payment),
    _plain(payloads.StarsDifferNotice, payment_views.stars_differ),
    _plain(payloads.TopUpAskedNotice, method_views.asked),
    _text(payloads.CryptoFailedNotice, "admin-crypto-failed", views.texts),
    _plain(payloads.CryptoDiffersNotice, method_views.crypto_differs),
    _text(payloads.CryptoMissingNotice, "admin-crypto-missing", views.texts),
    _text(payloads.CryptoUnwatchedNotice, "admin-crypto-unwatched", views.numbers),
    _text(payloads.AuditNotice, "admin-audit", views.audit),
    # to admins: the shop
    _text(payloads.SupportNotice, "admin-support", views.support),
    _text(payloads.ClockAheadNotice, "admin-clock-ahead", views.numbers),
    _text(payloads.CouponGuessesNotice, "admin-coupon-guesses", views.numbers),
    _text(payloads.BackupFailedNotice, "admin-backup-failed", views.texts),
    _text(payloads.BackupDiffersNotice, "admin-backup-differs", views.texts),
    _text(payloads.RestoredNotice, "admin-restored", views.restored),
)

REGISTRY: Mapping[Kind, Words[Any]] = {words.payload.kind: words for words in _LINES}
