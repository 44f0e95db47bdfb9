"""Statements about messages that are kept up to date besides the cards of orders."""

from enum import StrEnum

from sqlalchemy import update

from storage.engine import Transaction
from storage.schema.orders import mass_orders, request_lists


class LiveKind(StrEnum):
    MASS = "mass"  # a mass order's progress
    REQUESTS = "requests"  # the results of refills, cancellations or looks at many orders


_TABLES = {LiveKind.MASS: mass_orders, LiveKind.REQUESTS: request_lists}


def show_on(tx: Transaction, kind: LiveKind, live_id: int, user_id: int, message_id: int) -> None:
    """Remember which message of its owner's chat shows it."""
    table = _TABLES[kind]
    tx.execute(
        update(table)
        .where(table.c.id == live_id, table.c.user_id == user_id)
        .values(message_id=message_id),
    )


def leave(tx: Transaction, user_id: int, message_id: int) -> None:
    """Remember that a chat's message shows something else now."""
    for table in _TABLES.values():
        tx.execute(
            update(table)
            .where(table.c.user_id == user_id, table.c.message_id == message_id)
            .values(message_id=None),
        )
