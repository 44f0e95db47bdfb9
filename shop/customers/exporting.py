"""The file of everything that is kept about one person, put together a page at a time.

A history may be long: its rows are read in many short transactions, and go into a file without a
name as they come. Nobody waits for it, little of it is ever in memory, and nothing of it is left
when the file is closed, or the process is killed.
"""

import asyncio
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import IO, Any, BinaryIO, cast

from shop.money import to_decimal
from storage import Database
from storage.queries import privacy

_MONEY = frozenset(
    {"price", "was", "refunded", "discount", "amount", "balance", "chargebacks", "earned"}
)
_LARGEST = 20_000_000  # bytes of a plain file; Telegram takes 50 MB, and people like less


class Document:
    """A JSON object that is written list by list, a row a line.

    It becomes a zip file where it is large.

    Its methods wait for the disk: they are for a thread.
    """

    def __init__(self, name: str, currency: str) -> None:
        self.name = self._inner_name = name
        self.currency = currency
        self._file = _temporary()
        self._archive: zipfile.ZipFile | None = None
        self._entry: IO[bytes] = self._file
        self._before = "{\n"

    def value(self, name: str, value: Any) -> None:
        self._put(f"{self._before}{_text(name)}: {_text(value)}")
        self._before = ",\n"

    def begin_list(self, name: str) -> None:
        self._put(f"{self._before}{_text(name)}: [")
        self._before = "\n"

    def rows(self, rows: Iterable[Mapping[str, Any]]) -> None:
        for row in rows:
            self._put(self._before + _text(_readable(row, self.currency)))
            self._before = ",\n"

    def end_list(self) -> None:
        self._put("\n]")
        self._before = ",\n"

    def finish(self) -> BinaryIO:
        """Return the file, which the caller closes."""
        self._put("\n}\n")
        self._close_archive()
        self._file.seek(0)
        return self._file

    def discard(self) -> None:
        with self._file:
            self._close_archive()

    def _close_archive(self) -> None:
        if self._archive is not None:
            self._entry.close()
            self._archive.close()

    def _put(self, piece: str) -> None:
        self._entry.write(piece.encode())
        if self._archive is None and self._file.tell() > _LARGEST:
            self._pack()

    def _pack(self) -> None:
        """Go on in a zip file, beginning with what is there."""
        plain, self._file = self._file, _temporary()
        with plain:
            self._archive = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED)
            self._entry = self._archive.open(self._inner_name, "w", force_zip64=True)
            plain.seek(0)
            shutil.copyfileobj(plain, self._entry)
        self.name = f"{self._inner_name}.zip"


async def write_document(
    document: Document, database: Database, user_id: int, now: datetime
) -> None:
    """Write all that is kept about somebody.

    What changes meanwhile is in it as it was when its page was read.
    """
    document.value("written_at", now.isoformat())
    document.value("currency", document.currency)
    for table in privacy.GIVEN:
        document.begin_list(table.name)
        after = None
        while True:
            page = await database.read(privacy.page_of, table, user_id, after)
            await asyncio.to_thread(document.rows, page.rows)
            if (after := page.after) is None:
                break
        document.end_list()
    await _write_messages(document, database, user_id)


async def _write_messages(document: Document, database: Database, user_id: int) -> None:
    """Write what they wrote to the admins, each message once: the copies of one were written at one
    time.
    """
    document.begin_list("messages_to_us")
    after, last_at, texts = None, None, set[str]()
    while True:
        page = await database.read(privacy.messages_of, user_id, after)
        for row in page.rows:
            if row["at"] != last_at:
                last_at, texts = row["at"], set()
            if row["text"] not in texts:
                texts.add(row["text"])
                document.rows([row])
        if (after := page.after) is None:
            break
    document.end_list()


def _temporary() -> BinaryIO:
    """Open a file that no name leads to."""
    return cast("BinaryIO", tempfile.TemporaryFile())


def _readable(row: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Write a row for its owner: money as decimals with their currency, times in ISO 8601."""
    own = row.get("currency", currency)
    return {name: _value(name, value, own) for name, value in row.items()}


def _value(name: str, value: Any, currency: str) -> Any:
    if name in _MONEY and isinstance(value, int):
        return f"{to_decimal(value):f} {currency}"
    if name == "quote" and value is not None:
        return {part: _value(part, one, currency) for part, one in value.items()}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
