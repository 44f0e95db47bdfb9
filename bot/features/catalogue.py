"""What is sold, and for how much."""

from dataclasses import dataclass

from bot.features.deps import Deps, Feature
from bot.workers.supervisor import Worker, every
from shop.access import Billing
from shop.catalogue.browsing import Browser
from shop.catalogue.margins import Margins
from shop.catalogue.pricing import Prices
from shop.catalogue.service_holds import ServiceHolds
from shop.catalogue.service_types import TypeMappings
from shop.catalogue.sync import Synchroniser
from shop.catalogue.warranty import Warranties
from shop.provider.balance import BalanceWatch

_MARGINS_LOOK = 10.0  # another process may have changed them


@dataclass(frozen=True, slots=True)
class CatalogueServices:
    browser: Browser
    prices: Prices
    margins: Margins
    warranties: Warranties
    types: TypeMappings
    holds: ServiceHolds
    synchroniser: Synchroniser


def open_catalogue(deps: Deps, watch: BalanceWatch) -> Feature[CatalogueServices]:
    synchroniser = Synchroniser(
        deps.database,
        deps.panel,
        deps.admins,
        deps.wakeups,
        deps.clock,
        jump=deps.settings.rate_jump_factor,
        currencies=watch.heard_names,
    )
    margins = Margins(deps.database, deps.access, deps.assortment, deps.prices, deps.clock)
    services = CatalogueServices(
        browser=Browser(deps.database, deps.access, deps.assortment),
        prices=deps.prices,
        margins=margins,
        warranties=Warranties(deps.database),
        types=TypeMappings(deps.database, deps.assortment, deps.clock),
        holds=ServiceHolds(deps.database, deps.admins, deps.wakeups, deps.clock),
        synchroniser=synchroniser,
    )
    workers = [
        Worker(
            "catalogue",
            synchroniser.sync,
            every(deps.settings.catalog_interval),
            deps.wakeups.sync,
            synchroniser.asked,
        )
    ]
    if deps.settings.billing is Billing.WALLET:
        workers.append(Worker("margins", margins.load, every(_MARGINS_LOOK), everywhere=True))
    return Feature(services=services, workers=tuple(workers))
