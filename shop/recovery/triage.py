"""What an admin sees of the orders that need a verdict: each with why it is one, and with its
evidence.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from shop import outbox
from shop.clock import Clock
from shop.errors import NotFoundError
from shop.fulfilment.evidence import EvidenceKind
from shop.fulfilment.refunds import excess_of
from shop.outbox import Kind
from shop.outbox.payloads import Payload, SendingHeldNotice
from shop.provider import brake
from shop.recovery.attention import (
    AttentionItem,
    AttentionReason,
    cases,
    first_cases,
    unclear_cases,
)
from storage import Database
from storage.engine import Transaction
from storage.queries import evidence, orders, users
from storage.rows import Evidence, Order


@dataclass(frozen=True, slots=True)
class AttentionDetails:
    """An order with what is known of it; `case` is None where it needs no verdict, or not any more.

    `names` are those of the admins in the evidence, by id; `excess` has been given back too much
    (millionths), now that the order is delivered or in work again.
    """

    order: Order
    case: AttentionItem | None
    evidence: Sequence[Evidence]
    names: dict[int, str]
    excess: int = 0

    @property
    def stuck(self) -> AttentionItem | None:
        """Why it waits for a verdict on whether it exists; a question about its refund is none."""
        return None if self.case is None or self.case.why is AttentionReason.UNCLEAR else self.case

    @property
    def answer(self) -> Evidence | None:
        """What an admin has said last of its refund."""
        return next(
            (
                one
                for one in reversed(self.evidence)
                if one.kind in {EvidenceKind.REFUND, EvidenceKind.TAKEN_BACK}
            ),
            None,
        )

    @property
    def verdict(self) -> Evidence | None:
        """The latest one, which may have been given by the machine itself."""
        return next(
            (one for one in reversed(self.evidence) if one.kind == EvidenceKind.VERDICT), None
        )

    @property
    def newest(self) -> int:
        """The id of the newest evidence; 0 where there is none."""
        return self.evidence[-1].id if self.evidence else 0

    @property
    def candidates(self) -> list[Evidence]:
        """The ids that may be the order's, each once, the last one found first; ids that are
        refused are none.
        """
        refused = {
            one.payload.get("id")
            for one in self.evidence
            if one.kind == EvidenceKind.CHECKED and not one.payload.get("fits")
        }
        found = {
            one.payload["id"]: one
            for one in self.evidence
            if one.kind in {EvidenceKind.CANDIDATE, EvidenceKind.LATE}
            and one.payload.get("id")
            and one.payload.get("fits", True)
        }
        return [one for known, one in reversed(found.items()) if known not in refused]


# What admins are asked about the shop as a whole; an alert tells of each.
QUESTIONS = (Kind.SENDING_HELD, Kind.CURRENCY_DIFFERS, Kind.NUMBERS_ANEW, Kind.RATES_HELD)


MOST_LISTED = 30  # the oldest; when those are answered, others are


@dataclass(frozen=True, slots=True)
class AttentionPage:
    """Some of the `total` orders that are listed, and which of QUESTIONS wait.

    `more`: other orders wait, too.
    """

    sheets: Sequence[AttentionDetails]
    number: int
    total: int
    questions: Sequence[Kind] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What the alert of one of QUESTIONS tells, and the order that it is about, if any."""

    told: Payload
    order: Order | None


@dataclass(frozen=True, slots=True)
class Triage:
    database: Database
    clock: Clock

    async def page(self, number: int, size: int) -> AttentionPage:
        """Return a page of what waits for a verdict, the oldest first; the last one where there is
        no such page.
        """

        def transaction(tx: Transaction) -> AttentionPage:
            found = [
                *first_cases(tx, self.clock(), MOST_LISTED + 1),
                *unclear_cases(tx, most=MOST_LISTED + 1),
            ]
            found.sort(key=lambda case: (case.since, case.order_id))
            more, found = len(found) > MOST_LISTED, found[:MOST_LISTED]
            shown_page = min(number, max(len(found) - 1, 0) // size)
            shown = found[shown_page * size : (shown_page + 1) * size]
            known = orders.get_many(tx, [case.order_id for case in shown])
            pairs = [(known[case.order_id], case) for case in shown if case.order_id in known]
            asked = [kind for kind in QUESTIONS if _waits(tx, kind)]
            return AttentionPage(_sheets(tx, pairs), shown_page, len(found), asked, more=more)

        return await self.database.read(transaction)

    async def question(self, number: int) -> Question | None:
        """Return one of QUESTIONS by its place there; None where it is settled.

        Raises NotFoundError without such one.
        """
        if not 0 <= number < len(QUESTIONS):
            raise NotFoundError("error-button-old")

        def transaction(tx: Transaction) -> Question | None:
            kept = outbox.alert_told(tx, QUESTIONS[number])
            if kept is None:
                return None
            told = outbox.payload_of(QUESTIONS[number], kept)
            held = brake.brake(tx) if isinstance(told, SendingHeldNotice) else None
            if isinstance(told, SendingHeldNotice) and held is not None and held.why != told.why:
                # closed again since, for another reason
                told = replace(told, why=str(held.why), text=held.words or told.text)
            about = kept.get("order_id")
            return Question(told, None if about is None else orders.get(tx, int(about)))

        return await self.database.read(transaction)

    async def sheet(self, order_id: int) -> AttentionDetails:
        """Return any order, also one that needs no verdict.

        Raises NotFoundError where there is none.
        """

        def transaction(tx: Transaction) -> AttentionDetails:
            order = orders.get(tx, order_id)
            if order is None:
                raise NotFoundError("triage-no-order", id=str(order_id))
            found = cases(tx, self.clock(), [order_id]) or unclear_cases(tx, order_id)
            (sheet,) = _sheets(tx, [(order, found[0] if found else None)])
            return sheet

        return await self.database.read(transaction)


def _waits(tx: Transaction, kind: Kind) -> bool:
    """Return whether an admin has something to answer.

    A brake opens by itself, but for the words that closed it.
    """
    if outbox.alert_told(tx, kind) is None:
        return False
    held = brake.brake(tx) if kind is Kind.SENDING_HELD else None
    return held is None or held.why is brake.BrakeReason.WORDS


def _sheets(
    tx: Transaction, pairs: Sequence[tuple[Order, AttentionItem | None]]
) -> list[AttentionDetails]:
    known = evidence.of_orders(tx, [order.id for order, _ in pairs])
    actors = {one.actor_id for found in known.values() for one in found if one.actor_id is not None}
    names = _names(tx, actors)
    return [
        AttentionDetails(order, case, known[order.id], names, excess_of(tx, order))
        for order, case in pairs
    ]


def _names(tx: Transaction, user_ids: Collection[int]) -> dict[int, str]:
    found = [users.get(tx, user_id) for user_id in sorted(user_ids)]
    return {user.id: user.first_name for user in found if user is not None}
