"""Keeping Telegram's limits on what we send: 30 messages a second, one a second and chat.

Exact sliding windows; token buckets overshoot (one of 30 a second let 59 through in a second). What a person
waits for goes before what they don't. A `retry_after` is obeyed, never guessed.
"""

import asyncio
import contextvars
import heapq
import itertools
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import EditMessageText, SendDocument, SendInvoice, SendMessage, SendPhoto, TelegramMethod
from aiogram.methods.base import Response, TelegramType

_OVERALL = 28  # a second; Telegram's 30, with a margin for clocks
_ANSWER_TRIES = 2
_BURST = 4  # messages that a chat takes at once; after that one a second
_BURST_SECONDS = 4.0
_MESSAGES: frozenset[type] = frozenset({SendMessage, SendDocument, SendInvoice, SendPhoto, EditMessageText})


class Urgency(IntEnum):
    """Who goes first when not everybody can go now."""

    ANSWER = 0  # to what somebody has just pressed or written
    NOTICE = 1
    BROADCAST = 2


urgency: contextvars.ContextVar[Urgency] = contextvars.ContextVar("urgency", default=Urgency.ANSWER)


class Window:
    """At most `limit` starts in any `seconds`."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._seconds = seconds
        self._starts: deque[float] = deque(maxlen=limit)

    def wait(self, now: float) -> float:
        """Say how many seconds until another may start."""
        if len(self._starts) < (self._starts.maxlen or 0):
            return 0
        return max(0.0, self._starts[0] + self._seconds - now)

    def start(self, now: float) -> None:
        self._starts.append(now)

    def idle(self, now: float) -> bool:
        return not self._starts or self._starts[-1] + self._seconds < now


@dataclass(slots=True, order=True)
class _Ticket:
    """A place in line: the most urgent first, then who came first."""

    urgency: int
    number: int
    first: asyncio.Event = field(default_factory=asyncio.Event, compare=False)


class Pacing(BaseRequestMiddleware):
    """Lets a message go when both its chat and the whole bot may send one."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        *,
        overall: int = _OVERALL,
        burst: int = _BURST,
    ) -> None:
        self._clock = clock
        self._burst = burst
        self._overall = Window(overall, 1.0)
        self._chats: dict[Any, Window] = {}
        self._closed_until: dict[Any, float] = {}
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
        # Redrawing what somebody pressed is as slow as their finger; Telegram bears that, and says so if not.
        redrawing = type(method) is EditMessageText and urgency.get() is Urgency.ANSWER
        for _ in range(_ANSWER_TRIES):
            await self._turn(chat, paced=not redrawing)
            try:
                return await make_request(bot, method)
            except TelegramRetryAfter as error:
                # A 429 was definitely not delivered, so somebody who waits for an answer gets it a little later.
                # Notices are the notifier's to try again.
                self._closed_until[chat] = self._clock() + error.retry_after
                if urgency.get() is not Urgency.ANSWER:
                    raise
        return await make_request(bot, method)

    async def _turn(self, chat: Any, *, paced: bool) -> None:
        """Wait until it is this message's turn. The most urgent whose chat is open goes first.

        Only the first in line waits for time; the others wait for it, and whoever leaves the line wakes the next.
        """
        while (wait := self._chat_wait(chat, paced=paced)) > 0:
            await asyncio.sleep(wait)
        ticket = _Ticket(int(urgency.get()), next(self._numbers))
        heapq.heappush(self._queue, ticket)
        try:
            while True:
                if self._queue[0] is not ticket:
                    ticket.first.clear()
                    await ticket.first.wait()
                elif (wait := self._overall.wait(self._clock())) > 0:
                    await asyncio.sleep(wait)
                else:
                    self._overall.start(self._clock())
                    self._chat(chat).start(self._clock())
                    return
        finally:
            self._queue.remove(ticket)
            heapq.heapify(self._queue)
            if self._queue:
                self._queue[0].first.set()

    def _chat_wait(self, chat: Any, *, paced: bool) -> float:
        now = self._clock()
        closed = self._closed_until.get(chat, 0.0) - now
        return max(closed, self._chat(chat).wait(now)) if paced else closed

    def _chat(self, chat: Any) -> Window:
        if chat not in self._chats:
            if len(self._chats) > 10_000:  # noqa: PLR2004 - forget chats that are quiet
                now = self._clock()
                self._chats = {key: window for key, window in self._chats.items() if not window.idle(now)}
            self._chats[chat] = Window(self._burst, _BURST_SECONDS)
        return self._chats[chat]
