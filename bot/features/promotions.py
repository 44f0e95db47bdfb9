"""Coupons and invitations."""

from dataclasses import dataclass

from bot.features.deps import Currency, Deps, Feature
from bot.workers.supervisor import Worker, every
from shop.promotions.coupons import Coupons
from shop.promotions.invitations import Invitations

_SHARING_LOOK = 10.0


@dataclass(frozen=True, slots=True)
class PromotionServices:
    coupons: Coupons
    invitations: Invitations


def open_promotions(deps: Deps, currency: Currency) -> Feature[PromotionServices]:
    services = PromotionServices(
        coupons=Coupons(deps.database, deps.access, currency, deps.wakeups, deps.clock),
        invitations=Invitations(deps.database, deps.access, currency, deps.wakeups, deps.clock),
    )
    workers = (Worker("invitations", services.invitations.step, every(_SHARING_LOOK)),)
    return Feature(services=services, workers=workers)
