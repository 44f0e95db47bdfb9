"""The submitter and a definite answer: taken, refused for good, or to be tried again later."""

import pytest

from panel import Profile
from shop import sending
from shop.fulfilment.submission import Submitter
from storage.schema.orders import orders
from storage.schema.wallets import ledger
from tests.harness.world import (
    CUSTOMER,
    DOLLAR,
    PACKAGE,
    PLAYS,
    REVIEWS,
    VISITS,
    World,
    check_money,
    open_world,
)

REFUSALS = [
    "Incorrect service ID",
    "Service is disabled service",
    "neworder.error.min_quantity",
    "Quantity more than maximum 10000",
    "Bad link",
    "neworder.error.invalid_link",
    "Заказ невозможен",
    "x" * 5000,
]


async def test_an_accepted_order_has_its_id_and_its_money_is_earned(world: World) -> None:
    order = await world.accepted()
    assert (order.state, order.provider_order_id) == ("pending", "23501")
    assert await world.told() == ["order:pending"]
    assert (await world.balance(), await world.held()) == (100 * DOLLAR - 300_000, 0)
    assert [(row.source, row.target) for row in await world.rows(ledger)][1:] == [
        ("wallet", "hold"),
        ("hold", "sales"),
    ]
    assert await world.told_admins() == []


@pytest.mark.parametrize(
    ("service", "answers", "sent"),
    [
        (VISITS, {}, {"service": "12", "quantity": "100"}),
        (
            PLAYS,
            {"runs": 3, "interval": 60},
            {"service": "11", "quantity": "100", "runs": "3", "interval": "60"},
        ),
        (
            REVIEWS,
            {"comments": ["One", "Two, too"]},
            {"service": "13", "comments": "One\nTwo, too", "quantity": "2"},
        ),
        (PACKAGE, {}, {"service": "14", "quantity": "1"}),
    ],
)
async def test_what_is_sent_is_what_the_service_takes(world: World, service, answers, sent) -> None:
    order = await world.accepted(service, **answers)
    assert order.state == "pending"
    (add,) = world.line.sent
    expected = {"key": "demo-key", "action": "add", "link": "https://example.com/show"} | sent
    assert add == expected
    if "runs" not in answers:  # a drip-feed is charged run by run
        assert world.provider.order(order.provider_order_id).net == order.cost


async def test_every_definite_no_gives_the_money_back_once_and_is_told(world: World) -> None:
    for number, text in enumerate(REFUSALS):
        world.provider.fault("refuse", "add", text=text)
        order = await world.accepted(link=f"https://example.com/{number}")
        assert (order.state, order.refunded) == ("rejected", order.price), text
        assert order.failure
        assert await world.balance() == 100 * DOLLAR
    for _ in range(5):
        await world.later(300)
    assert await world.held() == 0
    assert await world.told() == ["order:rejected"] * len(REFUSALS)
    assert world.line.count("add") == len(REFUSALS)
    # "Заказ невозможен", and what is only long
    assert await world.told_admins() == ["refusal_words"] * 2


async def test_a_passing_trouble_is_waited_for_but_not_for_ever(world: World) -> None:
    world.provider.fault(
        "refuse", "add", text="Service is temporarily unavailable, please try again later", times=0
    )
    order, other = await world.order(), await world.order(VISITS, link="https://example.com/other")
    await world.submit()
    assert {(await world.look(one)).state for one in (order, other)} == {"queued"}
    assert (await world.look(order)).waiting == "temporary"
    for _ in range(59):
        await world.later(60)
    assert (await world.look(order)).state == "queued"
    for _ in range(3):
        await world.later(60)
    assert (await world.look(order)).state == "rejected"
    assert await world.held() == 0
    assert await world.told_admins() == []


async def test_a_refused_orders_way_through_the_ledger_is_hold_and_release(world: World) -> None:
    world.provider.fault("refuse", "add", text="Bad link")
    order = await world.accepted()
    assert [row.key for row in await world.rows(ledger)][1:] == [
        f"hold:{order.id}",
        f"release:{order.id}",
    ]


async def test_a_refusal_whose_text_holds_the_key_is_kept_without_it(world: World) -> None:
    world.provider.fault("refuse", "add", text="Bad link for demo-key")
    order = await world.accepted()
    assert order.state == "rejected"
    assert "demo-key" not in order.failure


@pytest.mark.parametrize(("label", "waits"), [("Special", "gone"), ("Custom Comments", "changed")])
async def test_an_order_whose_service_is_of_another_type_by_now_is_not_sent(
    world: World, label: str, waits: str
) -> None:
    order = await world.order()
    world.provider.change_service(PLAYS, type=label)
    await world.synchroniser.sync()
    world.line.sent.clear()
    await world.submit()
    there = await world.look(order)
    assert (there.state, there.waiting) == ("queued", waits)
    assert world.line.sent == []
    world.provider.change_service(PLAYS, type="Default")
    await world.synchroniser.sync()
    await world.later(301)
    there = await world.look(order)
    assert (there.state, there.waiting) == ("pending", "")


async def test_an_order_that_cannot_be_put_into_words_is_refused_and_the_next_one_goes(
    world: World,
) -> None:
    order = await world.order()
    other = await world.order(VISITS)
    await world.database.write(
        lambda tx: tx.execute(
            orders.update().where(orders.c.id == order.id).values(fields={"quantity": 100})
        )
    )
    await world.submit()
    assert (await world.look(order)).state == "rejected"
    assert (await world.look(other)).state == "pending"
    assert world.line.count("add") == 1
    assert await world.told() == ["order:rejected", "order:pending"]


async def test_garbage_after_the_answer_does_not_hide_the_order(world: World) -> None:
    world.provider.fault("garbage_after", "add")
    order = await world.accepted()
    assert (order.state, order.provider_order_id) == ("pending", "23501")


async def test_without_orders_there_is_nothing_to_do(world: World) -> None:
    assert not await world.submitter.step()
    assert await world.submitter.next_turn() is None
    assert world.line.sent == []


async def test_two_submitters_share_the_queue(world: World) -> None:
    placed = [
        await world.order(VISITS, link=f"https://example.com/{number}") for number in range(6)
    ]
    other: Submitter = world.another_submitter()
    while await world.submitter.step() and await other.step():
        pass
    assert {(await world.look(order)).state for order in placed} == {"pending"}
    assert world.line.count("add") == 6


async def test_where_the_house_pays_no_money_moves(database) -> None:
    async with open_world(database, billing="house") as world:
        order = await world.accepted(user_id=9001) if await world.customer(9001) else None
        assert order is not None
        assert (order.state, order.billing) == ("pending", "house")
        world.provider.fault("refuse", "add", text="Bad link")
        refused = await world.accepted(user_id=9001, link="https://example.com/2")
        assert refused.state == "rejected"
        assert [row.key for row in await world.rows(ledger)] == [
            f"manual:{CUSTOMER}:0",
            "manual:9001:0",
        ]
        assert len(await world.rows(orders)) == 2
        await check_money(database)


def test_the_time_a_claim_is_kept_is_longer_than_an_exchange_can_last() -> None:
    """Wire cuts an exchange off at twice the time-out and the connection's; a lease must not end
    before.
    """
    profile = Profile(url="http://provider.test", key="k")
    assert sending.LEASE_MARGIN.total_seconds() > profile.connect_timeout
