"""One run of the fault matrix: a shop whose provider fails, whose process is killed, and that
starts again.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update

from handlers import callbacks
from panel import Meaning
from playground.provider import Server, serve_provider
from playground.provider.life import Nature
from playground.provider.testing import call
from playground.telegram.people import Person
from storage.enums import OrderState, RequestState
from storage.queries import facts
from storage.queries.facts import Fact
from storage.schema.catalogue import services
from storage.schema.messages import notices
from storage.schema.orders import orders, requests
from tests.chaos.matrix import WRITES, Fault
from tests.runtime.process import ADMIN, LINK, STEADY, STUCK, Bot, Launcher, Operator, operate

REFILLED, CANCELED, WATCHED, NEW = 1, 2, 3, 4  # our numbers of the orders
FIRST = 23501  # the provider's number of the first order
QUANTITY = 1000
LEFT = 400  # of the watched order, when it ends in part
_SPEED = 20  # of the provider's clock: a cancellation comes true within a fifth of a second
_ORDERED = {REFILLED: STEADY, CANCELED: STUCK, WATCHED: STUCK}
_SYNCING = 1004  # another admin: a chat takes a message a second
# longer than a trial, and no longer than a row can wait: a clock ahead is put right
_LATER = timedelta(hours=1)
_HOUR = 3600
Mark = tuple[Counter[str], Counter[str]]
_READS = ("status", "services", "balance")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A shop's file with three orders, and on which messages their cards are."""

    file: bytes
    cards: Mapping[int, int]


@asynccontextmanager
async def open_shop(
    folder: Path, url: str, launcher: Launcher
) -> AsyncIterator[tuple[Operator, Server]]:
    """Open a shop whose provider has a port of its own, and takes equal orders: a second one would
    be seen.
    """
    async with (
        operate(folder, url, launcher, speed=_SPEED) as shop,
        serve_provider(shop.pg.provider) as server,
    ):
        shop.brisk = True
        shop.settings |= {"PANEL_URL": server.url, "ADMIN_IDS": f"{ADMIN},{_SYNCING}"}
        shop.pg.api.person(_SYNCING, "Pavel", started=True)
        shop.pg.provider.book.busy_links = False
        shop.pg.provider.natures |= dict.fromkeys((STEADY, STUCK), Nature.STUCK)
        yield shop, server


async def order_three(shop: Operator) -> None:
    """Order by the bot itself: one to refill, one to cancel, one to watch."""
    await shop.start()
    for number, service in _ORDERED.items():
        await shop.place(await shop.person(number), service, f"{LINK}/{number}", str(QUANTITY))
        await shop.reached(*[OrderState.PENDING] * number)
    shop.pg.provider.force_order(FIRST, "Completed")
    await shop.reached(OrderState.COMPLETED, OrderState.PENDING, OrderState.PENDING)
    await shop.bots[-1].stop()
    await shop.change(
        "UPDATE notices SET done_at = created_at, outcome = 'said' WHERE done_at IS NULL"
    )


async def prepare(folder: Path, launcher: Launcher, migrated: bytes) -> Prepared:
    file = folder / "shop.db"
    file.write_bytes(migrated)
    async with open_shop(folder, f"sqlite+aiosqlite:///{file}", launcher) as (shop, _):
        await order_three(shop)
        cards = {
            row.id: row.card_message_id
            for row in await shop.rows()
            if row.card_message_id is not None
        }
    return Prepared(file.read_bytes(), cards)


async def restore(shop: Operator, prepared: Prepared) -> None:
    """Give provider and chat what the file knows of them; the provider stands at another port than
    it did then.
    """
    shop.settings["PANEL_CHANGED"] = "follow"
    for number, service in _ORDERED.items():
        answer = call(
            shop.pg.provider, "add", service=service, link=f"{LINK}/{number}", quantity=QUANTITY
        )
        assert answer == {"order": FIRST + number - 1}
    shop.pg.provider.force_order(FIRST, "Completed")
    chats = shop.pg.api.chats
    for number, message in sorted(prepared.cards.items(), key=lambda card: card[1]):
        chats._last_message = message - 1
        shop.pg.api.new_message(
            (await shop.person(number)).chat, shop.pg.api.me, {"text": f"Order #{number} – …"}
        )
    chats._last_message += 10


@dataclass(slots=True)
class Trial:
    """What happens to one shop.

    `faults`: by action. Person n has order n, so that nobody's chat is in a hurry.
    """

    shop: Operator
    server: Server
    faults: Mapping[str, Fault]
    moment: str
    people: dict[int, Person] = field(default_factory=dict)
    admins: list[Person] = field(default_factory=list)
    adds_before: int = 0
    first_message: int = 0

    async def run(self) -> None:
        self.people = {number: await self.shop.person(number) for number in (*_ORDERED, NEW)}
        self.admins = [self.shop.pg.api.person(number) for number in (ADMIN, _SYNCING)]
        self.first_message = self.shop.pg.api.chats._last_message
        self.adds_before = self.shop.pg.provider.calls["add"]
        await self._first_life()
        if "cancel" in self.faults and self.moment != "before":
            await self._life_of_the_cancellation()
        await self._last_life()

    # The lives of the process

    async def _first_life(self) -> None:
        """Refills and cancellations have one worker between them: where one is to hang, the other
        has its own life.
        """
        bot = await self._start()
        await self.shop.tell_all(self.people[NEW])
        summary = await self.shop.summary(self.people[NEW], STUCK, f"{LINK}/{NEW}", str(QUANTITY))
        asked = {action: fault for action, fault in self.faults.items() if action != "cancel"}
        if self.moment == "before":
            await self._hold_new_rows()
        mark = await self._bring_trouble(asked)
        # The provider goes on: what the next status says is news.
        self.shop.pg.provider.force_order(FIRST + WATCHED - 1, "Partial", remains=LEFT)
        presses = {
            "add": self.people[NEW].press("Confirm", message=summary),
            "refill": self._press(REFILLED, callbacks.Refill),
            "cancel": self._press(CANCELED, callbacks.CancelOrder),
            "balance": self.admins[0].say("/balance"),
            "services": self.admins[1].say("/sync"),
        }
        before = self.moment == "before"
        now = set(self.faults) & (set(WRITES) if before else set(asked))
        await asyncio.gather(*(press for action, press in presses.items() if action in now))
        for action in set(presses) - now:
            presses[action].close()
        await (
            self._kill_before_anything_is_sent(bot)
            if before
            else self._live_until_the_moment(bot, asked, mark)
        )

    async def _life_of_the_cancellation(self) -> None:
        """Let everything else wait meanwhile, wherever the first life has left it."""
        await self.server.accept()
        self._end_trouble()
        await self._between_lives()
        await self._put_off(datetime.now(UTC) + _LATER)
        bot = await self._start()
        await until(lambda: self._watched_is(OrderState.PARTIAL), "the news is there")
        await until(self._is_told, "all is said")
        asked = {"cancel": self.faults["cancel"]}
        # A firewall is one where a read meets it too.
        mark = await self._bring_trouble({"balance": self.faults["balance"], **asked})
        await self._press(CANCELED, callbacks.CancelOrder)
        await self._live_until_the_moment(bot, asked, mark)

    async def _last_life(self) -> None:
        await self.server.accept()
        self._end_trouble()
        await self._stop_holding()
        await self._put_off(datetime.now(UTC))
        told = False
        # what is unknown may be found just before the end, and then has to be told too
        while not told:
            await self._between_lives()
            bot = await self._start()
            await until(self._all_is_settled, "everything is settled")
            await until(self._is_told, "all is said")
            await bot.kill()
            told = await self._is_told()
        await self.shop.check_money()

    async def _start(self) -> Bot:
        ended = self.shop.pg.provider.ended.copy()
        bot = await self.shop.start(PANEL_TIMEOUT="30" if self.moment == "during" else "1")
        looked = ("services", "balance")
        await until(
            lambda: all(self.shop.pg.provider.ended[one] > ended[one] for one in looked),
            "the first looks",
        )
        return bot

    async def _between_lives(self) -> None:
        """Time passes: until pauses are over and, on PostgreSQL where another process may be at it,
        every lease.
        """
        await self.shop.change(
            "DELETE FROM facts WHERE name LIKE :pauses", pauses=f"{Fact.PAUSED.prefix()}%"
        )
        if not self.shop.database.is_sqlite:
            await self.shop.change(
                "UPDATE orders SET lease_until = created_at WHERE lease_until IS NOT NULL"
            )
            await self.shop.change(
                "UPDATE requests SET lease_until = created_at WHERE lease_until IS NOT NULL"
            )
            await self.shop.change(
                "UPDATE leases SET until = :then", then=datetime(2020, 1, 1, tzinfo=UTC)
            )

    async def _put_off(self, until_then: datetime) -> None:
        """Have nothing sent before then that is not sent yet."""

        def transaction(tx):
            for table, state in ((orders, OrderState.QUEUED), (requests, RequestState.WAITING)):
                tx.execute(
                    update(table).where(table.c.state == state).values(not_before=until_then)
                )

        await self.shop.database.write(transaction)

    # Before the call

    async def _hold_new_rows(self) -> None:
        """Have workers leave alone what is written from now on: SQLite only."""
        later = datetime.now(UTC) + _LATER
        for table, waiting in (("orders", f"waiting = '{Meaning.TEMPORARY}', "), ("requests", "")):
            await self.shop.change(
                f"CREATE TRIGGER hold_{table} AFTER INSERT ON {table} BEGIN "
                f"UPDATE {table} SET {waiting}not_before = '{later:%Y-%m-%d %H:%M:%S.%f}' "
                "WHERE id = NEW.id; END",
            )

    async def _stop_holding(self) -> None:
        if self.shop.database.is_sqlite:
            for table in ("orders", "requests"):
                await self.shop.change(f"DROP TRIGGER IF EXISTS hold_{table}")

    async def _kill_before_anything_is_sent(self, bot: Bot) -> None:
        """What admins ask for is written without ringing the bell, so that no worker looks for
        it.
        """
        await until(self._rows_are_there, "the rows are there")

        def transaction(tx):
            for action, name in (
                ("balance", Fact.BALANCE_REQUEST.of(ADMIN)),
                ("services", Fact.SYNC_REQUEST.of(_SYNCING)),
            ):
                if action in self.faults:
                    facts.put(tx, name, {}, datetime.now(UTC))

        await self.shop.database.write(transaction)
        await bot.kill()

    async def _rows_are_there(self) -> bool:
        asked = sum(action in self.faults for action in ("refill", "cancel"))
        ordered = WATCHED + ("add" in self.faults)
        return (len(await self.shop.rows()), len(await self.shop.rows(requests))) == (
            ordered,
            asked,
        )

    # During and after it

    async def _bring_trouble(self, faults: Mapping[str, Fault]) -> Mark:
        """Give how many calls had come and ended before."""
        provider = self.shop.pg.provider
        if any(fault.kind is None for fault in faults.values()):
            await (self.server.jam() if self.moment == "during" else self.server.refuse())
        for action, fault in faults.items():
            if fault.kind is None:
                continue
            waits = self.moment in {"during", "after"} and not fault.hangs
            # The client gives a catalogue a minute; here the provider hangs up before.
            patience = (
                1.2
                if fault.hangs and action == "services" and self.moment != "during"
                else fault.seconds
            )
            delay = _HOUR if waits else 0
            provider.fault(
                fault.kind,
                action,
                times=0,
                delay=delay,
                seconds=patience,
                done=fault.done,
                text=fault.text,
            )
        return provider.calls.copy(), provider.ended.copy()

    def _end_trouble(self) -> None:
        self.shop.pg.provider.clear_faults()
        self.shop.pg.provider.faults.release()

    async def _press(self, order: int, button: Any) -> None:
        await self.people[order].forge(button(order=order).pack(), 0)

    async def _live_until_the_moment(
        self, bot: Bot, faults: Mapping[str, Fault], mark: Mark
    ) -> None:
        refused = any(fault.kind is None for fault in faults.values())
        if self.moment == "answer" or (self.moment == "after" and refused):
            await until(
                lambda: self._has_heard(bot, faults), f"the bot has heard of {list(faults)}"
            )
        elif refused:
            await until(lambda: self._is_connecting(faults), "all are connecting")
        else:
            await self._in_flight(faults, mark)
        if self.moment == "answer":
            await until(self._is_told, "all is said")
            assert await bot.stop() == 0, bot.said
        else:
            await bot.kill()

    async def _in_flight(self, faults: Mapping[str, Fault], mark: Mark) -> None:
        provider, (came, ended) = self.shop.pg.provider, mark
        await until(
            lambda: all(provider.calls[one] > came[one] for one in faults),
            f"{list(faults)} are asked",
        )
        if self.moment == "after":
            provider.faults.release()
            await until(
                lambda: all(provider.ended[one] > ended[one] for one in faults),
                f"{list(faults)} are answered",
            )

    async def _has_heard(self, bot: Bot, faults: Mapping[str, Fault]) -> bool:
        """Say whether what came back stands in the rows, or was told."""
        heard = {
            "status": "no statuses for all of" in bot.said
            or await self._watched_is(OrderState.PARTIAL)
        }
        rows = {row.id: row for row in await self.shop.rows()}
        new = rows.get(NEW)
        heard["add"] = new is not None and (
            new.waiting != "" if new.state == "queued" else new.state != "submitting"
        )
        for kind in ("refill", "cancel"):
            request = await self._request(kind)
            heard[kind] = request is not None and (
                request.not_before > request.created_at
                if request.state == "waiting"
                else request.state != "sending"
            )
        heard["balance"] = self._admin_read("did not tell its balance", "Balance at the provider:")
        heard["services"] = self._admin_read("could not be fetched", "Catalogue fetched")
        return all(heard[action] for action in faults)

    async def _is_connecting(self, faults: Mapping[str, Fault]) -> bool:
        rows = {row.id: row.state for row in await self.shop.rows()}
        kinds = [kind for kind in ("refill", "cancel") if kind in faults]
        sending = [row.state for kind in kinds if (row := await self._request(kind)) is not None]
        reads = sum(read in faults for read in _READS)
        return (
            ("add" not in faults or rows.get(NEW) == "submitting")
            and sending == ["sending"] * len(kinds)
            and _connecting(self.server.port) >= 2 + reads + len(kinds)  # two are the jam's own
        )

    # How things stand

    async def _request(self, kind: str) -> Any:
        return next((row for row in await self.shop.rows(requests) if row.kind == kind), None)

    async def _watched_is(self, state: OrderState) -> bool:
        return (await self.shop.rows())[WATCHED - 1].state == state

    def _admin_read(self, *words: str) -> bool:
        return any(admin.sees(each) for admin in self.admins for each in words)

    async def _all_is_settled(self) -> bool:
        rows = {row.id: row.state for row in await self.shop.rows()}
        asked = [row.state for row in await self.shop.rows(requests)]
        canceled = self.shop.pg.provider.order(FIRST + CANCELED - 1).cancel_asked
        settled = {
            "add": rows.get(NEW) not in {None, "queued", "submitting"},
            "refill": len(asked) > 0
            and not {RequestState.WAITING, RequestState.SENDING} & set(asked),
            "cancel": len(asked) > 1 and rows[CANCELED] == ("canceled" if canceled else "pending"),
            "status": rows[WATCHED] == "partial",
            "balance": self._admin_read("did not tell its balance", "Balance at the provider:"),
            "services": self._admin_read("could not be fetched", "Catalogue fetched"),
        }
        return all(settled[action] for action in self.faults)

    async def _is_told(self) -> bool:
        return all(row.done_at is not None for row in await self.shop.rows(notices))

    async def visible_services(self) -> int:
        return sum(row.hidden_at is None for row in await self.shop.rows(services))


async def until(
    true: Callable[[], object] | Callable[[], Awaitable[object]], what: str, seconds: float = 20
) -> None:
    """Wait until something is so, looking rarely: three of these run on a machine at once."""
    deadline = time.monotonic() + seconds
    while True:
        began = time.monotonic()
        found: Any = true()
        if await found if asyncio.iscoroutine(found) else found:
            return
        assert began < deadline, f"not within {seconds} s: {what}"
        await asyncio.sleep(max(0.05, 5 * (time.monotonic() - began)))


def _connecting(port: int) -> int:
    """Count the connections to a port of this machine that are being opened."""
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    opening = "02"
    return sum(
        line.split()[2].endswith(f":{port:04X}") and line.split()[3] == opening for line in lines
    )
