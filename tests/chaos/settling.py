"""The end of hard times: every fault is over, time passes, and what nobody could find out gets an
admin's verdict.
"""

import contextlib
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import update

from shop.catalogue.service_holds import HoldReason, ServiceHolds
from shop.clock import utc_now
from shop.errors import BadAnswerError
from shop.ordering.agreement import Waiting
from shop.outbox import Kind, alert_told
from shop.provider import brake
from shop.provider.held_queue import Sending
from shop.recovery.resolution import Verdicts
from shop.wakeups import Wakeups
from storage.enums import DONE, OrderState, RequestState
from storage.queries import accounts, catalogue, facts
from storage.queries import evidence as evidence_statements
from storage.queries.facts import Fact
from storage.schema.messages import notices
from storage.schema.orders import orders, requests
from tests.chaos.hard_times import Chaos, until_so
from tests.runtime.process import ADMIN

_FINDERS_SECONDS = 4


@dataclass
class Settling:
    """`began`: what was being sent before then, was being sent by a process that is dead."""

    chaos: Chaos
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    _seen: int = -1
    _since: float = 0

    async def run(self) -> None:
        """End every fault, start anew, let time pass, and settle what nobody could find out."""
        await self.chaos.server.accept()
        self.chaos.shop.pg.provider.clear_faults()
        self.chaos.shop.pg.api.faults.clear()
        for bot in list(self.chaos.bots):
            self.chaos.ended_by_us.add(bot.pid)
            await bot.kill()
        self.chaos.bots.clear()
        # It was one account all along: what was left behind at another address is found under this
        # one.
        self.chaos.shop.settings["PANEL_CHANGED"] = "follow"

        def transaction(tx):
            current = accounts.current(tx)
            tx.execute(update(orders).values(account="" if current is None else current[0]))

        await self.chaos.shop.database.write(transaction)
        self.chaos.shop.pg.provider.speed = 300
        for _ in range(1 if self.chaos.address is None else 2):
            await self.chaos.start()
        await until_so(self._is_over, "everything is over and said", 120 + self.chaos.seconds / 2)

    async def _find_out(self) -> None:
        """Give the finder some seconds in which it finds nothing more, and then verdicts on the
        rest.
        """
        now, unknown = time.monotonic(), await self._unknown()
        if len(unknown) != self._seen:
            self._seen, self._since = len(unknown), now
        if now - self._since > _FINDERS_SECONDS:
            for row in unknown:
                await self._verdict(row)

    async def _decide(self) -> None:
        """Answer as an admin what the shop as a whole waits for, and let a brake's pause pass."""
        database = self.chaos.shop.database

        def transaction_2(tx):
            held = brake.brake(tx)
            services = catalogue.held(tx, HoldReason.BELOW_COST)
            told = alert_told(tx, Kind.SENDING_HELD)
            return held, services, told

        held, services, told = await database.read(transaction_2)
        if held is not None and held.why is brake.BrakeReason.WORDS and told is not None:
            await Sending(database, {ADMIN}, Wakeups(), utc_now).go_on(ADMIN, told["asked"])
            self.chaos.happened["let go"] += 1
        elif held is not None and held.next_at > held.closed_at:

            def transaction(tx):
                passed = replace(held, next_at=held.closed_at)
                facts.put(tx, Fact.BRAKE, passed.as_json(), datetime.now(UTC))

            await database.write(transaction)
        for service in services:
            await ServiceHolds(database, {ADMIN}, Wakeups(), utc_now).sell_again(ADMIN, service.id)
            self.chaos.happened["sold again"] += 1

    async def _is_over(self) -> bool:
        await self._pass_time()
        await self._decide()
        await self._find_out()
        done = all(row.state in DONE for row in await self.chaos.shop.rows())
        ended = all(
            row.ended_at is not None
            or row.state in {RequestState.ACCEPTED, RequestState.IN_PROGRESS}
            for row in await self.chaos.shop.rows(requests)
        )
        said = all(row.done_at is not None for row in await self.chaos.shop.rows(notices))
        return done and ended and said and not self.chaos.shop.pg.api.updates.pending

    async def _pass_time(self) -> None:
        """Have everything tried now that waits for a later time."""
        now = datetime.now(UTC)

        def transaction(tx):
            for table, open_now in (
                (orders, orders.c.state == "queued"),
                (requests, requests.c.state == "waiting"),
                (notices, notices.c.done_at.is_(None)),
            ):
                late = update(table).where(open_now, table.c.not_before > now)
                tx.execute(late.values(not_before=now))
            # Their customers have a price before them that they don't answer: their money goes
            # back.
            asked = update(orders).where(
                orders.c.state == "queued", orders.c.waiting == Waiting.CHANGED
            )
            tx.execute(asked.values(waits_since=now - timedelta(days=30)))
            look = update(orders).where(
                orders.c.state == OrderState.UNKNOWN, orders.c.look_at > now
            )
            tx.execute(look.values(look_at=now))
            # by the killed
            for table, sent in ((orders, orders.c.submitted_at), (requests, requests.c.sent_at)):
                lapsed = update(table).where(
                    table.c.state.in_(["submitting", "sending"]), sent < self.began
                )
                tx.execute(lapsed.values(lease_until=now))

        await self.chaos.shop.database.write(transaction)

    async def _unknown(self) -> list[Any]:
        return [row for row in await self.chaos.shop.rows() if row.state == OrderState.UNKNOWN]

    async def _verdict(self, row: Any) -> None:
        """Look at the provider, as an admin does, and say what is there.

        In this order: an order that is at the provider and none of ours, while nothing is being
        sent, is a lost one.
        """
        at_provider = list(self.chaos.shop.pg.provider.book.orders.values())
        rows = await self.chaos.shop.rows()
        if any(other.state == OrderState.SUBMITTING for other in rows):
            return
        ours = {other.provider_order_id for other in rows}
        there = [
            order.number
            for order in at_provider
            if str(order.number) not in ours
            and (order.link, order.quantity) == (row.link, row.quantity)
            and await self.chaos.shop.service(order.service.id) == row.service_id
        ]
        verdicts = Verdicts(self.chaos.shop.database, {ADMIN}, Wakeups(), utc_now)
        known = (await self.chaos.shop.database.read(evidence_statements.of_orders, [row.id]))[
            row.id
        ]
        with contextlib.suppress(BadAnswerError):  # the finder was faster
            if there:
                await verdicts.mark_existing(row.id, str(there[0]), ADMIN)
            else:
                await verdicts.mark_missing(
                    row.id, ADMIN, seen=max((one.id for one in known), default=0)
                )
            self.chaos.happened[f"verdicts: it {'exists' if there else 'does not'}"] += 1


async def describe(chaos: Chaos) -> str:
    """Say where everything stands that has not ended, and what the processes said last."""
    lines = [f"RANDOM_SEED={chaos.seed} {dict(chaos.happened)}"]
    lines += [
        f"order {row.id} {row.state} {row.waiting} {row.not_before} {row.link} {row.failure}"
        for row in await chaos.shop.rows()
        if row.state not in DONE
    ]
    asked = [row for row in await chaos.shop.rows(requests) if row.ended_at is None]
    lines += [f"{row.kind} {row.order_id} {row.state}" for row in asked]
    lines += [
        f"notice {row.kind} {row.user_id}"
        for row in await chaos.shop.rows(notices)
        if row.done_at is None
    ]
    lines += [f"pending updates {len(chaos.shop.pg.api.updates.pending)}"]
    return "\n".join([*lines, *(bot.said[-3000:] for bot in chaos.bots)])
