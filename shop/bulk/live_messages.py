"""Messages that go on living: a mass order's progress, the results of many requests."""

from dataclasses import dataclass

from shop.clock import Clock
from shop.orders.history import leave_card
from shop.outbox import notify_bulk_order, notify_request_list
from storage import Database
from storage.engine import Transaction
from storage.queries import live_messages
from storage.queries.live_messages import LiveKind

__all__ = ["Live", "LiveKind", "LiveMessages"]


@dataclass(frozen=True, slots=True)
class Live:
    """What a message shows and is to be kept up to date with.

    `message_id`: it is known to be shown there.
    """

    kind: LiveKind
    id: int
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class LiveMessages:
    database: Database
    clock: Clock

    async def shown(self, shown: Live, user_id: int, message_id: int) -> None:
        """Remember which message shows it, and nothing else any more."""

        def transaction(tx: Transaction) -> None:
            leave_card(tx, user_id, message_id)
            live_messages.leave(tx, user_id, message_id)
            live_messages.show_on(tx, shown.kind, shown.id, user_id, message_id)

        await self.database.write(transaction)

    async def left(self, user_id: int, message_id: int) -> None:
        """Keep the message up to date no more: it shows something else now."""
        await self.database.write(live_messages.leave, user_id, message_id)

    async def drawn(self, shown: Live, user_id: int) -> None:
        """Have it looked at once more after it was shown: the notifier may have drawn a newer
        picture meanwhile.
        """
        tell = notify_bulk_order if shown.kind is LiveKind.MASS else notify_request_list
        await self.database.write(tell, user_id, shown.id, self.clock())
