"""The file of one's own data: all of theirs, nothing of others, nothing of the provider's."""

import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from shop.customers.exporting import Document
from shop.customers.privacy import Privacy
from shop.errors import ShopError
from storage import Database, Transaction
from storage.queries import notices, privacy
from storage.queries.privacy import GIVEN, Page
from storage.schema.orders import drafts, order_events, orders
from tests.factories.somebody import SECRET, ZOE, somebody
from tests.factories.stock import ANN, NOW, add_order, stock
from tests.harness.clock import Clock

# What is kept beside, and why it is not in the file.
NOT_GIVEN = {
    "orders": {
        "user_id",
        "cost",
        "charge",
        "failure",  # the provider's, and for admins
        "exchange",
        "booked_cost",
        "bookings",  # what it costs us
        "not_before",
        "lease_until",
        "waiting",  # the workers'
        "lease_owner",
        "look_at",
        "missing_since",
        "settled_by",
        "account",
        "waits_since",
        "full_charge",
        "unclear_since",
    },
    "order_events": {"id", "note"},
    "order_parts": {"id", "charge"},
    "requests": {"user_id", "failure", "meaning", "not_before", "lease_until", "lease_owner"},
    "request_lists": {"user_id"},
    "drafts": {"user_id"},
    "mass_orders": {"user_id"},
    "mass_lines": {"id", "agreed"},  # what is in the quote is in the line
    "favourites": {"user_id"},
    "presets": {"user_id"},
    "wallets": {"user_id"},
    "ledger": {"user_id", "key", "subject", "subject_id", "actor_id"},
    "users": {"heir_id"},  # while they are erased
    "invoices": {"user_id"},
    "payments": {"user_id", "refund_by", "refunds", "bot_id", "stated"},
    "top_ups": {"user_id", "decided_by"},
    "coupon_uses": {"user_id", "person"},
    "invite_codes": {"user_id"},
    # others' spending
    "invitations": {"inviter_id", "invited_id", "counted", "written_off", "shares"},
}


@pytest.fixture
async def stocked(database: Database) -> Database:
    await stock(database)
    return database


def privacy_of(database: Database, clock: Clock | None = None) -> Privacy:
    return Privacy(database, lambda: "USD", clock or Clock())


async def file_of(database: Database, person: int) -> dict[str, Any]:
    name, file = await privacy_of(database).export(person)
    assert name == "my-data-2026-11-22.json"
    with file:
        found: dict[str, Any] = json.load(file)
    return found


async def test_every_column_is_given_or_left_out_for_a_reason() -> None:
    """Somebody who adds a column decides here whether it is theirs."""
    left_out = {
        table.name: {column.name for column in table.c} - set(GIVEN[table][1]) for table in GIVEN
    }
    assert left_out == NOT_GIVEN


async def test_all_of_theirs_is_in_the_file(stocked: Database) -> None:
    order = await somebody(stocked)
    found = await file_of(stocked, ZOE)
    for table in GIVEN:
        assert found[table.name], table.name
    assert found["users"][0]["first_name"] == SECRET
    assert found["orders"][0]["link"] == SECRET
    assert found["orders"][0]["fields"]["text"] == SECRET
    assert found["orders"][0]["id"] == order
    assert found["order_events"][0]["state"] == "pending"
    assert found["request_lists"][0]["items"]["text"] == SECRET
    assert found["mass_lines"][0]["text"] == SECRET
    assert found["presets"][0]["name"] == SECRET
    assert len(found["drafts"]) == 2
    # each admin's copy is the same one
    assert found["messages_to_us"] == [{"at": NOW.isoformat(), "text": SECRET}]


async def test_money_is_exact_and_says_its_currency_and_times_say_their_zone(
    stocked: Database,
) -> None:
    await somebody(stocked)
    found = await file_of(stocked, ZOE)
    assert (found["orders"][0]["price"], found["orders"][0]["refunded"]) == ("2 USD", "0.5 USD")
    assert found["wallets"] == [{"balance": "8.5 USD", "chargebacks": "0 USD"}]
    assert [entry["amount"] for entry in found["ledger"]] == [
        "9 USD",
        "1 USD",
        "2 USD",
        "2 USD",
        "0.5 USD",
    ]
    assert found["orders"][0]["created_at"] == "2026-11-22T12:00:00+00:00"


async def test_a_quote_is_money_too(stocked: Database) -> None:
    await somebody(stocked)
    quote = {"price": 1_250_000, "min": 10, "max": 1000}
    await stocked.write(lambda tx: tx.execute(drafts.update().values(quote=quote)))
    assert (await file_of(stocked, ZOE))["drafts"][0]["quote"] == {
        "price": "1.25 USD",
        "min": 10,
        "max": 1000,
    }


async def test_nothing_of_others_and_nothing_of_the_provider_s_is_in_it(stocked: Database) -> None:
    await somebody(stocked)
    await add_order(stocked, user_id=ANN, link="https://ann.example")
    said = json.dumps(await file_of(stocked, ZOE))
    for words in (
        "ann.example",
        "Somebody",
        "4.25",
        "9001",
        '"cost"',
        '"charge"',
        '"failure"',
        "lease",
    ):
        assert words not in said, words
    of_ann = json.dumps(await file_of(stocked, ANN))
    assert SECRET not in of_ann
    assert "ann.example" in of_ann


async def test_a_long_history_is_given_as_a_whole(stocked: Database) -> None:
    first = await somebody(stocked)

    def transaction(tx):
        rows = [
            {"order_id": first, "state": "pending", "note": "", "at": NOW} for _ in range(2_345)
        ]
        tx.execute(insert(order_events), rows)
        made = tx.scalars(
            insert(drafts).returning(drafts.c.id),
            [
                {"user_id": ZOE, "service_id": 1, "fields": {"n": n}, "created_at": NOW}
                for n in range(1_234)
            ],
        )
        order = dict(tx.execute(orders.select()).mappings().one())
        own = {name: order[name] for name in order if name not in ("id", "provider_order_id")}
        tx.execute(insert(orders), [own | {"draft_id": draft} for draft in made])

    await stocked.write(transaction)
    found = await file_of(stocked, ZOE)
    assert len(found["order_events"]) == 2_346
    assert len(found["orders"]) == len({row["id"] for row in found["orders"]}) == 1_235
    assert len(found["drafts"]) == 1_236


async def test_a_large_file_is_packed(stocked: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await somebody(stocked)
    plain = await file_of(stocked, ZOE)
    monkeypatch.setattr("shop.customers.exporting._LARGEST", 1_000)
    name, file = await privacy_of(stocked).export(ZOE)
    assert name == "my-data-2026-11-22.json.zip"
    with file, zipfile.ZipFile(file) as archive:
        assert json.loads(archive.read("my-data-2026-11-22.json")) == plain


async def test_pages_leave_out_nothing_and_repeat_nothing(
    stocked: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await somebody(stocked)
    others = [
        await add_order(stocked, user_id=ZOE, link=f"https://example.com/{number}")
        for number in range(3)
    ]

    def transaction(tx: Transaction) -> None:
        for number, order in enumerate(others * 2):
            tx.execute(
                insert(order_events).values(order_id=order, state="pending", note="", at=NOW)
            )
            for admin in (9001, 9002):
                wrote = {"user": ZOE, "name": "Zoe", "text": f"message {number}"}
                notices.add(tx, user_id=admin, kind="support", payload=wrote, now=NOW)

    await stocked.write(transaction)
    whole = await file_of(stocked, ZOE)
    assert len(whole["messages_to_us"]) == 1 + 6
    assert len(whole["order_events"]) == 1 + 3 + 6
    monkeypatch.setattr("storage.queries.privacy._PAGE", 1)
    monkeypatch.setattr("storage.queries.privacy._OWNERS_IN_A_PAGE", {"order_id": 1, "mass_id": 1})
    assert await file_of(stocked, ZOE) == whole


async def test_each_page_is_a_transaction_of_its_own(
    stocked: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await somebody(stocked)
    monkeypatch.setattr("storage.queries.privacy._PAGE", 1)
    page_of, seen = privacy.page_of, []

    def watched(tx: Transaction, *given: Any) -> Page:
        page = page_of(tx, *given)
        seen.append((tx.get_transaction(), len(page.rows)))
        return page

    monkeypatch.setattr("shop.customers.exporting.privacy.page_of", watched)
    own = await file_of(stocked, ZOE)
    assert len({transaction for transaction, _ in seen}) == len(seen)
    assert sum(rows for _, rows in seen) == sum(len(own[table.name]) for table in GIVEN)
    assert max(rows for _, rows in seen) == 1


async def test_nothing_of_it_is_left_on_the_disk(
    stocked: Database, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even while it is sent: who kills the process leaves no file behind."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    _, file = await privacy_of(stocked).export(ANN)
    assert list(folder.iterdir()) == []
    file.close()


async def test_a_file_that_cannot_be_read_to_its_end_is_closed(
    stocked: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shop.customers.exporting._LARGEST", 10)
    made = []
    monkeypatch.setattr(
        "shop.customers.privacy.Document", lambda *given: made.append(Document(*given)) or made[-1]
    )

    def broken(*_given: Any) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr("shop.customers.exporting.privacy.messages_of", broken)
    with pytest.raises(OSError, match="the disk is gone"):
        await privacy_of(stocked).export(ANN)
    assert made[0]._file.closed


async def test_words_that_would_break_a_file(stocked: Database) -> None:
    text = '"quoted" \\ \u2028 مرحبا 🎧 </b>\n,]}'
    await add_order(stocked, user_id=ANN, link=text)
    assert (await file_of(stocked, ANN))["orders"][0]["link"] == text


async def test_somebody_with_nothing_has_a_file_too(stocked: Database) -> None:
    found = await file_of(stocked, ANN)
    assert found["users"][0]["id"] == ANN
    assert found["orders"] == found["messages_to_us"] == []


async def test_once_a_minute(stocked: Database) -> None:
    clock = Clock()
    privacy = privacy_of(stocked, clock)
    for person in (ANN, ANN + 1):
        (await privacy.export(person))[1].close()
    clock.forward(seconds=59)
    with pytest.raises(ShopError) as refused:
        await privacy.export(ANN)
    assert refused.value.key == "error-mydata-again"
    clock.forward(seconds=1)
    (await privacy.export(ANN))[1].close()
    assert privacy._given == {ANN: NOW + timedelta(minutes=1)}  # nobody is remembered for longer
