"""Which gifts the shop offers now: coupons, invitations."""

from dataclasses import dataclass

from shop.coupons import Coupons
from shop.invitations import Invitations


@dataclass(frozen=True, slots=True)
class Offered:
    coupons: bool
    invitations: bool


@dataclass(frozen=True, slots=True)
class Gifts:
    coupons: Coupons
    invitations: Invitations

    async def offered(self) -> Offered:
        return Offered(await self.coupons.are_on(), await self.invitations.are_on())
