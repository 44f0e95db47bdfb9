"""The client: seven actions of one provider, and nothing about shops."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import TracebackType
from typing import Self

import httpx

from panel import aftercare, catalogue, reading
from panel.answer import Answer
from panel.errors import NotSent, OutcomeUnknown, PanelError, Rejected, Unavailable, Unsupported, Withheld
from panel.meanings import Meaning
from panel.models import (
    Accepted,
    Balance,
    CancelRequested,
    Catalogue,
    ItemError,
    OrderStatus,
    RefillStatus,
    Same,
    Seen,
)
from panel.multiple import BatchReader, write_many
from panel.profile import Profile
from panel.reading import ORDER_NAMES, REFILL_NAMES, refill_status_item, status_item
from panel.wire import Wire

Observer = Callable[[str, str, float], None]

_OUTCOMES: Mapping[type[BaseException], str] = {
    Rejected: "rejected", NotSent: "not_sent", OutcomeUnknown: "unknown", Unavailable: "unavailable",
    asyncio.CancelledError: "cancelled",
}  # fmt: skip


class PanelClient:
    """An async client of one provider that speaks the panel API v2. Close it, or use `async with`.

    Nothing is ever sent twice: who calls decides about trying again, by the error (see panel.errors). Every
    method raises PanelError and nothing else; Unsupported where the profile lacks the action. A cancelled
    `add` has an unknown outcome: shield it. `observe` is told of each request: action, outcome, seconds. `allowed` is
    asked right before each request, and when a read has its answer: after a no nothing is sent, or the answer dropped.

    >>> import asyncio, httpx
    >>> from panel import PanelClient, Profile
    >>> def panel(request):  # a function as the fake server; leave `transport` out to reach a real one
    ...     answers = {
    ...         "action=balance": {"balance": "100.84292", "currency": "USD"},
    ...         "action=add": {"order": 23501},
    ...     }
    ...     sent = request.content.decode()
    ...     return httpx.Response(200, json=next(answers[name] for name in answers if name in sent))
    >>> async def main():
    ...     profile = Profile(url="https://panel.example/api/v2", key="secret")
    ...     async with PanelClient(profile, transport=httpx.MockTransport(panel)) as client:
    ...         print(await client.balance())
    ...         print(await client.add("1", {"link": "https://example.com/post", "quantity": "100"}))
    >>> asyncio.run(main())
    Balance(amount=Decimal('100.84292'), currency='USD')
    Accepted(order='23501', charge=None, currency=None)
    """

    def __init__(
        self,
        profile: Profile,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        observe: Observer | None = None,
        allowed: Callable[[], bool] | None = None,
    ) -> None:
        self.profile = profile
        self._wire = Wire(profile, transport)
        self._observe = observe
        self._allowed = allowed

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._wire.aclose()

    async def services(self) -> Catalogue:
        """The whole catalogue. An empty one may be the panel's own failure: don't empty a shop on it."""
        with self._observed("services"):
            answer = await self._read("services", {}, seconds=self.profile.services_timeout)
            return await catalogue.services(answer)

    async def balance(self) -> Balance:
        with self._observed("balance"):
            return reading.balance(await self._read("balance", {}))

    async def add(self, service: str, fields: Mapping[str, str]) -> Accepted:
        """Order; `fields` are those of `order_fields`. Two equal adds make two orders.

        Raises Rejected (release the money), NotSent (safe to send again), OutcomeUnknown (never send again, unless it
        is `walled` and a read is too).
        """
        for name, value in fields.items():
            if any("\ud800" <= mark <= "\udfff" for mark in value):
                raise Rejected(f"not sent: {name} is no valid Unicode text", Meaning.OTHER)
        own = {**fields, "service": service}
        with self._observed("add"):
            answer = await self._write("add", {**self.profile.add_extra, **own})
            return reading.accepted(replace(answer, ordered=tuple(fields.values())))

    async def status(self, order: str) -> OrderStatus:
        """Raises Rejected when the provider refuses the id; soon after `add`: "not indexed yet"."""
        with self._observed("status"):
            answer = await self._read("status", {"order": order})
            return reading.read_one(answer, order, ORDER_NAMES, status_item)

    async def statuses(
        self, orders: Sequence[str], *, most_calls: int | None = None
    ) -> dict[str, OrderStatus | ItemError]:
        """Any number of ids, in batches of `ids_per_call`. Ids that the provider left out are absent.

        A batch that fails because of one id is split. Limits, a bad key and network failures raise Rejected
        or Unavailable, with what was learnt before in `gathered`; so does the end of `most_calls`.
        """

        async def many(batch: list[str]) -> dict[str, OrderStatus | ItemError]:
            with self._observed("status"):
                answer = await self._read("status", {"orders": ",".join(batch)})
                return reading.read_each(answer, batch, ORDER_NAMES, status_item)

        reader = BatchReader[OrderStatus](many, self.status, most_calls)
        return await reader.read(orders, self.profile.ids_per_call)

    async def changes(
        self, orders: Sequence[str], seen: Mapping[str, Seen]
    ) -> dict[str, OrderStatus | Same | ItemError]:
        """As `statuses`; SAME for those of which the answer only repeats what was seen. Most of a sweep is that."""

        async def many(batch: list[str]) -> dict[str, OrderStatus | Same | ItemError]:
            with self._observed("status"):
                answer = await self._read("status", {"orders": ",".join(batch)})
                return reading.read_changes(answer, batch, seen)

        return await BatchReader[OrderStatus | Same](many, self.status).read(orders, self.profile.ids_per_call)

    async def refill(self, order: str) -> str:
        """The refill's id. Raises Rejected, NotSent, OutcomeUnknown."""
        with self._observed("refill"):
            return aftercare.refill(await self._write("refill", {"order": order}), order)

    async def refills(self, orders: Sequence[str]) -> dict[str, str | ItemError]:
        """The refills' ids by order; see `cancel` for errors."""

        async def many(batch: list[str]) -> dict[str, str | ItemError]:
            if len(batch) == 1:
                return {batch[0]: await self.refill(batch[0])}
            with self._observed("refill"):
                return aftercare.refills(await self._write("refill", {"orders": ",".join(batch)}), batch)

        return await write_many(orders, self.profile.ids_per_call, many)

    async def refill_status(self, refill: str) -> RefillStatus:
        with self._observed("refill_status"):
            answer = await self._read("refill_status", {"refill": refill})
            return reading.read_one(answer, refill, REFILL_NAMES, refill_status_item)

    async def refill_statuses(self, refills: Sequence[str]) -> dict[str, RefillStatus | ItemError]:
        """As `statuses`."""

        async def many(batch: list[str]) -> dict[str, RefillStatus | ItemError]:
            with self._observed("refill_status"):
                answer = await self._read("refill_status", {"refills": ",".join(batch)})
                return reading.read_each(answer, batch, REFILL_NAMES, refill_status_item)

        return await BatchReader[RefillStatus](many, self.refill_status).read(refills, self.profile.ids_per_call)

    async def cancel(self, orders: Sequence[str]) -> dict[str, CancelRequested | ItemError]:
        """Ask for cancellation; only the status ends an order. Ids without a word about them are absent.

        A batch that is refused as a whole in words is sent one by one. Raises NotSent, OutcomeUnknown, and
        Rejected for a bad key or a limit, with what was answered before in `gathered` and the ids of the
        failed request in `asked`.
        """

        async def many(batch: list[str]) -> dict[str, CancelRequested | ItemError]:
            ids = {"orders": ",".join(batch)}
            if len(batch) == 1:  # panels without the multiple form take `order`; `orders` is the documented name
                ids["order"] = batch[0]
            with self._observed("cancel"):
                return aftercare.cancellations(await self._write("cancel", ids), batch)

        return await write_many(orders, self.profile.ids_per_call, many)

    @contextmanager
    def _observed(self, action: str) -> Iterator[None]:
        """Tell the observer what comes of a request, reading of the answer included."""
        began, outcome = time.monotonic(), "ok"
        try:
            yield
        except (PanelError, asyncio.CancelledError) as error:
            outcome = _OUTCOMES.get(type(error), "")
            raise
        finally:
            if self._observe is not None and outcome:
                self._observe(action, outcome, time.monotonic() - began)

    async def _read(self, action: str, parameters: Mapping[str, str], *, seconds: float | None = None) -> Answer:
        try:
            return await self._post(action, parameters, write=False, seconds=seconds or self.profile.timeout)
        except (NotSent, OutcomeUnknown) as error:  # for a read there is no difference
            raise Unavailable(error.reason) from error

    async def _write(self, action: str, parameters: Mapping[str, str]) -> Answer:
        return await self._post(action, parameters, write=True, seconds=self.profile.timeout)

    async def _post(self, action: str, parameters: Mapping[str, str], *, write: bool, seconds: float) -> Answer:
        if action not in self.profile.actions:
            raise Unsupported(action)
        sent = {**parameters, "key": self.profile.key, "action": action}
        self._check_allowed("not sent: it is not allowed any more")
        answer = await self._wire.post(sent, write=write, seconds=seconds)
        if not write:
            self._check_allowed("the answer came too late")
        return answer

    def _check_allowed(self, otherwise: str) -> None:
        if self._allowed is not None and not self._allowed():
            raise Withheld(otherwise)
