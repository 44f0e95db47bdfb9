"""Services that are not sold until somebody has looked: their rate jumped, or an order cost more
than it brought.

What is held is neither offered nor sent, at the old rate as little as at the new one.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from panel.models import NOT_SOLD
from shop import outbox
from shop.clock import Clock
from shop.errors import NotFoundError
from shop.outbox import Kind
from shop.outbox.payloads import AlertOverNotice, RateChange, RatesHeldNotice
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.queries import catalogue
from storage.rows import ServiceRow

log = logging.getLogger(__name__)

JUMP = Decimal(5)
# how far a second look may be from the first one, as rates in another currency are
_AGREES = Decimal("1.1")
_NAMED = 10  # services in an alert
_NEVER = datetime.min.replace(tzinfo=UTC)


class HoldReason(StrEnum):
    """Why a service is held; in its `held_why`."""

    RATE = "rate"  # until a second look agrees, or an admin says that it is right
    BELOW_COST = "below_cost"  # until an admin has looked


def _plain(rate: Decimal) -> str:
    return format(rate.normalize(), "f")


@dataclass(frozen=True, slots=True)
class Held:
    """A service whose new rate is not believed yet."""

    id: int
    name: str
    old: Decimal
    new: Decimal

    def as_told(self) -> RateChange:
        return RateChange(
            id=self.id, name=self.name[:80], old=_plain(self.old), new=_plain(self.new)
        )


def jumps(old: Decimal, new: Decimal, factor: Decimal) -> bool:
    """Return whether a rate has changed by more than `factor`, up or down."""
    return new > old * factor or new * factor < old


def judged(
    mine: ServiceRow, rate: Decimal, *, sold: bool, factor: Decimal, now: datetime
) -> dict[str, Any]:
    """Return the columns of a service after a look: its rate, and whether it is held.

    What the provider does not sell keeps the rate that it was sold at last: it is compared when it
    is sold again.
    """
    kept = {
        "rate": mine.rate,
        "held_at": mine.held_at,
        "held_why": mine.held_why,
        "held_rate": mine.held_rate,
    }
    known = 0 < mine.rate < NOT_SOLD
    if not sold:
        return kept if known else kept | {"rate": rate}
    if known and jumps(mine.rate, rate, factor):
        agreed = mine.held_rate is not None and not jumps(mine.held_rate, rate, _AGREES)
        if not agreed:
            held = {"held_at": now, "held_why": mine.held_why or HoldReason.RATE}
            return kept | held | {"held_rate": rate}
    if mine.held_why == HoldReason.RATE:
        kept |= {"held_at": None, "held_why": ""}
    return kept | {"rate": rate, "held_rate": None}


def notify_of_jumps(
    tx: Transaction, new: Sequence[Held], admins: Collection[int], now: datetime
) -> bool:
    """Tell the admins of rates that are held since now, and of those before; say in its place when
    none is any more.
    """
    if new:
        outbox.clear_alert(tx, Kind.RATES_HELD)
        return outbox.alert_once(tx, admins, _asked(tx, now), now)
    if catalogue.held(tx, HoldReason.RATE):
        return False
    return outbox.alert_end(tx, admins, AlertOverNotice(of=Kind.RATES_HELD, how="agreed"), now)


def _asked(tx: Transaction, now: datetime) -> RatesHeldNotice:
    """Return what is asked of the admins: how many services are held for their rates, and the
    newest of them.
    """
    found = catalogue.held(tx, HoldReason.RATE)
    # those of one look stay in their order
    found.sort(key=lambda one: one.held_at or _NEVER, reverse=True)
    services = tuple(
        Held(one.id, one.name, one.rate, one.held_rate or one.rate).as_told()
        for one in found[:_NAMED]
    )
    return RatesHeldNotice(count=len(found), services=services, asked=outbox.stamp(now))


def hold_below_cost(tx: Transaction, service_id: int, now: datetime) -> None:
    """Sell no more of a service until an admin has looked."""
    log.warning("service %s is held: an order of it cost more than it brought", service_id)
    catalogue.hold(tx, service_id, HoldReason.BELOW_COST, now)


@dataclass(frozen=True, slots=True)
class ServiceHolds:
    """What admins say of held services. Raises NotFoundError for who is no admin."""

    database: Database
    admins: Collection[int]
    bells: Wakeups
    clock: Clock

    async def accept_rates(self, actor: int, asked: int) -> int:
        """Sell at the new rates what is held for them since before this was asked; return how many
        services that are.

        0 where another question has taken its place.
        """
        self._admit(actor)
        now = self.clock()

        def transaction(tx: Transaction) -> int:
            if not outbox.asks_since(tx, Kind.RATES_HELD, asked):
                return 0
            found = catalogue.held(tx, HoldReason.RATE)
            for service in found:
                catalogue.believe(tx, service, now)
            over = AlertOverNotice(of=Kind.RATES_HELD, how="admin", count=len(found))
            outbox.alert_end(tx, self.admins, over, now)
            return len(found)

        count = await self.database.write(transaction)
        if count:
            log.warning("admin %s: the new rates of %s services are right", actor, count)
        self._ring()
        return count

    async def sell_again(self, actor: int, service_id: int) -> ServiceRow:
        """Sell a service again, at the rate that it has now."""
        self._admit(actor)

        def transaction(tx: Transaction) -> ServiceRow:
            service = catalogue.service(tx, service_id)
            if service is None:
                raise NotFoundError("error-not-for-sale")
            if service.held_at is not None:
                log.warning("admin %s: service %s is sold again", actor, service_id)
                catalogue.believe(tx, service, self.clock())
            outbox.clear_alert(tx, Kind.MARGIN_LEAK, str(service_id))  # the next one is told again
            return service

        service = await self.database.write(transaction)
        self._ring()
        return service

    def _admit(self, actor: int) -> None:
        if actor not in self.admins:
            raise NotFoundError("error-button-old")

    def _ring(self) -> None:
        self.bells.notify.set()
        self.bells.submit.set()
