"""A claim as the submitter makes it, without its questions about what was agreed."""

from datetime import datetime

from storage.engine import Transaction
from storage.queries import catalogue, orders
from storage.rows import Order


def claim(tx: Transaction, *, now: datetime, owner: str, lease_until: datetime) -> Order | None:
    order = orders.next_in_line(tx, now=now)
    service = None if order is None else catalogue.service(tx, order.service_id)
    if order is None or service is None:
        return None
    return orders.claim(tx, order, service, now=now, owner=owner, lease_until=lease_until)
