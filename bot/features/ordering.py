"""From a service to a queued order, one by one and in lists; and the book of orders."""

from dataclasses import dataclass

from bot.features.deps import Currency, Deps, Feature
from bot.workers.supervisor import Worker, every
from shop.bulk.live_messages import LiveMessages
from shop.bulk.orders import MassOrders
from shop.bulk.worker import MassPlacer
from shop.ordering.favourites import Favourites
from shop.ordering.placement import Ordering
from shop.orders.history import OrderHistory

_QUEUE_LOOK = 5.0


@dataclass(frozen=True, slots=True)
class OrderingServices:
    ordering: Ordering
    favourites: Favourites
    book: OrderHistory
    mass: MassOrders
    live: LiveMessages


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderingFeature(Feature[OrderingServices]):
    placer: MassPlacer


def open_ordering(deps: Deps, currency: Currency) -> OrderingFeature:
    database, wakeups, clock = deps.database, deps.wakeups, deps.clock
    ordering = Ordering(
        database,
        deps.access,
        deps.assortment,
        deps.prices,
        currency,
        wakeups,
        clock,
        account=deps.account,
        rules=deps.rules,
    )
    services = OrderingServices(
        ordering=ordering,
        favourites=Favourites(database, ordering, clock),
        book=OrderHistory(database, clock, deps.rules),
        mass=MassOrders(database, ordering, wakeups, clock),
        live=LiveMessages(database, clock),
    )
    placer = MassPlacer(database, ordering, wakeups, clock)
    workers = (Worker("placer", placer.step, every(_QUEUE_LOOK), wakeups.place),)
    return OrderingFeature(services=services, workers=workers, placer=placer)
