"""What orders give back by the provider's own figures, from its answers to the wallet.

Others than these will come.
"""

import re
from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from typing import Any

import pytest

from shop.access import Billing
from shop.fulfilment.evidence import EvidenceKind
from storage import Database
from storage.enums import OrderState
from storage.rows import Order
from storage.schema.messages import notices
from storage.schema.operations import evidence
from storage.schema.orders import orders
from tests.factories.parents import drip_feed, open_parents, say, subscription
from tests.harness.cases import cases
from tests.harness.world import ADMINS, DOLLAR, PACKAGE, World, open_world

FULL = 100 * DOLLAR
Answer = dict[str, Any]


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with open_parents(database) as opened:
        yield opened


async def hear(world: World, order: Order, answers: Sequence[Answer]) -> Order:
    """Have the provider say these of the order, one after another."""
    for answer in answers:
        say(world, **{str(order.provider_order_id): answer})
        await world.later(100)
    return await world.look(order)


async def asked(world: World) -> bool:
    return "unclear_refund" in await world.told_admins()


async def placed(world: World, kind: str) -> Order:
    """Give an accepted order of 100 for $0.30 of the kind that a case names."""
    if kind.startswith("drip-feed of 10"):
        return await drip_feed(world, runs=10, quantity=10)
    return await (subscription(world) if kind.startswith("subscription of 5") else world.accepted())


def listed(order: Order, kind: str) -> dict[str, Answer]:
    """Give the answers about a parent whose runs a case only counts: 11 listed: one canceled, 10
    completed.
    """
    found = re.search(r"(\d+) listed: one canceled", kind)
    names = [f"run-{number}" for number in range(int(found[1]) if found else 0)]
    ends = {name: {"status": "Completed" if name != "run-0" else "Canceled"} for name in names}
    return {
        str(order.provider_order_id): {"status": "Completed", "runs": "10", "orders": names}
    } | ends


@pytest.mark.parametrize("case", cases("statuses", by="why"))
async def test_the_cases(world: World, case: dict[str, Any]) -> None:
    order = await placed(world, case["order"])
    if case["answers"]:
        await hear(world, order, case["answers"])
    else:
        say(world, **listed(order, case["order"]))
        await world.later(100)
    there = await world.look(order)
    if case["given_back"] == "ask":
        assert there.refunded == 0
        assert await asked(world)
        return
    assert there.refunded == order.price * int(case["given_back"].removesuffix(" %")) // 100
    assert await world.balance() == FULL - order.price + there.refunded
    assert not await asked(world)


P, C, D = "Partial", "Canceled", "Completed"


@pytest.mark.parametrize(
    ("answers", "percent"),
    [
        (
            [
                {"status": P, "remains": "10"},
                {"status": "Restarting", "remains": "100", "charge": "0"},
            ],
            10,
        ),
        ([{"status": C, "remains": "10", "charge": "0.18"}, {"status": "Moderation"}], 10),
        ([{"status": C, "remains": "10", "charge": "0.18"}, {"status": C}], 10),
        ([{"status": C, "remains": "10", "charge": "0.18"}, {"status": C, "start_count": "9"}], 10),
        (
            [
                {"status": "Weird", "remains": "100"},
                {"status": "Weird", "charge": "0"},
                {"status": D},
            ],
            0,
        ),
        ([{"status": "In progress", "remains": "60"}, {"status": C}], 100),
        ([{"status": "In progress", "remains": "60"}, {"status": C, "charge": "0.08"}], 60),
        ([{"status": C, "start_count": "1204"}], 100),
        ([{"status": C, "charge": "0.05"}], 75),
        ([{"status": C, "remains": "30"}], 30),
        ([{"status": C, "remains": "10.0", "charge": 0.18000000000000002}], 10),
        ([{"status": C, "remains": "Unknown", "charge": "0.00"}], 100),
        ([{"status": C, "remains": "0", "charge": "0"}], 100),  # never begun: what is said of those
        ([{"status": P, "remains": "10", "charge": "0.18"}], 10),
        (
            [
                {"status": P, "remains": "40", "charge": "0.20"},
                {"status": P, "remains": "40", "charge": "0.12"},
            ],
            40,
        ),
        ([{"status": P, "remains": 40, "charge": "0.12", "currency": "usd"}], 40),
        ([{"status": P, "remains": 40, "charge": "0.12", "currency": "$"}], 40),
        ([{"status": P, "charge": "$0.12"}], 40),
        # units have no currency
        ([{"status": P, "remains": 40, "charge": "0.9", "currency": "XAU"}], 40),
        ([{"status": C, "charge": "0", "currency": "XAU"}], 100),  # nothing is nothing everywhere
        (
            [
                {"status": "In progress", "charge": "0.30"},
                {"status": P, "remains": "50", "charge": "0.15"},
            ],
            50,
        ),
        ([{"status": P, "remains": "40"}, {"status": D}, {"status": P, "remains": "60"}], 60),
        ([{"status": P, "remains": "40"}, {"status": D}, {"status": P, "remains": "20"}], 40),
        (
            [
                {"status": C},
                {"status": D, "remains": "0"},
                {"status": C, "remains": "50", "charge": "0.1"},
            ],
            100,
        ),
        (
            [
                {"status": P, "remains": "0", "charge": "0"},
                {"status": P, "remains": "20", "charge": "0.16"},
            ],
            20,
        ),
        ([{"status": P}, {"status": "In progress"}, {"status": D, "charge": "0.2"}], 0),
        ([{"status": D, "remains": "100", "charge": "0.20"}], 0),
        ([{"status": D, "remains": "0", "charge": "0"}], 0),
    ],
)
async def test_figures_that_say_what_was_delivered(
    world: World, answers: list[Answer], percent: int
) -> None:
    order = await world.accepted()
    there = await hear(world, order, answers)
    assert there.refunded == order.price * percent // 100
    assert await world.balance() == FULL - order.price + there.refunded
    assert there.unclear_since is None


@pytest.mark.parametrize(
    ("answers", "given_back"),
    [
        ([{"status": P}], 0),
        ([{"status": P, "remains": "Unknown", "start_count": "4"}], 0),
        ([{"status": P, "remains": "150"}], 0),
        ([{"status": P, "remains": str(10**17)}], 0),
        ([{"status": P, "remains": "40", "charge": "0.30"}], 0),
        ([{"status": P, "remains": "100", "charge": "0.20"}], 0),
        ([{"status": P, "remains": "40", "charge": "0"}], 0),
        ([{"status": P, "remains": "40", "charge": "-0.12"}], 0),
        ([{"status": P, "charge": "99999999999"}], 0),
        ([{"status": C, "charge": "-0.20"}], 0),
        ([{"status": C, "charge": "0.20"}], 0),
        ([{"status": C, "charge": "0.18", "currency": "XAU"}], 0),
        ([{"status": C, "charge": "€0.05"}], 0),
        ([{"status": C, "charge": "0.05 EUR"}], 0),
        ([{"status": C, "charge": "€0.05", "currency": "USD"}], 0),
        ([{"status": P, "charge": "₹0.05"}], 0),
        ([{"status": P, "charge": "0,05 ₽"}], 0),
        ([{"status": C, "remains": "40", "charge": "0"}], 0),
        ([{"status": "In progress"}, {"status": C, "remains": "0"}], 0),
        ([{"status": "In progress"}, {"status": C, "remains": "0", "charge": "0"}], 0),
        ([{"status": D, "remains": "100"}], 0),
        ([{"status": D, "remains": "100", "charge": "0"}], 0),
        (
            [{"status": P, "remains": "10"}, {"status": C, "remains": "90", "charge": "0.19"}],
            30_000,
        ),
    ],
)
async def test_figures_that_contradict_each_other_are_asked_about_once(
    world: World, answers: list[Answer], given_back: int
) -> None:
    order = await world.accepted()
    there = await hear(world, order, [*answers, *answers[-1:] * 3])
    assert there.refunded == given_back
    assert (await world.told_admins()).count("unclear_refund") == 1
    assert there.unclear_since is not None
    (kept,) = [row for row in await world.rows(evidence) if row.kind == EvidenceKind.UNCLEAR]
    assert kept.payload["status"] == answers[-1]["status"]


async def test_a_clear_word_ends_the_question_and_a_new_contradiction_is_a_new_one(
    world: World,
) -> None:
    order = await world.accepted()
    there = await hear(
        world, order, [{"status": P, "remains": "0", "charge": "0"}, {"status": P, "remains": "10"}]
    )
    assert (there.refunded, there.unclear_since) == (30_000, None)
    there = await hear(world, order, [{"status": P, "remains": "60", "charge": "0"}])
    assert (there.refunded, there.unclear_since is None) == (30_000, False)
    assert (await world.told_admins()).count("unclear_refund") == 2
    # nothing to be asked before the next end
    there = await hear(world, order, [{"status": "In progress"}])
    assert there.unclear_since is None


async def test_a_charge_in_another_currency_is_told_once_and_not_booked(world: World) -> None:
    for number in range(2):
        order = await world.accepted(link=f"https://example.com/{number}")
        there = await hear(
            world, order, [{"status": "In progress", "charge": "0.0007", "currency": "XAU"}]
        )
        assert (there.charge, there.full_charge, there.booked_cost) == (None, None, 0)
        await hear(world, order, [{"status": D, "remains": "0"}])
    assert await world.told_admins() == ["charge_currency"]
    (told, _) = [row.payload for row in await world.rows(notices) if row.kind == "charge_currency"]
    assert told["currency"] == "XAU"


async def test_a_charge_that_comes_with_the_add_counts_only_in_the_accounts_currency(
    world: World,
) -> None:
    world.line.says["add"] = (
        '{"order": 777, "charge": 1200, "currency": "UZS"}string(76) "Failed to connect"'
    )
    order = await world.accepted()
    assert (order.state, order.charge, order.booked_cost) == (OrderState.PENDING, None, 0)
    assert await world.told_admins() == ["charge_currency"]
    world.line.says["add"] = '{"order": 778, "charge": "0.19", "currency": "usd"}'
    order = await world.accepted(link="https://example.com/2")
    assert (order.charge, order.full_charge, order.booked_cost) == (
        Decimal("0.19"),
        Decimal("0.19"),
        190_000,
    )


async def test_the_accounts_own_currency_decides_where_it_is_known(world: World) -> None:
    world.tracker.currencies = lambda: ["XAU"]
    order = await world.accepted()
    there = await hear(world, order, [{"status": P, "charge": "0.05", "currency": "XAU"}])
    assert there.refunded == order.price * 3 // 4
    order = await world.accepted(link="https://example.com/2")
    there = await hear(world, order, [{"status": P, "charge": "0.05", "currency": "USD"}])
    assert there.refunded == 0
    assert await asked(world)


async def test_a_shop_with_a_currency_of_its_own_does_not_compare_it_with_the_providers(
    world: World,
) -> None:
    order = await world.accepted()
    await world.database.write(
        lambda tx: tx.execute(orders.update().values(exchange=Decimal(90), currency="RUB"))
    )
    there = await hear(world, order, [{"status": P, "charge": "0.05", "currency": "USD"}])
    assert there.refunded == order.price * 3 // 4


@pytest.mark.parametrize(
    ("answer", "percent"),
    [
        ({"status": P, "remains": "0", "charge": "3.125"}, 75),
        ({"status": C, "remains": "1"}, 100),
        ({"status": C, "remains": "0", "charge": "0"}, 100),
        ({"status": P, "remains": "1"}, None),
        ({"status": P, "charge": "20"}, None),
    ],
)
async def test_a_package_has_no_units_that_could_remain(
    world: World, answer: Answer, percent: int | None
) -> None:
    order = await world.accepted(PACKAGE)
    there = await hear(world, order, [answer])
    assert there.refunded == order.price * (percent or 0) // 100
    assert await asked(world) == (percent is None)


@pytest.mark.parametrize(
    ("answer", "percent"),
    [
        ({"status": C, "runs": "9"}, 10),
        ({"status": C, "runs": "0"}, 100),
        ({"status": P, "runs": "3"}, 70),
        ({"status": C, "runs": "9", "charge": "0"}, None),
        ({"status": C, "runs": "10"}, 100),  # as many as were ordered: it only repeats that
        ({"status": C, "runs": "10", "charge": "0.20"}, None),
        ({"status": C, "remains": "25", "runs": "9"}, 25),
        ({"status": P, "remains": "10", "runs": "9"}, 10),
        ({"status": P, "remains": "15", "runs": "9", "charge": "0.17"}, 15),
        ({"status": C, "remains": "40", "runs": "9"}, None),
        ({"status": C, "remains": "100", "runs": "9"}, None),
        ({"status": C, "remains": "5", "runs": "9"}, None),
        ({"status": C, "remains": "0", "runs": "9"}, None),
        ({"status": P, "remains": "90", "runs": "9", "charge": "0.02"}, None),
        ({"status": C, "remains": "90", "runs": "9", "charge": "0.02"}, None),
        ({"status": D, "runs": "9"}, 0),
        ({"status": C, "runs": "-3"}, 100),
    ],
)
async def test_runs_without_a_list_count(world: World, answer: Answer, percent: int | None) -> None:
    order = await drip_feed(world, runs=10, quantity=10)
    there = await hear(world, order, [answer, {"status": answer["status"]}])
    assert there.refunded == order.price * (percent or 0) // 100
    assert await asked(world) == (percent is None)


@pytest.mark.parametrize(
    ("answer", "percent"),
    [
        ({"status": C, "posts": "4"}, 20),
        ({"status": C, "posts": "4", "charge": "0.10"}, 50),
        ({"status": C, "posts": "4", "charge": "0.08"}, 60),
        ({"status": C, "posts": "4", "charge": "0.04"}, None),
        ({"status": C, "posts": "1", "charge": "0.20"}, None),
        ({"status": C, "posts": "3", "charge": "0"}, None),
        ({"status": C, "posts": "0", "charge": "0"}, 100),
        ({"status": "Expired", "posts": "2"}, 60),
        ({"status": C, "charge": "0.16", "currency": "XAU"}, None),
        ({"status": C}, 100),
    ],
)
async def test_posts_without_a_list_count(
    world: World, answer: Answer, percent: int | None
) -> None:
    order = await subscription(world)
    there = await hear(world, order, [answer, {"status": answer["status"]}])
    assert there.refunded == order.price * (percent or 0) // 100
    assert await asked(world) == (percent is None)


@pytest.mark.parametrize(
    ("kind", "seen", "end", "percent"),
    [
        (
            "subscription of 5 posts",
            {"status": "Paused", "posts": "4", "charge": "0.16"},
            {"status": C},
            None,
        ),
        ("subscription of 5 posts", {"status": "In progress", "posts": "4"}, {"status": C}, None),
        ("subscription of 5 posts", {"status": "In progress", "posts": "0"}, {"status": C}, 100),
        (
            "subscription of 5 posts",
            {"status": "Paused", "posts": "4"},
            {"status": C, "posts": "4"},
            20,
        ),
        ("drip-feed of 10 runs", {"status": "In progress", "runs": "4"}, {"status": C}, None),
        ("drip-feed of 10 runs", {"status": "In progress", "runs": "10"}, {"status": C}, 100),
        (
            "drip-feed of 10 runs",
            {"status": "In progress", "runs": "4"},
            {"status": C, "charge": "0.08"},
            60,
        ),
        (
            "drip-feed of 10 runs",
            {"status": "In progress", "runs": "4"},
            {"status": C, "runs": "4"},
            60,
        ),
        ("drip-feed of 10 runs", {"status": "In progress", "runs": "4"}, {"status": D}, 0),
    ],
)
async def test_a_bare_word_does_not_deny_what_was_seen_delivered(
    world: World, kind: str, seen: Answer, end: Answer, percent: int | None
) -> None:
    order = await placed(world, kind)
    there = await hear(world, order, [seen, end, end, {"status": end["status"]}])
    assert there.refunded == order.price * (percent or 0) // 100
    assert await asked(world) == (percent is None)
    assert (there.unclear_since is None) == (percent is not None)


@pytest.mark.parametrize(
    ("said", "done", "percent"),
    [
        ({"remains": "50", "charge": "0.10"}, 9, None),
        ({"remains": "90"}, 9, None),
        ({"remains": "50", "charge": "0.10"}, 5, 50),
        ({"remains": "50", "charge": "0.18"}, 9, 10),
        ({"remains": "0"}, 9, 10),
        ({}, 9, 10),
    ],
)
async def test_a_parent_that_denies_what_its_runs_say_is_asked_about(
    world: World, said: Answer, done: int, percent: int | None
) -> None:
    order = await drip_feed(world, runs=10, quantity=10)
    names = [f"run-{number}" for number in range(10)]
    runs = {name: D if number < done else C for number, name in enumerate(names)}
    say(world, **{str(order.provider_order_id): {"status": P, "orders": names} | said}, **runs)
    for _ in range(3):
        await world.later(100)
    assert (await world.look(order)).refunded == order.price * (percent or 0) // 100
    assert (await world.told_admins()).count("unclear_refund") == (percent is None)


async def test_a_run_is_settled_as_an_order_is(world: World) -> None:
    order = await drip_feed(world, runs=2, quantity=50)
    key = str(order.provider_order_id)
    parent = {"status": D, "runs": "2", "orders": ["a1", "b1"]}
    say(world, **{key: parent, "a1": {"status": P, "remains": "10"}, "b1": D})
    await world.later(100)
    assert (await world.look(order)).refunded == order.price // 10
    say(
        world,
        **{key: parent, "a1": {"status": "Restarting", "remains": "50", "charge": "0"}, "b1": D},
    )
    await world.later(100)
    say(
        world,
        **{key: parent, "a1": {"status": D, "remains": "0"}, "b1": {"status": C, "remains": "20"}},
    )
    for _ in range(3):
        await world.later(100)
    there = await world.look(order)
    assert there.refunded == order.price * 20 // 100
    say(world, **{key: parent, "a1": D, "b1": {"status": C, "remains": "20", "charge": "0.30"}})
    for _ in range(3):
        await world.later(100)
    assert (await world.look(order)).refunded == order.price * 20 // 100


async def test_a_run_with_a_foreign_charge_alone_waits_for_a_word(world: World) -> None:
    order = await drip_feed(world, runs=2, quantity=50)
    parent = {"status": C, "runs": "2", "orders": ["a1"]}
    say(
        world,
        **{
            str(order.provider_order_id): parent,
            "a1": {"status": C, "charge": "0.01", "currency": "XAU"},
        },
    )
    await world.later(100)
    assert (await world.look(order)).refunded == 0
    assert "charge_currency" in await world.told_admins()


async def test_an_order_with_nothing_left_to_give_back_asks_nothing(world: World) -> None:
    order = await world.accepted()
    there = await hear(world, order, [{"status": C}, {"status": P, "remains": "0", "charge": "0"}])
    assert there.refunded == order.price
    assert not await asked(world)


async def test_a_cost_that_was_estimated_as_nothing_tells_nothing(world: World) -> None:
    order = await world.accepted()
    await world.database.write(lambda tx: tx.execute(orders.update().values(cost=Decimal(0))))
    there = await hear(world, order, [{"status": P, "remains": "40", "charge": "0.12"}])
    assert there.refunded == order.price * 40 // 100
    order = await world.accepted(link="https://example.com/2")
    await world.database.write(
        lambda tx: tx.execute(
            orders.update().where(orders.c.id == order.id).values(cost=Decimal(0))
        )
    )
    there = await hear(
        world, order, [{"status": "In progress", "charge": "0.2"}, {"status": C, "charge": "0.05"}]
    )
    assert there.refunded == order.price * 3 // 4  # by what was charged before


async def test_where_the_house_pays_only_the_counter_moves(database: Database) -> None:
    async with open_world(database, billing=Billing.HOUSE) as world:
        await world.customer(ADMINS[0])
        order = await world.accepted(user_id=ADMINS[0])
        there = await hear(world, order, [{"status": C, "remains": "10", "charge": "0.18"}])
        assert (there.state, there.refunded) == (OrderState.CANCELED, order.price // 10)
        assert await world.balance(ADMINS[0]) == FULL
