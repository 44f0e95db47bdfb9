"""Answers to an `add` that come when somebody else has taken its order over: its process was away
for too long.

An order that is still unknown is settled by such an answer, as it would have been in time: it was
the only `add`. One that an admin has settled meanwhile stays as it is, and they are told where that
was not the truth.
"""

import logging
from collections.abc import Collection
from datetime import datetime

from shop import outbox
from shop.fulfilment.evidence import EvidenceKind
from shop.outbox.payloads import LateAnswerNotice
from storage.engine import Transaction
from storage.queries import evidence, orders
from storage.rows import Order

log = logging.getLogger(__name__)


def too_late(
    tx: Transaction,
    order: Order,
    now: datetime,
    admins: Collection[int],
    *,
    provider_order_id: str = "",
    said: str = "",
) -> None:
    """Keep an answer that changes nothing any more; tell the admins of an order that runs without
    being ours.
    """
    there = orders.get(tx, order.id)
    if there is None or (provider_order_id and there.provider_order_id == provider_order_id):
        return  # found by itself, or by an admin
    evidence.add(tx, order.id, EvidenceKind.LATE, {"id": provider_order_id, "said": said}, now)
    log.error(
        "order %s is %s; its answer came too late: %s",
        order.id,
        there.state,
        provider_order_id or said,
    )
    if provider_order_id:
        told = LateAnswerNotice(provider_order_id=provider_order_id)
        outbox.notify_admins(tx, admins, told, now, order_id=order.id)
