"""How many transactions one update runs before its answer is on the screen."""

from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from sqlalchemy import event

from storage import Database
from tests.harness.shop import Shop


@dataclass
class Counts:
    """Reads, commits and statements until the answer was asked for."""

    reads: int = 0
    commits: int = 0
    statements: int = 0
    answered: bool = False


class Counter(Database):
    """Counts what a shop's database is asked for."""

    counts = Counts()

    async def read(self, work: Any, *args: Any, **named: Any) -> Any:
        result = await super().read(work, *args, **named)
        self.counts.reads += not self.counts.answered
        return result

    async def write(self, work: Any, *args: Any, **named: Any) -> Any:
        result = await super().write(work, *args, **named)  # what raises has committed nothing
        self.counts.commits += not self.counts.answered
        return result


@contextmanager
def counting(shop: Shop) -> Iterator[Counter]:
    """Count the transactions of a shop's updates from here on."""
    database, session = shop.app.database, shop.app.bot.session
    database.__class__ = Counter
    assert isinstance(database, Counter)

    async def note(make: Any, bot: Any, method: Any) -> Any:
        if isinstance(method, SendMessage | EditMessageText | AnswerCallbackQuery):
            database.counts.answered = True
        return await make(bot, method)

    def count(
        _c: Any, _cursor: Any, _said: str, _parameters: Any, _context: Any, _many: bool
    ) -> None:
        database.counts.statements += not database.counts.answered

    session.middleware(note)
    event.listen(database.engine.sync_engine, "before_cursor_execute", count)
    try:
        yield database
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", count)
        database.__class__ = Database


async def counted(counter: Counter, update: Awaitable[object]) -> Counts:
    counter.counts = Counts()
    await update
    return counter.counts
