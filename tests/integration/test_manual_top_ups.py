"""Top-ups by hand: one open request a person, and one admin decides it once."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from shop.access import Billing
from shop.errors import NotFoundError, ShopError
from storage.enums import TopUpState
from storage.schema.messages import notices
from storage.schema.payments import top_ups
from storage.schema.wallets import ledger
from tests.harness.paying import POOR, Desk, open_desk
from tests.harness.world import ADMINS, CUSTOMER, World, open_world

FIVE = 5_000_000
OLGA, OTTO = ADMINS


@pytest.fixture
async def desk(world: World) -> AsyncIterator[Desk]:
    async with open_desk(world) as opened:
        yield opened


async def test_a_request_is_told_to_every_admin(desk: Desk) -> None:
    asked = await desk.manual.ask(POOR, FIVE)
    assert await desk.world.told_admins() == ["top_up_asked"]
    (notice, _) = await desk.world.rows(notices)
    assert notice.payload | {"name": "Ann"} == {
        "top_up": asked.id,
        "user": str(POOR),
        "name": "Ann",
        "amount": FIVE,
        "currency": "USD",
    }
    assert await desk.manual.open_of(POOR) == asked
    assert [(top_up, user.id) for top_up, user in await desk.manual.waiting(OLGA) if user] == [
        (asked, POOR)
    ]


async def test_asking_again_gives_the_request_that_is_open(desk: Desk) -> None:
    found = await asyncio.gather(*(desk.manual.ask(POOR, FIVE + number) for number in range(5)))
    assert len({each.id for each in found}) == 1
    assert len(await desk.world.rows(top_ups)) == 1
    assert await desk.world.told_admins() == ["top_up_asked"]


async def test_an_approval_credits_with_its_actor_and_tells_the_customer(desk: Desk) -> None:
    asked = await desk.manual.ask(POOR, FIVE)
    decision = await desk.manual.decide(OLGA, asked.id, approve=True)
    assert decision.ours
    (entry,) = [row for row in await desk.world.rows(ledger) if row.user_id == POOR]
    assert (entry.source, entry.target, entry.amount) == ("manual", "wallet", FIVE)
    assert (entry.key, entry.actor_id) == (f"topup:{asked.id}", OLGA)
    (told,) = [row for row in await desk.world.rows(notices) if row.user_id == POOR]
    assert (told.kind, told.payload["state"]) == ("top_up_decided", "approved")
    assert await desk.manual.open_of(POOR) is None


async def test_a_refusal_credits_nothing_and_is_told(desk: Desk) -> None:
    asked = await desk.manual.ask(POOR, FIVE)
    await desk.manual.decide(OLGA, asked.id, approve=False)
    assert await desk.world.balance(POOR) == 0
    assert await desk.world.told(POOR) == ["top_up_decided"]
    assert (await desk.manual.ask(POOR, FIVE)).id != asked.id  # and they may ask again


async def test_two_admins_at_once_decide_once(desk: Desk) -> None:
    asked = await desk.manual.ask(POOR, FIVE)
    presses = [
        desk.manual.decide(admin, asked.id, approve=admin == OLGA) for admin in (OLGA, OTTO) * 5
    ]
    decisions = await asyncio.gather(*presses)
    assert sum(decision.ours for decision in decisions) == 1
    (row,) = await desk.world.rows(top_ups)
    assert {(each.top_up.state, each.top_up.decided_by) for each in decisions} == {
        (row.state, row.decided_by)
    }
    assert await desk.world.balance(POOR) == (FIVE if row.state == TopUpState.APPROVED else 0)
    assert await desk.world.told(POOR) == ["top_up_decided"]


async def test_an_own_request_can_be_taken_back_and_then_not_be_approved(desk: Desk) -> None:
    asked = await desk.manual.ask(POOR, FIVE)
    assert not await desk.manual.cancel(CUSTOMER, asked.id)
    assert await desk.manual.cancel(POOR, asked.id)
    assert not await desk.manual.cancel(POOR, asked.id)
    decision = await desk.manual.decide(OLGA, asked.id, approve=True)
    assert (decision.ours, decision.top_up.state) == (False, TopUpState.CANCELED)
    assert await desk.world.balance(POOR) == 0


async def test_only_admins_decide_and_see_requests(desk: Desk) -> None:
    asked = await desk.manual.ask(POOR, FIVE)
    for call in (desk.manual.decide(POOR, asked.id, approve=True), desk.manual.waiting(POOR)):
        with pytest.raises(NotFoundError):
            await call
    with pytest.raises(NotFoundError):
        await desk.manual.decide(OLGA, asked.id + 1, approve=True)
    assert await desk.world.balance(POOR) == 0


async def test_nobody_is_asked_without_end(desk: Desk) -> None:
    for _ in range(10):
        await desk.manual.cancel(POOR, (await desk.manual.ask(POOR, FIVE)).id)
    with pytest.raises(ShopError, match="error-top-up-requests"):
        await desk.manual.ask(POOR, FIVE)
    desk.world.pass_time(24 * 3_600)
    await desk.manual.ask(POOR, FIVE)


@pytest.mark.parametrize("amount", [0, -1, 2**63])
async def test_amounts_that_are_none_are_refused(desk: Desk, amount: int) -> None:
    with pytest.raises(ShopError, match="error-amount-too-large"):
        await desk.manual.ask(POOR, amount)


async def test_where_the_house_pays_there_is_nothing_to_ask_for(database) -> None:
    async with open_world(database, billing=Billing.HOUSE) as world, open_desk(world) as desk:
        with pytest.raises(NotFoundError, match="error-no-wallet"):
            await desk.manual.ask(ADMINS[0], FIVE)
