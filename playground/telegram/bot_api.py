"""The Bot API: `call` answers one method without any I/O; `serve` adds what takes time."""

import asyncio
import copy
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from playground.telegram import ornaments
from playground.telegram.chats import Chat
from playground.telegram.errors import ApiError, Dropped, not_found
from playground.telegram.faults import Fault, Faults
from playground.telegram.limits import Limits
from playground.telegram.methods import METHODS
from playground.telegram.params import Params, Upload
from playground.telegram.people import Person
from playground.telegram.state import State

DEFAULT_TOKEN = "4200000042:PLAYGROUND-not-a-real-token"  # noqa: S105 - that is what it says
Answer = tuple[int, dict[str, Any]]


class BotApi(State):
    """One bot and everybody it can meet. Single-threaded: use it from one event loop."""

    def __init__(
        self,
        token: str = DEFAULT_TOKEN,
        clock: Callable[[], float] = time.time,
        *,
        flood_limits: bool = False,
        first_name: str = "Panel Shop",
        username: str = "panel_shop_bot",
    ) -> None:
        super().__init__(token, clock, first_name=first_name, username=username)
        self.people: dict[int, Person] = {}
        self.faults = Faults()
        self.refuses: set[str] = set()
        """the ornaments that this server doesn't take: names from ornaments.ORNAMENTS"""
        self.limits = Limits(clock) if flood_limits else None
        self.calls: deque[tuple[str, dict[str, Any]]] = deque(maxlen=10_000)
        """every call made: the method's name and its parameters as they came"""
        self.unanswered: list[tuple[str, dict[str, Any]]] = []
        """the calls of those that were carried out, and whose caller was told otherwise or
        nothing
        """
        self.heard = 0.0
        """`time.monotonic()` of the bot's last call"""

    def person(
        self,
        id: int,  # noqa: A002 - Telegram's word
        first_name: str = "Ann",
        username: str | None = None,
        language_code: str = "en",
        *,
        started: bool = False,
    ) -> Person:
        """The person with this id, made when new.

        `started`: as if they had pressed Start long ago.
        """
        if id not in self.people:
            names = {"first_name": first_name, **({"username": username} if username else {})}
            chat = self.chats.add(Chat(id, names=names, started=started))
            self.people[id] = Person(self, chat, language_code)
        return self.people[id]

    def group(self, id: int, title: str = "Staff") -> Chat:  # noqa: A002 - Telegram's word
        """A group the bot is in; ids of groups are negative."""
        return self.chats.add(Chat(id, "supergroup", {"title": title}, started=True))

    @property
    def online(self) -> bool:
        """Has the bot called within a minute? (A long poll lasts 50 s at most.)"""
        return self.webhook is not None or (self.heard > 0 and time.monotonic() - self.heard < 60)

    def fail_next(
        self,
        method: str,
        code: int = 500,
        description: str = "",
        retry_after: int | None = None,
        times: int = 1,
        delay: float = 0,
        *,
        drop: bool = False,
        after: bool = False,
    ) -> None:
        """The next `method` (`*`: any) fails; `drop` loses the answer, `after` does the work
        first.
        """
        self.faults.add(Fault(method, code, description, retry_after, times, delay, drop, after))

    def call(
        self,
        token: str,
        method: str,
        params: dict[str, Any] | None = None,
        files: dict[str, Upload] | None = None,
    ) -> Answer:
        """The HTTP status and the JSON body. Raises Dropped when a fault loses the answer."""
        return self._call(
            token, method, Params(params or {}, files or {}), self.faults.take(method)
        )

    async def serve(
        self,
        token: str,
        method: str,
        params: dict[str, Any] | None = None,
        files: dict[str, Upload] | None = None,
    ) -> Answer:
        """As `call`, with the delays of faults and the wait of getUpdates."""
        fault = self.faults.take(method)
        if fault is not None and fault.delay:
            await asyncio.sleep(fault.delay)
        given = Params(params or {}, files or {})
        if method.lower() == "getupdates" and token == self.token and fault is None:
            return await self._poll(token, given)
        return self._call(token, method, given, fault)

    def _call(self, token: str, method: str, params: Params, fault: Fault | None) -> Answer:
        try:
            if token != self.token:
                raise ApiError(401, "Unauthorized")  # noqa: TRY301
            if fault is not None and not fault.after:
                self._fail(fault)
            result = self._do(method, params)
            if fault is not None:
                if fault.drop or fault.code:
                    self.unanswered.append((method, params.raw))
                self._fail(fault)
        except ApiError as error:
            return error.code, error.body()
        return 200, {"ok": True, "result": result}

    @staticmethod
    def _fail(fault: Fault) -> None:
        if fault.drop:
            raise Dropped
        if fault.code:
            raise fault.error()

    def _do(self, method: str, params: Params) -> Any:
        handler = METHODS.get(method.lower())
        if handler is None:
            raise not_found()
        ornaments.check(params, self.refuses)
        self.calls.append((method, params.raw))
        self.heard = time.monotonic()
        # The caller gets a copy: what it keeps must not change with a later edit.
        result = copy.deepcopy(handler(self, params))
        if method.lower() != "getupdates":
            self.change.notify()
        return result

    async def _poll(self, token: str, params: Params) -> Answer:
        """A long poll: `timeout` is in seconds, 50 at most."""
        poll = self.updates.begin_poll()
        self.change.notify()
        deadline = time.monotonic() + min(params.integer("timeout"), 50)
        while True:
            if (error := self.updates.ended(poll)) is not None:
                return error.code, error.body()
            seen = self.change.count
            status, body = self._call(token, "getUpdates", params, None)
            left = deadline - time.monotonic()
            if status != 200 or body["result"] or left <= 0:
                return status, body
            await self.change.wait(seen, left)
