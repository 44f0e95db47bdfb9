"""The wallet: what is there, what is held, what moved."""

from collections.abc import Mapping, Sequence

from handlers.callbacks import Menu, WalletPage
from handlers.components import local_time, pager
from handlers.screens import Row, Screen, button, keyboard, truncate
from handlers.ui import Ui
from locales import Translator
from shop.payments.wallet import Movement, WalletBalance
from storage.queries.wallet import Account
from storage.rows import Entry

MOVES_A_PAGE = 8
_REASON = 100
# Why an order gave something back, by the reason of its entry.
_REFUNDS: Mapping[str, str] = {
    "canceled": "entry-order-canceled",
    "partial": "entry-order-partial",
    "completed": "entry-order-partial",  # a drip-feed, a subscription
    "taken back": "entry-order-taken-back",
    "rejected": "entry-order-rejected",
}
_PAID_IN: Mapping[str, str] = {Account.STARS: "entry-stars", Account.CRYPTO: "entry-crypto"}
_GIFTS: Mapping[str, str] = {
    "welcome": "entry-welcome",
    "coupon": "entry-coupon",
    "invitation back": "entry-invitation-back",
    "invitation": "entry-invitation",
}


def wallet(
    balance: WalletBalance,
    moves: Sequence[Movement],
    page: int,
    ways: Sequence[Row],
    ui: Ui,
    *,
    more: bool,
) -> Screen:
    """Show a page of the movements, newest first, each with the balance after it; `ways` lead to
    more money.
    """
    t = ui.t
    head = t("wallet", balance=ui.money(balance.available))
    if balance.held:
        head += "\n" + t("wallet-held", held=ui.money(balance.held))
    moved = "\n".join(_line(move, ui) for move in moves)
    parts = [
        head,
        t("wallet-debt") if balance.available < 0 else "",
        moved or t("wallet-no-entries"),
    ]
    return Screen(
        "\n\n".join(filter(None, parts)),
        keyboard(
            *ways,
            pager(page, more=more, to=WalletPage),
            [button(t.plain("button-back"), Menu(to="home"))],
        ),
    )


def _line(move: Movement, ui: Ui) -> str:
    entry = move.entry
    amount = ("+" if entry.target == Account.WALLET else "−") + ui.money(entry.amount)
    after = ui.money(move.after)
    return ui.t(
        "wallet-line", amount=amount, after=after, what=_what(entry, ui.t), at=local_time(entry.at)
    )


def _what(entry: Entry, t: Translator) -> str:
    """Return what a movement was."""
    came = entry.target == Account.WALLET
    other, reason = entry.source if came else entry.target, entry.reason
    if other == Account.BONUS:
        return t.plain(
            next((key for word, key in _GIFTS.items() if reason.startswith(word)), "entry-gift")
        )
    if other == Account.CORRECTION:
        return t.plain("entry-correction", reason=truncate(reason, _REASON))
    if entry.order_id is not None:
        paid = "entry-order-taken-again" if other == Account.SALES else "entry-order"
        return t.plain(
            _REFUNDS.get(reason, "entry-refund") if came else paid, id=str(entry.order_id)
        )
    if other in _PAID_IN and came:
        return t.plain("entry-refund-failed" if reason == "refund failed" else _PAID_IN[other])
    if other in _PAID_IN:
        return t.plain("entry-chargeback" if reason == "chargeback" else "entry-payment-refund")
    return t.plain("entry-manual", reason=truncate(reason, _REASON))
