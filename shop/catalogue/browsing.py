"""Browsing and searching the catalogue."""

import re
from dataclasses import dataclass

from shop.access import Access, Assortment
from shop.catalogue.service_details import ServiceDetails, service_details
from shop.catalogue.sync import clean_name
from shop.errors import NotFoundError
from storage import Database
from storage.engine import Transaction
from storage.queries import catalogue
from storage.rows import Category, ServiceRow


def _beginning(word: str) -> re.Pattern[str]:
    return re.compile(f"(?<!\\w){re.escape(word)}" if word.isascii() else re.escape(word))


@dataclass(frozen=True, slots=True)
class Browser:
    """The catalogue as one person may see it."""

    database: Database
    access: Access
    assortment: Assortment

    async def categories(self, user_id: int) -> list[Category]:
        """List what there is to choose from, in the provider's order.

        Raises NotFoundError for strangers.
        """
        self.access.admit(user_id)
        found = await self.database.read(
            catalogue.category_list, unknown_types=self.access.is_admin(user_id)
        )
        return [category for category in found if self.assortment.sells(category.name)]

    async def services(
        self, user_id: int, category_id: int, *, page: int, size: int
    ) -> list[ServiceRow]:
        """List one page of a category, and one more service if another page follows."""
        self.access.admit(user_id)
        found = await self.database.read(
            catalogue.service_page,
            category_id,
            limit=size + 1,
            offset=page * size,
            unknown_types=self.access.is_admin(user_id),
        )
        return [service for service in found if self.assortment.sells(service.category)]

    async def service(self, user_id: int, service_id: int) -> ServiceRow:
        """Return a service that this person may see; NotFoundError otherwise."""
        return await self.database.read(self._service, user_id, service_id)

    def _service(self, tx: Transaction, user_id: int, service_id: int) -> ServiceRow:
        self.access.admit(user_id)
        found = catalogue.service(tx, service_id)
        known = found is not None and (found.type is not None or self.access.is_admin(user_id))
        if (
            found is None
            or not known
            or not found.sold
            or found.hidden_at
            or not self.assortment.sells(found.category)
        ):
            raise NotFoundError("error-not-for-sale")
        return found

    async def sheet(self, user_id: int, service_id: int) -> ServiceDetails:
        """Return what the card of a service shows to this person; NotFoundError where they may not
        see it.
        """

        def transaction(tx: Transaction) -> ServiceDetails:
            found = self._service(tx, user_id, service_id)
            return service_details(tx, found, user_id, is_admin=self.access.is_admin(user_id))

        return await self.database.read(transaction)

    async def search(self, user_id: int, text: str, *, most: int) -> tuple[list[ServiceRow], int]:
        """Find services whose name or category has every word of the text; the first `most`, and
        how many in all.

        A word may be the beginning of one; in scripts that don't part words by spaces it may stand
        anywhere.
        """
        self.access.admit(user_id)
        words = [_beginning(word) for word in clean_name(text).casefold().split()]
        if not words:
            return [], 0

        def transaction(tx: Transaction) -> tuple[list[ServiceRow], int]:
            names = catalogue.names(tx, unknown_types=self.access.is_admin(user_id))
            sold = {
                category
                for category in {row[2] for row in names}
                if self.assortment.sells(category)
            }
            hits = [
                key
                for key, name, category in names
                if category in sold
                and all(word.search(f"{name} {category}".casefold()) for word in words)
            ]
            return catalogue.several(tx, hits[:most]), len(hits)

        return await self.database.read(transaction)
