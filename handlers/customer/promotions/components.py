"""Pieces about coupons and invitations that other screens show."""

from typing import Any

from handlers.callbacks import CouponCode, Invite
from handlers.components import money, percentage
from handlers.screens import Row, button
from handlers.ui import Ui
from locales import Translator
from shop.outbox.payloads import EarnedBackNotice, EarnedNotice
from shop.promotions.available import Offered
from shop.promotions.discounts import Discount
from storage.rows import Coupon, Order


def gift_row(offered: Offered, t: Translator) -> Row:
    """Make the wallet's buttons that lead to gifts; none where the shop gives none."""
    row = [button(t.plain("button-have-code"), CouponCode())] if offered.coupons else []
    return row + ([button(t.plain("button-invite"), Invite())] if offered.invitations else [])


def discounted(discount: Discount | None, ui: Ui) -> list[str]:
    """Say in a line what a coupon takes off an order; none where none does."""
    if discount is None:
        return []
    t, coupon, amount = ui.t, discount.coupon, ui.money(discount.amount)
    if not discount.amount:
        return [t("summary-coupon-waits", code=coupon.code, value=worth(coupon, ui))]
    key = "summary-coupon-less" if discount.less else "summary-coupon"
    return [t(key, code=coupon.code, value=worth(coupon, ui), amount=amount)]


def worth(coupon: Coupon, ui: Ui) -> str:
    """Write what a coupon gives: −20 %, −20 % (up to $5.00), or +$5.00."""
    if coupon.amount is not None:
        return "+" + ui.money(coupon.amount)
    if coupon.percent is None:
        return ""
    value = "−" + percentage(coupon.percent, ui.t)
    return (
        value
        if coupon.most is None
        else ui.t.plain("coupon-at-most", value=value, most=ui.money(coupon.most))
    )


def earned(
    told: EarnedNotice | EarnedBackNotice, order: Order | None, t: Translator
) -> dict[str, Any]:
    """Fill the news that an invited person has spent something."""
    return {"amount": money(told.amount, told.currency, t)}
