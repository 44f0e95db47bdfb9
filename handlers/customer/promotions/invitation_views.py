"""Invitations: one's own link, and the admins' terms."""

from urllib.parse import urlencode

from aiogram.types import InlineKeyboardButton

from handlers.callbacks import Invite, Menu, SetInvitations, SwitchInvitations
from handlers.components import count, percentage
from handlers.problems import problem_text
from handlers.screens import Screen, button, copy_button, keyboard
from handlers.ui import Ui
from shop.errors import ShopError
from shop.money import MILLION
from shop.promotions.invitations import InvitationSummary, InvitationTerms

_PERCENTS = (3, 5, 10)
_CAPS = (5, 20, 100)


def standing(found: InvitationSummary, link: str, ui: Ui) -> Screen:
    """Show somebody their link, what it brings, and what it has brought."""
    t = ui.t
    terms = found.terms
    came = t(
        "invite-came",
        count=found.came,
        shown=count(found.came, t),
        amount=ui.money(found.earned),
    )
    text = t("invite", percent=percentage(terms.percent, t), cap=ui.money(terms.cap), link=link)
    share = "https://t.me/share/url?" + urlencode({"url": link, "text": t.plain("invite-share")})
    return Screen(
        f"{text}\n\n{came if found.came else t('invite-nobody')}",
        keyboard(
            [InlineKeyboardButton(text=t.plain("button-share"), url=share, style="primary")],
            [
                copy_button(t.plain("button-copy-link"), link),
                button(t.plain("button-refresh"), Invite()),
            ],
            [button(t.plain("button-back"), Menu(to="wallet"))],
        ),
    )


def terms(
    found: InvitationTerms,
    totals: tuple[int, int],
    ui: Ui,
    *,
    problem: ShopError | None = None,
) -> Screen:
    """Show an admin the terms; `totals` are how many were invited, and what their inviters have
    earned.
    """
    t = ui.t
    came, earned = totals
    parts = [
        problem_text(problem, t) if problem else "",
        t("invitations-on") if found.on else t("invitations-off"),
        t(
            "invitations-terms",
            percent=percentage(found.percent, t),
            cap=ui.money(found.cap),
        ),
        t("invitations-came", count=came, shown=count(came, t), amount=ui.money(earned))
        if came
        else "",
        t("invitations-how"),
    ]
    percents = [
        button(
            ("✓ " if found.percent == one else "") + f"{one} %", SetInvitations(percent=one, cap=0)
        )
        for one in _PERCENTS
    ]
    caps = [
        button(
            ("✓ " if found.cap == one * MILLION else "")
            + t.plain("button-cap", cap=ui.money(one * MILLION)),
            SetInvitations(percent=0, cap=one),
        )
        for one in _CAPS
    ]
    switch = t.plain("button-turn-off" if found.on else "button-turn-on")
    return Screen(
        "\n\n".join(filter(None, parts)),
        keyboard(
            [
                button(
                    switch, SwitchInvitations(on=int(not found.on)), None if found.on else "primary"
                )
            ],
            percents,
            caps,
            [button(t.plain("button-back"), Menu(to="home"))],
        ),
    )
