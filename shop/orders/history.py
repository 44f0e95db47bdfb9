"""A customer's orders, for looking at."""

from dataclasses import dataclass, field

from shop.clock import Clock
from shop.errors import NotFoundError
from shop.orders.details import OrderDetails, order_details
from shop.orders.eligibility import Rules
from storage import Database
from storage.engine import Transaction
from storage.enums import DONE, IN_WORK
from storage.queries import orders
from storage.rows import Order

MOST_COUNTED = 10_000  # of somebody's orders; nobody turns that many pages


def leave_card(tx: Transaction, user_id: int, message_id: int) -> None:
    """Note that a message of somebody's chat shows no order's card any more."""
    orders.show_on(tx, user_id, message_id, None)


@dataclass(frozen=True, slots=True)
class OrderHistory:
    database: Database
    clock: Clock
    rules: Rules = field(default_factory=Rules)

    async def page(
        self, user_id: int, *, done: bool, page: int, size: int
    ) -> tuple[list[Order], tuple[int, int]]:
        """Return a page of orders, newest first, and how many there are in work and done:
        MOST_COUNTED at most.
        """

        def transaction(tx: Transaction) -> tuple[tuple[int, int], list[Order]]:
            totals = (
                orders.count_up_to(tx, user_id, IN_WORK, MOST_COUNTED),
                orders.count_up_to(tx, user_id, DONE, MOST_COUNTED),
            )
            found = orders.page(
                tx,
                user_id,
                DONE if done else IN_WORK,
                limit=size,
                offset=page * size,
            )
            return totals, found

        totals, found = await self.database.read(transaction)
        return found, totals

    async def order(self, user_id: int, order_id: int) -> Order:
        """Return an order that is theirs. Somebody else's looks like none."""
        found = await self.database.read(orders.get, order_id, user_id)
        if found is None:
            raise NotFoundError("error-order-gone")
        return found

    async def sheet(self, user_id: int, order_id: int) -> OrderDetails:
        """Return what the order's card shows, if it is theirs."""

        def transaction(tx: Transaction) -> OrderDetails:
            found = orders.get(tx, order_id, user_id)
            if found is None:
                raise NotFoundError("error-order-gone")
            return order_details(tx, found, self.rules, self.clock())

        return await self.database.read(transaction)

    async def shown(self, user_id: int, message_id: int, order_id: int | None) -> None:
        """Remember which message shows an order's card; it is kept up to date from then on."""
        await self.database.write(orders.show_on, user_id, message_id, order_id)
