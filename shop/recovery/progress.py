"""How far the search for a lost order has come: what was asked, what the provider said, what
fits.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from decimal import Decimal
from typing import Any

from panel import ItemError, Meaning, OrderStatus
from panel.models import State
from panel.multiple import GENERAL
from shop.recovery.id_range import IdRange
from shop.recovery.matching import Fit, MismatchReason, match_status
from storage.rows import Order

_SOME = 10  # ids that a look may ask for however little is left


@dataclass(slots=True)
class Progress:
    """Kept between the steps of a look, and between looks.

    `firm` ids are definitely not ours. `soft` ones were asked for at this look; those that are not
    ours may come into being, or be shown, later. `left` is how many this look may still ask; None:
    it has not begun. `singly`: asking for many at once only costs more calls. `vague`: an answer of
    this look says nothing. `balance`: the provider was asked for it, or can't say.
    """

    asked: int = 0
    firm: list[str] = field(default_factory=list)
    soft: list[str] = field(default_factory=list)
    left: int | None = None
    ahead: int = 0
    singly: bool = False
    vague: bool = False
    balance: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def begin(self, most: int, *, closed: bool, final: bool, singly: bool) -> None:
        """Share out what may be asked: an end that is open, and early looks, leave enough for what
        comes later.

        `final`: what is not ours now will never be.
        """
        left = max(most - self.asked, 0)
        if not closed:
            left = max(left - most // 2, 0)
        if not (closed and final):
            left = min(left, max(left // 3, _SOME))
        self.left, self.singly = left, self.singly or singly
        self.ahead = min(left, _SOME) if self.singly else left

    def end(self) -> None:
        self.soft, self.left, self.vague = [], None, False


def progress_of(kept: Mapping[str, Any]) -> Progress:
    """Read it again; what another version of the bot has kept besides is left out."""
    return Progress(**{one.name: kept[one.name] for one in fields(Progress) if one.name in kept})


@dataclass(frozen=True, slots=True)
class Candidate:
    """An id of our key that no order of ours has, as the provider describes it."""

    id: str
    answer: OrderStatus
    fit: Fit

    def as_json(self) -> dict[str, Any]:
        answer = self.answer
        return {
            "id": self.id,
            "status": answer.text,
            "state": answer.state and str(answer.state),
            "charge": None if answer.charge is None else format(answer.charge, "f"),
            "remains": answer.remains,
            "runs": answer.runs,
            "posts": answer.posts,
            "orders": answer.orders and list(answer.orders),
            "fits": self.fit.fits,
            "why": self.fit.why,
        }


def candidate_of(payload: Mapping[str, Any]) -> Candidate:
    """Read a candidate again from the evidence that was made of it."""
    said, charge, parts = payload["state"], payload["charge"], payload["orders"]
    answer = OrderStatus(
        state=State(said) if said else None,
        text=payload["status"],
        charge=None if charge is None else Decimal(charge),
        remains=payload["remains"],
        runs=payload["runs"],
        posts=payload["posts"],
        orders=None if parts is None else tuple(parts),
    )
    return Candidate(payload["id"], answer, Fit(fits=payload["fits"], why=payload["why"]))


@dataclass(frozen=True, slots=True)
class BatchAnswers:
    """What the answers to a batch say: candidates, ids that are not ours, and whether some say
    nothing.
    """

    candidates: list[Candidate]
    not_ours: list[str]
    firmly: list[str]
    vague: bool


def classify(
    order: Order,
    asked: Iterable[str],
    control: str | None,
    answers: Mapping[str, OrderStatus | ItemError],
) -> BatchAnswers:
    """Sort the answers.

    An id that was left out is not ours only where the known one beside it was answered.
    """
    heard = BatchAnswers([], [], [], vague=False)
    listens = isinstance(answers.get(control or ""), OrderStatus)
    for key in asked:
        answer = answers.get(key)
        if isinstance(answer, OrderStatus):
            heard.candidates.append(Candidate(key, answer, match_status(order, answer)))
        elif isinstance(answer, ItemError) and answer.meaning is Meaning.ORDER_ID:
            heard.firmly.append(key)
        elif listens and not (
            isinstance(answer, ItemError) and answer.meaning in {*GENERAL, Meaning.TEMPORARY}
        ):
            heard.not_ours.append(key)
        else:
            heard = replace(heard, vague=True)
    return heard


def to_ask(
    gap: IdRange, progress: Progress, known: Collection[str], candidates: Sequence[Candidate]
) -> list[str]:
    """List the ids that are left for this look: of the gap, and of our key's those that had said
    too little.
    """
    told = {one.id for one in candidates if one.fit.why != MismatchReason.SILENT}
    done = {*known, *progress.firm, *progress.soft, *told}
    return [key for key in gap.ids(progress.ahead) if key not in done]


def only_match(gap: IdRange, candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the one candidate that fits, where no other in the gap can be the order too.

    The parts of a candidate are no orders of their own.
    """
    parts = {key for one in candidates for key in one.answer.orders or ()}
    possible = [
        one for one in candidates if one.fit.possible and gap.has(one.id) and one.id not in parts
    ]
    return possible[0] if len(possible) == 1 and possible[0].fit.fits else None
