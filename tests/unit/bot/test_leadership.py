"""One process leads: its workers step and send, those of the others stand by."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Self

import pytest
from aiogram.methods import SendMessage

from bot.app import build
from bot.workers.leadership import NotLeadingError, WhileLeading, WorkersBot
from bot.workers.supervisor import Supervisor, Worker, every
from shop.leases import LEASE_SECONDS, Leadership
from storage import Database
from storage.schema.messages import notices
from tests.harness.clock import Clock
from tests.harness.shop import Shop, open_shop, settings_for
from tests.runtime.databases import fresh_database

# and by webhook "updates", under systemd "watchdog"
EVERYWHERE = {"presence", "currencies", "margins", "long-texts"}


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with fresh_database("sqlite", tmp_path) as opened:
        yield opened


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_shop(tmp_path) as opened:
        yield opened


class Processes:
    """Two processes with a worker each; `steps` are those of both."""

    def __init__(self, database: Database, **given) -> None:
        self.steps: list[str] = []
        self.clock, self.go_on = Clock(), asyncio.Event()
        self.go_on.set()
        self.leads = {who: Leadership(database, self.clock, who) for who in ("first", "second")}
        self.bells = {who: asyncio.Event() for who in self.leads}
        self.supervisors = {
            who: Supervisor([self._worker(who, given)], None, lead)
            for who, lead in self.leads.items()
        }

    def _worker(self, who: str, given) -> Worker:
        async def step() -> None:
            self.steps.append(who)
            await self.go_on.wait()

        return Worker("w", step, every(1000), self.bells[who], **given)

    async def beat(self) -> None:
        for lead in self.leads.values():
            await lead.heartbeat()

    async def __aenter__(self) -> Self:
        await self.beat()
        for supervisor in self.supervisors.values():
            supervisor.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        for supervisor in self.supervisors.values():
            await supervisor.stop(1)


async def eventually(condition) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


async def test_only_the_leader_steps_until_another_has_taken_over(database: Database) -> None:
    async with Processes(database) as two:
        await eventually(lambda: two.steps)
        two.bells["second"].set()
        await asyncio.sleep(0.05)
        assert two.steps == ["first"]
        two.clock.forward(seconds=LEASE_SECONDS + 1)
        await two.leads["second"].heartbeat()
        await eventually(lambda: two.steps == ["first", "second"])
        two.bells["first"].set()
        await asyncio.sleep(0.05)
        assert two.steps == ["first", "second"]


async def test_what_belongs_to_each_process_steps_in_each(database: Database) -> None:
    async with Processes(database, everywhere=True) as two:
        await eventually(lambda: sorted(two.steps) == ["first", "second"])


async def test_a_step_that_outlives_the_lead_keeps_its_process_from_leading(
    database: Database,
) -> None:
    async with Processes(database) as two:
        two.go_on.clear()
        await eventually(lambda: two.steps)
        two.clock.forward(seconds=LEASE_SECONDS + 1)
        await two.leads["second"].heartbeat()
        await two.leads["second"].stop()
        await two.beat()
        await two.leads["second"].stop()
        await two.leads["first"].heartbeat()
        assert not two.leads["first"].is_held()
        two.go_on.set()
        await asyncio.sleep(0.05)
        await two.leads["first"].heartbeat()
        assert two.leads["first"].is_held()


@pytest.mark.parametrize("company", [True, False])
async def test_what_handlers_of_other_processes_want_is_looked_for_each_second(
    database: Database, monkeypatch: pytest.MonkeyPatch, company: bool
) -> None:
    monkeypatch.setattr("bot.workers.supervisor._LOOK_SECONDS", 0.01)
    wanted: list[str] = []

    async def asked() -> bool:
        return bool(wanted)

    async with Processes(database, asked=asked) as two:
        if not company:
            await two.leads["second"].stop()
        await two.leads["first"].heartbeat()
        two.bells["first"].set()
        await eventually(lambda: len(two.steps) == 2)
        await asyncio.sleep(0.05)
        assert len(two.steps) == 2
        wanted.append("a balance")
        await asyncio.sleep(0.1)
        assert (len(two.steps) > 2) is company


async def test_what_a_worker_sends_leaves_only_while_its_process_leads(database: Database) -> None:
    clock, sent = Clock(), []
    lead = Leadership(database, clock)
    guard, method = WhileLeading(lead.is_held), SendMessage(chat_id=1, text="x")

    async def leave(bot, method):
        sent.append(type(bot).__name__)

    workers, handlers = WorkersBot("42:TEST"), object()
    with pytest.raises(NotLeadingError):
        await guard(leave, workers, method)
    await lead.heartbeat()
    await guard(leave, workers, method)
    clock.forward(seconds=LEASE_SECONDS - 4)
    with pytest.raises(NotLeadingError):
        await guard(leave, workers, method)
    await guard(leave, handlers, method)
    assert sent == ["WorkersBot", "object"]


async def test_the_look_is_the_last_thing_before_a_message_leaves(tmp_path: Path) -> None:
    app = build(settings_for(tmp_path))
    assert isinstance(app.bot.session.middleware._middlewares[-1], WhileLeading)
    await app.close()


async def test_what_is_sent_by_itself_is_sent_by_the_workers_bot(shop: Shop) -> None:
    app = shop.app
    assert not isinstance(app.bot, WorkersBot)
    commands = next(
        worker.step.__self__ for worker in app.supervisor.workers if worker.name == "commands"
    )
    senders = [
        app.features.notifications.notifier,
        app.features.notifications.notifier.news,
        commands,
        app.features.payments.reconciler.api,
        app.features.payments.refunder.api,
    ]
    assert {type(sender.bot) for sender in senders} == {WorkersBot}


async def test_which_workers_each_process_has(tmp_path: Path) -> None:
    app = build(settings_for(tmp_path))
    assert {worker.name for worker in app.supervisor.workers if worker.everywhere} == EVERYWHERE
    await app.close()


async def test_the_notifier_leaves_what_is_due_to_whoever_leads(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is marked, put off or counted as an attempt."""
    await shop.credit(ann := await _known(shop), "5")
    guard = next(
        one for one in shop.app.bot.session.middleware._middlewares if isinstance(one, WhileLeading)
    )
    monkeypatch.setattr(guard, "_leads", lambda: False)
    before = await _due(shop)
    assert before
    await shop.app.features.notifications.notifier.step()
    assert await _due(shop) == before
    monkeypatch.undo()
    await shop.notify()
    assert await _due(shop) == []
    assert "5.00" in shop.person(ann).last.text


async def _known(shop: Shop) -> int:
    ann = shop.person()
    await ann.say("/start")
    await shop.notify()
    return ann.id


async def _due(shop: Shop) -> list[tuple[int, int]]:
    return [(row.id, row.attempts) for row in await shop.rows(notices) if row.done_at is None]
