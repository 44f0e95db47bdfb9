"""The whole product in one process: the emulator's people on one side, the simulated provider on
the other.

The app is the one that the run command builds; only the two sockets are replaced.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qsl

import httpx
from aiogram.types import Update
from sqlalchemy import select

from bot.app import App, build
from bot.settings import Settings
from bot.telegram.pacing import Pacing
from panel import PanelClient, Profile, RateLimiter
from playground.crypto import CryptoBot
from playground.provider import Provider
from playground.provider.faults import KINDS, Way
from playground.provider.replacements import TRAILING, replacement
from playground.provider.reply import Reply
from playground.provider.testing import HandClock
from playground.telegram import BotApi
from playground.telegram.people import Person
from playground.telegram.session import EmulatorSession
from shop.cryptopay.client import CryptoPay
from storage.migrate import upgrade
from storage.schema.orders import orders
from tests.factories.entry_keys import entry_key
from tests.fakes.crypto import crypto_transport
from tests.harness.books import check_money
from tests.harness.clock import Clock

ADMIN = 1003


@dataclass
class Shop:
    """A running shop and everybody around it.

    Workers don't run by themselves: a test makes them step.
    """

    app: App
    api: BotApi
    provider: Provider
    provider_clock: HandClock
    clock: Clock

    def person(self, user_id: int = 1001, name: str = "Ann", language: str = "en") -> Person:
        return self.api.person(user_id, name, name.lower(), language)

    @property
    def admin(self) -> Person:
        return self.person(ADMIN, "Olga")

    async def sync(self) -> None:
        await self.app.features.provider.services.watch.refresh()
        await self.app.features.catalogue.services.synchroniser.sync()

    async def place(self) -> None:
        """Make orders of the confirmed lines of mass orders."""
        while await self.app.features.ordering.placer.step():
            pass

    async def submit(self) -> None:
        """Send every order whose turn it is."""
        while await self.app.features.fulfilment.submitter.step():
            pass

    async def request(self) -> None:
        """Send everything that was asked for after the sale and whose turn it is."""
        while await self.app.features.aftercare.requester.step():
            pass

    async def read(self, seconds: float = 2) -> None:
        """Let the wait for more pieces of long texts end."""
        self.pass_time(seconds)
        while await self.app.updates.reader.step():
            pass

    async def notify(self) -> None:
        while await self.app.features.notifications.notifier.step():
            pass

    async def work(self, seconds: float = 0) -> None:
        """Let time pass, then let every worker do what there is to do."""
        self.pass_time(seconds)
        await self.place()
        await self.submit()
        await self.request()
        await self.app.features.fulfilment.tracker.sweep()
        await self.app.features.aftercare.refills.step()
        await self.notify()

    def pass_time(self, seconds: float) -> None:
        self.clock.forward(seconds=seconds)
        self.provider_clock.pass_by(seconds)

    async def credit(self, user_id: int, amount: str) -> None:
        await self.app.dispatcher["wallet"].adjust(
            user_id,
            int(Decimal(amount) * 1_000_000),
            reason="test",
            actor_id=ADMIN,
            key=entry_key(f"manual:{user_id}:{amount}:{self.clock()}"),
        )

    async def rows(self, table: Any = orders) -> list[Any]:
        """Read a table through a connection of its own."""
        return await self.app.database.read(
            lambda tx: list(tx.execute(select(table).order_by(next(iter(table.c)))))
        )

    async def check_money(self) -> None:
        await check_money(self.app.database)


def simulated_limiter(
    clock: Clock, pass_time: Callable[[float], None], per_minute: int | None = None
) -> RateLimiter:
    """Limit the calls by a test's clock; waiting makes its time pass."""

    async def sleep(seconds: float) -> None:
        pass_time(seconds)
        await asyncio.sleep(0)

    return RateLimiter(per_minute, clock=lambda: clock().timestamp(), sleep=sleep)


def settings_for(folder: Any, **given: Any) -> Settings:
    values = {
        "bot_token": "42:TEST",
        "panel_url": "http://provider.test/api/v2",
        "panel_key": "demo-key",
        "admin_ids": frozenset({ADMIN}),
        "database_url": f"sqlite+aiosqlite:///{folder}/shop.db",
        "welcome_credit": Decimal(10),
    } | given
    return Settings(_env_file=None, **values)  # type: ignore[arg-type]


def provider_transport(provider: Provider) -> httpx.MockTransport:
    """Make the provider answer without a socket; faults of the connection need a real one."""

    async def answer(request: httpx.Request) -> httpx.Response:
        fields = dict(parse_qsl(request.content.decode(), keep_blank_values=True))
        fault = provider.received(fields)
        if fault is None or KINDS[fault.kind].way in {Way.REFUSAL, Way.SHAPE}:
            return _response(provider.answer(fields, fault))
        reply = provider.answer(fields) if fault.done else None
        if KINDS[fault.kind].way is Way.ANSWER:
            return _response(replacement(fault))
        if fault.kind == "garbage_after" and reply is not None:
            return httpx.Response(200, content=reply.body + TRAILING)
        raise httpx.ReadTimeout("the answer was lost", request=request)

    return httpx.MockTransport(answer)


@asynccontextmanager
async def open_shop(
    folder: Any, provider: Provider | None = None, crypto: CryptoBot | None = None, **given: Any
) -> AsyncIterator[Shop]:
    """Open a shop with a catalogue; `given` are settings.

    With `crypto`, Crypto Pay is turned on.
    """
    if crypto is not None:
        given["crypto_pay_token"] = crypto.token
    settings = settings_for(folder, **given)
    hand = HandClock()
    new = provider is None
    provider = provider or Provider(key="demo-key", clock=hand)
    clock = Clock()
    api = BotApi(settings.bot_token.get_secret_value())

    def pass_time(seconds: float) -> None:
        clock.forward(seconds=seconds)
        hand.pass_by(seconds)

    panel = PanelClient(
        Profile(url=settings.panel_url, key="demo-key"),
        transport=provider_transport(provider),
        limiter=simulated_limiter(clock, pass_time),
    )
    pay = None
    if crypto is not None:
        crypto.clock = lambda: clock().timestamp()
        pay = CryptoPay(crypto.token, transport=crypto_transport(crypto))
    app = build(
        settings,
        session=EmulatorSession(api),
        panel=panel,
        crypto=pay,
        clock=clock,
        pacing=_no_pacing(clock),
        leads=lambda: True,
    )

    async def feed(raw: dict[str, Any]) -> None:
        await app.dispatcher.feed_update(
            app.bot, Update.model_validate(raw, context={"bot": app.bot})
        )

    api.on_update = feed
    shop = Shop(app, api, provider, hand, clock)
    try:
        await _stock(shop, new)
        yield shop
    finally:
        await app.close()


async def _stock(shop: Shop, new: bool) -> None:
    """Migrate and follow the provider; a new shop of the demo's provider starts from a copy of one
    that did.
    """
    file = shop.app.database.file
    if new and file is not None and not file.exists():
        file.write_bytes(await _stocked())
        await shop.app.features.provider.services.watch.refresh()
    else:
        await upgrade(shop.app.database)
        await shop.sync()


_STOCKED: list[bytes] = []


async def _stocked() -> bytes:
    """Give a database file with the demo's catalogue in it.

    Made once a process: it takes half a second.
    """
    if not _STOCKED:
        with TemporaryDirectory() as folder:
            async with open_shop(folder, Provider(key="demo-key", clock=HandClock())):
                pass
            _STOCKED.append(Path(folder, "shop.db").read_bytes())
    return _STOCKED[0]


def _no_pacing(clock: Clock) -> Pacing:
    """Tests don't wait for Telegram's limits; tests/unit/bot/test_pacing.py is about them."""
    return Pacing(lambda: clock().timestamp(), overall=100_000, burst=100_000)


def _response(reply: Reply) -> httpx.Response:
    return httpx.Response(
        reply.status,
        content=reply.body,
        headers={"Content-Type": reply.content_type} | reply.headers,
    )
