"""The books gone over: by the operator's command, and every day by itself."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from shop import outbox
from shop.clock import Clock
from shop.money import to_decimal
from shop.outbox import Kind
from shop.outbox.payloads import AuditNotice
from shop.wakeups import Wakeups
from storage import Database
from storage.audit import differences as audit_differences
from storage.audit.differences import Difference, Size
from storage.engine import Transaction
from storage.queries import facts
from storage.queries.facts import Fact

log = logging.getLogger(__name__)

_EVERY = timedelta(hours=24)
_RUSH = timedelta(minutes=5)  # after a start there is enough to do
_SHOWN = 10
_PEOPLE = frozenset({"wallet", "user", "inviter"})  # their id is the person's


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at, and all that does not agree."""

    size: Size
    differences: Sequence[Difference]


async def go_over(database: Database) -> Report:
    """Look at everything, as it was in one moment.

    Raises SQLAlchemyError where the database can't be read.
    """
    return await database.snapshot(
        lambda tx: Report(audit_differences.size(tx), list(audit_differences.differences(tx)))
    )


def sentence(difference: Difference) -> str:
    """Say a difference in a line, for the operator."""
    numbers = {"expected": difference.expected, "found": difference.found}
    if difference.check.money:
        said = difference.check.sentence.format(
            **{name: f"{to_decimal(one):f}" for name, one in numbers.items()}
        )
    else:
        said = difference.check.sentence.format(**numbers)
    whose = (
        ""
        if difference.user_id is None or difference.subject in _PEOPLE
        else f" of {difference.user_id}"
    )
    return f"{difference.subject} {difference.id}{whose}: {said}"


@dataclass(slots=True)
class Auditor:
    """Goes over the books once a day and tells the admins of what does not agree: of the same
    differences once.
    """

    database: Database
    admins: Collection[int]
    bells: Wakeups
    clock: Clock
    _not_before: datetime | None = None

    async def step(self) -> None:
        if await self.pause() > 0:
            return
        report = await go_over(self.database)

        def transaction(tx: Transaction) -> None:
            now = self.clock()
            facts.put(tx, Fact.AUDIT, {"differences": len(report.differences)}, now)
            if not report.differences:
                outbox.all_alerts_over(tx, Kind.AUDIT)
                return
            lines = [sentence(difference) for difference in report.differences]
            log.error(
                "the books don't agree, differences: %s; python -m bot audit lists them", len(lines)
            )
            about = sha256("\n".join(lines).encode()).hexdigest()
            # The lines may name people: they are in the message only, which is erased with them.
            if outbox.alert_once(tx, (), AuditNotice(count=len(lines)), now, about=about):
                told = AuditNotice(count=len(lines), lines=tuple(lines[:_SHOWN]))
                outbox.notify_admins(tx, self.admins, told, now)

        await self.database.write(transaction)
        self.bells.notify.set()

    async def pause(self) -> float:
        """Return the seconds until the next time."""
        now = self.clock()
        if self._not_before is None or self._not_before > now + _RUSH:  # the clock was ahead
            self._not_before = now + _RUSH
        last = await self.database.read(facts.get, Fact.AUDIT)
        turn = self._not_before
        if last is not None and last[1] <= now:
            turn = max(turn, last[1] + _EVERY)
        return max((turn - now).total_seconds(), 0.0)
