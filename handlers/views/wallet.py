"""The wallet: what is there, what is held, what moved."""

from collections.abc import Sequence

from handlers.callbacks import Menu, WalletPage
from handlers.screens import Screen, button, keyboard
from handlers.views.parts import local_time, pager
from locales import Translator
from shop.money import format_money
from shop.wallet import Balance
from storage.rows import Entry
from storage.wallet import Account

ENTRIES_A_PAGE = 8


def wallet(
    balance: Balance, entries: Sequence[Entry], page: int, currency: str, t: Translator, *, more: bool
) -> Screen:
    rows = [t("wallet", balance=format_money(balance.available, currency))]
    if balance.held:
        rows[0] += "\n" + t("wallet-held", held=format_money(balance.held, currency))
    rows.append("\n".join(_line(entry, currency, t) for entry in entries) if entries else t("wallet-no-entries"))
    rows.append(t("wallet-top-up"))
    return Screen(
        "\n\n".join(rows),
        keyboard(pager(page, more=more, to=WalletPage), [button(t.plain("button-back"), Menu(to="home"))]),
    )


def _line(entry: Entry, currency: str, t: Translator) -> str:
    came = entry.target == Account.WALLET
    amount = ("+" if came else "−") + format_money(entry.amount, currency)
    return t("wallet-line", amount=amount, what=_what(entry, t), at=local_time(entry.at))


def _what(entry: Entry, t: Translator) -> str:
    if entry.order_id is not None:
        key = "entry-refund" if entry.target == Account.WALLET else "entry-order"
        return t.plain(key, id=str(entry.order_id))
    return t.plain("entry-welcome") if entry.source == Account.BONUS else entry.reason
