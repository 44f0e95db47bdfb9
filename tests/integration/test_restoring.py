"""What a copy from the past can't know is put right: nothing is ordered twice because it was
forgotten.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from shop.backups.restore import PutRight, put_right
from shop.errors import NotFoundError
from shop.orders.eligibility import Rules
from storage import Database
from storage.enums import InvoiceState, MassState, Method, OrderState, RequestKind
from storage.queries import (
    bulk_orders,
    catalogue,
    coupons,
    drafts,
    facts,
    payments,
    requests,
    restoring,
    wallet,
)
from storage.queries.facts import Fact
from storage.queries.wallet import Account
from storage.schema.messages import notices
from storage.schema.operations import evidence, leases
from storage.schema.orders import drafts as draft_rows
from storage.schema.orders import mass_lines, mass_orders, order_events, orders
from storage.schema.orders import requests as request_rows
from storage.schema.payments import invoices
from tests.factories.entry_keys import entry_key
from tests.factories.ledger import everything_once
from tests.factories.stock import ANN, BOB, NOW, write_order
from tests.harness.books import check_money
from tests.harness.world import PLAYS, World, open_world

ADMINS = (9001, 9002)
LATER = NOW + timedelta(hours=5)
HELD = {"queued": OrderState.QUEUED, "unknown": OrderState.UNKNOWN}


@pytest.fixture
async def copied(database: Database) -> Database:
    """A shop in which everything has happened once, as a copy finds it; an order was being sent
    just then.
    """
    await everything_once(database)
    await database.write(
        write_order,
        link="sent",
        billing="house",
        price=1,
        state=OrderState.SUBMITTING,
        submitted_at=NOW,
        lease_until=LATER,
        lease_owner="a dead process",
    )
    return database


async def rows(database: Database, table: Any) -> list[Any]:
    return await database.read(
        lambda tx: list(tx.execute(select(table).order_by(next(iter(table.c)))))
    )


async def restored(database: Database, numbers: dict[str, int] | None = None) -> PutRight:
    return await put_right(
        database,
        numbers or {},
        rules=Rules(timedelta(hours=24)),
        admins=ADMINS,
        made_at=NOW,
        now=LATER,
    )


async def test_what_may_have_been_sent_since_is_unknown(copied: Database) -> None:
    before = {row.link: row.state for row in await rows(copied, orders)}
    found = await restored(copied)
    assert found.orders == 2
    after = {row.link: row for row in await rows(copied, orders)}
    for link, state in before.items():
        expected = "unknown" if link in {"queued", "sent"} else state
        assert after[link].state == expected, link
    for link in ("queued", "sent", "unknown"):
        assert after[link].look_at == LATER
    events = {row.order_id: row for row in await rows(copied, order_events) if row.at == LATER}
    signs = {row.order_id: row for row in await rows(copied, evidence) if row.payload}
    for link in ("queued", "sent"):
        order = after[link]
        assert (order.lease_owner, order.lease_until) == (None, None)
        assert events[order.id].state == "unknown"
        assert "restored" in events[order.id].note
        assert signs[order.id].kind == "lost"
        assert signs[order.id].payload == {
            "reason": "restored",
            "said": "",
            "copied_at": NOW.isoformat(),
        }
    assert len(signs) == 2
    told = [row for row in await rows(copied, notices) if row.kind == "order"]
    assert {(row.order_id, row.payload["state"]) for row in told} == {
        (order, "unknown") for order in signs
    }
    alerts = [row for row in await rows(copied, notices) if row.kind == "restored"]
    assert [row.user_id for row in alerts] == list(ADMINS)
    assert (await copied.read(facts.get, Fact.RESTORED)) == ({"copied_at": NOW.isoformat()}, LATER)
    await check_money(copied)


async def test_it_may_be_done_twice(copied: Database) -> None:
    await restored(copied)
    first = await rows(copied, order_events)
    again = await restored(copied)
    assert again == PutRight(orders=0, requests=0, lines=0, drafts=0)
    assert await rows(copied, order_events) == first
    await check_money(copied)


async def test_refills_and_cancellations_are_not_asked_for_again(copied: Database) -> None:
    def transaction(tx):
        ids = {row.link: row.id for row in tx.execute(select(orders))}
        wanted = [
            ("pending", RequestKind.CANCEL),
            ("completed", RequestKind.REFILL),
            ("partial", RequestKind.STATUS),
        ]
        for link, kind in wanted:
            requests.add(tx, [ids[link]], user_id=ANN, kind=kind, now=NOW)
        tx.execute(
            update(request_rows)
            .where(request_rows.c.kind == RequestKind.REFILL)
            .values(state="sending"),
        )

    await copied.write(transaction)
    assert (await restored(copied)).requests == 2
    found = {row.kind: (row.state, row.ended_at) for row in await rows(copied, request_rows)}
    assert found == {
        "cancel": ("unknown", LATER),
        "refill": ("unknown", LATER),
        "status": ("waiting", None),
    }
    told = [row for row in await rows(copied, notices) if row.kind in {"refill", "cancel_request"}]
    assert sorted(row.payload["result"] for row in told) == ["unknown", "unknown"]


async def test_the_rest_of_a_mass_order_is_not_placed(copied: Database) -> None:
    line = {
        "text": "24 | x | 100",
        "service_id": 1,
        "fields": {},
        "quantity": 100,
        "price": 5,
        "problem": None,
    }

    def transaction(tx):
        placing = bulk_orders.create(
            tx, ANN, [line | {"number": number} for number in (1, 2, 3)], NOW
        )
        bulk_orders.move(tx, placing, MassState.DRAFT, MassState.PLACING)
        order = write_order(tx, link="of the mass order", billing="house", mass_id=placing)
        (first, *_) = bulk_orders.to_place(tx, placing, limit=1)
        bulk_orders.note_order(tx, first.id, order)
        shown = bulk_orders.create(tx, BOB, [line | {"number": 1}], NOW)
        return placing, order, shown

    placing, order, shown = await copied.write(transaction)
    assert (await restored(copied)).lines == 2
    states = {row.id: row.state for row in await rows(copied, mass_orders)}
    assert (states[placing], states[shown]) == ("placed", "canceled")
    of_it = [row for row in await rows(copied, mass_lines) if row.mass_id == placing]
    assert [row.order_id for row in of_it] == [order, None, None]
    assert [(row.problem or {}).get("key") for row in of_it] == [None, *["mass-line-restored"] * 2]
    assert [row.live_id for row in await rows(copied, notices) if row.kind == "mass"] == [placing]


async def test_what_was_to_be_made_at_crypto_pay_and_who_was_at_work_is_forgotten(
    copied: Database,
) -> None:
    def transaction(tx):
        tx.execute(
            insert(invoices).values(
                user_id=ANN,
                method=Method.CRYPTO,
                amount=5,
                currency="USD",
                state=InvoiceState.NEW,
                created_at=NOW,
                expires_at=LATER,
            ),
        )
        tx.execute(insert(leases).values(name="workers", owner="x", until=LATER))

    await copied.write(transaction)
    await restored(copied)
    assert "new" not in {row.state for row in await rows(copied, invoices)}
    assert await rows(copied, leases) == []


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with open_world(database) as opened:
        yield opened


async def test_an_old_confirm_orders_nothing(world: World) -> None:
    """It may be the button of a form that was ordered after the copy."""
    service = (await world.database.read(catalogue.by_provider_ids, {PLAYS}))[PLAYS]
    form = await world.ordering.start(
        501, service.id, {"link": "https://example.com/1", "quantity": 100}
    )
    while form.step is not None:
        form = await world.ordering.skip(501, form.draft.id)
    assert (await restored(world.database)).drafts == 1
    with pytest.raises(NotFoundError) as refused:
        await world.ordering.submit(501, form.draft.id)
    assert refused.value.key == "error-draft-gone"
    assert await world.rows(orders) == [row for row in await world.rows(orders) if row.user_id < 0]


@pytest.mark.parametrize("known", [True, False])
async def test_a_number_that_was_given_since_is_not_given_again(
    copied: Database, known: bool
) -> None:
    here = await copied.read(restoring.highest_numbers)
    given = {name: highest + 40 for name, highest in here.items()}
    await restored(copied, given if known else {})

    def transaction(tx):
        draft = drafts.create(tx, user_id=ANN, service_id=1, fields={}, now=LATER)
        order = write_order(tx, billing="house")
        coupon = coupons.create(
            tx,
            "LATER",
            percent=None,
            amount=1,
            per_user=1,
            total=None,
            expires_at=None,
            created_by=1,
            now=LATER,
        )
        payment = payments.add(
            tx,
            user_id=ANN,
            method="stars",
            charge_id="later",
            amount=1,
            currency="USD",
            state="credited",
            at=LATER,
        )
        wallet.move(
            tx,
            user_id=ANN,
            source=Account.STARS,
            target=Account.WALLET,
            amount=1,
            now=LATER,
            reason="stars",
            key=entry_key(f"payment:{payment.id if payment else 0}"),
        )
        return draft, order, coupon, payment

    draft, order, coupon, payment = await copied.write(transaction)
    beyond = given if known else {name: highest + 99_999 for name, highest in here.items()}
    assert draft > beyond["drafts"]
    assert order > beyond["orders"]
    assert coupon is not None
    assert coupon.id > beyond["coupons"]
    assert payment is not None
    assert payment.id > beyond["payments"]
    await check_money(copied)
    shown = [
        row for row in await rows(copied, draft_rows) if row.user_id < 0 and row.closed_at is None
    ]
    assert shown == []


async def test_numbers_go_on_where_nothing_was_given_since(
    copied: Database, tmp_path: Path
) -> None:
    here = await copied.read(restoring.highest_numbers)
    await restored(copied, here)
    # The two orders that are unknown now have a sign each.
    assert (await copied.read(restoring.highest_numbers)) == here | {
        "evidence": here["evidence"] + 2
    }
