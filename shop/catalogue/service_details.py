"""What a service's card shows beside the service itself."""

from dataclasses import dataclass

from shop.catalogue.delivery_times import Expectation, expectation_of
from storage.engine import Transaction
from storage.queries import favourites
from storage.rows import ServiceRow


@dataclass(frozen=True, slots=True)
class ServiceDetails:
    """A service as one person sees it."""

    service: ServiceRow
    is_admin: bool = False
    favourite: bool = False
    expectation: Expectation | None = None


def service_details(
    tx: Transaction, service: ServiceRow, user_id: int, *, is_admin: bool
) -> ServiceDetails:
    return ServiceDetails(
        service,
        is_admin,
        favourites.has(tx, user_id, service.id),
        expectation_of(tx, service.id),
    )
