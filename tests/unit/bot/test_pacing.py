"""Telegram's limits, kept by exact windows: shown in an event loop whose clock steps to the next
timer.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage

from bot.telegram import pacing
from bot.telegram.pacing import Pacing, Urgency, Window
from playground.telegram.errors import ApiError
from playground.telegram.limits import Limits
from tests.runtime.stepped import SteppedLoop

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
        pacing.urgency.set(Urgency.NOTICE)
        for _ in range(7):
            await pace(telegram, None, SendMessage(chat_id=1, text="x"))

    run(send())
    at = [when for when, _ in telegram.sent]
    assert at[3] == 0
    assert all(later - first >= 4 for first, later in zip(at, at[4:], strict=False))


@pytest.mark.parametrize("chats", [90, 150, 1_000])
def test_28_in_any_second_never_more_and_never_fewer_while_others_wait(
    run: Run, time, chats: int
) -> None:
    telegram, pace = Telegram(time), Pacing(time)

    async def send() -> None:
        pacing.urgency.set(Urgency.NOTICE)
        await asyncio.gather(
            *(pace(telegram, None, SendMessage(chat_id=chat, text="x")) for chat in range(chats))
        )

    run(send())
    at = [when for when, _ in telegram.sent]
    assert at == sorted(at)
    assert at == [pytest.approx(place // 28, abs=0.01) for place in range(chats)]


def test_who_stops_waiting_keeps_nobody_back(run: Run, time) -> None:
    telegram, pace = Telegram(time), Pacing(time)

    async def send() -> None:
        pacing.urgency.set(Urgency.NOTICE)
        sends = [
            asyncio.create_task(pace(telegram, None, SendMessage(chat_id=n, text="x")))
            for n in range(60)
        ]
        await asyncio.sleep(0.5)
        for task in sends[28:44]:  # the first in line among them
            task.cancel()
        await asyncio.gather(*sends, return_exceptions=True)

    run(send())
    assert [chat for _, chat in telegram.sent] == [*range(28), *range(44, 60)]
    assert time() == pytest.approx(1.0, abs=0.01)


async def send_as(pace: Pacing, telegram: Telegram, chat: int, urgency: Urgency) -> None:
    pacing.urgency.set(urgency)
    await pace(telegram, None, SendMessage(chat_id=chat, text="x"))


def test_several_at_once_to_one_chat_keep_its_limit(run: Run, time) -> None:
    telegram, pace = Telegram(time), Pacing(time)

    async def send() -> None:
        await asyncio.gather(*(send_as(pace, telegram, 1, Urgency.NOTICE) for _ in range(10)))

    run(send())
    at = [when for when, _ in telegram.sent]
    assert at == [pytest.approx(4 * (place // 4), abs=0.01) for place in range(10)]


def test_a_card_that_was_told_of_goes_behind_all_news_and_before_other_cards(
    run: Run, time
) -> None:
    telegram, pace = Telegram(time), Pacing(time)

    async def everybody() -> None:
        cards = [send_as(pace, telegram, 200 + chat, Urgency.BROADCAST) for chat in range(30)]
        told = [send_as(pace, telegram, 100 + chat, Urgency.CARD) for chat in range(30)]
        news = [send_as(pace, telegram, chat, Urgency.NOTICE) for chat in range(40)]
        await asyncio.gather(*(asyncio.create_task(one) for one in (*cards, *told, *news)))

    run(everybody())
    # The first second's went before anybody stood in line.
    assert [chat for _, chat in telegram.sent[28:]] == [*range(40), *range(100, 130), 228, 229]


def test_no_answer_is_paced_whatever_stands_in_line(run: Run, time) -> None:
    telegram, pace = Telegram(time), Pacing(time)

    async def everybody() -> None:
        notices = [
            asyncio.create_task(send_as(pace, telegram, chat, Urgency.NOTICE))
            for chat in range(100, 160)
        ]
        await asyncio.sleep(0.5)  # the first in line is asleep until the window opens
        for _ in range(3):
            await asyncio.gather(
                *(send_as(pace, telegram, chat, Urgency.ANSWER) for chat in range(20))
            )
        assert time() == pytest.approx(0.5)
        await asyncio.gather(*notices)

    run(everybody())
    assert [when for when, chat in telegram.sent if chat < 100] == [0.5] * 60


def test_what_was_answered_counts_so_that_news_makes_room(run: Run, time) -> None:
    """10 answers at once leave room for 18 notices in that second; 28 leave none."""
    telegram, pace = Telegram(time), Pacing(time)

    async def everybody() -> None:
        await asyncio.gather(*(send_as(pace, telegram, chat, Urgency.ANSWER) for chat in range(10)))
        notices = [
            asyncio.create_task(send_as(pace, telegram, chat, Urgency.NOTICE))
            for chat in range(100, 150)
        ]
        await asyncio.sleep(1.5)
        await asyncio.gather(*(send_as(pace, telegram, chat, Urgency.ANSWER) for chat in range(28)))
        await asyncio.gather(*notices)

    run(everybody())
    at = [when for when, chat in telegram.sent if chat >= 100]
    assert (
        at == [0.0] * 18 + [pytest.approx(1.0, abs=0.01)] * 28 + [pytest.approx(2.5, abs=0.01)] * 4
    )


def test_an_answer_counts_in_its_chat_and_is_not_held_back_by_it(run: Run, time) -> None:
    telegram, pace = Telegram(time), Pacing(time)

    async def everybody() -> None:
        for _ in range(9):
            await send_as(pace, telegram, 1, Urgency.ANSWER)
        await send_as(pace, telegram, 1, Urgency.NOTICE)

    run(everybody())
    assert telegram.sent == [(0.0, 1)] * 9 + [(pytest.approx(4.0, abs=0.01), 1)]


def test_a_notice_in_line_sees_what_its_chat_was_answered_meanwhile(run: Run, time) -> None:
    telegram, pace = Telegram(time), Pacing(time)

    async def everybody() -> None:
        notices = [
            asyncio.create_task(send_as(pace, telegram, chat, Urgency.NOTICE))
            for chat in range(100, 129)
        ]
        await asyncio.sleep(0.5)
        for _ in range(4):
            await send_as(pace, telegram, 128, Urgency.ANSWER)
        later = asyncio.create_task(send_as(pace, telegram, 1, Urgency.NOTICE))
        await asyncio.gather(*notices, later)

    run(everybody())
    assert telegram.sent[-2:] == [
        (pytest.approx(1.0, abs=0.01), 1),
        (pytest.approx(4.5, abs=0.01), 128),
    ]


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


def refusal(seconds: int) -> TelegramRetryAfter:
    return TelegramRetryAfter(
        method=SendMessage(chat_id=1, text="x"), message="", retry_after=seconds
    )


def test_only_the_chat_that_was_refused_waits(run: Run, time) -> None:
    telegram, pace = Telegram(time), Pacing(time)
    telegram.refuse = [refusal(7)]

    async def everybody() -> None:
        refused = asyncio.create_task(send_as(pace, telegram, 1, Urgency.ANSWER))
        await asyncio.sleep(0.5)
        for chat in (2, 1, 3):  # the one in the middle waits with the first
            await asyncio.wait(
                [asyncio.create_task(send_as(pace, telegram, chat, Urgency.ANSWER))], timeout=0.1
            )
        await asyncio.wait([refused])
        await asyncio.sleep(1)

    run(everybody())
    first, second = sorted(when for when, chat in telegram.sent if chat == 1)
    assert first == second == pytest.approx(7, abs=0.1)
    assert [when < 1 for when, chat in telegram.sent if chat != 1] == [True, True]


def test_what_a_notice_was_told_holds_for_answers_too(run: Run, time) -> None:
    telegram, pace = Telegram(time), Pacing(time)
    telegram.refuse = [refusal(5)]

    async def everybody() -> None:
        with pytest.raises(TelegramRetryAfter):
            await send_as(pace, telegram, 1, Urgency.NOTICE)
        await send_as(pace, telegram, 1, Urgency.ANSWER)

    run(everybody())
    assert telegram.sent == [(pytest.approx(5, abs=0.1), 1)]


class Strict(Telegram):
    """Takes thirty a second and no more, as the emulator does."""

    def __init__(self, time: Callable[[], float]) -> None:
        super().__init__(time)
        self.limits, self.refused = Limits(time), 0

    async def __call__(self, bot, method):
        await asyncio.sleep(0.05)
        try:
            self.limits.count(method.chat_id)
        except ApiError as error:
            self.refused += 1
            raise TelegramRetryAfter(
                method=method, message="", retry_after=error.retry_after
            ) from None
        await super().__call__(bot, method)


def test_more_answers_than_telegram_takes_are_all_sent_and_before_all_news(run: Run, time) -> None:
    telegram, pace = Strict(time), Pacing(time)

    async def tap(chat: int) -> None:
        for _ in range(4):
            await send_as(pace, telegram, chat, Urgency.ANSWER)
            await asyncio.sleep(1)

    async def everybody() -> None:
        people = asyncio.gather(*(tap(chat) for chat in range(150)))
        await asyncio.sleep(0.5)
        notices = [
            asyncio.create_task(send_as(pace, telegram, chat, Urgency.NOTICE))
            for chat in range(200, 260)
        ]
        await asyncio.gather(people, *notices)

    run(everybody())
    answers = [when for when, chat in telegram.sent if chat < 200]
    news = [when for when, chat in telegram.sent if chat >= 200]
    assert (len(answers), len(news)) == (600, 60)
    assert telegram.refused <= 150
    came_back = 1.1  # those who were refused at the first moment
    assert all(when < came_back or when > max(answers) - 2 for when in news)
    assert max(answers) < 600 / 28 + 4


def test_when_the_crowd_is_gone_answers_go_at_once_again(run: Run, time) -> None:
    telegram, pace = Strict(time), Pacing(time)

    async def everybody() -> None:
        await asyncio.gather(*(send_as(pace, telegram, chat, Urgency.ANSWER) for chat in range(60)))
        await asyncio.sleep(3)
        telegram.sent.clear()
        telegram.limits = Limits(lambda: 0.0)
        before = time()
        await asyncio.gather(*(send_as(pace, telegram, chat, Urgency.ANSWER) for chat in range(30)))
        assert [when for when, _ in telegram.sent] == [pytest.approx(before + 0.05, abs=0.01)] * 30

    run(everybody())


def test_a_refusal_of_what_names_no_chat_is_for_the_whole_bot(run: Run, time) -> None:
    telegram, pace = Telegram(time), Pacing(time)
    telegram.refuse = [refusal(6)]

    async def everybody() -> None:
        inline = EditMessageText(inline_message_id="1", text="x")
        await asyncio.gather(pace(telegram, None, inline), send_later())

    async def send_later() -> None:
        both = ((1, Urgency.ANSWER), (2, Urgency.NOTICE))
        await asyncio.sleep(0.5)
        await asyncio.gather(*(send_as(pace, telegram, chat, urgency) for chat, urgency in both))

    run(everybody())
    assert len(telegram.sent) == 3
    assert all(when == pytest.approx(6, abs=0.1) for when, _ in telegram.sent)


def test_who_is_quiet_is_forgotten(run: Run, time) -> None:
    telegram, pace = Telegram(time), Pacing(time)

    async def everybody() -> None:
        most = 0
        for chat in range(2_000):
            if chat % 3 == 0:
                telegram.refuse = [refusal(2)]
            with suppress(TelegramRetryAfter):
                await send_as(pace, telegram, chat, Urgency.NOTICE)
            most = max(most, len(pace._chats))
        assert most <= 28 * 5
        await asyncio.sleep(10)
        await send_as(pace, telegram, 1, Urgency.ANSWER)
        assert len(pace._chats) == 1
        assert not pace._chats._openings
        assert not pace._queue

    run(everybody())


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
    from tests.harness.shop import settings_for

    made = make_bot(settings_for("/tmp"), lambda: True)
    assert isinstance(made, Bot)
    assert any(isinstance(m, Pacing) for m in made.session.middleware._middlewares)


def test_redrawing_what_was_pressed_does_not_wait_for_the_chat(run: Run, time) -> None:
    telegram, pace = Telegram(time), Pacing(time)

    async def redraw(times: int) -> None:
        for _ in range(times):
            await pace(telegram, None, EditMessageText(chat_id=1, message_id=1, text="x"))

    run(redraw(12))
    assert time() == 0
    telegram.refuse = [
        TelegramRetryAfter(method=SendMessage(chat_id=1, text="x"), message="", retry_after=3)
    ]
    run(redraw(1))
    assert time() >= 3
