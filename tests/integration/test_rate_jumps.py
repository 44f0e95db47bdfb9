"""Rates that jump are not believed at once, and an order that cost more than it brought stops its
service.
"""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.catalogue.service_holds import ServiceHolds, judged, jumps
from shop.errors import NotFoundError
from shop.outbox import Kind
from storage.schema.catalogue import service_changes
from storage.schema.messages import notices
from tests.factories.shop_rows import NOW, service
from tests.harness.world import ADMINS, CUSTOMER, PLAYS, VISITS, World, open_world

FIVE = Decimal(5)


@pytest.fixture
def holds(world: World) -> ServiceHolds:
    return ServiceHolds(world.database, ADMINS, world.bells, world.clock)


async def look(world: World, rate: str | None = None, service: str = PLAYS) -> None:
    if rate is not None:
        world.provider.change_service(service, rate=rate)
    await world.synchroniser.sync()


async def is_sold(world: World, service: str = PLAYS) -> bool:
    try:
        await world.draft(service)
    except NotFoundError:
        return False
    return True


@pytest.mark.parametrize("rate", ["200.00", "10.01", "0.0001", "0.39"])
async def test_a_jump_is_sold_neither_at_the_old_rate_nor_at_the_new_one_until_a_second_look(
    world, rate
) -> None:
    await look(world, rate)
    assert not await is_sold(world)
    assert await is_sold(world, VISITS)
    assert (await world.service(PLAYS)).rate == Decimal("2.00")
    assert PLAYS not in {found.provider_id for found in await listed(world)}
    assert await world.told_admins() == ["rates_held"]
    await look(world)
    assert await is_sold(world)
    assert (await world.service(PLAYS)).rate == Decimal(rate)
    assert await world.told_admins() == ["rates_held", "alert_over"]


async def listed(world: World) -> list:
    (category, *_) = [
        one for one in await world.browser.categories(CUSTOMER) if one.name == "Podcasts"
    ]
    return await world.browser.services(CUSTOMER, category.id, page=0, size=50)


@pytest.mark.parametrize("rate", ["10.00", "0.40", "2.01"])
async def test_five_times_is_no_jump(world: World, rate: str) -> None:
    await look(world, rate)
    assert await is_sold(world)
    assert await world.told_admins() == []


async def test_a_passing_slip_is_forgotten(world: World) -> None:
    await look(world, "200.00")
    await look(world, "2.00")
    assert await is_sold(world)
    assert [row for row in await world.rows(service_changes) if row.field == "rate"] == []


async def test_a_rate_that_jumps_about_stays_held(world: World) -> None:
    for rate in ("200.00", "0.01", "300.00", "0.02"):
        await look(world, rate)
        assert not await is_sold(world)
    # as good as what was seen last: a rate in another currency moves a little
    await look(world, "0.022")
    assert await is_sold(world)


async def test_what_was_not_sold_meanwhile_is_compared_with_what_it_was_sold_at(
    world: World,
) -> None:
    await look(world, "0")
    await look(world, "0.01")
    assert not await is_sold(world)
    await look(world)
    assert await is_sold(world)


async def test_an_admin_says_that_the_new_rates_are_right(
    world: World, holds: ServiceHolds
) -> None:
    await look(world, "200.00")
    await look(world, "90.00", VISITS)
    assert not await is_sold(world, VISITS)
    question = await world.asked(Kind.RATES_HELD)
    with pytest.raises(NotFoundError):
        await holds.accept_rates(CUSTOMER, question)
    # the second look has agreed on the other
    assert await holds.accept_rates(ADMINS[0], question) == 1
    assert await holds.accept_rates(ADMINS[0], question) == 0
    assert (await world.service(VISITS)).rate == Decimal("90.00")


@pytest.mark.parametrize(
    ("service", "rate"), [(PLAYS, "0.0001"), (VISITS, "0.0001"), (VISITS, "900.00")]
)
async def test_a_yes_to_one_question_is_none_to_what_came_later(
    world, holds: ServiceHolds, service, rate
) -> None:
    await look(world, "20.01")
    question = await world.asked(Kind.RATES_HELD)
    world.pass_time(1)
    await look(world, rate, service)
    assert await holds.accept_rates(ADMINS[0], question) == 0
    assert not await is_sold(world, service)
    assert await holds.accept_rates(ADMINS[0], await world.asked(Kind.RATES_HELD)) == 1
    assert (await world.service(service)).rate == Decimal(rate)


async def test_the_alert_lists_all_that_is_held(world: World) -> None:
    await look(world, "200.00")
    world.pass_time(1)
    world.provider.change_service(VISITS, rate="90.00")
    await look(world, "2000.00")
    told = [row.payload for row in await world.rows(notices) if row.kind == "rates_held"][-1]
    assert (told["count"], {one["new"] for one in told["services"]}) == (2, {"2000", "90"})


@pytest.mark.parametrize(
    ("first", "second"), [("20.00", "99.00"), ("0.0010", "0.0003"), ("20.00", "22.01")]
)
async def test_a_second_look_that_says_something_else_does_not_agree(
    world: World, first: str, second: str
) -> None:
    await look(world, first)
    await look(world, second)
    assert not await is_sold(world)
    await look(world)
    assert await is_sold(world)


async def test_a_whole_catalogue_that_jumps_is_one_alert_with_ten_names(database) -> None:
    common = {"type": "Default", "category": "C", "rate": "1", "min": "1", "max": "9"}
    catalogue = [
        common | {"service": 100 + number, "name": f"Name {number}"} for number in range(30)
    ]
    async with open_world(database, catalogue=catalogue) as world:
        for number in range(30):
            world.provider.change_service(str(100 + number), rate="100")
        await world.synchroniser.sync()
        (told, _) = [row for row in await world.rows(notices) if row.kind == "rates_held"]
        assert told.payload["count"] == 30
        assert len(told.payload["services"]) == 10
        assert told.payload["services"][0] | {"id": 0} == {
            "id": 0,
            "name": "Name 0",
            "old": "1",
            "new": "100",
        }


RATES = st.decimals(min_value="0.0001", max_value="100000", places=4)


@given(old=RATES, seen=st.lists(RATES, min_size=1, max_size=6))
def test_what_is_sold_was_never_more_than_five_times_from_what_it_was_unless_two_looks_agree(
    old, seen
) -> None:
    mine = service(rate=old)
    before = None
    for rate in seen:
        columns = judged(mine, rate, sold=True, factor=FIVE, now=NOW)
        if columns["held_at"] is None:
            agreed = before is not None and not jumps(before, rate, Decimal("1.1"))
            assert not jumps(mine.rate, rate, FIVE) or agreed
            assert columns["rate"] == rate
        else:
            assert columns["rate"] == mine.rate
        before = rate
        mine = service(**{name: getattr(mine, name) for name in ("id",)}, **columns)


async def charged(
    world: World, order, charge: str, status: str = "In progress", remains: str = "50"
) -> None:
    answer = {"status": status, "charge": charge, "remains": remains, "currency": "USD"}
    world.line.says["status"] = json.dumps({order.provider_order_id: answer} | answer)
    world.pass_time(31)
    await world.tracker.sweep()
    del world.line.says["status"]


async def test_a_sale_below_cost_stops_the_service_until_an_admin_has_looked(
    world, holds: ServiceHolds
) -> None:
    order = await world.accepted()  # 0.30 for what costs 0.20
    await charged(world, order, "0.50")
    assert not await is_sold(world)
    assert await world.told_admins() == ["margin_leak"]
    waiting = await world.accepted(VISITS, link="https://example.com/of-another")
    assert waiting.state == "pending"
    for _ in range(3):
        await look(world)  # a look at the catalogue does not end it
    assert not await is_sold(world)
    await holds.sell_again(ADMINS[0], order.service_id)
    assert await is_sold(world)
    again = await world.accepted(link="https://example.com/again")
    await charged(world, again, "0.50")
    assert not await is_sold(world)
    assert await world.told_admins() == ["margin_leak", "margin_leak"]


async def test_a_refund_that_the_provider_has_not_counted_stops_no_service(world: World) -> None:
    order = await world.accepted()
    await charged(world, order, "0.20", "Partial", "90")
    assert await world.told_admins() == ["margin_leak"]
    assert await is_sold(world)
