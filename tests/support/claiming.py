"""A claim as the submitter makes it, without its questions about what was agreed."""

from datetime import datetime

from storage import catalog, orders
from storage.engine import Connection
from storage.rows import Order


async def claim(connection: Connection, *, now: datetime, owner: str, lease_until: datetime) -> Order | None:
    order = await orders.next_in_line(connection, now=now)
    service = None if order is None else await catalog.service(connection, order.service_id)
    if order is None or service is None:
        return None
    return await orders.claim(connection, order, service, now=now, owner=owner, lease_until=lease_until)
