"""Erasing somebody: nothing tells of them any more, the money still adds up, and their orders go
on.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from shop.access import Access
from shop.customers.accounts import People
from shop.customers.privacy import Privacy
from shop.errors import NotFoundError, ShopError
from shop.fulfilment.polling import Tracker
from shop.outbox import alert_once
from shop.outbox.payloads import StrayPaymentNotice
from storage import Database
from storage.enums import WAITING, MassState, OrderState, RequestKind, RequestState
from storage.queries import notices, users, wallet
from storage.queries.privacy import GIVEN
from storage.rows import Order
from storage.schema.base import metadata
from storage.schema.catalogue import type_mappings
from storage.schema.customers import users as user_rows
from storage.schema.messages import notices as notice_rows
from storage.schema.orders import drafts, mass_orders, orders, requests
from storage.schema.wallets import ledger
from storage.schema.wallets import wallets as wallet_rows
from tests.factories.entry_keys import entry_key
from tests.factories.somebody import SECRET, ZOE, dump, somebody
from tests.factories.stock import ANN, BOB, NOW, stock
from tests.harness.books import sum_of_entries
from tests.harness.clock import Clock
from tests.harness.world import CUSTOMER, World, check_money, rows_of

DOLLAR = 1_000_000


def privacy_of(database: Database, clock: Callable = Clock()) -> Privacy:  # noqa: B008 - it never moves
    return Privacy(database, lambda: "USD", clock)


@pytest.fixture
async def stocked(database: Database) -> Database:
    await stock(database)
    return database


def _of_people() -> set[str]:
    """Name the tables that have rows of people: those that refer to them, and to what is theirs."""
    found = {"users"}
    while True:
        more = {
            table.name
            for table in metadata.sorted_tables
            for key in table.foreign_keys
            if key.column.table.name in found and key.column.table.name != "services"
        }
        if more <= found:
            return found
        found |= more


async def test_nothing_tells_of_them_any_more(stocked: Database) -> None:
    await somebody(stocked)
    before = await dump(stocked)
    for table in _of_people() | {"fsm", "facts", "type_mappings", "updates", "long_texts"}:
        assert before[table], (
            f"nothing of theirs in {table}: tests/factories/somebody.py has to put it there"
        )
    await privacy_of(stocked).erase(ZOE, NOW)
    after = repr(await dump(stocked))
    assert str(ZOE) not in after
    assert SECRET not in after
    assert "Somebody" in after  # the others are there


async def test_every_column_that_names_somebody_is_known() -> None:
    """Somebody who adds one makes sure that erasing knows it, and adds it here."""
    found = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.c
        if any(key.column.table is user_rows for key in column.foreign_keys)
        or column.name in {"user_id", "about_user_id", "heir_id", "actor_id", "chat_id", "admin_id"}
        or column.name.endswith("_by")
    }
    assert found == {
        "drafts.user_id",
        "orders.user_id",
        "request_lists.user_id",
        "requests.user_id",
        "mass_orders.user_id",
        "favourites.user_id",
        "presets.user_id",
        "wallets.user_id",
        "ledger.user_id",
        "ledger.actor_id",
        "notices.user_id",
        "type_mappings.mapped_by",
        "invoices.user_id",
        "payments.user_id",
        "payments.refund_by",
        "top_ups.user_id",
        "top_ups.decided_by",
        "coupons.created_by",
        "coupon_uses.user_id",
        "invite_codes.user_id",
        "invitations.inviter_id",
        "invitations.invited_id",
        "margins.set_by",
        "orders.settled_by",
        "evidence.actor_id",
        "updates.user_id",
        "long_texts.user_id",
        "fsm.user_id",
        "notices.about_user_id",
        "facts.about_user_id",
        "users.heir_id",
    }
    given = {table.name for table in GIVEN}
    # Of notices they are given what they wrote; evidence is what the provider said, and admins did.
    assert _of_people() - given == {"notices", "evidence"}


async def test_what_bookkeeping_needs_stays(stocked: Database) -> None:
    order = await somebody(stocked)
    await privacy_of(stocked).erase(ZOE, NOW)
    (row,) = await rows_of(stocked, orders)
    assert row.user_id < 0
    assert (row.id, row.price, row.refunded, row.state) == (
        order,
        2 * DOLLAR,
        DOLLAR // 2,
        "completed",
    )
    assert row.link == row.failure == ""
    assert row.fields == {}
    assert row.card_message_id is None
    entries = await rows_of(stocked, ledger)
    assert [entry.amount for entry in entries] == [
        9 * DOLLAR,
        DOLLAR,
        2 * DOLLAR,
        2 * DOLLAR,
        DOLLAR // 2,
    ]
    assert {entry.user_id for entry in entries} == {row.user_id}
    assert [entry.reason for entry in entries] == ["welcome", "", "order", "accepted", "partial"]

    def transaction(tx):
        assert wallet.balance(tx, row.user_id) == 8_500_000
        assert sum_of_entries(tx, row.user_id) == 8_500_000
        return users.get(tx, row.user_id)

    heir = await stocked.read(transaction)
    assert heir is not None
    assert (heir.first_name, heir.username, heir.created_at) == ("—", None, NOW)
    assert [one.user_id for one in await rows_of(stocked, mass_orders)] == [row.user_id] * 2
    assert {one.state for one in await rows_of(stocked, mass_orders)} == {
        MassState.PLACED,
        MassState.CANCELED,
    }


async def test_the_numbers_of_a_plan_stay_with_its_order(stocked: Database) -> None:
    await somebody(stocked)
    plan = {"link": SECRET, "quantity": 100, "runs": 5, "interval": 60, "comments": [SECRET]}
    await stocked.write(lambda tx: tx.execute(update(orders).values(fields=plan)))
    await privacy_of(stocked).erase(ZOE, NOW)
    (row,) = await rows_of(stocked, orders)
    assert row.fields == {"quantity": 100, "runs": 5, "interval": 60}


async def test_others_keep_everything(stocked: Database) -> None:
    await somebody(stocked, BOB + 1, secret="Bob's own")
    before = await dump(stocked)
    await somebody(stocked)
    await privacy_of(stocked).erase(ZOE, NOW)
    after = await dump(stocked)
    for table, rows in before.items():
        for row in rows:
            assert row in after[table], table


async def test_an_admin_is_erased_like_everybody(stocked: Database) -> None:
    """What they did stays done, by the pseudonym."""
    await somebody(stocked)

    def transaction(tx):
        tx.execute(
            insert(ledger).values(
                user_id=ANN,
                source="manual",
                target="wallet",
                amount=1,
                **entry_key(f"manual:{ZOE}:55").columns(),
                reason="a gift",
                actor_id=ZOE,
                at=NOW,
            ),
        )
        tx.execute(insert(wallet_rows).values(user_id=ANN, balance=1))

    await stocked.write(transaction)
    await privacy_of(stocked).erase(ZOE, NOW)
    (heir,) = [row.id for row in await rows_of(stocked, user_rows) if row.id < 0]
    entry = (await rows_of(stocked, ledger))[-1]
    assert (entry.user_id, entry.actor_id, entry.key, entry.reason) == (
        ANN,
        heir,
        f"manual:{heir}:55",
        "a gift",
    )
    assert [row.mapped_by for row in await rows_of(stocked, type_mappings)] == [heir]


async def test_what_admins_have_to_know_of_the_orders_is_still_said(stocked: Database) -> None:
    order = await somebody(stocked)
    await privacy_of(stocked).erase(ZOE, NOW)
    rows = await rows_of(stocked, notice_rows)
    (heir,) = [row.id for row in await rows_of(stocked, user_rows) if row.id < 0]
    assert {(row.user_id, row.kind, row.order_id, str(row.payload)) for row in rows} == {
        (9001, "unknown_order", order, "{}"),
        (
            9001,
            "stray_payment",
            None,
            str({"user": str(heir), "name": "", "charge": "1-2-3", "stars": 5}),
        ),
    }
    # what is said of somebody goes when it is said
    assert [row.done_at for row in rows] == [NOW, None, None]
    stray = StrayPaymentNotice(user="1001", charge="1-2-3", stars=5)
    again = await stocked.write(alert_once, [9001], stray, NOW, about=f"charge of {order}")
    assert not again


async def test_once_more_changes_nothing(stocked: Database) -> None:
    await somebody(stocked)
    privacy = privacy_of(stocked)
    await privacy.erase(ZOE, NOW)
    before = await dump(stocked)
    await privacy.erase(ZOE, NOW)
    assert await dump(stocked) == before


async def test_two_presses_at_once_leave_one_pseudonym(stocked: Database) -> None:
    await somebody(stocked)
    privacy = privacy_of(stocked)
    await asyncio.gather(privacy.erase(ZOE, NOW), privacy.erase(ZOE, NOW))
    assert len([row for row in await rows_of(stocked, user_rows) if row.id < 0]) == 1


async def test_somebody_without_a_history_leaves_no_trace_at_all(stocked: Database) -> None:
    before = await dump(stocked)

    def transaction(tx):
        users.create(tx, ZOE, first_name=SECRET, username=None, language="en", now=NOW)
        tx.execute(insert(drafts).values(user_id=ZOE, service_id=1, fields={}, created_at=NOW))

    await stocked.write(transaction)
    await privacy_of(stocked).erase(ZOE, NOW)
    assert await dump(stocked) == before


@pytest.mark.parametrize("state", sorted(WAITING))
async def test_while_an_order_waits_nothing_is_erased(stocked: Database, state: OrderState) -> None:
    order = await somebody(stocked, state=state)
    before = await dump(stocked)
    for action in (privacy_of(stocked).farewell(ZOE), privacy_of(stocked).erase(ZOE, NOW)):
        with pytest.raises(ShopError) as refused:
            await action
        assert refused.value.key == "error-erase-waiting"
        assert refused.value.values == {"orders": f"#{order}"}
    assert await dump(stocked) == before


@pytest.mark.parametrize(
    "change",
    [
        update(requests).values(state=RequestState.SENDING),
        update(mass_orders).values(state=MassState.PLACING),
    ],
    ids=["a request on its way", "a mass order being placed"],
)
async def test_while_a_worker_is_at_it_nothing_is_erased(stocked: Database, change) -> None:
    await somebody(stocked)
    await stocked.write(lambda tx: tx.execute(change))
    with pytest.raises(ShopError) as refused:
        await privacy_of(stocked).erase(ZOE, NOW)
    assert refused.value.key == "error-erase-busy"


async def test_the_question_is_good_for_ten_minutes(stocked: Database) -> None:
    await somebody(stocked)
    clock = Clock()
    privacy = privacy_of(stocked, clock)
    clock.forward(minutes=10, seconds=1)
    for asked in (NOW, clock() + timedelta(seconds=5)):
        with pytest.raises(NotFoundError):
            await privacy.erase(ZOE, asked)
    assert SECRET in repr(await dump(stocked))
    await privacy.erase(ZOE, clock() - timedelta(minutes=10))
    assert SECRET not in repr(await dump(stocked))


async def test_the_question_says_what_it_means(stocked: Database) -> None:
    await somebody(stocked)
    found = await privacy_of(stocked).farewell(ZOE)
    assert (found.balance, found.currency, found.at) == (8_500_000, "USD", NOW)


async def test_nobody_is_told_for_a_pseudonym(stocked: Database) -> None:
    order = await somebody(stocked)
    await privacy_of(stocked).erase(ZOE, NOW)
    before = await rows_of(stocked, notice_rows)

    def transaction(tx):
        notices.add(tx, user_id=-5, kind="order", order_id=order, now=NOW)
        notices.add_many(tx, [(-5, order)], kind="card", now=NOW)
        notices.add_live(tx, user_id=-5, kind="mass", live_id=1, now=NOW)

    await stocked.write(transaction)
    assert await rows_of(stocked, notice_rows) == before


# With the workers


def people_of(world: World, welcome: int = 10 * DOLLAR) -> People:
    return People(world.database, Access(), frozenset({"en"}), "en", world.clock, welcome)


async def completed(world: World, **answers: str) -> Order:
    order = await world.accepted(**answers)
    world.provider.force_order(order.provider_order_id, "Completed")
    await world.later(600)
    assert (await world.look(order)).state is OrderState.COMPLETED
    return order


async def test_an_order_that_reopens_is_tracked_to_its_end_and_refunded_to_the_pseudonym(
    world: World,
) -> None:
    order = await completed(world)
    await privacy_of(world.database, world.clock).erase(CUSTOMER, world.clock())
    told = len(await world.rows(notice_rows))
    world.provider.force_order(order.provider_order_id, "Partial", remains=40)
    for _ in range(10):
        await world.later(600)
    ended = await world.look(order)
    assert ended.state is OrderState.PARTIAL
    assert ended.refunded > 0
    assert ended.user_id < 0
    assert await world.balance(ended.user_id) == 100 * DOLLAR - ended.price + ended.refunded
    assert len(await world.rows(notice_rows)) == told
    await check_money(world.database)


async def test_erased_while_the_provider_is_asked(world: World) -> None:
    """The sweep has read whose order it is before, and writes afterwards: to nobody."""
    order = await completed(world)
    world.provider.force_order(order.provider_order_id, "Partial", remains=10)

    async def erase(fields: dict[str, str]) -> None:
        if fields["action"] == "status":
            world.line.after = None
            await privacy_of(world.database, world.clock).erase(CUSTOMER, world.clock())

    world.line.after = erase
    for _ in range(20):
        await world.later(600)
    assert (await world.look(order)).state is OrderState.PARTIAL
    assert not [row for row in await world.rows(notice_rows) if row.user_id == CUSTOMER]
    assert CUSTOMER not in [row.user_id for row in await world.rows(orders)]


async def test_erased_while_a_refill_is_asked_for(world: World) -> None:
    order = await world.accepted()
    for _ in range(30):
        await world.later(600)
    world.pass_time(25 * 3600)
    await world.aftercare.ask(CUSTOMER, order.id, RequestKind.REFILL)
    while await world.requester.step():
        pass
    asked = []

    async def erase(fields: dict[str, str]) -> None:
        if fields["action"] == "refill_status":
            asked.append(fields)
            world.line.after = None
            await privacy_of(world.database, world.clock).erase(CUSTOMER, world.clock())

    world.line.after = erase
    for _ in range(30):
        world.pass_time(600)
        await world.refills.step()
    assert asked
    assert [row.state for row in await world.rows(requests)] == ["completed"]
    assert not [row for row in await world.rows(notice_rows) if row.user_id == CUSTOMER]


async def test_erasing_and_tracking_at_once_wait_for_each_other(world: World) -> None:
    for number in range(8):
        order = await completed(world, link=f"https://example.com/{number}")
        world.provider.force_order(order.provider_order_id, "Partial", remains=10)
    trackers: list[Tracker] = [world.tracker, world.another_tracker()]
    for round_ in range(12):
        world.pass_time(600)
        tasks = [tracker.sweep() for tracker in trackers]
        if round_ == 3:
            await asyncio.gather(
                *tasks, privacy_of(world.database, world.clock).erase(CUSTOMER, world.clock())
            )
        else:
            await asyncio.gather(*tasks)
    for _ in range(40):
        await world.later(600)
    assert {row.state for row in await world.rows(orders)} == {"partial"}
    assert not [row for row in await world.rows(notice_rows) if row.user_id == CUSTOMER]
    await check_money(world.database)


async def test_an_order_of_another_on_the_same_link_goes_on(world: World) -> None:
    await completed(world)
    other = await world.customer(777)
    await privacy_of(world.database, world.clock).erase(CUSTOMER, world.clock())
    order = await world.order(user_id=other)
    for _ in range(80):
        await world.later(600)
    assert (await world.look(order)).state is OrderState.COMPLETED


async def meet(world: World, person: int = ZOE):
    return await people_of(world).get_or_create(
        person, first_name="Zoe", username=None, language_code="en"
    )


async def test_the_welcome_gift_is_given_once_to_a_person_whatever_they_do(world: World) -> None:
    privacy = privacy_of(world.database, world.clock)
    await meet(world)
    assert await world.balance(ZOE) == 10 * DOLLAR
    for _ in range(3):
        await privacy.erase(ZOE, world.clock())
        await meet(world)
        assert await world.balance(ZOE) == 0
    await meet(world, ZOE + 1)  # somebody else has theirs
    assert await world.balance(ZOE + 1) == 10 * DOLLAR
    (heir,) = [row.id for row in await world.rows(user_rows) if row.id < 0]
    assert await world.balance(heir) == 10 * DOLLAR


async def test_a_gift_from_before_is_remembered_too(world: World) -> None:
    """Rows of an earlier version have the id in their key."""

    def transaction(tx):
        users.create(tx, ZOE, first_name="Zoe", username=None, language="en", now=world.clock())
        wallet.move(
            tx,
            user_id=ZOE,
            source=wallet.Account.BONUS,
            target=wallet.Account.WALLET,
            amount=DOLLAR,
            key=entry_key(f"welcome:{ZOE}"),
            reason="welcome",
            now=world.clock(),
        )

    await world.database.write(transaction)
    await privacy_of(world.database, world.clock).erase(ZOE, world.clock())
    assert str(ZOE) not in repr(await dump(world.database))
    await meet(world)
    assert await world.balance(ZOE) == 0


async def test_the_key_of_a_gift_does_not_name_anybody(world: World) -> None:
    await meet(world)
    keys = [row.key for row in await world.rows(ledger) if row.user_id == ZOE]
    assert len(keys) == 1
    assert str(ZOE) not in keys[0]
