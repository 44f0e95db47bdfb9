"""The account at the provider: its balance and currency, and whether anything may be sent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.features.deps import Deps, Feature
from bot.settings import Settings
from bot.workers.supervisor import Worker, every
from shop.access import Billing
from shop.leases import Leadership
from shop.provider.balance import BalanceWatch
from shop.provider.currencies import CurrencyChoice, CurrencyTerms
from shop.provider.held_queue import Sending

_CURRENCIES_LOOK = 10.0

Step = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ProviderServices:
    watch: BalanceWatch
    sending: Sending
    currency_choice: CurrencyChoice


def open_provider(deps: Deps) -> Feature[ProviderServices]:
    terms = terms_of(deps.settings)
    watch = BalanceWatch(
        deps.database, deps.panel, deps.admins, deps.wakeups, deps.clock, terms=terms
    )
    services = ProviderServices(
        watch=watch,
        sending=Sending(deps.database, deps.admins, deps.wakeups, deps.clock),
        currency_choice=CurrencyChoice(deps.database, deps.admins, terms, deps.wakeups, deps.clock),
    )
    workers = (
        Worker(
            "currencies",
            _unless_leading(deps.leadership, watch.follow),
            every(_CURRENCIES_LOOK),
            everywhere=True,
        ),
        Worker(
            "balance",
            watch.refresh,
            every(deps.settings.balance_interval),
            deps.wakeups.balance,
            watch.asked,
        ),
    )
    return Feature(services=services, workers=workers)


def terms_of(settings: Settings) -> CurrencyTerms:
    """Return what the settings make of currencies; the house always counts in the provider's."""
    house = settings.billing is Billing.HOUSE
    return CurrencyTerms("" if house else settings.shop_currency, settings.exchange_rate, house)


def _unless_leading(leadership: Leadership, step: Step) -> Step:
    """Do a step only where another process leads: what the leader's workers have learnt is in their
    memory.
    """

    async def stepped() -> None:
        if not leadership.is_held():
            await step()

    return stepped
