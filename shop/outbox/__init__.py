"""What the shop has to say.

Written in the transaction of the change it tells of, sent by the notifier.
"""

from shop.outbox.kinds import Kind
from shop.outbox.payloads import DIGESTED, FOR_CUSTOMERS, PAYLOADS, PUSHED, Payload, payload_of
from shop.outbox.writing import (
    about_refund,
    alert_end,
    alert_once,
    alert_told,
    alerts_about,
    alerts_told,
    all_alerts_over,
    ask_owner,
    asks_since,
    clear_alert,
    name_of,
    notify,
    notify_admins,
    notify_bulk_order,
    notify_card,
    notify_cards,
    notify_of_currency,
    notify_owner,
    notify_request_list,
    refund_stands_no_more,
    stamp,
)

__all__ = [
    "DIGESTED",
    "FOR_CUSTOMERS",
    "PAYLOADS",
    "PUSHED",
    "Kind",
    "Payload",
    "about_refund",
    "alert_end",
    "alert_once",
    "alert_told",
    "alerts_about",
    "alerts_told",
    "all_alerts_over",
    "ask_owner",
    "asks_since",
    "clear_alert",
    "name_of",
    "notify",
    "notify_admins",
    "notify_bulk_order",
    "notify_card",
    "notify_cards",
    "notify_of_currency",
    "notify_owner",
    "notify_request_list",
    "payload_of",
    "refund_stands_no_more",
    "stamp",
]
