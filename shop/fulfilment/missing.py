"""Orders whose id the provider no longer knows: noted once, with what it said, and no more once it
knows them again.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from panel import ItemError, Meaning, OrderStatus
from shop.fulfilment.evidence import EvidenceKind
from storage.engine import Transaction
from storage.enums import AT_PROVIDER
from storage.queries import evidence, orders
from storage.queries.orders import Tracked

log = logging.getLogger(__name__)

_NOT_YET = timedelta(hours=1)  # soon after `add` an id may only not be indexed yet

Answers = Mapping[str, OrderStatus | ItemError]


def news_of_missing(asked: Sequence[Tracked], answers: Answers, now: datetime) -> list[Tracked]:
    """Return the orders that are missing since now, and those that are so no more.

    Ended ones are forgotten by many.
    """
    return [order for order in asked if _is_news(order, answers.get(order.provider_order_id), now)]


def _is_news(order: Tracked, answer: OrderStatus | ItemError | None, now: datetime) -> bool:
    if isinstance(answer, OrderStatus):
        return order.missing_since is not None
    if answer is None or answer.meaning is not Meaning.ORDER_ID or order.missing_since is not None:
        return False
    return (
        order.state in AT_PROVIDER
        and order.submitted_at is not None
        and now - order.submitted_at > _NOT_YET
    )


def record_missing(
    tx: Transaction, news: Collection[Tracked], answers: Answers, now: datetime
) -> None:
    """Write what `news_of_missing` has found."""
    said = {order.id: (order.provider_order_id, answers[order.provider_order_id]) for order in news}
    lost = {
        order_id: (key, answer)
        for order_id, (key, answer) in said.items()
        if isinstance(answer, ItemError)
    }
    if found := said.keys() - lost.keys():
        orders.note_found(tx, found)
    new = orders.note_missing(tx, lost.keys(), now) if lost else set()
    for order_id in sorted(new):
        key, answer = lost[order_id]
        log.warning("the provider does not know order %s any more: %s", order_id, answer.text)
        evidence.add(tx, order_id, EvidenceKind.MISSING, {"id": key, "said": answer.text}, now)
