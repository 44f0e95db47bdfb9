"""Sorting a chat's notices: what is said or drawn now, what waits for its reader's hour, what
nobody wants.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shop.customers.quiet_hours import Quiet
from shop.outbox import Kind
from storage.queries.notices import BEGUN, HELD
from storage.rows import Notice

ABOUT_ORDERS = frozenset({Kind.ORDER, Kind.CARD})


_MANY = 4  # orders of one person with news at the same moment: one message with a list


@dataclass(slots=True)
class Batch:
    """Notices that belong together, oldest first, and those of them that are said now.

    Of the others only the order's card is drawn, once: what comes back from being held has had
    that. `cards` are those whose orders' cards are drawn right behind what was said.
    """

    rows: list[Notice] = field(default_factory=list)
    said: list[Notice] = field(default_factory=list)
    cards: "list[Batch]" = field(default_factory=list)

    @property
    def draws(self) -> bool:
        return any(row.outcome != HELD for row in self.rows)

    @property
    def is_drawing(self) -> bool:
        """Whether it is nothing but a card to draw."""
        return self.last.kind in ABOUT_ORDERS and not self.changes

    @property
    def changes(self) -> list[Notice]:
        """The changes of an order that are still to be told."""
        return [row for row in self.said if row.kind == Kind.ORDER and row.outcome != BEGUN]

    @property
    def told(self) -> list[Notice]:
        """The changes of an order that were told, and whose card is to be drawn."""
        return [row for row in self.said if row.kind == Kind.ORDER and row.outcome == BEGUN]

    @property
    def last(self) -> Notice:
        return self.rows[-1]


@dataclass(slots=True)
class Schedule:
    """`digest` is said as one message, and so is `listed`: what has happened to many orders at
    once.

    `later` has the ids that wait until a time, `unwanted` those never said.
    """

    now: list[Batch] = field(default_factory=list)
    listed: list[Notice] = field(default_factory=list)
    digest: list[Notice] = field(default_factory=list)
    later: dict[datetime, list[int]] = field(default_factory=dict)
    unwanted: list[int] = field(default_factory=list)


def sort(rows: Sequence[Notice], quiet: Quiet, now: datetime) -> Schedule:
    """Sort what is due in one chat by what its reader has chosen."""
    turns = Schedule(now=grouped(rows))
    for turn in turns.now:
        for row in turn.rows:
            when = now if row.outcome == BEGUN else quiet.turn(row, now)
            if when is None:
                turns.unwanted.append(row.id)
            elif when > now:
                turns.later.setdefault(when, []).append(row.id)
            elif row.outcome != BEGUN and quiet.digests(row):
                turns.digest.append(row)
            else:
                turn.said.append(row)
    many = [turn for turn in turns.now if turn.changes]
    if len(many) >= _MANY:
        turns.now = [turn for turn in turns.now if turn not in many]
        turns.listed = [row for turn in many for row in turn.said]
    return turns


def grouped(rows: Sequence[Notice]) -> list[Batch]:
    """Put the notices about one order, or one live message, together, at the place of the first;
    the rest stays.
    """
    turns: dict[tuple[str, int], Batch] = {}
    for row in rows:
        key = (
            ("order", row.order_id)
            if row.kind in ABOUT_ORDERS and row.order_id is not None
            else ("row", row.id)
        )
        if row.live_id is not None:
            key = (row.kind, row.live_id)
        turns.setdefault(key, Batch()).rows.append(row)
    return list(turns.values())
