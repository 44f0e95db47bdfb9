"""Background work: waits on work, stop or interval, survives errors, ends in order."""

import asyncio

import pytest

from bot.workers.supervisor import Supervisor, Worker, every, run_until


async def eventually(condition) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


async def test_a_bell_wakes_a_worker_before_its_interval() -> None:
    steps, bell = [], asyncio.Event()

    async def step() -> None:
        steps.append(1)

    supervisor = Supervisor([Worker("w", step, every(1000), bell)])
    supervisor.start()
    await eventually(lambda: len(steps) == 1)
    bell.set()
    await eventually(lambda: len(steps) == 2)
    await supervisor.stop(1)


async def test_a_worker_with_more_to_do_does_not_wait() -> None:
    left = [3]

    async def step() -> bool:
        left[0] -= 1
        return left[0] > 0

    supervisor = Supervisor([Worker("w", step, every(1000))])
    supervisor.start()
    await eventually(lambda: left[0] == 0)
    await supervisor.stop(1)


async def test_an_error_is_logged_and_the_worker_goes_on(caplog, monkeypatch) -> None:
    monkeypatch.setattr("bot.workers.supervisor._LONGEST_BACKOFF", 0.01)
    steps = []

    async def step() -> None:
        steps.append(1)
        if len(steps) < 3:
            raise RuntimeError("broken once more")

    supervisor = Supervisor([Worker("w", step, every(1000))])
    supervisor.start()
    await eventually(lambda: len(steps) == 3)
    assert supervisor.healthy
    await supervisor.stop(1)
    assert caplog.text.count("RuntimeError: broken once more") == 2


async def test_a_stop_lets_a_running_step_end() -> None:
    started, ended = asyncio.Event(), []

    async def step() -> None:
        started.set()
        await asyncio.sleep(0.05)
        ended.append(1)

    supervisor = Supervisor([Worker("w", step, every(1000))])
    supervisor.start()
    await started.wait()
    await supervisor.stop(5)
    assert ended == [1]
    assert not supervisor.healthy


async def test_a_step_that_does_not_end_is_cancelled() -> None:
    cancelled = asyncio.Event()

    async def step() -> None:
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    supervisor = Supervisor([Worker("w", step, every(1000))])
    supervisor.start()
    await asyncio.sleep(0.01)
    await supervisor.stop(0.01)
    assert cancelled.is_set()


async def test_run_until_ends_what_can_be_ended_and_cancels_the_rest() -> None:
    stop, finish = asyncio.Event(), asyncio.Event()
    stop.set()

    async def end() -> bool:
        finish.set()
        return True

    await run_until(stop, _wait(finish), end=end)

    async def cannot() -> bool:
        return False

    await run_until(stop, asyncio.sleep(1000), end=cannot)


async def test_run_until_passes_an_error_on() -> None:
    async def broken() -> None:
        raise RuntimeError("no")

    async def end() -> bool:
        return True

    with pytest.raises(RuntimeError):
        await run_until(asyncio.Event(), broken(), end=end)


async def _wait(event: asyncio.Event) -> None:
    await event.wait()
