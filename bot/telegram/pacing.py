"""Keeping Telegram's limits on what we send: 30 messages a second, one a second and chat.

Exact sliding windows; token buckets overshoot (one of 30 a second let 59 through in a second). They
hold back what nobody waits for. An answer to a person goes at once and only counts in them, so that
news makes room for it: with answers in the line, 150 people who tapped at once had 45 % of their
answers within 25 s; without it, all (p95 3.5 s). A `retry_after` is obeyed by both, never guessed.
When it comes while all of a second's messages are used up, answers stand in line as well, before
all news, until there are fewer: 150 people who came back at the same moment three times lost 40 %
of their answers.
"""

import asyncio
import contextvars
import heapq
import itertools
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import (
    EditMessageText,
    SendDocument,
    SendInvoice,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.methods.base import Response, TelegramType

_OVERALL = 28  # a second; Telegram's 30, with a margin for clocks
_ANSWER_TRIES = 2
_BURST = 4  # messages that a chat takes at once; after that one a second
_BURST_SECONDS = 4.0
_MESSAGES: frozenset[type] = frozenset(
    {SendMessage, SendDocument, SendInvoice, SendPhoto, EditMessageText}
)


class Urgency(IntEnum):
    """Who goes first when not everybody can go now."""

    ANSWER = 0  # to what somebody has just pressed or written: never in line
    NOTICE = 1
    CARD = 2  # of an order that its reader has just been told of
    BROADCAST = 3


urgency: contextvars.ContextVar[Urgency] = contextvars.ContextVar("urgency", default=Urgency.ANSWER)


class Window:
    """At most `limit` starts in any `seconds`."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._seconds = seconds
        self._starts: deque[float] = deque(maxlen=limit)

    def wait(self, now: float) -> float:
        """Return how many seconds remain until another may start."""
        if len(self._starts) < (self._starts.maxlen or 0):
            return 0
        return max(0.0, self._starts[0] + self._seconds - now)

    def start(self, now: float) -> None:
        self._starts.append(now)

    def idle(self, now: float) -> bool:
        return not self._starts or self._starts[-1] + self._seconds < now


class Chats:
    """What is remembered of each chat, for as long as it says anything about the next message."""

    def __init__(self, burst: int) -> None:
        self._burst = burst
        # the last one used stands at the end
        self._windows: OrderedDict[Any, Window] = OrderedDict()
        self._closed_until: dict[Any, float] = {}
        # a heap of when which chat may be forgotten
        self._openings: list[tuple[float, int, Any]] = []
        self._numbers = itertools.count()

    def __len__(self) -> int:
        return len(self._windows.keys() | self._closed_until.keys())

    def closed(self, chat: Any, now: float) -> float:
        """Return how many seconds Telegram still wants nothing for this chat, or for any."""
        return max(self._closed_until.get(chat, now), self._closed_until.get(None, now)) - now

    def wait(self, chat: Any, now: float) -> float:
        """Return how many seconds remain until the chat bears another message."""
        window = self._windows.get(chat)
        return max(self.closed(chat, now), 0.0 if window is None else window.wait(now))

    def start(self, chat: Any, now: float) -> None:
        self._forget(now)
        if chat not in self._windows:
            self._windows[chat] = Window(self._burst, _BURST_SECONDS)
        self._windows.move_to_end(chat)
        self._windows[chat].start(now)

    def close(self, chat: Any, now: float, seconds: float) -> None:
        """Send nothing there for so long.

        A 429 to what names no chat (None) is about the whole bot.
        """
        self._forget(now)
        self._closed_until[chat] = until = now + seconds
        heapq.heappush(self._openings, (until, next(self._numbers), chat))

    def _forget(self, now: float) -> None:
        """Drop the chats that are quiet: at most those of the last seconds stay."""
        while self._windows and next(iter(self._windows.values())).idle(now):
            self._windows.popitem(last=False)
        while self._openings and self._openings[0][0] <= now:
            _, _, chat = heapq.heappop(self._openings)
            if self._closed_until.get(chat, now + 1) <= now:
                del self._closed_until[chat]


@dataclass(slots=True, order=True)
class _Ticket:
    """A place in line: the most urgent first, then who came first."""

    urgency: int
    number: int
    first: asyncio.Event = field(default_factory=asyncio.Event, compare=False)


class Pacing(BaseRequestMiddleware):
    """Lets an answer go at once, and news when both its chat and the whole bot may send one."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        *,
        overall: int = _OVERALL,
        burst: int = _BURST,
    ) -> None:
        self._clock = clock
        self._overall = Window(overall, 1.0)
        self._chats = Chats(burst)
        self._crowded_until = 0.0
        self._queue: list[_Ticket] = []
        self._numbers = itertools.count()

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        if type(method) not in _MESSAGES:
            return await make_request(bot, method)
        chat = getattr(method, "chat_id", None)
        if urgency.get() is Urgency.ANSWER:
            return await self._answer(make_request, bot, method, chat)
        await self._turn(chat)
        try:
            return await make_request(bot, method)
        except TelegramRetryAfter as error:  # the notifier tries again
            self._chats.close(chat, self._clock(), error.retry_after)
            raise

    async def _answer(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
        chat: Any,
    ) -> Response[TelegramType]:
        """Send it now.

        A 429 was definitely not delivered, so whoever waits gets it a little later.
        """
        for _ in range(_ANSWER_TRIES):
            await self._open(chat)
            try:
                return await make_request(bot, method)
            except TelegramRetryAfter as error:
                self._refused(chat, error.retry_after)
        await self._open(chat)
        return await make_request(bot, method)

    def _refused(self, chat: Any, seconds: float) -> None:
        """Obey a 429.

        With a second's messages all used up it may be about all of them, so answers queue, too.
        """
        now = self._clock()
        self._chats.close(chat, now, seconds)
        if self._overall.wait(now) > 0:
            # all who were refused come back at that moment
            self._crowded_until = now + seconds + 1.0

    async def _open(self, chat: Any) -> None:
        """Wait until Telegram takes something for this chat again, and count what goes there."""
        while (wait := self._chats.closed(chat, self._clock())) > 0:
            await asyncio.sleep(wait)
        if self._crowded:
            with self._in_line(_Ticket(int(Urgency.ANSWER), next(self._numbers))) as ticket:
                await self._reach_the_front(ticket)
        self._start(chat)

    @property
    def _crowded(self) -> bool:
        answers_wait = bool(self._queue) and self._queue[0].urgency == Urgency.ANSWER
        return answers_wait or self._clock() < self._crowded_until

    async def _turn(self, chat: Any) -> None:
        """Wait until it is this message's turn. The most urgent whose chat is open goes first."""
        ticket = _Ticket(int(urgency.get()), next(self._numbers))
        while True:
            while (wait := self._chats.wait(chat, self._clock())) > 0:
                await asyncio.sleep(wait)
            with self._in_line(ticket):
                await self._reach_the_front(ticket)
                # an answer may have gone there meanwhile
                if self._chats.wait(chat, self._clock()) <= 0:
                    self._start(chat)
                    return

    @contextmanager
    def _in_line(self, ticket: _Ticket) -> Iterator[_Ticket]:
        """Hold a place. Whoever leaves the line wakes the next."""
        heapq.heappush(self._queue, ticket)
        try:
            yield ticket
        finally:
            self._queue.remove(ticket)
            heapq.heapify(self._queue)
            if self._queue:
                self._queue[0].first.set()

    async def _reach_the_front(self, ticket: _Ticket) -> None:
        """Only the first in line waits for time; the others wait for it."""
        while True:
            if self._queue[0] is not ticket:
                ticket.first.clear()
                await ticket.first.wait()
            elif (wait := self._overall.wait(self._clock())) > 0:
                await asyncio.sleep(wait)
            else:
                return

    def _start(self, chat: Any) -> None:
        now = self._clock()
        self._overall.start(now)
        self._chats.start(chat, now)
