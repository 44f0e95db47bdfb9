"""The features of a shop, each made of those it stands on. Who gets updates comes later."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from bot.features.aftercare import AftercareFeature, open_aftercare
from bot.features.catalogue import CatalogueServices, open_catalogue
from bot.features.customers import CustomerServices, open_customers
from bot.features.deps import Deps, Feature, NoServices
from bot.features.fulfilment import FulfilmentFeature, open_fulfilment
from bot.features.notifications import NotificationsFeature, open_notifications
from bot.features.operations import open_operations
from bot.features.ordering import OrderingFeature, open_ordering
from bot.features.payments import PaymentsFeature, open_payments
from bot.features.promotions import PromotionServices, open_promotions
from bot.features.provider import ProviderServices, open_provider
from bot.features.recovery import RecoveryFeature, open_recovery
from shop.cryptopay.client import CryptoPay


@dataclass(frozen=True, slots=True)
class Features:
    operations: Feature[NoServices]
    provider: Feature[ProviderServices]
    catalogue: Feature[CatalogueServices]
    customers: Feature[CustomerServices]
    promotions: Feature[PromotionServices]
    ordering: OrderingFeature
    fulfilment: FulfilmentFeature
    aftercare: AftercareFeature
    payments: PaymentsFeature
    recovery: RecoveryFeature
    notifications: NotificationsFeature

    def __iter__(self) -> Iterator[Feature[Any]]:
        return (getattr(self, field.name) for field in fields(self))


def open_features(deps: Deps, crypto: CryptoPay | None = None) -> Features:
    """Put the shop together; `crypto` takes the place of the client that settings ask for."""
    provider = open_provider(deps)
    watch = provider.services.watch
    customers = open_customers(deps, watch.shop_currency)
    people = customers.services.people
    ordering = open_ordering(deps, watch.shop_currency)
    fulfilment = open_fulfilment(deps, watch)
    aftercare = open_aftercare(deps, fulfilment.tracker)
    payments = open_payments(deps, ordering.services.ordering, people, crypto)
    return Features(
        operations=open_operations(deps),
        provider=provider,
        catalogue=open_catalogue(deps, watch),
        customers=customers,
        promotions=open_promotions(deps, watch.shop_currency),
        ordering=ordering,
        fulfilment=fulfilment,
        aftercare=aftercare,
        payments=payments,
        recovery=open_recovery(deps, watch, aftercare.services.aftercare),
        notifications=open_notifications(
            deps, people, watch, ordering.services, aftercare.services, payments.services
        ),
    )
