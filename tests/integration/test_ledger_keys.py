"""What entries of the ledger are about: every key that the code makes, or has ever made, is
classified, and none is made anywhere else.
"""

import ast
from collections.abc import Iterator
from inspect import getmembers, isfunction
from pathlib import Path

from sqlalchemy import insert

from storage import Database, Transaction
from storage.migrate import downgrade, upgrade
from storage.queries import ledger_keys
from storage.queries.ledger_keys import EntryKey, LedgerSubject
from storage.schema.wallets import ledger
from tests.factories.ledger import everything_once
from tests.factories.stock import ANN, NOW, stock
from tests.harness.books import check_money
from tests.harness.world import rows_of

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "handlers", "shop", "panel", "storage", "locales", "bench")
HASH = "5d" * 24
# As they are stored: the key is what a movement is known by, so none of these may ever change.
MADE = {
    "hold:12": ledger_keys.hold(12),
    "release:12": ledger_keys.release(12),
    "refund:12:0": ledger_keys.refund(12, 0, 0),
    "refund:12:90000:2": ledger_keys.refund(12, 90_000, 2),
    "takeback:12:7": ledger_keys.takeback(12, 7),
    "cost:12:0": ledger_keys.cost(12, 0),
    "payment:3": ledger_keys.payment(3),
    "payback:3:1": ledger_keys.payback(3, 1),
    "payback-failed:3:1": ledger_keys.payback_failed(3, 1),
    "chargeback:3": ledger_keys.chargeback(3),
    "topup:4": ledger_keys.topup(4),
    "coupon:5": ledger_keys.coupon(5),
    "manual:9001:42:77": ledger_keys.manual(9001, 42, 77),
    f"welcome:{HASH}": ledger_keys.welcome(HASH),
    f"invite:{HASH}:0:0": ledger_keys.invite(HASH, 0, 0, back=False),
    f"invite-back:{HASH}:1:1200": ledger_keys.invite(HASH, 1, 1200, back=True),
}
# What earlier versions, the books' keepers and strangers have written.
OLD: dict[str, tuple[str, int | None]] = {
    "welcome:501": ("welcome", None),  # the person's id, which is kept in no column
    "manual:9001:77": ("manual", None),
    "correction:2026-03:1": ("correction", None),
    "hold:999999999999999999": ("hold", 999_999_999_999_999_999),
    "hold:9999999999999999999": ("hold", None),  # no number of ours
    "payment:x": ("payment", None),
    "payment:6x": ("payment", None),
    "payment:": ("payment", None),
    "topup::8": ("topup", None),
    "coupon:-9": ("coupon", None),
    "HOLD:13": ("", None),
    "present:1": ("", None),
    "holding:1": ("", None),
    "hold": ("", None),
    "again": ("", None),
    ":1": ("", None),
}
BY_HAND = {"bench/by_hand.py"}


def test_keys_are_what_they_were() -> None:
    assert {text: key.text for text, key in MADE.items()} == {text: text for text in MADE}
    assert {key.subject for key in MADE.values()} == set(LedgerSubject) - {LedgerSubject.CORRECTION}


def test_every_maker_of_keys_is_shown() -> None:
    """What is added to the module is added to the table above."""
    source = Path(__file__).read_text(encoding="utf-8")
    makers = [
        name
        for name, maker in getmembers(ledger_keys, isfunction)
        if maker.__module__ == ledger_keys.__name__ and not name.startswith("_")
        if maker.__annotations__["return"] is EntryKey
    ]
    assert len(makers) == 14
    assert [name for name in makers if f": ledger_keys.{name}(" not in source] == []


async def test_the_upgrade_says_what_old_entries_are_about(database: Database) -> None:
    """It goes through them in portions: some of these are far from the others."""
    await stock(database)
    await downgrade(database, "0011")

    def transaction(tx: Transaction) -> None:
        for place, key in enumerate([*MADE, *OLD]):
            number = 30_000 * place if place % 3 else 10_000_000 + place
            entry = {"user_id": ANN, "source": "bonus", "target": "wallet", "amount": 1, "at": NOW}
            tx.execute(insert(ledger).values(id=number, key=key, reason="old", **entry))

    await database.write(transaction)
    await upgrade(database)
    found = {row.key: (row.subject, row.subject_id) for row in await rows_of(database, ledger)}
    assert found == {key: (one.subject, one.subject_id) for key, one in MADE.items()} | OLD


async def test_the_books_agree_after_the_upgrade_as_before(database: Database) -> None:
    await everything_once(database)
    before = await rows_of(database, ledger)
    await downgrade(database, "0011")
    await upgrade(database)
    assert await rows_of(database, ledger) == before
    await check_money(database)


def _modules() -> Iterator[tuple[str, ast.Module]]:
    """Yield the product's modules, without what is to keep the words of its time."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith("storage/migrations/"):
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def _begins_like_a_key(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and str(node.value).startswith(
        tuple(f"{subject}:" for subject in LedgerSubject)
    )


def _makes_a_key(node: ast.AST) -> bool:
    called = node.func if isinstance(node, ast.Call) else None
    return _begins_like_a_key(node) or getattr(called, "id", None) == EntryKey.__name__


def test_keys_are_made_in_one_place() -> None:
    """The measures write a million rows in SQL of their own, and beside the product."""
    makers = {name for name, tree in _modules() if any(map(_makes_a_key, ast.walk(tree)))}
    assert makers == {"storage/queries/ledger_keys.py"} | BY_HAND


def test_entries_are_written_in_two_places() -> None:
    """One at a time with its wallet, and many costs at once."""
    writers = set()
    for name, tree in _modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                table = node.args[-1 if called == "insert_into" else 0]
                if called in {"insert", "insert_into", "Upsert"}:
                    writers |= {name} if getattr(table, "id", "") == "ledger" else set()
    assert writers == {"storage/queries/wallet.py", "storage/queries/costs.py"}
