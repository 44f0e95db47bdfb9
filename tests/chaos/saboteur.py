"""What drops the database's connection, or ends the process, between any two statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from storage import Database
from storage.engine import Transaction


class Killed(BaseException):
    """The process has ended: nobody catches that, and nothing that comes after it happens."""


@dataclass(frozen=True, slots=True)
class Crash:
    """Before the `at`th statement; with `commit`, before the `at`th commit, or, `unheard`, right
    after it.

    `kills`: the process ends with it. Otherwise only the connection does.
    """

    at: int
    commit: bool = False
    unheard: bool = False
    kills: bool = False


class Saboteur:
    def __init__(self, database: Database) -> None:
        engine = database.engine.sync_engine
        self._crash: Crash | None = None
        self._statements = self._commits = 0
        self._dead = False
        event.listen(engine, "before_cursor_execute", self._before_statement)
        event.listen(engine, "commit", self._before_commit)
        commit = engine.dialect.do_commit

        def committed(dbapi_connection: Any) -> None:
            commit(dbapi_connection)
            if (
                self._crash
                and self._crash.commit
                and self._crash.unheard
                and self._commits == self._crash.at
            ):
                self._strike()

        engine.dialect.do_commit = committed

    @contextmanager
    def during(self, crash: Crash) -> Iterator[None]:
        self._crash, self._statements, self._commits, self._dead = crash, 0, 0, False
        try:
            yield
        finally:
            self._crash, self._dead = None, False

    def _before_statement(self, tx: Transaction, *_: Any) -> None:
        self._statements += 1
        crash = self._crash
        if self._dead or (crash and not crash.commit and self._statements == crash.at):
            self._strike(tx)

    def _before_commit(self, tx: Transaction) -> None:
        self._commits += 1
        crash = self._crash
        if self._dead or (
            crash and crash.commit and not crash.unheard and self._commits == crash.at
        ):
            self._strike(tx)

    def _strike(self, tx: Transaction | None = None) -> None:
        assert self._crash is not None
        # a file has no connection to drop
        if tx is not None and tx.dialect.name != "sqlite" and not tx.invalidated:
            tx.invalidate()
        if self._crash.kills:
            self._dead = True
            raise Killed
        raise OperationalError("the connection was dropped", None, ConnectionError())
