"""Types that nobody knows: admins are told of each once, and say which known one to treat it as."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from panel import SERVICE_TYPES, normalised_label, service_type
from panel import Service as ListedService
from shop import outbox
from shop.access import Assortment, is_sellable
from shop.clock import Clock
from shop.errors import NotFoundError
from shop.outbox.payloads import UnknownTypeNotice
from storage import Database
from storage.engine import Transaction
from storage.queries import catalogue, type_mappings
from storage.rows import ServiceRow
from storage.schema.types import storable

LONGEST_LABEL = 128


def label_key(label: str) -> str:
    """Return the one spelling of a label by which it is remembered."""
    return normalised_label(str(storable(label[:LONGEST_LABEL])))[:LONGEST_LABEL]


def is_admins_word(service: ServiceRow) -> bool:
    """Return whether this service's type is an admin's to choose: the panel API knows no such
    label.
    """
    return service_type(service.type_label) is None


def type_of(listed: ListedService, mappings: Mapping[str, str]) -> str | None:
    """Return the type of a listed service: what its label says, or what an admin said of it."""
    return mappings.get(label_key(listed.type_label)) if listed.type is None else listed.type.key


@dataclass(frozen=True, slots=True)
class Mapped:
    """What came of a mapping: the service it was said on, as it is now, and how many are for
    sale.
    """

    service: ServiceRow
    for_sale: int


@dataclass(frozen=True, slots=True)
class TypeMappings:
    """Who calls this has looked whether it is an admin who asks."""

    database: Database
    assortment: Assortment
    clock: Clock

    async def service(self, service_id: int) -> ServiceRow:
        """Return a service whose type is an admin's to choose. Raises NotFoundError."""
        return await self.database.read(self._service, service_id)

    async def map(self, admin_id: int, service_id: int, type_key: str) -> Mapped:
        """Treat every service with this one's label as of a known type, now and at each look at the
        catalogue.

        Raises NotFoundError where there is no such type, or nothing to choose.
        """
        if type_key not in SERVICE_TYPES:
            raise NotFoundError("error-button-old")
        now = self.clock()

        def transaction(tx: Transaction) -> tuple[ServiceRow, list[ServiceRow]]:
            service = self._service(tx, service_id)
            label = label_key(service.type_label)
            type_mappings.put(tx, label, type_key, admin_id=admin_id, now=now)
            written = [one for one in type_mappings.labels(tx) if label_key(one) == label]
            alike = type_mappings.labelled(tx, written)
            type_mappings.set_type(tx, written, type_key, now)
            catalogue.note_changes(
                tx,
                [
                    {
                        "service_id": one.id,
                        "field": "type",
                        "old": str(one.type),
                        "new": type_key,
                        "at": now,
                    }
                    for one in alike
                    if one.type != type_key
                ],
            )
            return service, alike

        service, alike = await self.database.write(transaction)
        mapped = [replace(one, type=type_key) for one in alike]
        for_sale = sum(is_sellable(one) and self.assortment.sells(one.category) for one in mapped)
        return Mapped(replace(service, type=type_key), for_sale)

    def _service(self, tx: Transaction, service_id: int) -> ServiceRow:
        found = catalogue.service(tx, service_id)
        if found is None or not is_admins_word(found):
            raise NotFoundError("error-button-old")
        return found


def notify_of_unknown(
    tx: Transaction,
    admins: Collection[int],
    listed: Iterable[ListedService],
    mappings: Mapping[str, str],
    now: datetime,
) -> bool:
    """Tell the admins of every label that nobody knows, once each; True when there was something to
    tell.

    A heading or a row without a price is not worth a word: it wouldn't be sold anyway.
    """
    unknown: dict[str, list[ListedService]] = {}
    for service in listed:
        if service.sold and type_of(service, mappings) is None:
            unknown.setdefault(label_key(service.type_label), []).append(service)
    if not unknown:
        return False
    first = catalogue.by_provider_ids(tx, [found[0].id for found in unknown.values()])
    told = [
        outbox.alert_once(
            tx,
            admins,
            UnknownTypeNotice(
                label=found[0].type_label[:LONGEST_LABEL],
                services=len(found),
                service=first[found[0].id].id,
            ),
            now,
            about=label,
        )
        for label, found in unknown.items()
        if found[0].id in first
    ]
    return any(told)
