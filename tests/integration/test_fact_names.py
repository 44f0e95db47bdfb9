"""The names of facts: stored as they were, and written in one place."""

import ast
from itertools import pairwise
from pathlib import Path

from shop.outbox import Kind, alert_once
from shop.outbox.payloads import BadKeyNotice, StuckOrderNotice
from storage import Database
from storage.queries import facts
from storage.queries.facts import Fact
from storage.schema.messages import facts as fact_rows
from tests.factories.stock import NOW
from tests.harness.world import rows_of

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "handlers", "shop", "panel", "storage", "locales", "bench")
# A running shop has them in its database.
STORED = {
    "alert",
    "audit",
    "balance-request",
    "bot",
    "catalogue",
    "catalogue-flaws",
    "check",
    "closed-in-a-row",
    "coupons",
    "currencies",
    "currency-differs",
    "currency-same",
    "finding",
    "found",
    "funds-known",
    "funds-refused",
    "gift-salt",
    "invitations",
    "invited",
    "numbers-anew",
    "provider-account",
    "provider-balance",
    "provider-balances",
    "pruned-drafts",
    "pruned-orders",
    "ready",
    "refills-looked",
    "refusal-known",
    "refused-in-a-row",
    "restored",
    "sending-brake",
    "sending-paused",
    "stars",
    "stars-stated",
    "sync-request",
}
FUNCTIONS = frozenset(
    {"get", "hold", "several", "starting_with", "put", "touch", "setdefault", "remove"}
    | {"pop_prefix"}
)


def test_names_are_stored_as_they_were() -> None:
    assert {str(one) for one in Fact} == STORED
    assert Fact.COUPONS == "coupons"
    assert Fact.SYNC_REQUEST.of(9001) == "sync-request:9001"
    assert Fact.CHECK.of(9001, 12) == "check:9001:12"
    assert Fact.PAUSED.of("") == "sending-paused:"
    assert Fact.ALERT.prefix(Kind.AUDIT) == "alert:audit:"


async def test_alerts_are_stored_as_they_were(database: Database) -> None:
    def transaction(tx):
        alert_once(tx, (), BadKeyNotice(text="no"), NOW)
        alert_once(tx, (), StuckOrderNotice(why="silent", since=""), NOW, about="12")

    await database.write(transaction)
    assert [row.name for row in await rows_of(database, fact_rows)] == [
        "alert:bad_key",
        "alert:stuck_order:6b51d431df5d7f14",
    ]


async def test_facts_about_something_are_found_by_the_rest_of_their_names(
    database: Database,
) -> None:
    """To the letter: `_` and `%` stand for nothing else, and a longer word is another name."""

    def transaction(tx):
        for number, name in enumerate(
            (Fact.CHECK.of(7, 12), Fact.CHECK.of(8, 12), Fact.FOUND.of(12), Fact.BALANCE)
        ):
            facts.put(tx, name, {"n": number}, NOW)
        facts.put(tx, Fact.ALERT.of("bad_key", "1"), {}, NOW)
        facts.put(tx, Fact.ALERT.of("bad-key", "2"), {}, NOW)
        assert facts.starting_with(tx, Fact.CHECK) == {"7:12": {"n": 0}, "8:12": {"n": 1}}
        assert facts.starting_with(tx, Fact.CHECK, 8) == {"12": {"n": 1}}
        assert facts.pop_prefix(tx, Fact.CHECK) == ["7:12", "8:12"]
        assert facts.pop_prefix(tx, Fact.CHECK) == []
        assert facts.pop_prefix(tx, Fact.ALERT, "bad_key") == ["1"]
        assert facts.starting_with(tx, Fact.FOUND) == {"12": {"n": 2}}

    await database.write(transaction)


def _is_written_out(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr | ast.BinOp) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _of_facts(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr in FUNCTIONS
        and getattr(node.value, "id", "") == "facts"
    )


def _named_by_hand(tree: ast.Module) -> list[int]:
    """List the lines in which a fact is named by a text: `facts.get(tx, "x")`, or
    `read(facts.get, "x")`.
    """
    lines = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        arguments: list[ast.expr] = [*node.args, *(one.value for one in node.keywords)]
        if _of_facts(node.func):
            named = arguments[1:2]
        else:
            named = [after for one, after in pairwise(arguments) if _of_facts(one)]
        lines += [one.lineno for one in named if _is_written_out(one)]
    return lines


def test_a_name_that_is_written_out_is_seen() -> None:
    for bad in ('facts.get(tx, "x")', 'read(facts.get, "x")', 'facts.put(tx, f"x:{n}", {}, now)'):
        assert _named_by_hand(ast.parse(bad)) == [1]
    assert _named_by_hand(ast.parse('facts.put(tx, Fact.ALERT, {"x": "y"}, now)')) == []


def test_no_module_writes_a_name_out() -> None:
    """Nor does one keep it as a constant of its own."""
    by_hand = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            if lines := _named_by_hand(tree):
                by_hand[path.relative_to(ROOT).as_posix()] = lines
    assert by_hand == {}


def test_no_module_makes_a_name_of_its_own() -> None:
    makers = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "FactName"
    }
    assert makers == {"storage/queries/facts.py"}
