"""Ready-made answers: the ones that most people give, as buttons."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from aiogram.types import InlineKeyboardButton

from handlers.callbacks import AnswerChoice
from handlers.components import count, duration, span
from handlers.screens import Row, button
from handlers.ui import Ui
from locales import Translator
from shop.fulfilment.drip_feed import Plan
from shop.ordering.fields import field_of
from shop.ordering.placement import Form
from storage.rows import ServiceRow

_ROUND = (
    10,
    20,
    50,
    100,
    200,
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    20_000,
    50_000,
    100_000,
    1_000_000,
)
_OFFERED = 6
_RUNS = (2, 3, 5, 10)
_INTERVALS = (30, 60, 180, 1_440)  # minutes
_ANSWERS = range(1, 7)
_POSTS = (1, 5, 10, 30, 50, 100)
_OLD_POSTS = (1, 3, 5, 10)
_DAYS = (7, 30, 90)
_DELAYS = (0, 5, 10, 15, 30, 60, 120, 180, 300, 600)  # minutes, of those that providers take
_DELAYS_A_ROW = 5


@dataclass(frozen=True, slots=True)
class _Asked:
    """A form whose next step is asked, and what its buttons are written with."""

    form: Form
    ui: Ui

    @property
    def t(self) -> Translator:
        return self.ui.t

    @property
    def fields(self) -> Mapping[str, Any]:
        return self.form.draft.fields

    def answer(self, label: str, value: int) -> InlineKeyboardButton:
        return button(
            label, AnswerChoice(draft=self.form.draft.id, step=self.form.step or "", value=value)
        )

    def price(self, quantity: int) -> str:
        return self.ui.money(self.ui.prices.of(self.form.service, quantity))


def offers(form: Form, ui: Ui) -> list[Row]:
    """Offer answers to the form's next step; none where nobody can guess them."""
    make = _OFFERS.get(form.step or "")
    return make(_Asked(form, ui)) if make else []


def offered_quantities(service: ServiceRow) -> list[int]:
    """Choose the least possible quantity and round ones above it, at most six."""
    least = max(service.min, 1)
    most = service.max or _ROUND[-1]
    above = [quantity for quantity in _ROUND if least < quantity <= most]
    return [least, *above[: _OFFERED - 1]]


def _rows(made: Row, width: int) -> list[Row]:
    return [made[index : index + width] for index in range(0, len(made), width)]


def _priced(asked: _Asked, service: ServiceRow) -> list[Row]:
    quantities = offered_quantities(service)
    return _rows(
        [asked.answer(f"{count(one, asked.t)} · {asked.price(one)}", one) for one in quantities], 2
    )


def _quantities(asked: _Asked) -> list[Row]:
    return _priced(asked, asked.form.service)


def _most(asked: _Asked) -> list[Row]:
    """Offer what a post gets at most: the least that was chosen, and more."""
    return _priced(asked, replace(asked.form.service, min=int(asked.fields["min"])))


def _runs(asked: _Asked) -> list[Row]:
    quantity, most = int(asked.fields["quantity"]), asked.form.service.max
    return [
        [asked.answer(f"× {runs}", runs) for runs in _RUNS if not most or runs * quantity <= most]
    ]


def _intervals(asked: _Asked) -> list[Row]:
    """Say with each interval how long the whole plan takes."""
    plans = [
        Plan(int(asked.fields["runs"]), int(asked.fields["quantity"]), interval)
        for interval in _INTERVALS
    ]
    return _rows([asked.answer(_interval(plan, asked.t), plan.interval) for plan in plans], 2)


def _interval(plan: Plan, t: Translator) -> str:
    return t.plain(
        "button-interval", interval=duration(plan.interval, t), whole=span(plan.minutes, t)
    )


def _choices(asked: _Asked) -> list[Row]:
    name = asked.form.step or ""
    choices = field_of(asked.form.service, name).choices
    return _rows(
        [asked.answer(asked.t.plain(f"choice-{name}-{value}"), int(value)) for value, _ in choices],
        2,
    )


def _answer_numbers(asked: _Asked) -> list[Row]:
    return [[asked.answer(str(number), number) for number in _ANSWERS]]


def _delays(asked: _Asked) -> list[Row]:
    t = asked.t
    made = [
        asked.answer(duration(delay, t) if delay else t.plain("button-at-once"), delay)
        for delay in _DELAYS
    ]
    return _rows(made, _DELAYS_A_ROW)


def _posts(asked: _Asked) -> list[Row]:
    most = int(asked.fields["max"])
    return _rows(
        [asked.answer(f"{posts} · {asked.price(posts * most)}", posts) for posts in _POSTS], 2
    )


def _old_posts(asked: _Asked) -> list[Row]:
    return [[asked.answer(str(posts), posts) for posts in _OLD_POSTS]]


def _days(asked: _Asked) -> list[Row]:
    """Offer dates; a button's number is the day, as year, month, day."""
    now = asked.form.at
    return [
        [
            asked.answer(
                asked.t.plain("days", count=days), int(f"{now + timedelta(days=days):%Y%m%d}")
            )
            for days in _DAYS
        ],
    ]


_OFFERS: Mapping[str, Callable[[_Asked], list[Row]]] = {
    "quantity": _quantities,
    "runs": _runs,
    "interval": _intervals,
    "min": _quantities,
    "max": _most,
    "delay": _delays,
    "posts": _posts,
    "old_posts": _old_posts,
    "expiry": _days,
    "answer_number": _answer_numbers,
    "device": _choices,
    "type_of_traffic": _choices,
}
