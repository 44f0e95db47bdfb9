"""Coupons: redeeming one, and the admins' list of them."""

from datetime import timedelta

from handlers.callbacks import (
    Categories,
    CouponCard,
    CouponsPage,
    EndCoupon,
    Menu,
    SwitchCoupons,
    WriteCoupon,
)
from handlers.components import count, local_time, pager
from handlers.customer.promotions.components import worth
from handlers.problems import problem_text
from handlers.screens import Row, Screen, button, copy_button, keyboard
from handlers.ui import Ui
from locales import Markup, Translator
from shop.errors import ShopError
from shop.promotions.coupons import CouponDetails, CouponListing, Redeemed
from shop.promotions.discounts import is_open
from storage.rows import Coupon

COUPONS_A_PAGE = 8


def ask(waiting: Coupon | None, ui: Ui, *, problem: ShopError | None = None) -> Screen:
    """Ask for a code; `waiting` is the coupon that the next order is to use."""
    t = ui.t
    parts = [
        problem_text(problem, t) if problem else "",
        t("coupon-ask"),
        t("coupon-waiting", code=waiting.code, value=worth(waiting, ui)) if waiting else "",
    ]
    back = [button(t.plain("button-back"), Menu(to="wallet"))]
    return Screen("\n\n".join(filter(None, parts)), keyboard(back))


def redeemed(found: Redeemed, ui: Ui) -> Screen:
    t = ui.t
    coupon = found.coupon
    if coupon.amount is not None:
        amount, balance = ui.money(coupon.amount), ui.money(found.balance)
        text = t("coupon-credited", code=coupon.code, amount=amount, balance=balance)
    else:
        text = t("coupon-remembered", code=coupon.code, value=worth(coupon, ui))
        if found.instead_of is not None:
            text += "\n" + t("coupon-instead", code=found.instead_of.code)
    wallet = [button(t.plain("button-wallet"), Menu(to="wallet"))]
    return Screen(
        text, keyboard([button(t.plain("button-new-order"), Categories(page=0), "primary")], wallet)
    )


# For admins


def listing(found: CouponListing, page: int, ui: Ui) -> Screen:
    t = ui.t
    lines = [_line(coupon, found, ui) for coupon in found.coupons]
    labels = [
        button(f"{one.code} {worth(one, ui)}", CouponCard(coupon=one.id)) for one in found.coupons
    ]
    rows: list[Row] = [labels[start : start + 2] for start in range(0, len(labels), 2)]
    parts = [
        _switch_text(t, on=found.on),
        "\n".join(lines) if lines else t("coupons-none"),
        t("coupons-how"),
    ]
    switch = t.plain("button-turn-off" if found.on else "button-turn-on")
    return Screen(
        "\n\n".join(parts),
        keyboard(
            *rows,
            pager(page, more=found.more, to=CouponsPage),
            [
                button(t.plain("button-coupon-new"), WriteCoupon(), "primary"),
                button(switch, SwitchCoupons(on=int(not found.on))),
            ],
            [button(t.plain("button-back"), Menu(to="home"))],
        ),
    )


def card(sheet: CouponDetails, link: str, ui: Ui, *, on: bool, made: bool = False) -> Screen:
    """Show one coupon with the link that redeems it; `on`: coupons are used at all."""
    t = ui.t
    coupon = sheet.coupon
    parts = [
        t("coupon-made") if made else "",
        "\n".join(
            filter(
                None,
                [
                    t("coupon-card", code=coupon.code, value=worth(coupon, ui)),
                    _used(coupon, t) + " · " + _each(coupon, t),
                    _until(coupon, t),
                    t("coupon-below-cost") if coupon.below_cost else "",
                    t("coupon-given", amount=ui.money(sheet.given)) if sheet.given else "",
                ],
            )
        ),
        "" if sheet.is_open else t("coupon-closed"),
        "" if on else t("coupon-but-off"),
        t("coupon-link", link=link),
    ]
    end = (
        []
        if coupon.ended_at
        else [button(t.plain("button-coupon-end"), EndCoupon(coupon=coupon.id, sure=0))]
    )
    turn_on = [] if on else [button(t.plain("button-turn-on"), SwitchCoupons(on=1), "primary")]
    return Screen(
        "\n\n".join(filter(None, parts)),
        keyboard(
            turn_on,
            [
                copy_button(t.plain("button-copy-link"), link),
                copy_button(t.plain("button-copy-code"), coupon.code),
            ],
            [*end, button(t.plain("button-back"), CouponsPage(page=0))],
        ),
    )


def ask_end(coupon: Coupon, ui: Ui) -> Screen:
    t = ui.t
    return Screen(
        t("coupon-end-ask", code=coupon.code, value=worth(coupon, ui)),
        keyboard(
            [
                button(
                    t.plain("button-coupon-end-sure"), EndCoupon(coupon=coupon.id, sure=1), "danger"
                )
            ],
            [button(t.plain("button-back"), CouponCard(coupon=coupon.id))],
        ),
    )


def ask_line(t: Translator, *, problem: ShopError | None = None) -> Screen:
    """Ask an admin for what a new coupon is to be."""
    said = problem_text(problem, t) + "\n\n" if problem else ""
    return Screen(
        said + t("coupon-line-ask"), keyboard([button(t.plain("button-back"), CouponsPage(page=0))])
    )


def _switch_text(t: Translator, *, on: bool) -> str:
    return t("coupons-on") if on else t("coupons-off")


def _line(coupon: Coupon, found: CouponListing, ui: Ui) -> str:
    t = ui.t
    mark = "🏷" if is_open(coupon, found.at) else "✖️"
    until = f" · {_until(coupon, t)}" if coupon.expires_at and not coupon.ended_at else ""
    until += f" · {t('coupon-below-cost')}" if coupon.below_cost else ""
    head = t(
        "coupons-line",
        mark=mark,
        code=coupon.code,
        value=worth(coupon, ui),
        used=_used(coupon, t),
    )
    return f"{head}{until}"


def _used(coupon: Coupon, t: Translator) -> str:
    if coupon.total is None:
        return t("coupon-used", used=count(coupon.used, t))
    return t("coupon-used-of", used=count(coupon.used, t), total=count(coupon.total, t))


def _each(coupon: Coupon, t: Translator) -> str:
    return t("coupon-each", shown=count(coupon.per_user, t))


def _until(coupon: Coupon, t: Translator) -> str:
    """Name the last day, not the midnight after it."""
    if coupon.expires_at is None:
        return ""
    last: Markup = local_time(coupon.expires_at - timedelta(seconds=1), "D")
    return t("coupon-until", at=last)
