"""A customer's orders, for looking at."""

from dataclasses import dataclass, field

from shop.aftercare import Rules
from shop.clock import Clock, utc_now
from shop.errors import NotFoundError
from shop.sheets import OrderSheet, order_sheet
from storage import Database, orders
from storage.rows import Order
from storage.states import DONE, IN_WORK


@dataclass(frozen=True, slots=True)
class OrderBook:
    database: Database
    clock: Clock = utc_now
    rules: Rules = field(default_factory=Rules)

    async def page(self, user_id: int, *, done: bool, page: int, size: int) -> tuple[list[Order], tuple[int, int]]:
        """Give a page of orders, newest first, and how many there are in work and done."""
        async with self.database.read() as connection:
            totals = (
                await orders.count(connection, IN_WORK, user_id),
                await orders.count(connection, DONE, user_id),
            )
            found = await orders.page(
                connection, user_id, DONE if done else IN_WORK, limit=size, offset=page * size,
            )  # fmt: skip
        return found, totals

    async def order(self, user_id: int, order_id: int) -> Order:
        """Give an order that is theirs. Somebody else's looks like none."""
        async with self.database.read() as connection:
            found = await orders.get(connection, order_id, user_id)
        if found is None:
            raise NotFoundError("error-order-gone")
        return found

    async def sheet(self, user_id: int, order_id: int) -> OrderSheet:
        """Give what the order's card shows, if it is theirs."""
        async with self.database.read() as connection:
            found = await orders.get(connection, order_id, user_id)
            if found is None:
                raise NotFoundError("error-order-gone")
            return await order_sheet(connection, found, self.rules, self.clock())

    async def shown(self, user_id: int, message_id: int, order_id: int | None) -> None:
        """Remember which message shows an order's card; it is kept up to date from then on."""
        async with self.database.write() as connection:
            await orders.show_on(connection, user_id, message_id, order_id)
