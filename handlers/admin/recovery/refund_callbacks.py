"""The data of buttons about refunds, for admins.

As in handlers/callbacks.py: a class that shipped never changes.
"""

from aiogram.filters.callback_data import CallbackData

from handlers.callbacks import Key


class Undelivered(CallbackData, prefix="ya"):
    """Says that `part` of an order was not delivered (`sure` 1), or first asks whether that is so
    (0).

    `part` counts its units, or is a percentage (`percent` 1); `seen` is the newest evidence that
    was shown, here and below: 0 in an alert.
    """

    order: Key
    part: Key
    percent: Key
    seen: Key
    sure: Key


class AskUndelivered(CallbackData, prefix="yb"):
    """Asks how many units of an order were not delivered."""

    order: Key
    seen: Key


class TakeBack(CallbackData, prefix="yc"):
    """Takes back what an order gave back that is delivered after all (`sure` 1), or first asks
    (0).
    """

    order: Key
    seen: Key
    sure: Key


class StopOrder(CallbackData, prefix="yd"):
    """Asks the provider to cancel somebody's order (`sure` 1), or first asks whether it shall
    (0).
    """

    order: Key
    sure: Key
