"""What every feature is made of, and what a feature is."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any, Generic, TypeVar

from bot.settings import Settings
from bot.workers.leadership import WorkersBot
from bot.workers.supervisor import Worker
from locales import Texts
from panel import PanelClient
from shop.access import Access, Assortment, Billing
from shop.catalogue.pricing import HOUSE, Prices
from shop.clock import Clock
from shop.leases import Leadership
from shop.money import to_units
from shop.operations.provider_account import fingerprint
from shop.orders.eligibility import Rules
from shop.wakeups import Wakeups
from storage import Database


@dataclass(frozen=True, slots=True)
class Deps:
    """What the features share. `telegram` is the bot as workers have it.

    The rest follows from the settings.
    """

    settings: Settings
    database: Database
    wakeups: Wakeups
    clock: Clock
    panel: PanelClient
    telegram: WorkersBot
    leadership: Leadership
    texts: Texts
    access: Access
    assortment: Assortment
    prices: Prices
    rules: Rules
    account: str

    @property
    def admins(self) -> frozenset[int]:
        return self.settings.admin_ids


def make_deps(
    settings: Settings,
    *,
    database: Database,
    clock: Clock,
    panel: PanelClient,
    telegram: WorkersBot,
    leadership: Leadership,
) -> Deps:
    account = fingerprint(settings.panel_url, settings.panel_key.get_secret_value())
    return Deps(
        settings=settings,
        database=database,
        wakeups=Wakeups(),
        clock=clock,
        panel=panel,
        telegram=telegram,
        leadership=leadership,
        texts=Texts(),
        access=Access(settings.admin_ids, settings.allowed_user_ids, settings.billing),
        assortment=Assortment(settings.category_allow, settings.category_deny),
        prices=_prices(settings),
        rules=Rules(timedelta(hours=settings.refill_wait_hours), account),
        account=account,
    )


def _prices(settings: Settings) -> Prices:
    if settings.billing is Billing.HOUSE:
        return HOUSE
    return Prices(settings.markup_percent, to_units(settings.price_step), settings.exchange_rate)


@dataclass(frozen=True, slots=True)
class NoServices:
    """Of a feature that handlers ask nothing of."""


S = TypeVar("S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature(Generic[S]):
    """A subject, put together.

    `services` is a dataclass: a handler asks for a service by the name of its field. `workers` run
    in the background. What a subclass has besides is for the start of the program, for other
    features and for tests.
    """

    services: S
    workers: tuple[Worker, ...] = ()


def services_by_name(*services: Any) -> dict[str, Any]:
    """Return the services of features under the names that handlers ask for them by.

    Raises ValueError where two have one name.
    """
    found: dict[str, Any] = {}
    for group in services:
        for field in fields(group):
            if field.name in found:
                raise ValueError(f"two services are named {field.name!r}")
            found[field.name] = getattr(group, field.name)
    return found


Currency = Callable[[], str]  # the shop's
