"""Ends of orders for the money machine: what providers say of them, and what admins answer."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from shop.errors import ShopError
from shop.recovery.portions import Portion
from storage.enums import AT_PROVIDER, ENDED_AT_PROVIDER, OrderState
from storage.schema.operations import evidence
from storage.schema.orders import orders
from tests.chaos.saboteur import Crash
from tests.harness.till import Till
from tests.harness.world import ADMINS, World

CRASHES = st.one_of(
    st.none(),
    st.builds(Crash, at=st.integers(1, 16), kills=st.booleans()),
    st.builds(
        Crash,
        at=st.integers(1, 2),
        commit=st.just(True),
        unheard=st.booleans(),
        kills=st.booleans(),
    ),
)
SAYINGS = st.tuples(
    st.sampled_from(["Partial", "In progress", "Canceled", "Completed", "Pending"]),
    st.integers(-5, 900),
    st.sampled_from(["net", "net", "whole", "absurd"]),
)


class WordsAboutEnds:
    """A part of the machine. `owed` is what each order must have given back, in millionths."""

    world: World
    till: Till
    runner: asyncio.Runner
    owed: Counter[int]
    seen: dict[str, Sequence[Any]]
    answers = 0
    taken_back = 0
    act: Callable[[Callable[[], Awaitable[Any]], Crash | None], Any]
    pick: Callable[..., Any]
    some: Callable[[Any, Collection[str]], bool]
    the_books_agree: Callable[[], None]

    @rule(data=st.data(), said=st.lists(SAYINGS, min_size=1, max_size=4), crash=CRASHES)
    def hear_of(
        self, data: st.DataObject, said: list[tuple[str, int, str]], crash: Crash | None
    ) -> None:
        """The provider says this of an order, one after another, and names such a charge each
        time.
        """
        order = self.pick(data, orders, AT_PROVIDER | ENDED_AT_PROVIDER)
        if order is not None and order.provider_order_id is not None:
            self._hear(order, said, crash)

    def _hear(self, order: Any, said: Sequence[tuple[str, int, str]], crash: Crash | None) -> None:
        trackers = (self.world.tracker, self.world.another_tracker())
        for status, remains, how in said:
            self.world.provider.force_order(order.provider_order_id, status, remains=remains)
            left = min(max(remains, 0), order.quantity)
            absurd = how == "absurd" and status in {"Partial", "Canceled"}
            # what is rounded can't be told from nothing, in small orders
            net = how == "net" or status == "Canceled"
            charge = (
                order.cost * 3
                if absurd
                else order.cost * (order.quantity - left * net) / order.quantity
            )
            self.world.provider.order(order.provider_order_id).net = charge
            self.act(
                lambda: asyncio.gather(*(tracker.look([order.id]) for tracker in trackers)), crash
            )
            asked = absurd or (status == "Partial" and not net and left == order.quantity)
            missing = 0 if asked or status not in {"Partial", "Canceled"} else left
            self.owed[order.id] = max(self.owed[order.id], order.price * missing // order.quantity)
            self.the_books_agree()

    @precondition(lambda self: self.some(orders, ENDED_AT_PROVIDER))
    @rule(data=st.data(), percent=st.integers(0, 100), crash=CRASHES)
    def say_what_was_not_delivered(
        self, data: st.DataObject, percent: int, crash: Crash | None
    ) -> None:
        """Two admins answer at once, asked or not; the second changes nothing."""
        order = self.pick(data, orders, ENDED_AT_PROVIDER)
        if (
            order is not None
            and order.state in ENDED_AT_PROVIDER
            and order.provider_order_id is not None
        ):
            self._answer(order, percent, crash)

    def _answer(self, order: Any, percent: int, crash: Crash | None) -> None:
        newest, portion = self._newest(), Portion(percent, 100)
        decide = self.till.refund_verdicts.decide
        self.act(
            lambda: asyncio.gather(*(decide(order.id, admin, portion, newest) for admin in ADMINS)),
            crash,
        )
        self.owed[order.id] = max(self.owed[order.id], order.price * percent // 100)
        self.answers += 1

    @precondition(lambda self: self.some(orders, AT_PROVIDER | {OrderState.COMPLETED}))
    @rule(data=st.data(), crash=CRASHES)
    def take_a_refund_back(self, data: st.DataObject, crash: Crash | None) -> None:
        order = self.pick(data, orders, AT_PROVIDER | {OrderState.COMPLETED})
        if order is not None and order.state in AT_PROVIDER | {OrderState.COMPLETED}:
            self._take_back(order, crash)

    def _take_back(self, order: Any, crash: Crash | None) -> None:
        """Two admins press at once: as far as the wallet bears it, and once."""
        newest = self._newest()
        (balance,) = [row.balance for row in self.seen["wallets"] if row.user_id == order.user_id]
        amount = min(self.owed[order.id], max(balance, 0))

        async def press() -> None:
            for admin in ADMINS:
                try:
                    await self.till.refund_verdicts.take_back(order.id, admin, newest)
                except ShopError:
                    assert not amount or not balance

        self.act(press, crash)
        self.owed[order.id] -= amount
        self.taken_back += amount > 0

    def _newest(self) -> int:
        return max((row.id for row in self.runner.run(self.world.rows(evidence))), default=0)
