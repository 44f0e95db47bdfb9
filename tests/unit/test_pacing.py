"""Telegram's limits, kept by exact windows: shown with a clock and a sleep that a test moves."""

import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage

from bot import pacing
from bot.pacing import Pacing, Urgency, Window


class Time:
    """Moves forward when somebody sleeps; everybody who sleeps is woken in order."""

    def __init__(self, monkeypatch) -> None:
        self.now = 0.0
        real_wait_for, real_sleep = asyncio.wait_for, asyncio.sleep

        async def sleep(seconds: float) -> None:
            until = self.now + seconds
            while self.now < until:
                await real_sleep(0)
                self.now = min(until, self.now + 0.01)

        async def wait_for(work, seconds: float):
            try:
                return await real_wait_for(work, 0)
            except TimeoutError:
                await sleep(min(seconds, 0.05))
                raise

        monkeypatch.setattr(pacing.asyncio, "sleep", sleep)
        monkeypatch.setattr(pacing.asyncio, "wait_for", wait_for)

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch) -> Time:
    return Time(monkeypatch)


class Telegram:
    """Notes when what was sent; refuses where told to."""

    def __init__(self, time: Time) -> None:
        self.time, self.sent, self.refuse = time, [], []

    async def __call__(self, bot, method):
        if self.refuse:
            raise self.refuse.pop(0)
        self.sent.append((round(self.time.now, 2), method.chat_id))


def test_a_window_lets_its_number_through_and_no_more() -> None:
    window = Window(2, 1.0)
    window.start(0.0)
    window.start(0.4)
    assert window.wait(0.5) == pytest.approx(0.5)
    assert window.wait(1.0) == 0


async def test_one_chat_gets_a_burst_and_then_one_a_second(time) -> None:
    telegram, pace = Telegram(time), Pacing(time)
    for _ in range(7):
        await pace(telegram, None, SendMessage(chat_id=1, text="x"))
    at = [when for when, _ in telegram.sent]
    assert at[3] == 0
    assert all(later - first >= 4 for first, later in zip(at, at[4:], strict=False))


async def test_never_more_than_28_in_any_second(time) -> None:
    telegram, pace = Telegram(time), Pacing(time)
    await asyncio.gather(*(pace(telegram, None, SendMessage(chat_id=chat, text="x")) for chat in range(90)))
    at = sorted(when for when, _ in telegram.sent)
    assert len(at) == 90
    assert all(later - first >= 0.99 for first, later in zip(at, at[28:], strict=False))


async def test_answers_go_before_notices(time) -> None:
    telegram, pace = Telegram(time), Pacing(time)

    async def send(chat: int, urgency: Urgency) -> None:
        pacing.urgency.set(urgency)
        await pace(telegram, None, SendMessage(chat_id=chat, text="x"))

    notices = [asyncio.create_task(send(chat, Urgency.NOTICE)) for chat in range(100, 160)]
    await asyncio.sleep(0)
    answer = asyncio.create_task(send(1, Urgency.ANSWER))
    await asyncio.gather(*notices, answer)
    place = [chat for _, chat in telegram.sent].index(1)
    assert place <= 29


async def test_what_is_no_message_does_not_wait(time) -> None:
    seen = []

    async def make_request(bot, method):
        seen.append(method)

    pace = Pacing(time)
    for _ in range(100):
        await pace(make_request, None, AnswerCallbackQuery(callback_query_id="1"))
    assert time.now == 0
    assert len(seen) == 100


async def test_an_answer_waits_as_long_as_telegram_says_and_is_sent_once(time) -> None:
    telegram, pace = Telegram(time), Pacing(time)
    method = SendMessage(chat_id=1, text="x")
    telegram.refuse = [TelegramRetryAfter(method=method, message="", retry_after=7)]
    await pace(telegram, None, method)
    assert [when for when, _ in telegram.sent] == [pytest.approx(7, abs=0.1)]


async def test_a_notice_that_must_wait_is_the_notifiers(time) -> None:
    telegram, pace = Telegram(time), Pacing(time)
    method = SendMessage(chat_id=1, text="x")
    telegram.refuse = [TelegramRetryAfter(method=method, message="", retry_after=7)]

    async def send() -> None:
        pacing.urgency.set(Urgency.NOTICE)
        await pace(telegram, None, method)

    with pytest.raises(TelegramRetryAfter):
        await asyncio.create_task(send())
    assert telegram.sent == []


def test_the_bot_paces_by_default() -> None:
    from bot.app import make_bot
    from tests.support.shop import settings_for

    made = make_bot(settings_for("/tmp"))
    assert isinstance(made, Bot)
    assert any(isinstance(m, Pacing) for m in made.session.middleware._middlewares)


async def test_redrawing_what_was_pressed_does_not_wait_for_the_chat(time) -> None:
    telegram, pace = Telegram(time), Pacing(time)
    for _ in range(12):
        await pace(telegram, None, EditMessageText(chat_id=1, message_id=1, text="x"))
    assert time.now == 0
    telegram.refuse = [TelegramRetryAfter(method=SendMessage(chat_id=1, text="x"), message="", retry_after=3)]
    await pace(telegram, None, EditMessageText(chat_id=1, message_id=1, text="x"))
    assert time.now >= 3
