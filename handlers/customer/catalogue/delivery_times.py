"""What the shop's own history lets somebody expect of a service, in words."""

from datetime import timedelta
from math import ceil

from handlers.components import local_time
from locales import Translator
from shop.catalogue.delivery_times import Expectation
from shop.orders.details import OrderDetails
from storage.enums import OrderState

_UNDER_WAY = frozenset({OrderState.PENDING, OrderState.PROCESSING, OrderState.IN_PROGRESS})
_HOUR, _DAY = 60, 24 * 60
_COARSE_HOURS, _COARSE_DAYS = 10, 10  # from here on the smaller unit is left out


def of_service(expectation: Expectation | None, t: Translator) -> str:
    """Return how a service's latest orders went; empty while too few have ended."""
    if expectation is None:
        return ""
    parts = []
    if expectation.start_median is not None and expectation.start_most is not None:
        parts.append(
            t(
                "expect-start",
                median=span(expectation.start_median, t),
                most=span(expectation.start_most, t),
            )
        )
    if expectation.end_median is not None and expectation.end_most is not None:
        parts.append(
            t(
                "expect-end",
                median=span(expectation.end_median, t),
                most=span(expectation.end_most, t),
            )
        )
    # Neither figure is made to look better than it is by rounding.
    parts.append(t("expect-completed", share=str(int(expectation.completed * 100))))
    parts.append(t("expect-refunded", share=str(ceil(expectation.refunded * 100))))
    head = t("expect", count=expectation.orders)
    return head + " " + ", ".join(parts)


def of_order(sheet: OrderDetails, t: Translator) -> str:
    """Return when an order under way is usually done; empty where its own plan decides that, or
    nothing is known.
    """
    order, expected = sheet.order, sheet.expectation
    in_parts = bool(order.fields.get("runs")) or order.service_type == "subscriptions"
    if order.state not in _UNDER_WAY or in_parts or order.submitted_at is None:
        return ""
    if expected is None or expected.end_most is None:
        return ""
    done_by = order.submitted_at + expected.end_most
    return (
        t("expect-late")
        if done_by < sheet.now
        else t("expect-done-by", time=local_time(done_by, "dt"))
    )


def span(time: timedelta, t: Translator) -> str:
    """Write how long something takes, rounded up, in at most two units."""
    minutes = ceil(time / timedelta(minutes=1))
    if minutes < 1:
        return t.plain("span-moment")
    if minutes < _HOUR:
        return t.plain("minutes", count=minutes)
    if minutes < _COARSE_HOURS * _HOUR:
        minutes = ceil(minutes / 5) * 5  # nobody needs the minute here
        return _both(("hours", minutes // _HOUR), ("minutes", minutes % _HOUR), t)
    hours = ceil(minutes / _HOUR)
    if hours < 48:  # noqa: PLR2004 - two days
        return t.plain("hours", count=hours)
    if hours < _COARSE_DAYS * 24:
        return _both(("days", hours // 24), ("hours", hours % 24), t)
    return t.plain("days", count=ceil(minutes / _DAY))


def _both(larger: tuple[str, int], smaller: tuple[str, int], t: Translator) -> str:
    return " ".join(t.plain(unit, count=number) for unit, number in (larger, smaller) if number)
