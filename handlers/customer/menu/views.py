"""The main menu and the plain pages."""

from handlers.callbacks import (
    Categories,
    FavouritesPage,
    Language,
    MassStart,
    Menu,
    Orders,
    SettingsPage,
)
from handlers.screens import Screen, button, keyboard
from locales import Texts, Translator
from shop.customers.accounts import CurrentUser

LANGUAGE_NAMES = {"en": "English", "ru": "Русский"}


def home(person: CurrentUser, t: Translator, *, wallet: bool) -> Screen:
    if not person.may_shop:
        return Screen(t("start-closed", name=person.first_name))
    return Screen(
        t("start", name=person.first_name),
        keyboard(
            [button(t.plain("button-new-order"), Categories(page=0), "primary")],
            [button(t.plain("button-my-orders"), Orders(done=0, page=0))]
            + ([button(t.plain("button-wallet"), Menu(to="wallet"))] if wallet else []),
            [
                button(t.plain("button-mass"), MassStart()),
                button(t.plain("button-favourites"), FavouritesPage(page=0)),
            ],
            [
                button(t.plain("button-settings"), SettingsPage(page="home")),
                button(t.plain("button-language"), Menu(to="language")),
                button(t.plain("button-help"), Menu(to="help")),
            ],
        ),
    )


def home_with(said: str, person: CurrentUser, t: Translator, *, wallet: bool) -> Screen:
    """Show the menu below something that is to be said first."""
    screen = home(person, t, wallet=wallet)
    return Screen(f"{said}\n\n{screen.text}", screen.keyboard)


def page(text: str, t: Translator) -> Screen:
    """Show a text with the way back to the menu."""
    return Screen(text, keyboard([button(t.plain("button-back"), Menu(to="home"))]))


def help_page(person: CurrentUser, t: Translator, *, wallet: bool) -> Screen:
    text = t("help") if person.may_shop else t("start-closed", name=person.first_name)
    if person.may_shop:
        text += "\n" + t("help-aftercare")
    if person.may_shop and wallet:
        text += "\n" + t("help-wallet")
    text += "\n" + t("help-everybody")
    text += "\n\n" + t("help-id", id=str(person.id))
    if person.is_admin:
        text += "\n\n" + t("help-admin") + ("\n" + t("help-admin-wallet") if wallet else "")
    return page(text, t)


def languages(t: Translator, texts: Texts) -> Screen:
    rows = [
        [
            button(
                ("✓ " if code == t.language else "") + LANGUAGE_NAMES.get(code, code),
                Language(code=code),
            )
        ]
        for code in texts.languages
    ]
    return Screen(
        t("language-choose"), keyboard(*rows, [button(t.plain("button-back"), Menu(to="home"))])
    )
