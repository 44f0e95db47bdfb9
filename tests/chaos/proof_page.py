"""Writes docs/proof.md from what the fault matrix and the random run have recorded; see `make
prove`.
"""

import json
import platform
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.chaos.matrix import ACTIONS, FAULTS, MOMENTS
from tests.fakes.naive import TRIES

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "proof.md"
MATRIX, RANDOM = ROOT / "test-output" / "matrix.jsonl", ROOT / "test-output" / "random.jsonl"
TITLES = {
    "answer": "the answer comes",
    "before": "killed before",
    "during": "killed during",
    "after": "killed after",
}

_HEAD = """# The proof

Written by `make prove` from what its tests have recorded; no cell is typed by hand. {when}, {platform}.

## What is shown

A real process of the bot stands between an emulated provider and an emulated Telegram, on real sockets. In each run
the provider fails in one way at every action at once while a customer confirms an order, another asks for a refill, a
third wants to cancel, the provider says of a fourth order that it was delivered in part, and the admins ask for the
balance and the catalogue. (The cancellation has a life of the process to itself: refills have the same worker.) Then:

- **the answer comes**: no crash; whatever the fault leaves is lived through, then the bot is stopped with SIGTERM.
- **killed before**: kill -9 while the row is written and nothing has been sent.
- **killed during**: kill -9 while the request is at the provider and unanswered. (Refused: while it is connecting.)
- **killed after**: kill -9 as soon as the provider's answer is out, or the client has given up; whether the row was
  written is open, and both have to be right.

Then the fault is over and the bot starts again, by itself, with nothing repaired. The emulated provider takes equal
orders, as many panels do, so that a second `add` would make a second order. Each cell says what the provider has,
what the shop knows, where the money is, and what customer (C) and admins (A) were told. In every cell the audit of
the books holds, no order exists twice, nothing that may exist was given back, and the whole catalogue is still sold.

*unknown* is the right answer wherever the provider's was none: the money is held, nothing is sent again, admins see
the order in `/triage`. An order that exists may also have been found by itself meanwhile; then the cell says so by
its state. A cancellation or a refill whose answer got lost is never repeated by itself either.

{cells} cells, {wrong} of them wrong.
"""  # noqa: E501

_BESIDE = """
## Beside it

What other ways of writing such a client come to in the same cells, measured by tiny ones that exist only for that
(`tests/fakes/naive.py`), against the same emulator. They stand for classes of behaviour, not for any product.

**A client that repeats every call** ({tries} tries, whatever the call), and gives the money back when none of them
brought a good answer. **A bot that orders inside the handler**, and writes the row once the answer is there; here it
is killed before that. Ours has one order at most in each of these cells, and a row for it.

{table}

**One call for all ids.** Of 100 orders a client that asks for all of them at once learns {whole}; of 101, {too_many};
and of 100 with one bad id among them, {one_bad}, at a provider that fails the whole call for it. Ours asks in batches
of 100 and halves a batch that fails as a whole.

**Giving back what was not answered** loses twice: the order is delivered at the operator's cost, and the customer has
the money. In the table it is each row with orders and "given back". Ours holds the money until somebody knows.
"""  # noqa: E501

_RANDOM = """
## Hard times at random

Many customers confirm orders on links of their own and on shared ones, tap twice, ask for refills and cancellations.
Meanwhile, at random: every kind of fault at every action of the provider, a provider out of reach, a Telegram that is
slow, answers 500 or 429, or loses answers before or after it has done what it was asked, a locked database, a full
disk, kill -9, SIGTERM, and processes that sleep. In the end every fault is over, time passes, what the bot has not
found out is settled as an admin would settle it, by looking at the provider, and then: every order at the provider is
exactly one of ours and the other way round, the audit holds, every change of an order has its notice and was seen in
its customer's chat, and nothing was said twice unless Telegram's answer had got lost or the process had ended
between.

{table}

`RANDOM_SECONDS` makes it longer, `RANDOM_SEED` repeats one: `RANDOM_SEED=7 RANDOM_SECONDS=600 make prove`.
"""  # noqa: E501


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])


Found = Mapping[str, Any]


def page(cells: Sequence[Found], beside: Sequence[Found], runs: Sequence[Found]) -> str:
    """Give the whole page. A cell that was run more than once, as on PostgreSQL, is shown once."""
    found = {(one["fault"], one["action"], one["moment"]): one for one in reversed(cells)}
    head = _HEAD.format(
        when=datetime.now(UTC).date(),
        cells=len(found),
        platform=(
            f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version} "
            "(some runs on PostgreSQL)"
        ),
        wrong=sum(bool(one["wrong"]) for one in cells),
    )
    parts = [head, *(_section(action, found) for action in ACTIONS), _beside(beside)]
    if runs:
        parts.append(_random(runs))
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _section(action: str, found: Mapping[tuple[str, str, str], Mapping[str, Any]]) -> str:
    rows = []
    for name, fault in FAULTS.items():
        if fault.applies_to(action):
            rows.append([name, *(_cell(found.get((name, action, moment))) for moment in MOMENTS)])
        else:
            rows.append([name, *[f"n/a: {fault.why_only}"] * len(MOMENTS)])
    return f"\n## {action}\n\n" + table(["fault", *TITLES.values()], rows)


def _cell(seen: Mapping[str, Any] | None) -> str:
    if seen is None:
        return "not run"
    told = [("C", seen["customer"]), ("A", seen["admin"])]
    said = [f"{who}: {', '.join(dict.fromkeys(words))}" for who, words in told if words]
    where = [
        part
        for part in (seen["provider"], seen["shop"], seen["money"])
        if part not in {"—", "untouched"}
    ]
    return "<br>".join([*(["**WRONG**"] if seen["wrong"] else []), " · ".join(where), *said])


def _beside(lines: Sequence[Mapping[str, Any]]) -> str:
    found = {(one["client"], one["fault"], one["action"]): one["found"] for one in lines}
    batch = found.get(
        ("asks for all at once", "", "status"), {"whole": "?", "too_many": "?", "one_bad": "?"}
    )
    rows = []
    for name, fault in FAULTS.items():
        if not fault.applies_to("add"):
            continue
        row = [name, _repeated(found.get(("repeats every call", name, "add")))]
        row += [
            _asked(found.get(("repeats every call", name, action)))
            for action in ("refill", "cancel")
        ]
        rows.append([*row, _unwritten(found.get(("orders before it writes", name, "add")))])
    head = (
        "fault",
        "repeats every call: add",
        "refill",
        "cancel",
        "orders inside the handler, killed during",
    )
    return _BESIDE.format(tries=TRIES, table=table(head, rows), **batch)


def _repeated(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return "not run"
    many = _counted(found["orders"], "order")
    return (f"**{many}**" if found["orders"] > 1 else many) + (
        ", given back" if found["refunded"] else ""
    )


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _asked(found: Mapping[str, Any] | None) -> str:
    return "n/a" if found is None else f"sent {found['asked']} times"


def _unwritten(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return "not run"
    lost = found["orders"] > found["rows"]
    return f"{_counted(found['orders'], 'order')}, {_counted(found['rows'], 'row')}" + (
        ": **lost**" if lost else ""
    )


def _random(runs: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for run in runs:
        happened = Counter(run["happened"])
        faults = {
            "provider": happened["provider_fails"] + happened["provider_is_away"],
            "Telegram": happened["telegram_fails"],
            "database": happened["database_is_locked"] + happened["disk_is_full"],
            "process": happened["kill"] + happened["stop"] + happened["pause"],
        }
        rows.append(
            [
                (
                    f"{run['engine']}, {run['processes']} "
                    f"process{'es' if run['processes'] > 1 else ''}"
                ),
                str(run["seed"]),
                f"{run['seconds']:.0f} s",
                str(run["orders"]),
                str(run["at_provider"]),
                ", ".join(f"{name} {count}" for name, count in faults.items()),
                str(happened["verdicts: it exists"] + happened["verdicts: it does not"]),
                str(len(run["wrong"])),
            ]
        )
    head = (
        "database",
        "seed",
        "for",
        "orders",
        "at the provider",
        "faults",
        "left to an admin",
        "wrong",
    )
    return _RANDOM.format(table=table(head, rows))


def _lines(file: Path) -> list[Any]:
    return (
        [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []
    )


def main() -> None:
    recorded = _lines(MATRIX)
    cells = [line["cell"] for line in recorded if "cell" in line]
    if not cells:
        sys.exit("nothing was recorded: make prove")
    beside = [line["beside"] for line in recorded if "beside" in line]
    PAGE.write_text(page(cells, beside, _lines(RANDOM)), encoding="utf-8")


if __name__ == "__main__":
    main()
