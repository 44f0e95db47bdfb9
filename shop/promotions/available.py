"""Which gifts the shop offers now: coupons, invitations."""

from dataclasses import dataclass

from shop.promotions import discounts
from shop.promotions.invitations import terms_of
from storage.engine import Transaction


@dataclass(frozen=True, slots=True)
class Offered:
    coupons: bool
    invitations: bool


def offered(tx: Transaction) -> Offered:
    """Return what admins have turned on. Only where people pay themselves is that anything."""
    return Offered(discounts.are_on(tx), terms_of(tx).on)
