"""What somebody would write by hand: aiogram and sqlite3, the same rows read and written with the
same commits.
"""

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from aiogram.types import CallbackQuery, Message

from bench.contenders import MANY, Bare
from playground.telegram import BotApi

USER = 1001
_NOW = "2026-11-22 12:00:00.000000"
_UNITS = MANY * 1_000_000
_KEY = f"fsm:{USER}:{USER}:default"


class ByHand(Bare):
    """Says what the shop said, too; before that it does what `scene` needs in a database that the
    shop has stocked.
    """

    def __init__(self, api: BotApi, file: Path) -> None:
        super().__init__(api)
        self.scene = ""
        self._draft = 0
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        )
        self._does: dict[str, Callable[[], None]] = {
            "/start": self._start,
            "categories": self._categories,
            "service card": self._card,
            "quantity answered": self._quantity,
            "Confirm": self._confirm,
        }
        self._run(
            (
                "INSERT OR IGNORE INTO users (id, first_name, language, created_at) VALUES "
                "(?, 'Ann', 'en', ?)"
            ),
            USER,
            _NOW,
        )
        self._run("INSERT OR IGNORE INTO wallets (user_id, balance) VALUES (?, ?)", USER, _UNITS)
        self._run("INSERT OR IGNORE INTO fsm (key, data) VALUES (?, '{}')", _KEY)

    def prepare(self, scene: str) -> None:
        """Let a draft wait for its quantity, or for its Confirm."""
        self.scene = scene
        fields = json.dumps(
            {"link": "https://example.com/page"}
            | ({"quantity": 1000} if scene == "Confirm" else {})
        )
        made = self._run(
            "INSERT INTO drafts (user_id, service_id, fields, created_at) VALUES (?, 1, ?, ?)",
            USER,
            fields,
            _NOW,
        )
        self._draft = made.lastrowid or 0

    def close(self) -> None:
        self._connection.close()

    async def _message(self, message: Message) -> None:
        self._does[self.scene]()
        await super()._message(message)

    async def _press(self, query: CallbackQuery) -> None:
        self._does[self.scene]()
        await super()._press(query)
        # the message is the order's card from now on
        if self.scene == "Confirm" and query.message is not None:
            self._run(
                "UPDATE orders SET card_message_id = ? WHERE draft_id = ?",
                query.message.message_id,
                self._draft,
            )

    def _run(self, statement: str, *values: object) -> sqlite3.Cursor:
        return self._connection.execute(statement, values)

    def _start(self) -> None:
        """Read who it is, what is awaited of them, and what they have: every update does."""
        self._run("SELECT * FROM users WHERE id = ?", USER).fetchone()
        self._run("SELECT state, data FROM fsm WHERE key = ?", _KEY).fetchone()
        self._run("SELECT balance FROM wallets WHERE user_id = ?", USER).fetchone()

    def _categories(self) -> None:
        self._start()
        self._run(
            "SELECT c.id, c.name, count(*) FROM categories c JOIN services s ON "
            "s.category_id = c.id "
            "WHERE s.sold AND s.hidden_at IS NULL AND s.held_at IS NULL GROUP BY c.id "
            "ORDER BY c.position"
        ).fetchall()

    def _card(self) -> None:
        self._start()
        self._service()
        self._run("SELECT 1 FROM favourites WHERE user_id = ? AND service_id = 1", USER).fetchone()
        self._run(
            "SELECT state, refunded, submitted_at, started_at, finished_at FROM orders "
            "WHERE service_id = 1 AND finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 200"
        ).fetchall()

    def _service(self) -> None:
        self._run(
            "SELECT s.*, c.name FROM services s JOIN categories c ON c.id = "
            "s.category_id WHERE s.id = 1"
        ).fetchone()

    def _quantity(self) -> None:
        self._run("BEGIN IMMEDIATE")
        self._start()
        (fields,) = self._run(
            "SELECT fields FROM drafts WHERE id = ? AND closed_at IS NULL", self._draft
        ).fetchone()
        self._service()
        filled = json.dumps(json.loads(fields) | {"quantity": 1000})
        quote = json.dumps({"price": 900_000, "min": 10, "max": 100_000})
        self._run(
            "UPDATE drafts SET fields = ?, quote = ? WHERE id = ?", filled, quote, self._draft
        )
        self._run("UPDATE fsm SET state = NULL, data = '{}' WHERE key = ?", _KEY)
        self._run("COMMIT")

    def _confirm(self) -> None:
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        self._run("BEGIN IMMEDIATE")
        self._start()
        (fields,) = self._run(
            "SELECT fields FROM drafts WHERE id = ? AND closed_at IS NULL", self._draft
        ).fetchone()
        given = json.loads(fields)
        self._service()
        self._run(
            (
                "SELECT id FROM orders WHERE link = ? AND state IN ('queued', 'pending', "
                "'in_progress')"
            ),
            given["link"],
        ).fetchall()
        paid = self._run(
            "UPDATE wallets SET balance = balance - 900000 WHERE user_id = ? AND balance >= 900000",
            USER,
        ).rowcount
        if paid != 1:
            raise RuntimeError("the wallet is empty")
        order = self._run(
            "INSERT INTO orders (draft_id, user_id, service_id, service_name, "
            "service_type, fields, link, quantity, "
            "price, currency, cost, billing, state, created_at, not_before, changed_at) VALUES "
            "(?, ?, 1, 'Service 1', 'default', ?, ?, ?, 900000, 'USD', '0.90', 'wallet', "
            "'queued', ?, ?, ?)",
            self._draft,
            USER,
            fields,
            given["link"],
            given["quantity"],
            now,
            now,
            now,
        ).lastrowid
        self._run(
            (
                "INSERT INTO order_events (order_id, state, note, at) VALUES (?, 'queued', "
                "'confirmed', ?)"
            ),
            order,
            now,
        )
        self._run(
            "INSERT INTO ledger (user_id, source, target, amount, order_id, key, subject, "
            "subject_id, reason, at) "
            "VALUES (?, 'wallet', 'hold', 900000, ?, ?, 'hold', ?, 'order', ?)",
            USER,
            order,
            f"hold:{order}",
            order,
            now,
        )
        self._run("UPDATE drafts SET closed_at = ? WHERE id = ?", now, self._draft)
        self._run("COMMIT")
