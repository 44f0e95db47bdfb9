"""The fault matrix: which cells there are, what has to be true in each, and what was seen there."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

ACTIONS = ("add", "status", "services", "refill", "cancel", "balance")
WRITES = ("add", "refill", "cancel")
MOMENTS = ("answer", "before", "during", "after")
REPORT = "MATRIX_REPORT"  # the environment's word for the file that gets a line for each cell


class Answer(Enum):
    """What the bot can make of what comes back."""

    NO = "a definite no, and better times may come"
    LOST = "nobody can tell whether it was done"
    YES = "it was done"


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind` is the emulator's, None: nobody listens on the port.

    `done`: the action takes effect all the same.

    `seconds`: what the answer asks to wait for. `text`: what stands in it.
    """

    name: str
    kind: str | None
    answer: Answer
    done: bool = False
    only: str = ""
    why_only: str = ""
    seconds: float | None = None
    text: str | None = None

    def applies_to(self, action: str) -> bool:
        return self.only in {"", action}

    @property
    def hangs(self) -> bool:
        return self.kind in {"hang_before", "hang_after"}


_CATALOGUE = "only `services` lists the catalogue"
FAULTS: dict[str, Fault] = {
    fault.name: fault
    for fault in (
        Fault("connect refused", None, Answer.NO),
        Fault("hang before accepting", "hang_before", Answer.LOST),
        Fault("hang after accepting", "hang_after", Answer.LOST, done=True),
        Fault("dropped after accepting", "drop_after", Answer.LOST, done=True),
        Fault("502 HTML", "html_502", Answer.LOST),
        Fault("504 in JSON", "gateway_504", Answer.LOST),
        Fault("504 in JSON after accepting", "gateway_504", Answer.LOST, done=True),
        Fault("500 in JSON after accepting", "error_500", Answer.LOST, done=True),
        Fault("redirect", "redirect_301", Answer.NO),
        Fault("404 page", "html_404", Answer.NO),
        Fault("challenge page, 403", "html_403", Answer.NO),
        Fault("null", "null", Answer.LOST),
        Fault("empty", "empty", Answer.LOST),
        Fault("garbage after the answer", "garbage_after", Answer.YES, done=True),
        Fault("429", "rate_limit_429", Answer.NO),
        Fault("429 page, wait of decades", "page_429", Answer.NO, seconds=1_764_458_400),
        Fault("wrong key", "bad_key", Answer.NO),
        Fault("no funds", "no_funds", Answer.NO, only="add", why_only="only an `add` costs money"),
        Fault(
            "catalogue empty",
            "catalogue_empty",
            Answer.YES,
            done=True,
            only="services",
            why_only=_CATALOGUE,
        ),
        Fault(
            "rates a thousandfold",
            "catalogue_words",
            Answer.YES,
            done=True,
            only="services",
            why_only=_CATALOGUE,
            text="9000.00",
        ),
        Fault(
            "another currency",
            "balance_currency",
            Answer.YES,
            done=True,
            only="balance",
            why_only="only the balance has a currency of its own",
            text="INR",
        ),
        Fault(
            "catalogue halved",
            "catalogue_half",
            Answer.YES,
            done=True,
            only="services",
            why_only=_CATALOGUE,
        ),
    )
}

# Runs: all faults of one are there at the same time, each for the actions that it applies to.
RUNS: dict[str, tuple[Fault, ...]] = {
    name: (fault,) for name, fault in FAULTS.items() if not fault.only
} | {
    "no funds, catalogue empty": (FAULTS["no funds"], FAULTS["catalogue empty"]),
    "catalogue halved": (FAULTS["catalogue halved"],),
    "rates a thousandfold, another currency": (
        FAULTS["rates a thousandfold"],
        FAULTS["another currency"],
    ),
}


def runs_and_moments() -> Iterator[tuple[str, str]]:
    """Name every run with its moments; where no report is written, with every other one."""
    for place, run in enumerate(RUNS):
        for number, moment in enumerate(MOMENTS):
            if os.environ.get(REPORT) or (place + number) % 2 == 0:
                yield run, moment


def cells() -> Iterator[tuple[str, str, str]]:
    """Name every cell there is: fault, action, moment; those without a meaning too."""
    return ((fault, action, moment) for fault in FAULTS for action in ACTIONS for moment in MOMENTS)


def faults_of(run: str) -> dict[str, Fault]:
    """Give the fault that each action meets in this run."""
    return {action: fault for action in ACTIONS for fault in RUNS[run] if fault.applies_to(action)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one write ended: `done` at the provider, and whether the bot may not know."""

    done: bool
    known: bool


_DONE = Outcome(done=True, known=True)


def outcomes(fault: Fault, moment: str) -> tuple[Outcome, ...]:
    """Say how an `add`, a refill or a cancellation may end, once the fault is over and the bot runs
    again.

    Killed after the answer it may have been written or not. What is unknown and exists may also
    have been found.
    """
    asked, lost = Outcome(done=fault.done, known=False), Outcome(done=fault.done, known=False)
    answered = lost if fault.answer is Answer.LOST else _DONE
    return {
        "answer": (answered,),
        "before": (_DONE,),
        "during": (asked,),
        "after": (answered, asked),
    }[moment]


@dataclass(slots=True)
class Seen:
    """One cell as it was at the end. `wrong` says what should have been otherwise."""

    fault: str
    action: str
    moment: str
    provider: str = ""
    shop: str = ""
    money: str = ""
    customer: list[str] = field(default_factory=list)
    admin: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def expect(self, true: object, words: str) -> None:
        if not true:
            self.wrong.append(words)


CUSTOMER_TOLD = {
    "is being checked": "being checked",
    "is accepted": "accepted",
    "is completed": "completed",
    "was not accepted": "not accepted",
    "was canceled": "canceled",
    "was delivered in part": "delivered in part",
    "answer to the refill of order": "the refill's answer got lost",
    "was refilled": "refilled",
    "rejected the refill": "refill rejected",
    "did not accept the refill": "refill refused",
    "has not confirmed it": "cancellation not confirmed",
    "did not accept the cancellation": "cancellation refused",
}
ADMIN_TOLD = {
    "outcome unknown": ("add", "outcome unknown"),
    "can't be reached": ("add", "provider unreachable"),
    "balance at the provider is too small": ("add", "no funds"),
    "does not accept the key": ("balance", "wrong key"),
    "did not tell its balance": ("balance", "no balance"),
    "Balance at the provider:": ("balance", "the balance"),
    "could not be fetched": ("services", "not fetched"),
    "suspiciously short": ("services", "suspiciously short"),
    "Catalogue fetched": ("services", "fetched"),
}


def words_in(text: str, known: Mapping[str, str]) -> str | None:
    return next((said for piece, said in known.items() if piece in text), None)


def keep(seen: Seen) -> None:
    """Add the cell to the report, when one is asked for."""
    _write({"cell": asdict(seen)})


def keep_beside(client: str, fault: str, action: str, **found: Any) -> None:
    """Add to the report what another client comes to in a cell."""
    _write({"beside": {"client": client, "fault": fault, "action": action, "found": found}})


def _write(line: Mapping[str, Any]) -> None:
    if path := os.environ.get(REPORT):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        with Path(path).open("a", encoding="utf-8") as report:
            report.write(json.dumps(line, ensure_ascii=False) + "\n")
