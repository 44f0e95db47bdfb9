"""Who may do what. Asked on every press; a button proves nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase

from panel import SERVICE_TYPES
from shop.errors import NotFoundError
from storage.rows import ServiceRow


class Billing(StrEnum):
    WALLET = "wallet"  # each customer pays from a prepaid wallet
    HOUSE = "house"  # the team orders from the operator's own balance


@dataclass(frozen=True, slots=True)
class Access:
    """The operator's lists: who runs the shop, who may buy, and how they pay."""

    admins: frozenset[int] = frozenset()
    allowed: frozenset[int] = frozenset()
    billing: Billing = Billing.WALLET

    def is_admin(self, user_id: int) -> bool:
        return user_id in self.admins

    def may_shop(self, user_id: int) -> bool:
        """An empty list is everybody where people pay themselves, and admins only where the house
        pays.
        """
        if user_id in self.admins or user_id in self.allowed:
            return True
        return not self.allowed and self.billing is Billing.WALLET

    def admit(self, user_id: int) -> None:
        """Raise NotFoundError for strangers."""
        if not self.may_shop(user_id):
            raise NotFoundError("error-not-for-you")


@dataclass(frozen=True, slots=True)
class Assortment:
    """What the operator chose to sell: patterns over category names, `*` and `?`, any case."""

    allow: Sequence[str] = field(default=())
    deny: Sequence[str] = field(default=())

    def sells(self, category: str) -> bool:
        if any(fits(category, pattern) for pattern in self.deny):
            return False
        return not self.allow or any(fits(category, pattern) for pattern in self.allow)


def fits(category: str, pattern: str) -> bool:
    """Return whether a category's name fits a pattern: `*` and `?`, any case."""
    # real names have brackets: "Followers [Refill]"
    literal = pattern.casefold().replace("[", "[[]")
    return fnmatchcase(category.casefold(), literal)


def is_sellable(service: ServiceRow) -> bool:
    """Return whether an order for this service can be taken now."""
    there = service.hidden_at is None and service.held_at is None
    return service.sold and there and service.type in SERVICE_TYPES
