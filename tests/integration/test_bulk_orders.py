"""A mass order from its lines to its end: every line once, whoever presses twice, dies or spends in
between.
"""

import asyncio
import json
from collections import Counter

import pytest

from shop.access import Billing
from shop.bulk.orders import follow
from shop.bulk.parsing import as_error
from shop.bulk.worker import CHUNK, MassPlacer
from shop.errors import BadAnswerError, NotFoundError, TooLittleMoneyError
from shop.money import Money
from storage.enums import MassState, OrderState
from storage.queries import bulk_orders
from storage.schema.messages import notices
from storage.schema.orders import drafts, mass_lines, mass_orders, orders
from storage.schema.wallets import ledger
from tests.harness.world import (
    ADMINS,
    CUSTOMER,
    DOLLAR,
    PACKAGE,
    PLAYS,
    REVIEWS,
    VISITS,
    World,
    open_world,
)

URL = "https://example.com"


def lines(count: int, service: str = PLAYS, quantity: int = 10) -> str:
    return "\n".join(f"{service} | {URL}/{number} | {quantity}" for number in range(count))


async def confirmed(world: World, text: str, user_id: int = CUSTOMER) -> int:
    found = await world.mass.read(user_id, text)
    assert await world.mass.confirm(user_id, found.id, message_id=7) is None
    return found.id


async def ready(world: World, mass_id: int) -> list[tuple[int, str | None]]:
    """List the lines that are no orders: their numbers, and what is wrong with them."""
    return [
        (row.number, row.problem and row.problem["key"])
        for row in await world.rows(mass_lines)
        if row.mass_id == mass_id and row.order_id is None
    ]


async def check_each_line_is_one_order(world: World, count: int) -> None:
    """Every order is of its own line, was paid once, and went out once."""
    placed = await world.rows(orders)
    assert len(placed) == count
    assert sorted(row.order_id for row in await world.rows(mass_lines) if row.order_id) == [
        row.id for row in placed
    ]
    paid = [row for row in await world.rows(ledger) if row.source == "wallet"]
    assert Counter(row.order_id for row in paid) == {row.id: 1 for row in placed if row.price}
    sent = [fields["link"] for fields in world.line.sent if fields["action"] == "add"]
    assert sorted(sent) == sorted(row.link for row in placed)


async def test_good_lines_become_orders_as_single_ones_do(world: World) -> None:
    text = (
        f"{PLAYS} | {URL}/a | 1k\n\n{PACKAGE} | {URL}/b\n{REVIEWS} | {URL}/c | "
        f"5\n{PLAYS} | {URL}/a | 20\n???"
    )
    found = await world.mass.read(CUSTOMER, text)
    table = await world.mass.table(CUSTOMER, found.id, page=0, size=10)
    assert (table.good, table.bad, table.total, table.balance) == (3, 2, 21_810_000, 100 * DOLLAR)
    assert table.repeats == {5: 1}
    assert [(line.number, line.price) for line in table.lines] == [
        (1, 3_000_000),
        (3, 18_750_000),
        (4, None),
        (5, 60_000),
        (6, None),
    ]
    assert await world.rows(orders) == []

    await world.mass.confirm(CUSTOMER, found.id, message_id=7)
    await world.place()
    single = await world.order(link=f"{URL}/a", quantity=20)
    *placed, other = await world.rows(orders)
    assert [(row.link, row.quantity, row.price, row.mass_id) for row in placed] == [
        (f"{URL}/a", 1000, 3_000_000, 1),
        (f"{URL}/b", 1, 18_750_000, 1),
        (f"{URL}/a", 20, 60_000, 1),
    ]
    own = {"id", "draft_id", "mass_id", "created_at", "not_before", "changed_at"}
    assert other.id == single.id
    assert {key: value for key, value in placed[2]._mapping.items() if key not in own} == {
        key: value for key, value in other._mapping.items() if key not in own
    }
    assert all(draft.closed_at for draft in await world.rows(drafts))
    assert await ready(world, found.id) == [(4, "mass-line-needs-more"), (6, "mass-line-unclear")]
    assert await world.balance() == 100 * DOLLAR - 21_810_000 - 60_000
    (row,) = await world.rows(mass_orders)
    assert (row.state, row.message_id, row.placed_at is None) == ("placed", 7, False)


async def test_many_lines_are_as_many_orders_and_adds(world: World) -> None:
    mass_id = await confirmed(world, lines(3 * CHUNK + 1))
    await world.place()
    await world.submit()
    await check_each_line_is_one_order(world, 3 * CHUNK + 1)
    assert await world.balance() == 100 * DOLLAR - (3 * CHUNK + 1) * 30_000
    assert await ready(world, mass_id) == []


async def test_a_confirm_that_is_pressed_twice_places_once(world: World) -> None:
    found = await world.mass.read(CUSTOMER, lines(5))
    await asyncio.gather(*(world.mass.confirm(CUSTOMER, found.id, message_id=7) for _ in range(4)))
    await world.place()
    assert await world.mass.confirm(CUSTOMER, found.id, message_id=7) is None
    await world.place()
    await world.submit()
    await check_each_line_is_one_order(world, 5)


async def test_workers_at_once_place_each_line_once(world: World) -> None:
    await confirmed(world, lines(3 * CHUNK + 5))
    await confirmed(world, lines(CHUNK, VISITS, 100))
    others = [
        MassPlacer(world.database, world.ordering, world.bells, world.clock) for _ in range(3)
    ]

    async def work(placer: MassPlacer) -> None:
        for _ in range(12):
            await placer.step()

    await asyncio.gather(*(work(placer) for placer in others))
    await world.place()
    await world.submit()
    await check_each_line_is_one_order(world, 4 * CHUNK + 5)
    assert {row.state for row in await world.rows(mass_orders)} == {"placed"}


@pytest.mark.parametrize("where", [0, 7, CHUNK - 1])
async def test_a_worker_that_dies_in_a_chunk_loses_and_doubles_nothing(
    world: World, monkeypatch, where: int
) -> None:
    mass_id = await confirmed(world, lines(2 * CHUNK + 5))
    await world.placer.step()
    real, calls = bulk_orders.note_order, 0

    def dies(tx, line_id: int, order_id: int) -> bool:
        nonlocal calls
        calls += 1
        if calls > where:
            raise asyncio.CancelledError
        return real(tx, line_id, order_id)

    monkeypatch.setattr(bulk_orders, "note_order", dies)
    with pytest.raises(asyncio.CancelledError):
        await world.placer.step()
    monkeypatch.setattr(bulk_orders, "note_order", real)
    assert len(await world.rows(orders)) == CHUNK  # what was half done is taken back as a whole
    assert len(await ready(world, mass_id)) == CHUNK + 5

    another = MassPlacer(world.database, world.ordering, world.bells, world.clock)
    while await another.step():
        pass
    await world.submit()
    await check_each_line_is_one_order(world, 2 * CHUNK + 5)


async def test_a_mass_order_that_can_not_be_placed_does_not_stop_the_others(
    world: World, caplog
) -> None:
    first, second = await confirmed(world, lines(2)), await confirmed(world, lines(3, VISITS, 100))
    await world.database.write(
        lambda tx: tx.execute(
            mass_lines.update().where(mass_lines.c.mass_id == first).values(service_id=None)
        )
    )
    await world.place()
    assert f"lines of mass order {first} could not be placed" in caplog.text
    assert [row.mass_id for row in await world.rows(orders)] == [second] * 3


async def test_somebody_else_gets_a_turn_between_two_chunks(world: World) -> None:
    await world.customer(502)
    draft = await world.draft(user_id=502)
    await confirmed(world, lines(3 * CHUNK))
    await asyncio.gather(world.place(), world.ordering.submit(502, draft))
    (single,) = [row for row in await world.rows(orders) if row.mass_id is None]
    assert single.id <= 2 * CHUNK + 1
    await world.submitter.step()
    assert (await world.look(single)).state is OrderState.PENDING  # and before all of those lines


async def test_too_little_money_is_said_before_anything_is_ordered(world: World) -> None:
    await world.customer(502, 1)
    found = await world.mass.read(502, lines(50))
    with pytest.raises(TooLittleMoneyError) as error:
        await world.mass.confirm(502, found.id, message_id=7)
    assert (error.value.key, error.value.values) == (
        "error-too-little-money",
        {"missing": Money(500_000, "USD")},
    )
    await world.place()
    assert await world.rows(orders) == []
    assert (await world.mass.page(502, found.id, page=0, size=10)).mass.state is MassState.DRAFT


async def test_money_that_is_spent_meanwhile_is_told_line_by_line(world: World) -> None:
    await world.customer(502, 1)
    mass_id = await confirmed(world, lines(30), 502)
    await world.order(user_id=502, quantity=250)  # $0.75
    await world.place()
    assert await world.balance(502) == 10_000
    assert await ready(world, mass_id) == [
        (number, "error-too-little-money") for number in range(9, 31)
    ]
    await world.submit()
    await world.later(0)
    assert len([row for row in await world.rows(orders) if row.mass_id]) == 8


async def test_the_price_that_was_shown_binds(world: World) -> None:
    found = await world.mass.read(CUSTOMER, f"{VISITS} | {URL} | 100\n{lines(3)}\n???")
    world.provider.change_service(int(PLAYS), rate="4.00")
    await world.synchroniser.sync()
    assert await world.mass.confirm(CUSTOMER, found.id, message_id=7) == 1  # the second line
    await world.place()
    assert await world.rows(orders) == []
    table = await world.mass.table(CUSTOMER, found.id, page=0, size=10)
    assert [(line.price, line.was) for line in table.lines] == [
        (75_000, None),
        (60_000, 30_000),
        (60_000, 30_000),
        (60_000, 30_000),
        (None, None),
    ]
    assert await world.mass.confirm(CUSTOMER, found.id, message_id=7) is None
    await world.place()
    assert [row.price for row in await world.rows(orders)] == [75_000, 60_000, 60_000, 60_000]


async def test_limits_and_services_that_went_away_before_confirm_are_problems(world: World) -> None:
    found = await world.mass.read(
        CUSTOMER, f"{VISITS} | {URL} | 100\n{PLAYS} | {URL} | 20\n{PLAYS} | {URL} | 50"
    )
    world.provider.change_service(int(PLAYS), min="30")
    world.provider.change_service(int(VISITS), rate="0")
    await world.synchroniser.sync()
    assert await world.mass.confirm(CUSTOMER, found.id, message_id=7) == 0
    assert [(number, key) for number, key in await ready(world, found.id) if key] == [
        (1, "error-not-for-sale"),
        (2, "quantity-too-small"),
    ]
    assert await world.mass.confirm(CUSTOMER, found.id, message_id=7) is None
    await world.place()
    assert [row.quantity for row in await world.rows(orders)] == [50]


async def test_a_price_that_changes_after_confirm_is_not_charged(world: World) -> None:
    mass_id = await confirmed(world, lines(CHUNK + 2))
    await world.placer.step()
    world.provider.change_service(int(PLAYS), rate="4.00")
    await world.synchroniser.sync()
    await world.place()
    assert await ready(world, mass_id) == [
        (number, "mass-line-changed") for number in (CHUNK + 1, CHUNK + 2)
    ]
    assert {row.price for row in await world.rows(orders)} == {30_000}
    problem = (await world.rows(mass_lines))[-1].problem
    assert as_error(problem).values == {"was": Money(30_000, "USD"), "now": Money(60_000, "USD")}


async def test_what_was_withdrawn_after_confirm_is_not_ordered(world: World) -> None:
    mass_id = await confirmed(world, f"{PLAYS} | {URL} | 20\n{VISITS} | {URL} | 100")
    world.provider.change_service(int(PLAYS), min="30")
    world.provider.change_service(int(VISITS), rate="0")
    await world.synchroniser.sync()
    await world.place()
    assert await ready(world, mass_id) == [(1, "quantity-too-small"), (2, "error-not-for-sale")]
    assert await world.rows(orders) == []
    assert [row.state for row in await world.rows(mass_orders)] == ["placed"]


async def test_too_many_lines_and_none_are_refused(world: World) -> None:
    with pytest.raises(BadAnswerError) as error:
        await world.mass.read(CUSTOMER, lines(501))
    assert (error.value.key, error.value.values) == ("mass-too-many", {"got": 501, "most": 500})
    for text in ("", "\n\n", "hello", "service | link | quantity"):
        with pytest.raises(BadAnswerError, match="mass-nothing"):
            await world.mass.read(CUSTOMER, text)
    assert await world.rows(mass_orders) == []
    found = await world.mass.read(CUSTOMER, "nothing | like | this\nat | all | here")
    with pytest.raises(BadAnswerError, match="mass-none-good"):
        await world.mass.confirm(CUSTOMER, found.id, message_id=7)


async def test_any_text_can_be_kept(world: World) -> None:
    text = f"\x00\ud800 | {URL}/\x00 | 100\n11 | {URL}/\ud800 | 100\n11|{'x' * 5000}|1"
    found = await world.mass.read(CUSTOMER, text)
    assert [key for _, key in await ready(world, found.id)] == [
        "mass-line-no-service",
        "bad-link",
        "bad-link",
    ]


async def test_it_is_one_persons_own(world: World) -> None:
    await world.customer(502)
    found = await world.mass.read(CUSTOMER, lines(2))
    asked = (
        world.mass.page(502, found.id, page=0, size=10),
        world.mass.table(502, found.id, page=0, size=10),
        world.mass.progress(502, found.id),
        world.mass.confirm(502, found.id, message_id=7),
        world.mass.cancel(502, found.id),
        world.mass.page(CUSTOMER, found.id + 1, page=0, size=10),
    )
    for call in asked:
        with pytest.raises(NotFoundError, match="error-mass-gone"):
            await call
    assert await world.mass.latest(502) == []
    assert await world.mass.cancel(CUSTOMER, found.id)
    with pytest.raises(NotFoundError, match="error-mass-gone"):
        await world.mass.confirm(CUSTOMER, found.id, message_id=7)


async def test_what_is_confirmed_can_not_be_thrown_away(world: World) -> None:
    mass_id = await confirmed(world, lines(2))
    assert not await world.mass.cancel(CUSTOMER, mass_id)
    await world.place()
    assert not await world.mass.cancel(CUSTOMER, mass_id)
    assert [found.id for found in await world.mass.latest(CUSTOMER)] == [mass_id]


async def test_strangers_have_no_mass_orders(database) -> None:
    async with open_world(database, billing=Billing.HOUSE) as world:
        for call in (world.mass.read(CUSTOMER, lines(2)), world.mass.latest(CUSTOMER)):
            with pytest.raises(NotFoundError, match="error-not-for-you"):
                await call
        await world.customer(ADMINS[0], 0)
        mass_id = await confirmed(world, lines(3), ADMINS[0])
        await world.place()
        assert await ready(world, mass_id) == []
        assert {(row.billing, row.price) for row in await world.rows(orders)} == {("house", 30_000)}
        assert [row for row in await world.rows(ledger) if row.user_id == ADMINS[0]] == []


async def test_one_notice_tells_of_all_until_it_is_drawn(world: World) -> None:
    mass_id = await confirmed(world, lines(2 * CHUNK))
    await world.place()
    await world.submit()
    told = [row for row in await world.rows(notices) if row.user_id == CUSTOMER]
    assert [(row.kind, row.live_id) for row in told] == [("mass", mass_id)]

    # the drawing has begun: it may not see this
    await follow(world.database, mass_id, [told[0].id], world.clock())
    await world.later(10_000)
    assert [row.kind for row in await world.rows(notices) if row.user_id == CUSTOMER] == [
        "mass",
        "mass",
    ]


async def test_the_end_is_told_once_when_the_last_order_has_ended(world: World) -> None:
    mass_id = await confirmed(world, f"{lines(3)}\n???")
    await world.place()
    await world.submit()
    assert (await follow(world.database, mass_id, [], world.clock())).done == 0
    while {row.state for row in await world.rows(orders)} != {"completed"}:
        assert await world.told() == ["mass"]
        await world.later(30)
    for _ in range(3):
        assert (await follow(world.database, mass_id, [], world.clock())).done == 3
    (end,) = [row for row in await world.rows(notices) if row.kind == "mass_done"]
    assert end.payload == {
        "mass": mass_id,
        "bad": 1,
        "spent": 90_000,
        "refunded": 0,
        "orders": {"completed": 3},
    }

    first = (await world.rows(orders))[0].provider_order_id
    for status, done in (("In progress", 2), ("Completed", 3)):  # it reopens for a while
        world.line.says["status"] = json.dumps({first: {"status": status}})
        await world.later(7200)
        assert (await follow(world.database, mass_id, [], world.clock())).done == done
    assert (await world.told()).count("mass_done") == 1


@pytest.mark.parametrize("says", ["<html>", '{"error":"Incorrect link"}'])
async def test_an_unknown_order_keeps_it_open_and_a_rejected_one_does_not(
    world: World, says: str
) -> None:
    mass_id = await confirmed(world, lines(1))
    await world.place()
    world.line.says["add"] = says
    await world.submit()
    await follow(world.database, mass_id, [], world.clock())
    assert ("mass_done" in await world.told()) is (says != "<html>")
    if says != "<html>":
        end = (await world.rows(notices))[-1].payload
        assert (end["spent"], end["refunded"], end["orders"]) == (30_000, 30_000, {"rejected": 1})


@pytest.mark.parametrize("dialect", ["documented", "snake", "numeric"])
async def test_in_every_dialect(database, dialect: str) -> None:
    async with open_world(database, dialect=dialect) as world:
        mass_id = await confirmed(world, f"{lines(4)}\n{PACKAGE};{URL}/pack")
        await world.place()
        await world.submit()
        await check_each_line_is_one_order(world, 5)
        for _ in range(40):
            await world.later(30)
        progress = await world.mass.progress(CUSTOMER, mass_id)
        assert progress.count(OrderState.COMPLETED) >= 4
