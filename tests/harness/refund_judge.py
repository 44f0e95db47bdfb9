"""Admins who say what was not delivered, or take a refund back, without the chat."""

from dataclasses import dataclass
from typing import Any

from shop.fulfilment.evidence import EvidenceKind
from shop.recovery.portions import Portion
from shop.recovery.refund_resolution import Answered, RefundVerdicts
from shop.recovery.triage import Triage
from storage.queries import evidence, wallet
from storage.queries.wallet import Account
from storage.rows import Evidence, Order
from tests.factories.entry_keys import entry_key
from tests.factories.parents import say
from tests.harness.world import ADMINS, CUSTOMER, World

CONTRADICTION = {"status": "Partial", "remains": "0", "charge": "0"}


@dataclass
class Judge:
    """Admins who answer, without the chat."""

    world: World

    @property
    def verdicts(self) -> RefundVerdicts:
        world = self.world
        return RefundVerdicts(world.database, ADMINS, world.aftercare, world.bells, world.clock)

    async def seen(self, order: Order) -> int:
        return (await Triage(self.world.database, self.world.clock).sheet(order.id)).newest

    async def decide(self, order: Order, portion: Portion, admin: int = ADMINS[0]) -> Answered:
        return await self.verdicts.decide(order.id, admin, portion, await self.seen(order))

    async def take_back(self, order: Order, admin: int = ADMINS[0]) -> Answered:
        return await self.verdicts.take_back(order.id, admin, await self.seen(order))

    async def hear(self, order: Order, *answers: Any) -> Order:
        for answer in answers:
            say(self.world, **{str(order.provider_order_id): answer})
            await self.world.later(100)
        return await self.world.look(order)

    async def unclear(self, **answers: Any) -> Order:
        """Give an order of which the admins are asked."""
        order = await self.hear(await self.world.accepted(**answers), CONTRADICTION)
        assert order.unclear_since is not None
        return order

    async def kept(self, order: Order, kind: EvidenceKind) -> list[Evidence]:
        known = (await self.world.database.read(evidence.of_orders, [order.id]))[order.id]
        return [one for one in known if one.kind == kind]

    async def move(self, source: Account, target: Account, amount: int, key: str) -> None:
        """Move a customer's money past every rule but those of wallets."""
        await self.world.database.write(
            wallet.move,
            user_id=CUSTOMER,
            source=source,
            target=target,
            amount=amount,
            key=entry_key(key),
            reason="test",
            now=self.world.clock(),
            into_debt=key.startswith("chargeback"),
        )

    async def spend(self, leaving: int) -> None:
        """Have the customer spend all but so much."""
        amount = await self.world.balance() - leaving
        await self.move(Account.WALLET, Account.MANUAL, amount, f"manual:{amount}")
