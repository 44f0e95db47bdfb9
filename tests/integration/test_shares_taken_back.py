"""An inviter's share follows what the invited get back, and what was never paid for; it never leads
below zero.
"""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from shop.promotions.invitations import Invitations
from storage.queries import wallet
from storage.queries.wallet import Account
from storage.schema.messages import notices
from storage.schema.payments import invitations
from tests.factories.entry_keys import entry_key
from tests.harness.paying import Desk, open_desk
from tests.harness.world import CUSTOMER, DOLLAR, World, check_money
from tests.integration.test_invitations import (
    FRIEND,
    earned,
    end,
    invited,
    inviting_of,
    meet,
    ordered,
)


@pytest.fixture
async def inviting(world: World) -> Invitations:
    found = inviting_of(world)
    await found.choose(on=True, percent=Decimal(10), cap=5 * DOLLAR)
    return found


@pytest.fixture
async def desk(world: World) -> AsyncIterator[Desk]:
    async with open_desk(world) as opened:
        yield opened


async def spend_all(world: World, user_id: int = CUSTOMER, leave: int = 0) -> None:
    """Have somebody spend what they have, but for so many millionths."""

    def transaction(tx):
        amount = wallet.balance(tx, user_id) - leave
        wallet.move(
            tx,
            user_id=user_id,
            source=Account.WALLET,
            target=Account.MANUAL,
            amount=amount,
            key=entry_key(f"manual:{user_id}:{world.clock().timestamp()}"),
            reason="spent",
            now=world.clock(),
            actor_id=9001,
        )

    await world.database.write(transaction)


async def give(world: World, amount: int) -> None:
    await world.database.write(
        wallet.move,
        user_id=CUSTOMER,
        source=Account.MANUAL,
        target=Account.WALLET,
        amount=amount,
        key=entry_key(f"manual:{CUSTOMER}:given"),
        reason="given",
        now=world.clock(),
        actor_id=9001,
    )


async def shares(world: World) -> tuple[int, int, int]:
    """Give what was counted, what the inviter has of it, and what was written off."""
    (row,) = await world.rows(invitations)
    return row.counted, row.earned, row.written_off


async def test_what_an_order_gives_back_takes_its_share_with_it(
    world: World, inviting: Invitations
) -> None:
    await invited(world, inviting)
    order = await ordered(world)
    await end(world, order)
    assert await earned(world, inviting) == 3 * DOLLAR
    await end(world, order, "Partial", remains=5_000)
    assert await earned(world, inviting) == 3 * DOLLAR // 2
    (news,) = [row for row in await world.rows(notices) if row.kind == "earned_back"]
    assert (news.user_id, news.payload) == (
        CUSTOMER,
        {"amount": 3 * DOLLAR // 2, "currency": "USD"},
    )
    await end(world, await ordered(world, quantity=5_000))
    assert await earned(world, inviting) == 3 * DOLLAR
    await end(world, order, "Canceled", remains=10_000)
    assert await earned(world, inviting) == 3 * DOLLAR // 2
    assert await shares(world) == (15 * DOLLAR, 3 * DOLLAR // 2, 0)


async def test_the_same_amounts_again_are_shared_again(world: World, inviting: Invitations) -> None:
    """Each time from nothing to the same: no key of an entry may be in the way."""
    await invited(world, inviting)
    for _ in range(3):
        order = await ordered(world)
        await end(world, order)
        assert await earned(world, inviting) == 3 * DOLLAR
        await end(world, order, "Canceled", remains=10_000)
        assert await earned(world, inviting) == 0
    assert await shares(world) == (0, 0, 0)


async def test_what_an_inviter_has_spent_is_written_off(
    world: World, inviting: Invitations
) -> None:
    await invited(world, inviting)
    order = await ordered(world)
    await end(world, order)
    await inviting.step()
    await spend_all(world, leave=DOLLAR)
    await end(world, order, "Canceled", remains=10_000)
    for _ in range(3):
        await inviting.step()
    assert await world.balance() == 0
    assert await shares(world) == (20 * DOLLAR, 2 * DOLLAR, 20 * DOLLAR)
    await give(world, 50 * DOLLAR)  # their own money is never taken for it later
    await inviting.step()
    assert await world.balance() == 50 * DOLLAR
    await end(world, await ordered(world))  # 30 again: of 20 they have the share already
    await inviting.step()
    assert await world.balance() == 51 * DOLLAR
    assert await shares(world) == (30 * DOLLAR, 3 * DOLLAR, 0)


async def test_a_cap_that_held_more_back_is_looked_at_first(
    world: World, inviting: Invitations
) -> None:
    await invited(world, inviting)
    placed = []
    for _ in range(3):
        placed.append(await ordered(world))
        await end(world, placed[-1])
    assert await earned(world, inviting) == 5 * DOLLAR
    await end(world, placed[0], "Canceled", remains=10_000)
    assert await earned(world, inviting) == 5 * DOLLAR  # 60 that are left are worth it
    await end(world, placed[1], "Canceled", remains=10_000)
    assert await earned(world, inviting) == 3 * DOLLAR
    await end(world, placed[2], "Canceled", remains=10_000)
    assert await earned(world, inviting) == 0


async def test_while_sharing_is_off_shares_are_taken_back_all_the_same(
    world: World, inviting: Invitations
) -> None:
    await invited(world, inviting)
    order = await ordered(world)
    await end(world, order)
    await inviting.step()
    await inviting.choose(on=False)
    await end(world, order, "Canceled", remains=10_000)
    assert await earned(world, inviting) == 0


async def test_many_workers_at_once_take_back_once(world: World, inviting: Invitations) -> None:
    await invited(world, inviting)
    order = await ordered(world)
    await end(world, order)
    await inviting.step()
    await end(world, order, "Canceled", remains=10_000)
    await asyncio.gather(*(inviting_of(world).step() for _ in range(6)))
    assert await earned(world, inviting) == 0
    await check_money(world.database)


async def test_what_was_paid_with_money_that_is_gone_was_not_spent(
    desk: Desk, inviting: Invitations
) -> None:
    """What the wallet is below zero by has paid for nothing; once it is paid in, it has."""
    world = desk.world
    assert (await meet(world, FRIEND, (await inviting.standing(CUSTOMER)).code)).invited
    await desk.pay(await desk.top_ups.ask_stars(FRIEND, 2_500))
    await end(world, await ordered(world))
    assert await earned(world, inviting) == 3 * DOLLAR
    await desk.payments.taken_back("charge-1")
    assert await world.balance(FRIEND) == -30 * DOLLAR
    assert await earned(world, inviting) == 0
    await desk.pay(await desk.top_ups.ask_stars(FRIEND, 1_000), "charge-2")
    assert await world.balance(FRIEND) == -17 * DOLLAR
    assert await earned(world, inviting) == 1_300_000
    await desk.pay(await desk.top_ups.ask_stars(FRIEND, 2_500), "charge-3")
    assert await earned(world, inviting) == 3 * DOLLAR


async def test_shares_of_before_are_followed_as_well(world: World, inviting: Invitations) -> None:
    """Rows that were written before an upgrade have no number of shares: what they say is theirs
    all the same.
    """
    await invited(world, inviting)
    order = await ordered(world)
    await end(world, order)
    await inviting.step()
    await world.database.write(lambda tx: tx.execute(invitations.update().values(shares=0)))
    await end(world, order, "Partial", remains=5_000)
    assert await earned(world, inviting) == 3 * DOLLAR // 2
