"""Orders without an answer and stuck ones, and the admins who find out about them."""

from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import update

from shop.fulfilment.evidence import EvidenceKind
from shop.recovery.attention import AttentionItem, StuckWatch, case_of
from shop.recovery.id_check import Checker
from shop.recovery.resolution import Verdicts
from storage.enums import OrderState
from storage.queries import evidence as statements
from storage.rows import Evidence, Order
from storage.schema.messages import notices
from storage.schema.orders import orders
from tests.harness.world import ADMINS, World

STRANGE = '{"error": "Incorrect order ID"}'


class Desk:
    """What an admin does, without the chat."""

    def __init__(self, world: World) -> None:
        shared = {"database": world.database, "bells": world.bells, "clock": world.clock}
        self.world = world
        self.verdicts = Verdicts(**shared, admins=ADMINS)
        self.checker = Checker(**shared, panel=world.panel, admins=ADMINS)
        self.stuck = StuckWatch(**shared, admins=ADMINS)

    async def check(self, order: Order, provider_order_id: str, admin: int = ADMINS[0]) -> Evidence:
        """Have an id asked about; give the evidence that comes of it."""
        await self.checker.request(admin, order.id, provider_order_id)
        await self.checker.step()
        return (await self.found(order, EvidenceKind.CHECKED))[-1]

    async def found(self, order: Order, kind: EvidenceKind) -> list[Evidence]:
        return [
            one
            for one in (await self.world.database.read(statements.of_orders, [order.id]))[order.id]
            if one.kind == kind
        ]

    async def case(self, order: Order) -> AttentionItem | None:
        return await self.world.database.read(case_of, order.id, self.world.clock())

    async def answers(self, admin: int = ADMINS[0]) -> list[dict[str, Any]]:
        """Give what an admin was told of the ids they named."""
        rows = await self.world.rows(notices)
        return [row.payload for row in rows if row.kind == "checked_order" and row.user_id == admin]

    async def keep(self, order: Order, kind: EvidenceKind, **payload: Any) -> int:
        return await self.world.database.write(
            statements.add, order.id, kind, payload, self.world.clock()
        )

    async def change(self, order: Order, **values: Any) -> Order:
        await self.world.database.write(
            lambda tx: tx.execute(update(orders).where(orders.c.id == order.id).values(**values))
        )
        return await self.world.look(order)

    async def missing(self, **answers: Any) -> Order:
        """Give an order whose id the provider has not known for two hours."""
        order = await self.world.accepted(**answers)
        return await self.change(order, missing_since=self.world.clock() - timedelta(hours=2))


async def unknown(world: World, *, taken: bool = False, **answers: Any) -> Order:
    """Give an order whose answer got lost; `taken` by the provider or not."""

    async def lose(fields: dict[str, str]) -> None:
        if fields["action"] == "add":
            raise httpx.ReadTimeout("lost")

    if taken:
        world.line.after = lose
    else:
        world.line.says["add"] = httpx.ReadTimeout("lost")
    order = await world.accepted(**answers)
    world.line.says.clear()
    world.line.after = None
    assert order.state is OrderState.UNKNOWN
    return order
