"""A shop as an earlier version left it: its database, and the chats that are full of that version's
buttons.

`Fixture` is what tests/upgrade/ keeps of it. It names nothing of the product: tables are what the
SQL says, and buttons are the data that Telegram sends back.
"""

import copy
import gzip
import json
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, DateTime, MetaData, Table, text

from playground.crypto import CryptoBot
from playground.provider import Provider
from playground.provider.catalogue import demo_catalogue
from playground.provider.services import Catalogue
from playground.provider.testing import HandClock
from playground.telegram.people import Person
from playground.telegram.views import MessageView
from storage import Database, Transaction
from storage.migrate import upgrade
from tests.harness.shop import Shop, open_shop

FOLDER = Path(__file__).parents[1] / "upgrade"
ADMINS = frozenset({1003, 1004, *range(1201, 1207)})
_DATABASE, _CHATS, _ANSWERS = "database.sql.gz", "chats.json", "answers.json"
Row = dict[str, Any]


@dataclass
class Fixture:
    """The database as SQL, of a schema's revision, and what stood around it at a time.

    `messages` are those that have a button in `presses`, `newest` is the number of the last there
    was. `presses` are the buttons: whose, in which message, data and label. `typed` are texts:
    whose, what is awaited. `orders` is what the provider was asked for, and when by its own clock;
    `forced`, how far these have come; `seconds`, what that clock shows; `catalogue`, what it sells.
    """

    revision: str
    now: str
    sql: str
    people: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    presses: list[Row] = field(default_factory=list)
    typed: list[Row] = field(default_factory=list)
    orders: list[Row] = field(default_factory=list)
    forced: list[Row] = field(default_factory=list)
    seconds: float = 0
    catalogue: list[Row] = field(default_factory=list)
    newest: int = 0

    def save(self, folder: Path) -> None:
        given = asdict(self)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _DATABASE).write_bytes(gzip.compress(given.pop("sql").encode(), mtime=0))
        parts = (f'"{name}": {_lines(value)}' for name, value in given.items())
        (folder / _CHATS).write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "Fixture":
        chats = json.loads((folder / _CHATS).read_text(encoding="utf-8"))
        return cls(sql=gzip.decompress((folder / _DATABASE).read_bytes()).decode(), **chats)


def _lines(value: Any) -> str:
    """Write a list with a line for each of its items: that is what one reads in a diff."""
    if not isinstance(value, list):
        return _json(value)
    return "[\n" + ",\n".join(map(_json, value)) + "\n]"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def save_answers(answers: Mapping[str, Any], folder: Path = FOLDER) -> None:
    lines = [f"{_json(key)}: {_json(answer)}" for key, answer in answers.items()]
    (folder / _ANSWERS).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def load_answers(folder: Path = FOLDER) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / _ANSWERS).read_text(encoding="utf-8"))
    return found


# The catalogue and the provider


def make_provider(fixture: Fixture | None = None) -> tuple[Provider, HandClock]:
    """Make the provider, with the fixture's orders in its book: each stays as it is there."""
    clock = HandClock()
    sold = [row for row in demo_catalogue() if row["service"] <= _SERVICES]
    provider = Provider(
        key="demo-key", clock=clock, unix=lambda: 0.0, catalogue=sold, balance="1000"
    )
    for row in sold:
        provider.change_service(row["service"], nature="stuck")
    if fixture is not None:
        for order in fixture.orders:
            clock.seconds = order["at"]
            provider.answer(order["add"])
        clock.seconds = fixture.seconds
        for order in fixture.forced:
            provider.force_order(order["id"], order["status"], remains=order["remains"])
        provider.catalogue = Catalogue(fixture.catalogue)
        provider.set_balance(BALANCE)
    return provider, clock


_SERVICES = 36  # one of each type, and some of two more categories
BALANCE = "3.21"


# The database


def restore_file(fixture: Fixture, file: Path) -> None:
    """Make the SQLite database of the version that the fixture was made by."""
    connection = sqlite3.connect(file)
    connection.executescript(fixture.sql)
    connection.close()


async def restore_rows(fixture: Fixture, url: str, folder: Path) -> None:
    """Put the rows of the file into an empty PostgreSQL database, by the tables of their
    version.
    """
    file = folder / "rows.db"
    restore_file(fixture, file)
    database, connection = Database(url), sqlite3.connect(file, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    try:
        await upgrade(database, fixture.revision)
        await database.write(_copy, connection)
    finally:
        connection.close()
        await database.close()


def _copy(tx: Transaction, connection: sqlite3.Connection) -> None:
    known = MetaData()
    known.reflect(tx)
    for table in known.sorted_tables:
        for column in table.c:
            if isinstance(column.type, JSON):
                column.type = JSON(none_as_null=True)
        rows = [dict(row) for row in connection.execute(f"SELECT * FROM {table.name}")]
        if rows and table.name != "alembic_version":
            tx.execute(table.insert(), [_converted(table, row) for row in rows])
        if "id" in table.c and table.c.id.autoincrement is True:
            newest = max((row["id"] for row in rows), default=0)
            given = connection.execute(
                "SELECT seq FROM sqlite_sequence WHERE name = ?", (table.name,)
            ).fetchone()
            last = max(newest, given["seq"] if given else 0)
            if last:
                tx.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {last})")
                )


def _converted(table: Table, row: Row) -> Row:
    """Read what SQLite keeps as a text or a number the way that PostgreSQL has it."""
    values = dict(row)
    for column in table.c:
        value = row[column.name]
        if value is None:
            continue
        if isinstance(column.type, Boolean):
            values[column.name] = bool(value)
        elif isinstance(column.type, DateTime):
            values[column.name] = datetime.fromisoformat(value).replace(tzinfo=UTC)
        elif isinstance(column.type, JSON):
            values[column.name] = JSON.NULL if value == "null" else json.loads(value)
    return values


# The shop


@asynccontextmanager
async def reopen(
    fixture: Fixture, folder: Path, database_url: str | None = None
) -> AsyncIterator[Shop]:
    """Start today's code on the fixture's database; the chats are as they were."""
    provider, hand = make_provider(fixture)
    given = {"database_url": database_url} if database_url else {}
    async with open_shop(folder, provider, CryptoBot(), admin_ids=ADMINS, **given) as shop:
        shop.clock.now = datetime.fromisoformat(fixture.now)
        shop.provider_clock = hand
        shop.api.clock = lambda: shop.clock().timestamp()
        await worker(shop, "margins").step()
        put_chats(shop, fixture)
        yield shop


def put_chats(shop: Shop, fixture: Fixture) -> None:
    people = {
        row["id"]: shop.api.person(row["id"], row["name"], None, row["language"], started=True)
        for row in fixture.people
    }
    known = {message["id"]: message for message in fixture.messages}
    somebody = next(iter(people.values()))
    for number in range(1, fixture.newest + 1):
        message = dict(known.get(number, {"by": somebody.id, "text": "-"}))
        person = people[message.pop("by")]
        sender = person.as_user() if message.pop("mine", False) else shop.api.me
        message.pop("id", None)
        made = shop.api.new_message(person.chat, sender, message)
        if number not in known:
            del person.chat.messages[made["message_id"]]


_NOT_KEPT = frozenset(
    {"from", "chat", "date", "message_id", "edit_date", "entities", "caption_entities"}
)


def keep_chats(shop: Shop, fixture: Fixture, only: Collection[int] = ()) -> None:
    """Write down everybody, and their messages, or only some of these."""
    fixture.people, fixture.messages, fixture.newest = [], [], 0
    for person in shop.api.people.values():
        names = {"name": person.chat.names["first_name"], "language": person.language_code}
        fixture.people.append({"id": person.id, **names})
        for number, message in person.chat.messages.items():
            fixture.newest = max(fixture.newest, number)
            if only and number not in only:
                continue
            kept = {name: value for name, value in message.items() if name not in _NOT_KEPT}
            if only and "text" in kept:
                kept["text"] = "…"  # whatever is shown in its place is another text
            mine = {} if message["from"]["is_bot"] else {"mine": True}
            fixture.messages.append({"id": number, "by": person.id, **mine, **kept})


def worker(shop: Shop, name: str) -> Any:
    """Find the background work of this name."""
    return next(one for one in shop.app.supervisor.workers if one.name == name)


# Presses and what they are answered


class Watch:
    """What a person is told from here on."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self._answers = len(person.answers)
        self._seen = self._look()

    def _look(self) -> dict[int, Row]:
        return {view.id: _shown(view) for view in self.person.from_bot}

    def result(self) -> Row:
        """Tell the toasts, and every message that is new or has changed."""
        toasts = [answer.text for answer in self.person.answers[self._answers :] if answer.text]
        shown = [row for number, row in self._look().items() if row != self._seen.get(number)]
        return {"toast": toasts, "shows": shown}


def _shown(view: MessageView) -> Row:
    shown = view.text or (view.document.name if view.document else "")
    shown = re.sub(r"start=r_[\w-]+", "start=r_…", shown)  # an invitation's code is made by chance
    return {"text": shown, "labels": [button.text for row in view.buttons for button in row]}


async def press(shop: Shop, given: Mapping[str, Any]) -> Row:
    """Press a button that stands in somebody's chat, and give what comes of it."""
    person = shop.api.people[given["by"]]
    watch = Watch(person)
    await person.forge(given["data"], given["message"])
    return watch.result()


def shown_in(shop: Shop, given: Mapping[str, Any]) -> Row:
    """Tell what the message that a button stands in shows now."""
    person = shop.api.people[given["by"]]
    return next(_shown(view) for view in person.from_bot if view.id == given["message"])


async def say(shop: Shop, given: Mapping[str, Any]) -> Row:
    """Write a text, and give what comes of it."""
    person = shop.api.people[given["by"]]
    watch = Watch(person)
    await person.say(given["text"])
    return watch.result()


def key_of(given: Mapping[str, Any]) -> str:
    """Name a press or a text among the answers."""
    names = ("by", "message", "data") if "data" in given else ("by", "awaited")
    return " ".join(str(given[name]) for name in names)


class Rewinding:
    """A shop in a file that goes back to where it was: what one press does is no other's."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self._file = Path(str(shop.app.database.file))
        self._kept = self._file.with_suffix(".kept")
        self._chats = {
            person.id: copy.deepcopy(person.chat.messages) for person in shop.api.people.values()
        }

    async def keep(self) -> None:
        await self.shop.app.database.close()
        shutil.copy(self._file, self._kept)

    async def back(self, person_id: int) -> None:
        """Put the database back, and this person's chat."""
        await self.shop.app.database.close()
        shutil.copy(self._kept, self._file)
        await worker(self.shop, "margins").step()
        chat = self.shop.api.people[person_id].chat
        chat.messages.clear()
        chat.messages.update(copy.deepcopy(self._chats[person_id]))


async def answers_of(fixture: Fixture, folder: Path, *, by: Collection[int] = ()) -> dict[str, Row]:
    """Press every button, each in a shop to which nothing has happened, or only the buttons of some
    people.
    """
    restore_file(fixture, folder / "shop.db")
    found = {}
    async with reopen(fixture, folder) as shop:
        rewinding = Rewinding(shop)
        await rewinding.keep()
        for given in fixture.presses:
            if not by or given["by"] in by:
                await rewinding.back(given["by"])
                found[key_of(given)] = await press(shop, given)
    return found


async def typed_answers(fixture: Fixture, shop: Shop) -> dict[str, Row]:
    """Type every text, one after another; no two of them are of one conversation."""
    return {key_of(given): await say(shop, given) for given in fixture.typed}
