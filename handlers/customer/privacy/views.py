"""What is asked before somebody's data is erased, and what is said after it."""

from handlers.callbacks import DeleteMe, Menu
from handlers.components import money
from handlers.screens import Screen, button, keyboard
from locales import Translator
from shop.customers.privacy import Farewell


def question(farewell: Farewell, t: Translator, *, wallet: bool) -> Screen:
    """Return what goes, what stays and what would be lost; the button carries when it was asked."""
    parts = [t("delete-me"), t("delete-me-goes"), t("delete-me-stays")]
    if wallet and farewell.balance:
        parts.append(t("delete-me-balance", balance=money(farewell.balance, farewell.currency, t)))
    parts.append(t("delete-me-sure"))
    asked = DeleteMe(at=int(farewell.at.timestamp()))
    return Screen(
        "\n\n".join(parts),
        keyboard(
            [button(t.plain("button-delete-me"), asked, "danger")],
            [button(t.plain("button-keep-me"), Menu(to="home"))],
        ),
    )


def goodbye(t: Translator) -> Screen:
    return Screen(t("deleted"))
