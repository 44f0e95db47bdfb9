"""The client: seven actions of one provider, and nothing about shops."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

import httpx

from panel import aftercare, catalogue, reading
from panel.answer import TOO_MANY_REQUESTS, Answer
from panel.error_codes import Meaning
from panel.errors import (
    NotAsked,
    NotSent,
    OutcomeUnknown,
    PanelError,
    Rejected,
    Unavailable,
    Unsupported,
    Withheld,
)
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
from panel.rate_limit import Permit, Priority, RateLimiter
from panel.reading import ORDER_NAMES, REFILL_NAMES, refill_status_item, status_item
from panel.transport import Wire

Observer = Callable[[str, str, float], None]

_WRITE_WAITS = 5.0  # seconds in line at most: whoever claimed a row for it has a lease

_OUTCOMES: Mapping[type[BaseException], str] = {
    Rejected: "rejected",
    NotSent: "not_sent",
    OutcomeUnknown: "unknown",
    Unavailable: "unavailable",
    asyncio.CancelledError: "cancelled",
}


@dataclass(slots=True)
class _Call:
    """One request.

    `began` is when it was sent, after all waiting of our own. `permit` may be there before.
    """

    action: str
    priority: Priority
    permit: Permit | None = None
    began: float | None = None


class PanelClient:
    """An async client of one provider that speaks the panel API v2. Close it, or use `async with`.

    Nothing is ever sent twice: who calls decides about trying again, by the error (see
    panel.errors). Every method raises PanelError and nothing else; Unsupported where the profile
    lacks the action. A cancelled `add` has an unknown outcome: shield it. `observe` is told of each
    request: action, outcome, seconds. `allowed` is asked right before each request, and when a read
    has its answer: after a no nothing is sent, or the answer dropped. `limiter` counts the calls of
    a minute; without one it is made as the profile says. A write waits 5 seconds in its line at
    most: who can't have it wait any longer gets a permit for it first.

    >>> import asyncio, httpx
    >>> from panel import PanelClient, Profile
    >>> # a function as the fake server; leave `transport` out to reach a real one
    >>> def panel(request):
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
    """  # noqa: E501

    def __init__(
        self,
        profile: Profile,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        observe: Observer | None = None,
        allowed: Callable[[], bool] | None = None,
        limiter: RateLimiter | None = None,
    ) -> None:
        self.profile = profile
        self.limiter = limiter or RateLimiter(profile.calls_per_minute)
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

    async def services(self, *, priority: Priority = Priority.SWEEP) -> Catalogue:
        """The whole catalogue.

        An empty one may be the panel's own failure: don't empty a shop on it.
        """
        with self._observed("services", priority) as call:
            answer = await self._read(call, {}, seconds=self.profile.services_timeout)
            return await catalogue.services(answer)

    async def balance(self, *, priority: Priority = Priority.SWEEP) -> Balance:
        with self._observed("balance", priority) as call:
            return reading.balance(await self._read(call, {}))

    async def add(
        self, service: str, fields: Mapping[str, str], *, permit: Permit | None = None
    ) -> Accepted:
        """Order; `fields` are those of `order_fields`.

        Two equal adds make two orders. `permit` is the limiter's.

        Raises Rejected (release the money), NotSent (safe to send again), OutcomeUnknown (never
        send again, unless it is `walled` and a read is too).
        """
        for name, value in fields.items():
            if any("\ud800" <= mark <= "\udfff" for mark in value):
                raise Rejected(f"not sent: {name} is no valid Unicode text", Meaning.OTHER)
        own = {**fields, "service": service}
        with self._observed("add", Priority.ADD, permit) as call:
            answer = await self._write(call, {**self.profile.add_extra, **own})
            return reading.accepted(replace(answer, ordered=tuple(fields.values())))

    async def status(self, order: str, *, priority: Priority = Priority.SWEEP) -> OrderStatus:
        """Raises Rejected when the provider refuses the id; soon after `add`: "not indexed yet"."""
        with self._observed("status", priority) as call:
            answer = await self._read(call, {"order": order})
            return reading.read_one(answer, order, ORDER_NAMES, status_item)

    async def statuses(
        self,
        orders: Sequence[str],
        *,
        most_calls: int | None = None,
        priority: Priority = Priority.SWEEP,
    ) -> dict[str, OrderStatus | ItemError]:
        """Any number of ids, in batches of `ids_per_call`.

        Ids that the provider left out are absent.

        A batch that fails because of one id is split. Limits, a bad key and network failures raise
        Rejected or Unavailable, with what was learnt before in `gathered`; so does the end of
        `most_calls`.
        """

        async def many(batch: list[str]) -> dict[str, OrderStatus | ItemError]:
            with self._observed("status", priority) as call:
                answer = await self._read(call, {"orders": ",".join(batch)})
                return reading.read_each(answer, batch, ORDER_NAMES, status_item)

        async def one(order: str) -> OrderStatus:
            return await self.status(order, priority=priority)

        reader = BatchReader[OrderStatus](many, one, most_calls)
        return await reader.read(orders, self.profile.ids_per_call)

    async def changes(
        self,
        orders: Sequence[str],
        seen: Mapping[str, Seen],
        *,
        priority: Priority = Priority.SWEEP,
    ) -> dict[str, OrderStatus | Same | ItemError]:
        """As `statuses`; SAME for those of which the answer only repeats what was seen.

        Most of a sweep is that.
        """

        async def many(batch: list[str]) -> dict[str, OrderStatus | Same | ItemError]:
            with self._observed("status", priority) as call:
                answer = await self._read(call, {"orders": ",".join(batch)})
                return reading.read_changes(answer, batch, seen)

        async def one(order: str) -> OrderStatus:
            return await self.status(order, priority=priority)

        return await BatchReader[OrderStatus | Same](many, one).read(
            orders, self.profile.ids_per_call
        )

    async def refill(self, order: str, *, permit: Permit | None = None) -> str:
        """The refill's id. Raises Rejected, NotSent, OutcomeUnknown."""
        with self._observed("refill", Priority.PERSON, permit) as call:
            return aftercare.refill(await self._write(call, {"order": order}), order)

    async def refills(
        self, orders: Sequence[str], *, permit: Permit | None = None
    ) -> dict[str, str | ItemError]:
        """The refills' ids by order; see `cancel` for errors. `permit` is for the first request."""

        async def many(batch: list[str]) -> dict[str, str | ItemError]:
            if len(batch) == 1:
                return {batch[0]: await self.refill(batch[0], permit=permit)}
            with self._observed("refill", Priority.PERSON, permit) as call:
                return aftercare.refills(
                    await self._write(call, {"orders": ",".join(batch)}), batch
                )

        return await write_many(orders, self.profile.ids_per_call, many)

    async def refill_status(self, refill: str) -> RefillStatus:
        with self._observed("refill_status", Priority.SWEEP) as call:
            answer = await self._read(call, {"refill": refill})
            return reading.read_one(answer, refill, REFILL_NAMES, refill_status_item)

    async def refill_statuses(self, refills: Sequence[str]) -> dict[str, RefillStatus | ItemError]:
        """As `statuses`."""

        async def many(batch: list[str]) -> dict[str, RefillStatus | ItemError]:
            with self._observed("refill_status", Priority.SWEEP) as call:
                answer = await self._read(call, {"refills": ",".join(batch)})
                return reading.read_each(answer, batch, REFILL_NAMES, refill_status_item)

        return await BatchReader[RefillStatus](many, self.refill_status).read(
            refills, self.profile.ids_per_call
        )

    async def cancel(
        self, orders: Sequence[str], *, permit: Permit | None = None
    ) -> dict[str, CancelRequested | ItemError]:
        """Ask for cancellation; only the status ends an order.

        Ids without a word about them are absent.

        A batch that is refused as a whole in words is sent one by one. Raises NotSent,
        OutcomeUnknown, and Rejected for a bad key or a limit, with what was answered before in
        `gathered` and the ids of the failed request in `asked`. `permit` is for the first request.
        """

        async def many(batch: list[str]) -> dict[str, CancelRequested | ItemError]:
            ids = {"orders": ",".join(batch)}
            # panels without the multiple form take `order`; `orders` is the documented name
            if len(batch) == 1:
                ids["order"] = batch[0]
            with self._observed("cancel", Priority.PERSON, permit) as call:
                return aftercare.cancellations(await self._write(call, ids), batch)

        return await write_many(orders, self.profile.ids_per_call, many)

    @contextmanager
    def _observed(
        self, action: str, priority: Priority, permit: Permit | None = None
    ) -> Iterator[_Call]:
        """Tell the observer, and the limiter, what comes of a request, reading of the answer
        included.
        """
        call, outcome = _Call(action, priority, permit), "ok"
        try:
            yield call
        except (PanelError, asyncio.CancelledError) as error:
            was_sent = call.began is not None or not isinstance(error, asyncio.CancelledError)
            outcome = _OUTCOMES.get(type(error), "") if was_sent else ""
            if isinstance(error, Rejected) and Meaning.RATE_LIMIT is error.meaning:
                self.limiter.refused(error.retry_after)
            elif getattr(error, "code", None) == TOO_MANY_REQUESTS:
                self.limiter.refused()
            raise
        finally:
            if self._observe is not None and outcome:
                now = time.monotonic()
                self._observe(action, outcome, now - (call.began or now))

    async def _read(
        self, call: _Call, parameters: Mapping[str, str], *, seconds: float | None = None
    ) -> Answer:
        try:
            return await self._post(
                call, parameters, write=False, seconds=seconds or self.profile.timeout
            )
        except Withheld as error:
            raise NotAsked(error.reason) from error
        except (NotSent, OutcomeUnknown) as error:  # for a read there is no difference
            raise Unavailable(error.reason) from error

    async def _write(self, call: _Call, parameters: Mapping[str, str]) -> Answer:
        return await self._post(call, parameters, write=True, seconds=self.profile.timeout)

    async def _post(
        self, call: _Call, parameters: Mapping[str, str], *, write: bool, seconds: float
    ) -> Answer:
        """Send once there is a connection and a permit, which is given back where nothing is sent
        after all.
        """
        if call.action not in self.profile.actions:
            raise Unsupported(call.action)
        sent = {**parameters, "key": self.profile.key, "action": call.action}
        async with self._wire.connection(write=write, priority=call.priority) as connection:
            permit = call.permit
            if permit is None or permit.is_spent:
                permit = await self.limiter.acquire(
                    call.priority, at_most=_WRITE_WAITS if write else None
                )
            with permit:
                self._check_allowed("not sent: it is not allowed any more")
                permit.use()
                call.began = time.monotonic()
                answer = await self._wire.post(connection, sent, write=write, seconds=seconds)
        if not write:
            self._check_allowed("the answer came too late")
        return answer

    def _check_allowed(self, otherwise: str) -> None:
        if self._allowed is not None and not self._allowed():
            raise Withheld(otherwise)
