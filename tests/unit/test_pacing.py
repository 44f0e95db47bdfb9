"""Telegram's limits, kept by exact windows: shown in an event loop whose clock steps to the next timer."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage

from bot import pacing
from bot.pacing import Pacing, Urgency, Window
from tests.support.stepped import SteppedLoop

Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner(loop_factory=SteppedLoop) as opened:
        yield opened


@pytest.fixture
def time(runner: asyncio.Runner) -> Callable[[], float]:
    return runner.get_loop().time


@pytest.fixture
def run(runner: asyncio.Runner) -> Run:
    return runner.run


class Telegram:
    """Notes when what was sent; refuses where told to."""

    def __init__(self, time: Callable[[], float]) -> None:
        self.time, self.sent, self.refuse = time, [], []

    async def __call__(self, bot, method):
        if self.refuse:
            raise self.refuse.pop(0)
        self.sent.append((round(self.time(), 2), method.chat_id))


def test_a_window_lets_its_number_through_and_no_more() -> None:
    window = Window(2, 1.0)
    window.start(0.0)
    window.start(0.4)
    assert window.wait(0.5) == pytest.approx(0.5)
    assert window.wait(1.0) == 0


def test_one_chat_gets_a_burst_and_then_one_a_second(run: Run, time) -> None:
    telegram, pace = Telegram(time), Pacing(time)

    async def send() -> None:
        for _ in range(7):
            await pace(telegram, None, SendMessage(chat_id=1, text="x"))

    run(send())
    at = [when for when, _ in telegram.sent]
    assert at[3] == 0
    assert all(later - first >= 4 for first, later in zip(at, at[4:], strict=False))


@pytest.mark.parametrize("chats", [90, 150, 1_000])
def test_28_in_any_second_never_more_and_never_fewer_while_others_wait(run: Run, time, chats: int) -> None:
    telegram, pace = Telegram(time), Pacing(time)

    async def send() -> None:
        await asyncio.gather(*(pace(telegram, None, SendMessage(chat_id=chat, text="x")) for chat in range(chats)))

    run(send())
    at = [when for when, _ in telegram.sent]
    assert at == sorted(at)
    assert at == [pytest.approx(place // 28, abs=0.01) for place in range(chats)]


def test_who_stops_waiting_keeps_nobody_back(run: Run, time) -> None:
    telegram, pace = Telegram(time), Pacing(time)

    async def send() -> None:
        sends = [asyncio.create_task(pace(telegram, None, SendMessage(chat_id=n, text="x"))) for n in range(60)]
        await asyncio.sleep(0.5)
        for task in sends[28:44]:  # the first in line among them
            task.cancel()
        await asyncio.gather(*sends, return_exceptions=True)

    run(send())
    assert [chat for _, chat in telegram.sent] == [*range(28), *range(44, 60)]
    assert time() == pytest.approx(1.0, abs=0.01)


def test_answers_go_before_notices(run: Run, time) -> None:
    telegram, pace = Telegram(time), Pacing(time)

    async def send(chat: int, urgency: Urgency) -> None:
        pacing.urgency.set(urgency)
        await pace(telegram, None, SendMessage(chat_id=chat, text="x"))

    async def everybody() -> None:
        notices = [asyncio.create_task(send(chat, Urgency.NOTICE)) for chat in range(100, 160)]
        await asyncio.sleep(0.5)  # the first in line is asleep until the window opens
        answer = asyncio.create_task(send(1, Urgency.ANSWER))
        await asyncio.gather(*notices, answer)

    run(everybody())
    assert [chat for _, chat in telegram.sent].index(1) == 28
    assert telegram.sent[-1] == (pytest.approx(2.0, abs=0.01), 159)


def test_what_is_no_message_does_not_wait(run: Run, time) -> None:
    seen = []

    async def make_request(bot, method):
        seen.append(method)

    pace = Pacing(time)

    async def send() -> None:
        for _ in range(100):
            await pace(make_request, None, AnswerCallbackQuery(callback_query_id="1"))

    run(send())
    assert time() == 0
    assert len(seen) == 100


def test_an_answer_waits_as_long_as_telegram_says_and_is_sent_once(run: Run, time) -> None:
    telegram, pace = Telegram(time), Pacing(time)
    method = SendMessage(chat_id=1, text="x")
    telegram.refuse = [TelegramRetryAfter(method=method, message="", retry_after=7)]
    run(pace(telegram, None, method))
    assert [when for when, _ in telegram.sent] == [pytest.approx(7, abs=0.1)]


def test_a_notice_that_must_wait_is_the_notifiers(run: Run, time) -> None:
    telegram, pace = Telegram(time), Pacing(time)
    method = SendMessage(chat_id=1, text="x")
    telegram.refuse = [TelegramRetryAfter(method=method, message="", retry_after=7)]

    async def send() -> None:
        pacing.urgency.set(Urgency.NOTICE)
        await pace(telegram, None, method)

    with pytest.raises(TelegramRetryAfter):
        run(send())
    assert telegram.sent == []


def test_the_bot_paces_by_default() -> None:
    from bot.app import make_bot
    from tests.support.shop import settings_for

    made = make_bot(settings_for("/tmp"))
    assert isinstance(made, Bot)
    assert any(isinstance(m, Pacing) for m in made.session.middleware._middlewares)


def test_redrawing_what_was_pressed_does_not_wait_for_the_chat(run: Run, time) -> None:
    telegram, pace = Telegram(time), Pacing(time)

    async def redraw(times: int) -> None:
        for _ in range(times):
            await pace(telegram, None, EditMessageText(chat_id=1, message_id=1, text="x"))

    run(redraw(12))
    assert time() == 0
    telegram.refuse = [TelegramRetryAfter(method=SendMessage(chat_id=1, text="x"), message="", retry_after=3)]
    run(redraw(1))
    assert time() >= 3
