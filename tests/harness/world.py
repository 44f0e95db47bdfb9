"""The shop without Telegram: its workers, a customer with money, and the simulated provider at the
end of a line.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import httpx
from sqlalchemy import Table, select, text

from panel import PanelClient, Profile
from playground.provider import Provider
from playground.provider.testing import HandClock
from shop.access import Access, Assortment, Billing
from shop.aftercare.bulk import RequestLists
from shop.aftercare.refill_polling import RefillTracker
from shop.aftercare.service import Aftercare
from shop.aftercare.worker import Requester
from shop.bulk.orders import MassOrders
from shop.bulk.worker import MassPlacer
from shop.catalogue.browsing import Browser
from shop.catalogue.pricing import Prices
from shop.catalogue.sync import Synchroniser
from shop.fulfilment.polling import Tracker
from shop.fulfilment.submission import Submitter
from shop.ordering.placement import Ordering
from shop.orders.eligibility import Rules
from shop.outbox import Kind, alert_told
from shop.wakeups import Wakeups
from storage import Database, Transaction
from storage.enums import OrderState
from storage.queries import orders as order_statements
from storage.queries import users, wallet
from storage.queries.wallet import Account
from storage.rows import Order, ServiceRow
from storage.schema.catalogue import services
from storage.schema.messages import notices
from storage.schema.orders import orders
from tests.factories.entry_keys import entry_key
from tests.harness.books import check_money
from tests.harness.clock import Clock
from tests.harness.shop import provider_transport, simulated_limiter

CUSTOMER, ADMINS = 501, (9001, 9002)
DOLLAR = 1_000_000
FORCED_AT = datetime(2026, 11, 22, tzinfo=UTC)
PLAYS, VISITS, REVIEWS, PACKAGE = "11", "12", "13", "14"  # the provider's ids
CATALOGUE: list[dict[str, Any]] = [
    {
        "service": 11,
        "name": "Podcast plays",
        "type": "Default",
        "category": "Podcasts",
        "rate": "2.00",
        "min": "10",
        "max": "10000",
        "dripfeed": True,
        "refill": True,
        "cancel": True,
    },
    {
        "service": 12,
        "name": "Website visits",
        "type": "Default",
        "category": "Websites",
        "rate": "0.50",
        "min": "100",
        "max": "100000",
        "dripfeed": False,
        "refill": False,
        "cancel": True,
    },
    {
        "service": 13,
        "name": "Video reviews",
        "type": "Custom Comments",
        "category": "Podcasts",
        "rate": "9.00",
        "min": "2",
        "max": "500",
        "dripfeed": False,
        "refill": False,
        "cancel": True,
    },
    {
        "service": 14,
        "name": "Launch package",
        "type": "Package",
        "category": "Websites",
        "rate": "12.50",
        "min": "1",
        "max": "1",
        "dripfeed": False,
        "refill": False,
        "cancel": False,
    },
]

Hook = Callable[[dict[str, str]], Awaitable[None]]


class Line(httpx.AsyncBaseTransport):
    """The wire to the provider: remembers what was sent, can be cut, and can be stopped half-way.

    `before` runs before the provider hears of a request, `after` when its answer is on the way.
    `says` replaces answers by action: a body, a whole response (made anew each time), or an
    exception that is raised.
    """

    def __init__(self, provider: Provider) -> None:
        self._provider = provider_transport(provider)
        self.sent: list[dict[str, str]] = []
        self.says: dict[str, str | Callable[[], httpx.Response] | Exception] = {}
        self.cut = False
        self.before: Hook | None = None
        self.after: Hook | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.cut:
            raise httpx.ConnectError("no route to host", request=request)
        fields = dict(parse_qsl(request.content.decode(), keep_blank_values=True))
        self.sent.append(fields)
        said = self.says.get(fields["action"])
        if self.before:
            await self.before(fields)
        if isinstance(said, Exception):
            raise said
        if isinstance(said, str):
            return httpx.Response(200, content=said.encode())
        if said is not None:
            return said()
        response = await self._provider.handle_async_request(request)
        if self.after:
            await self.after(fields)
        return response

    def count(self, action: str) -> int:
        return sum(fields["action"] == action for fields in self.sent)


class World:
    """Everything that a test of the workers moves. Nothing runs by itself."""

    def __init__(
        self,
        database: Database,
        *,
        catalogue: Iterable[Mapping[str, Any]] | None = None,
        **given: Any,
    ) -> None:
        self.database = database
        self.clock, self.hand, self.bells = Clock(), HandClock(), Wakeups()
        self.provider = Provider(
            catalogue=CATALOGUE if catalogue is None else catalogue,
            clock=self.hand,
            balance="100000",
            dialect=given.get("dialect", "documented"),
        )
        if catalogue is None:
            for service in CATALOGUE:
                self.provider.change_service(service["service"], nature="steady")
        self.line = Line(self.provider)
        ids_per_call = given.get("ids_per_call", 1 if given.get("dialect") == "numeric" else 100)
        profile = Profile(
            url="http://provider.test/api/v2",
            key="demo-key",
            ids_per_call=ids_per_call,
            add_connections=given.get("add_connections", 8),
            connect_timeout=given.get("connect_timeout", 10.0),
        )
        limiter = simulated_limiter(self.clock, self.pass_time, given.get("calls_per_minute"))
        self.panel = PanelClient(profile, transport=self.line, limiter=limiter)
        self.access = Access(admins=frozenset(ADMINS), billing=given.get("billing", Billing.WALLET))
        self.assortment = given.get("assortment", Assortment())
        self.prices = Prices(markup_percent=Decimal(50))
        self.ordering = Ordering(
            database,
            self.access,
            self.assortment,
            self.prices,
            lambda: "USD",
            self.bells,
            self.clock,
        )
        self.mass = MassOrders(database, self.ordering, self.bells, self.clock)
        self.placer = MassPlacer(database, self.ordering, self.bells, self.clock)
        self.browser = Browser(database, self.access, self.assortment)
        self.submitter = self.another_submitter()
        self.tracker = self.another_tracker()
        self.synchroniser = Synchroniser(database, self.panel, ADMINS, self.bells, self.clock)
        self.rules = Rules()
        self.aftercare = Aftercare(database, self.rules, self.bells, self.clock)
        self.lists = RequestLists(self.aftercare)
        self.requester = self.another_requester()
        self.refills = RefillTracker(database, self.panel, self.rules, 10.0, self.bells, self.clock)

    def another_submitter(self) -> Submitter:
        return Submitter(self.database, self.panel, ADMINS, 30.0, self.bells, self.clock)

    def another_tracker(self) -> Tracker:
        return Tracker(self.database, self.panel, ADMINS, 10.0, self.bells, self.clock)

    def another_requester(self) -> Requester:
        return Requester(
            self.database,
            self.panel,
            self.tracker,
            self.rules,
            ADMINS,
            30.0,
            self.bells,
            self.clock,
        )

    async def customer(self, user_id: int = CUSTOMER, dollars: int = 100) -> int:
        await add_customer(self.database, user_id, dollars * DOLLAR)
        return user_id

    async def service(self, provider_id: str = PLAYS) -> ServiceRow:
        service_id = await self.database.read(
            lambda tx: tx.scalar(select(services.c.id).where(services.c.provider_id == provider_id))
        )
        return await self.browser.service(ADMINS[0], service_id)

    async def draft(self, service: str = PLAYS, user_id: int = CUSTOMER, **answers: Any) -> int:
        """Open a draft with every answer given; what is left out is skipped."""
        wanted = await self.service(service)
        given = {
            "link": "https://example.com/show",
            "quantity": 100,
            "runs": None,
            "interval": None,
        } | answers
        return (await self.ordering.start(user_id, wanted.id, given)).draft.id

    async def order(self, service: str = PLAYS, user_id: int = CUSTOMER, **answers: Any) -> Order:
        return (
            await self.ordering.submit(user_id, await self.draft(service, user_id, **answers))
        ).order

    async def accepted(
        self, service: str = PLAYS, user_id: int = CUSTOMER, **answers: Any
    ) -> Order:
        """Give an order that the provider has taken."""
        placed = await self.order(service, user_id, **answers)
        await self.submit()
        return await self.look(placed)

    async def place(self) -> None:
        """Make orders of the confirmed lines of mass orders."""
        while await self.placer.step():
            pass

    async def submit(self) -> None:
        while await self.submitter.step():
            pass

    async def request(self) -> None:
        """Send everything that was asked for after the sale and whose turn it is."""
        while await self.requester.step():
            pass

    async def later(self, seconds: float) -> None:
        """Let time pass, then let the submitter and the tracker do what there is to do."""
        self.pass_time(seconds)
        await self.submit()
        await self.tracker.sweep()

    def pass_time(self, seconds: float) -> None:
        self.clock.forward(seconds=seconds)
        self.hand.pass_by(seconds)

    async def look(self, order: Order) -> Order:
        found = await self.database.read(order_statements.get, order.id)
        assert found is not None
        return found

    async def balance(self, user_id: int = CUSTOMER) -> int:
        return await self.database.read(wallet.balance, user_id)

    async def held(self, user_id: int = CUSTOMER) -> int:
        return await self.database.read(wallet.held, user_id)

    async def rows(self, table: Table) -> list[Any]:
        return await rows_of(self.database, table)

    async def told(self, user_id: int = CUSTOMER) -> list[str]:
        """List what a chat is to be told: the kinds of notices, an order's notice with its
        state.
        """
        said = [row for row in await self.rows(notices) if row.user_id == user_id]
        return [
            f"{row.kind}:{row.payload['state']}" if row.kind == "order" else row.kind
            for row in said
        ]

    async def asked(self, kind: Kind) -> int:
        """Give the stamp of the question that waits; 0 where none of this kind does."""
        told = await self.database.read(alert_told, kind)
        return 0 if told is None else int(told["asked"])

    async def told_admins(self) -> list[str]:
        """List what the admins are told, and make sure that each is told the same."""
        first, second = [await self.told(admin) for admin in ADMINS]
        assert first == second
        return first


async def add_customer(database: Database, user_id: int, units: int) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)

    def transaction(tx):
        users.create(tx, user_id, first_name="Ann", username=None, language="en", now=now)
        if units:
            wallet.move(
                tx,
                user_id=user_id,
                source=Account.MANUAL,
                target=Account.WALLET,
                amount=units,
                key=entry_key(f"manual:{user_id}:0"),
                reason="test",
                now=now,
            )

    await database.write(transaction)


async def rows_of(database: Database, table: Table) -> list[Any]:
    """Read a table through a connection of its own, in the order of its key."""
    return await database.read(
        lambda tx: list(tx.execute(select(table).order_by(next(iter(table.c)))))
    )


def force(tx: Transaction, order_id: int | None = None, **values: Any) -> None:
    """Write columns of an order, or of all, with the event that an order's state always has."""
    chosen = select(orders.c.id, orders.c.state, orders.c.provider_order_id).order_by(orders.c.id)
    if order_id is not None:
        chosen = chosen.where(orders.c.id == order_id)
    for row in tx.execute(chosen).all():
        tx.execute(orders.update().where(orders.c.id == row.id).values(**values))
        state = values.get("state", row.state)
        given = values.get("provider_order_id", row.provider_order_id)
        order_statements._note(tx, row.id, OrderState(state), f"forced as {given}", FORCED_AT)


async def somebody_waits(database: Database) -> None:
    """Return when a transaction in this database waits for a lock (PostgreSQL)."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = :name AND wait_event_type = 'Lock'"
    )
    while not await database.read(lambda tx: tx.scalar(waiting, {"name": database.url.database})):
        await asyncio.sleep(0.01)


@asynccontextmanager
async def open_world(database: Database, **given: Any) -> AsyncIterator[World]:
    """Open a shop with a catalogue and a customer who has $100; the money is checked at the end."""
    world = World(database, **given)
    await world.customer()
    await world.synchroniser.sync()
    world.line.sent.clear()
    try:
        yield world
        await check_money(database)
    finally:
        await world.panel.aclose()
