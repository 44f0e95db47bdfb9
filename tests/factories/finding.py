"""Lost orders for tests: an `add` whose answer never comes, whether or not the order is there, and
the finder.
"""

from typing import Any

import httpx

from playground.provider.testing import call
from shop.fulfilment.evidence import EvidenceKind
from shop.provider.balance import BalanceWatch
from shop.recovery.finder import Finder
from shop.recovery.resolution import Verdicts
from storage import Transaction
from storage.enums import OrderState
from storage.queries import evidence
from storage.rows import Order
from storage.schema.orders import orders
from tests.harness.world import ADMINS, PLAYS, World

LINK = "https://example.com/"


class Search:
    """The finder of a world, and what goes wrong there. Seconds pass between any two orders."""

    def __init__(self, world: World, most: int = 300) -> None:
        self.world = world
        self.leads = self.finder = self.another(most)
        self.watch = self.finder.watch
        self._links = 0

    def another(self, most: int = 300) -> Finder:
        """Give the finder of another process; `leads` is the one whose process runs the workers."""
        world, shared = self.world, (self.world.bells, self.world.clock)
        watch = BalanceWatch(
            world.database, world.panel, ADMINS, bells=world.bells, clock=world.clock
        )
        verdicts = Verdicts(world.database, ADMINS, *shared)

        def leads(tx: Transaction) -> bool:
            return self.leads is made

        made = Finder(world.database, world.panel, watch, verdicts, leads, ADMINS, most, *shared)
        return made

    async def known(self, service: str = PLAYS, **answers: Any) -> Order:
        """Give an order that the provider has taken."""
        order = await self.world.accepted(service, **self._somewhere(answers))
        assert order.provider_order_id
        self.world.pass_time(1)
        return order

    async def lost(self, service: str = PLAYS, *, there: bool, **answers: Any) -> Order:
        """Give an order whose answer got lost; `there`: the provider has taken it."""

        async def lose(fields: dict[str, str]) -> None:
            if fields["action"] == "add":
                raise httpx.ReadTimeout("lost")

        line = self.world.line
        line.before, line.after = (None, lose) if there else (lose, None)
        order = await self.world.accepted(service, **self._somewhere(answers))
        line.before = line.after = None
        assert order.state is OrderState.UNKNOWN
        self.world.pass_time(1)
        return order

    def _somewhere(self, answers: dict[str, Any]) -> dict[str, Any]:
        self._links += 1
        return {"link": f"{LINK}{self._links}"} | answers

    def by_hand(self, **fields: Any) -> str:
        """Order at the provider with the shop's key, past the shop; give the id."""
        self._links += 1
        wanted = {"service": PLAYS, "link": f"{LINK}{self._links}", "quantity": 100} | fields
        return str(call(self.world.provider, "add", **wanted)["order"])

    def others(self, count: int) -> None:
        """Let other customers of the provider order: their ids are there, and are not ours."""
        book = self.world.provider.book
        for _ in range(count):
            number = int(self.by_hand())
            book.account.balance += book.orders[number].net
            book.orders[number] = None  # type: ignore[assignment] # not of our key

    async def look(self, steps: int = 400) -> None:
        """Let the finder do what is due now, to the end of each look."""
        for _ in range(steps):
            turns = [row.look_at for row in await self.world.rows(orders) if row.look_at]
            if not turns or min(turns) > self.world.clock():
                return
            assert await self.finder.pause() >= 1
            await self.finder.step()
        raise AssertionError("the look does not end")

    async def looks(self, count: int) -> None:
        """Let the finder look as often as that, each time as soon as it wants to."""
        for _ in range(count):
            await self.look()
            turn = [row.look_at for row in await self.world.rows(orders) if row.look_at]
            if turn:
                self.world.pass_time((min(turn) - self.world.clock()).total_seconds())

    async def signs(self, order: Order, kind: EvidenceKind) -> list[dict[str, Any]]:
        known = await self.world.database.read(evidence.of_orders, [order.id])
        return [one.payload for one in known[order.id] if one.kind == kind]
