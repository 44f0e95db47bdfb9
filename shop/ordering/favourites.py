"""What people keep at hand: services, and presets of a service with its quantity."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from shop.access import is_sellable
from shop.clock import Clock
from shop.errors import BadAnswerError, NotFoundError, ShopError
from shop.ordering import forms
from shop.ordering.placement import Beside, Form, Ordering
from shop.parsing import visible
from storage import Database
from storage.engine import Transaction
from storage.queries import catalogue, favourites, orders, presets
from storage.queries.presets import Preset
from storage.rows import Order, ServiceRow

LONGEST_NAME = 64
MOST_PRESETS = 50


@dataclass(frozen=True, slots=True)
class KeptPreset:
    """A preset with its service as it is now.

    `price` in millionths; None where it can't be ordered so any more.
    """

    preset: Preset
    service: ServiceRow
    sold: bool
    quantity: int | None
    price: int | None


@dataclass(frozen=True, slots=True)
class KeptService:
    service: ServiceRow
    sold: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of what somebody keeps: presets first."""

    presets: Sequence[KeptPreset]
    services: Sequence[KeptService]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Favourites:
    database: Database
    ordering: Ordering
    clock: Clock

    async def keep(self, user_id: int, service_id: int, *, on: bool) -> None:
        """Keep a service, or don't any more.

        Raises NotFoundError for one that is not sold, if it is to be kept.
        """
        self.ordering.access.admit(user_id)

        def transaction(tx: Transaction) -> None:
            if not on:
                favourites.drop(tx, user_id, service_id)
                return
            service = catalogue.service(tx, service_id)
            if service is None or not self._sold(service):
                raise NotFoundError("error-not-for-sale")
            favourites.add(tx, user_id, service_id, self.clock())

        await self.database.write(transaction)

    async def shelf(self, user_id: int, *, page: int, size: int) -> Shelf:
        self.ordering.access.admit(user_id)

        def transaction(tx: Transaction) -> Shelf:
            first = presets.count(tx, user_id)
            total = first + favourites.count(tx, user_id)
            pages = max(-(-total // size), 1)
            number = min(page, pages - 1)
            kept = presets.page(tx, user_id, limit=size, offset=number * size)
            rest = size - len(kept)
            services = favourites.page(
                tx,
                user_id,
                limit=rest,
                offset=max(number * size - first, 0),
            )
            known = {
                service.id: service
                for service in catalogue.several(tx, [preset.service_id for preset in kept])
            }
            return Shelf(
                [self._priced(preset, known[preset.service_id]) for preset in kept],
                [KeptService(service, self._sold(service)) for service in services],
                number,
                pages,
            )

        return await self.database.read(transaction)

    async def suggestion(self, user_id: int, order_id: int) -> Order:
        """Return the order that is to become a preset.

        Raises NotFoundError when it is not theirs, or no longer sold.
        """
        self.ordering.access.admit(user_id)

        return await self.database.read(self._suggestion, user_id, order_id)

    def _suggestion(self, tx: Transaction, user_id: int, order_id: int) -> Order:
        order = orders.get(tx, order_id, user_id)
        if order is None:
            raise NotFoundError("error-order-gone")
        service = catalogue.service(tx, order.service_id)
        if service is None or not self._sold(service):
            raise NotFoundError("error-not-for-sale")
        return order

    async def save(self, user_id: int, order_id: int, text: str | Callable[[Order], str]) -> str:
        """Keep an order's service and answers under a name, or the one that is made of it; return
        it as it is kept.

        Raises BadAnswerError for what is no name, ShopError when there are too many. The same again
        changes nothing.
        """
        self.ordering.access.admit(user_id)
        written = _name(text) if isinstance(text, str) else None

        def transaction(tx: Transaction) -> str:
            order = self._suggestion(tx, user_id, order_id)
            name = written or _name(text(order) if callable(text) else text)
            fields = without_target(order)
            same = presets.named(tx, user_id, order.service_id, name)
            if any(preset.fields == fields for preset in same):
                return name
            if presets.count(tx, user_id) >= MOST_PRESETS:
                raise ShopError("preset-too-many", most=MOST_PRESETS)
            presets.create(
                tx,
                user_id=user_id,
                service_id=order.service_id,
                name=name,
                fields=fields,
                now=self.clock(),
            )
            return name

        return await self.database.write(transaction)

    async def use(self, user_id: int, preset_id: int, *, beside: Beside) -> Form:
        """Open a draft with everything answered but where it goes to."""
        self.ordering.access.admit(user_id)

        def transaction(tx: Transaction) -> Form:
            preset = presets.get(tx, preset_id, user_id)
            if preset is None:
                raise NotFoundError("error-preset-gone")
            form = self.ordering.open(tx, user_id, preset.service_id, preset.fields)
            beside(tx, form)
            return form

        return await self.database.write(transaction)

    async def drop(self, user_id: int, preset_id: int) -> None:
        """Remove a preset; one that is gone already may be removed again."""
        self.ordering.access.admit(user_id)
        await self.database.write(presets.drop, preset_id, user_id)

    def _priced(self, preset: Preset, service: ServiceRow) -> KeptPreset:
        if not self._sold(service):
            return KeptPreset(preset, service, sold=False, quantity=None, price=None)
        quantity = forms.charged_quantity(service, preset.fields)
        price = None if quantity is None else self.ordering.prices.of(service, quantity)
        return KeptPreset(preset, service, sold=True, quantity=quantity, price=price)

    def _sold(self, service: ServiceRow) -> bool:
        return is_sellable(service) and self.ordering.assortment.sells(service.category)


def _name(text: str) -> str:
    """Make a name of what somebody wrote. Raises BadAnswerError where it is none."""
    name = " ".join(visible(text).split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadAnswerError("preset-bad-name", most=LONGEST_NAME)
    return name


def without_target(order: Order) -> dict[str, Any]:
    """Return an order's answers but the one that says where it goes to: the link, or a
    subscription's user name.
    """
    target = "link" if order.fields.get("link") is not None else "username"
    return skipped_steps() | {name: value for name, value in order.fields.items() if name != target}


def skipped_steps() -> dict[str, Any]:
    """Return the steps that nobody has to answer, as passed over: a service may have got them
    since.
    """
    return dict.fromkeys(forms.OPTIONAL)
