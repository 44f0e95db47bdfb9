"""What becomes of requests to cancel when their order ends."""

from datetime import datetime

from shop import outbox
from storage.engine import Transaction
from storage.enums import DONE, OrderState, RequestState
from storage.queries import requests
from storage.rows import Order


def end_cancellations(tx: Transaction, order: Order, now: datetime) -> None:
    """End what is open of the cancellations of an order that has ended: it came true, or came too
    late.
    """
    came_true = order.state in DONE - {OrderState.COMPLETED}
    target = RequestState.COMPLETED if came_true else RequestState.REJECTED
    for list_id in requests.end_cancellations(tx, order.id, target, now):
        outbox.notify_request_list(tx, order.user_id, list_id, now)
