"""A lost order with everything that is known of it, as the finder sees it at the beginning of a
step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shop.fulfilment.evidence import EvidenceKind
from shop.recovery.id_range import LATE, IdRange, gap_of
from shop.recovery.progress import Candidate, Progress, candidate_of, progress_of, to_ask
from storage.engine import Transaction
from storage.queries import evidence, facts, recovery
from storage.queries.facts import Fact
from storage.rows import Evidence, Order


@dataclass(frozen=True, slots=True)
class RecoveryContext:
    """`at` is when all this was so."""

    order: Order
    since: datetime  # when it became unknown
    at: datetime
    gap: IdRange
    progress: Progress
    candidates: Sequence[Candidate]
    known: Sequence[Evidence]
    left: Sequence[str]  # ids that this look has not asked for yet
    forgotten: bool  # orders of ours that a restore has forgotten may be in the gap

    @property
    def searched(self) -> bool:
        """Whether this look has got an answer for every id that it was about."""
        whole = self.gap.is_all(self.gap.ids(self.progress.ahead)) and bool(
            self.gap.first or self.progress.ahead
        )
        return not (self.gap.why or self.left or self.progress.vague) and whole

    @property
    def complete(self) -> bool:
        """Whether it has got one for every id between the orders known right before and right
        after.
        """
        ids = self.gap.inner(self.gap.ids(self.progress.ahead))
        asked = not (self.gap.why or self.gap.inner(self.left) or self.progress.vague)
        return asked and len(ids) == self.gap.size

    def last_of(self, kind: EvidenceKind) -> dict[str, Any]:
        return next((one.payload for one in reversed(self.known) if one.kind == kind), {})

    def as_evidence(self, most: int) -> dict[str, Any]:
        """Return how far the gap was looked through; `most` ids may be asked for."""
        gap = self.gap
        why = gap.why or ("most" if self.left and self.progress.asked >= most else "")
        return {
            "last": None if gap.last is None else str(gap.last),
            "first": None if gap.after is None else str(gap.after),
            "asked": self.progress.asked,
            "ours": len([one for one in self.candidates if gap.has(one.id)]),
            "complete": self.complete,
            "why": why,
        }


def view_of(
    tx: Transaction, order: Order, now: datetime, *, most: int, singly: bool
) -> RecoveryContext:
    """Read what is known. `singly`: the provider has no multiple form."""
    since = recovery.unknown_since(tx, order.id) or order.changed_at
    late = now - since >= LATE
    gap = gap_of(tx, order, since, late=late) if most else IdRange(why="off")
    kept = facts.get(tx, Fact.FINDING.of(order.id))
    known = (evidence.of_orders(tx, [order.id]))[order.id]
    progress = progress_of(kept[0] if kept else {})
    if progress.left is None:
        progress.begin(most, closed=gap.first is not None, final=late, singly=singly)
    candidates = _candidates(tx, known, order.account)
    ours = recovery.known_among(tx, [] if gap.why else gap.ids(progress.ahead), order.account)
    left = [] if gap.why else to_ask(gap, progress, ours, candidates)
    forgotten = _forgotten(tx, gap, now)
    return RecoveryContext(order, since, now, gap, progress, candidates, known, left, forgotten)


def _candidates(tx: Transaction, known: Sequence[Evidence], account: str) -> list[Candidate]:
    """Return what each id of our key was said to be last, but for those that an order has by
    now.
    """
    found = {
        one.payload["id"]: candidate_of(one.payload)
        for one in known
        if one.kind == EvidenceKind.CANDIDATE
    }
    taken = recovery.known_among(tx, list(found), account)
    return [one for key, one in found.items() if key not in taken]


def _forgotten(tx: Transaction, gap: IdRange, now: datetime) -> bool:
    """Return whether ids of the gap were given between the making of a copy and its restore."""
    found = facts.get(tx, Fact.RESTORED)
    if found is None:
        return False
    value, restored_at = found
    copied_at = datetime.fromisoformat(value["copied_at"]) if value["copied_at"] else None
    begins_before = gap.opened_at is None or gap.opened_at <= restored_at
    return begins_before and (copied_at is None or (gap.closed_at or now) >= copied_at)
