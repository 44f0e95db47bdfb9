"""Invitations on both engines: who counts as invited, and that nothing is shared twice."""

import asyncio
from decimal import Decimal

import pytest

from shop.customers.accounts import CurrentUser, People
from shop.errors import NotFoundError, ShopError
from shop.promotions.invitations import Invitations
from storage import Database
from storage.rows import Order
from storage.schema.messages import facts, notices
from storage.schema.payments import invitations
from storage.schema.wallets import ledger
from tests.harness.world import CUSTOMER, DOLLAR, World, check_money, open_world

FRIEND = 7_731_904_777  # beyond 32 bits, and found nowhere by accident
SPENT = 30 * DOLLAR  # 10,000 plays


@pytest.fixture
async def inviting(world: World) -> Invitations:
    found = inviting_of(world)
    await found.choose(on=True, percent=Decimal(10), cap=5 * DOLLAR)
    return found


def inviting_of(world: World) -> Invitations:
    return Invitations(world.database, world.access, lambda: "USD", world.bells, world.clock)


async def meet(world: World, user_id: int, code: str | None) -> CurrentUser:
    people = People(world.database, world.access, frozenset({"en"}), "en", clock=world.clock)
    return await people.get_or_create(
        user_id, first_name="Bob", username=None, language_code="en", invite=code
    )


async def invited(world: World, inviting: Invitations, friend: int = FRIEND) -> int:
    """Let a friend of the customer come by their link, with $1,000 to spend."""
    assert (await meet(world, friend, (await inviting.standing(CUSTOMER)).code)).invited
    await world.customer(friend, dollars=1_000)
    return friend


async def ordered(world: World, quantity: int = 10_000, friend: int = FRIEND) -> Order:
    return await world.accepted(user_id=friend, quantity=quantity)


async def end(world: World, order: Order, status: str = "Completed", remains: int = 0) -> None:
    world.provider.force_order(str(order.provider_order_id), status, remains=remains)
    await world.later(100)


async def earned(world: World, inviting: Invitations) -> int:
    """Share what there is to share, twice; give what the inviter has got of it in all."""
    await inviting.step()
    await inviting.step()
    entries = [row for row in await world.rows(ledger) if row.reason.startswith("invitation")]
    assert {(row.user_id, row.source, row.target) for row in entries} <= {
        (CUSTOMER, "bonus", "wallet"),
        (CUSTOMER, "wallet", "bonus"),
    }
    total = sum(row.amount if row.target == "wallet" else -row.amount for row in entries)
    assert sum(row.earned for row in await world.rows(invitations)) == total
    assert await world.balance() == 100 * DOLLAR + total
    return total


async def test_the_inviter_gets_a_share_of_what_is_spent(
    world: World, inviting: Invitations
) -> None:
    await invited(world, inviting)
    order = await ordered(world)
    assert await earned(world, inviting) == 0
    await end(world, order)
    assert await earned(world, inviting) == 3 * DOLLAR
    (news,) = [row for row in await world.rows(notices) if row.kind == "earned"]
    assert (news.user_id, news.payload) == (CUSTOMER, {"amount": 3 * DOLLAR, "currency": "USD"})
    standing = await inviting.standing(CUSTOMER)
    assert (standing.came, standing.earned) == (1, 3 * DOLLAR)


async def test_the_keys_and_facts_that_stay_name_nobody(
    world: World, inviting: Invitations
) -> None:
    await invited(world, inviting)
    await end(world, await ordered(world))
    await inviting.step()
    assert not any(
        str(FRIEND) in row.key for row in await world.rows(ledger) if "invite" in row.key
    )
    assert not any(str(FRIEND) in row.name for row in await world.rows(facts))


async def test_only_what_is_kept_of_a_partial_order_counts(
    world: World, inviting: Invitations
) -> None:
    await invited(world, inviting)
    await end(world, await ordered(world), "Partial", remains=5_000)
    assert await earned(world, inviting) == 3 * DOLLAR // 2


async def test_canceled_orders_bring_nothing(world: World, inviting: Invitations) -> None:
    await invited(world, inviting)
    await end(world, await ordered(world), "Canceled", remains=10_000)
    assert await earned(world, inviting) == 0


async def test_an_order_that_reopens_is_not_shared_again(
    world: World, inviting: Invitations
) -> None:
    await invited(world, inviting)
    order = await ordered(world)
    await end(world, order)
    assert await earned(world, inviting) == 3 * DOLLAR
    await end(world, order, "In progress", remains=9_000)
    assert await earned(world, inviting) == 3 * DOLLAR
    await end(world, order)
    assert await earned(world, inviting) == 3 * DOLLAR


async def test_one_invited_person_brings_no_more_than_the_cap(
    world: World, inviting: Invitations
) -> None:
    await invited(world, inviting)
    for _ in range(2):
        await end(world, await ordered(world))
    assert await earned(world, inviting) == 5 * DOLLAR
    await end(world, await ordered(world))
    assert await earned(world, inviting) == 5 * DOLLAR
    other = await invited(world, inviting, 778)
    await end(world, await ordered(world, friend=other))
    assert await earned(world, inviting) == 8 * DOLLAR


async def test_what_is_spent_while_it_is_off_is_never_shared(
    world: World, inviting: Invitations
) -> None:
    await invited(world, inviting)
    await inviting.choose(on=False)
    await end(world, await ordered(world))
    await inviting.choose(on=True)
    assert await earned(world, inviting) == 0
    await end(world, await ordered(world, quantity=1_000))
    assert await earned(world, inviting) == 300_000


async def test_other_terms_hold_for_what_comes_after(world: World, inviting: Invitations) -> None:
    await invited(world, inviting)
    await end(world, await ordered(world, quantity=1_000))
    await inviting.choose(percent=Decimal(20))
    await end(world, await ordered(world, quantity=1_000))
    assert await earned(world, inviting) == 300_000 + 600_000


async def test_many_workers_at_once_share_once(world: World, inviting: Invitations) -> None:
    await invited(world, inviting)
    await invited(world, inviting, 778)
    for friend in (FRIEND, 778):
        await end(world, await ordered(world, friend=friend))
    await asyncio.gather(*(inviting_of(world).step() for _ in range(6)))
    assert await earned(world, inviting) == 6 * DOLLAR
    await check_money(world.database)


async def test_the_first_look_of_a_process_finds_what_ended_long_ago(
    world: World, inviting: Invitations
) -> None:
    await inviting.step()
    await invited(world, inviting)
    await end(world, await ordered(world))
    world.pass_time(100_000)
    await inviting_of(world).step()
    assert await earned(world, inviting) == 3 * DOLLAR


async def test_only_somebody_new_is_invited_and_once(world: World, inviting: Invitations) -> None:
    code = (await inviting.standing(CUSTOMER)).code
    assert not (await meet(world, CUSTOMER, code)).invited
    assert not (await meet(world, 881, None)).invited
    assert not (await meet(world, 881, code)).invited
    assert not (await meet(world, 882, "no-such-code")).invited
    assert (await meet(world, 883, code)).invited
    assert not (await meet(world, 883, code)).invited
    results = await asyncio.gather(*(meet(world, 884, code) for _ in range(4)))
    assert sum(person.invited for person in results) == 1
    assert [(row.invited_id, row.inviter_id) for row in await world.rows(invitations)] == [
        (883, CUSTOMER),
        (884, CUSTOMER),
    ]


async def test_who_was_erased_and_comes_back_is_not_invited_again(
    world: World, inviting: Invitations
) -> None:
    code = (await inviting.standing(CUSTOMER)).code
    assert (await meet(world, FRIEND, code)).invited

    def transaction(tx):
        tx.exec_driver_sql(f"DELETE FROM invitations WHERE invited_id = {FRIEND}")
        tx.exec_driver_sql(f"DELETE FROM users WHERE id = {FRIEND}")

    await world.database.write(transaction)
    assert not (await meet(world, FRIEND, code)).invited


async def test_a_link_is_made_once_and_does_not_tell_whose_it_is(
    world: World, inviting: Invitations
) -> None:
    codes = {
        standing.code
        for standing in await asyncio.gather(*(inviting.standing(CUSTOMER) for _ in range(5)))
    }
    (code,) = codes
    assert str(CUSTOMER) not in code
    assert await inviting.owns(CUSTOMER, code)


async def test_until_an_admin_turns_it_on_nobody_is_invited(
    world: World, inviting: Invitations
) -> None:
    code = (await inviting.standing(CUSTOMER)).code
    await inviting.choose(on=False)
    assert not (await meet(world, FRIEND, code)).invited
    with pytest.raises(NotFoundError) as caught:
        await inviting.standing(CUSTOMER)
    assert caught.value.key == "error-invitations-off"


@pytest.mark.parametrize(
    "wrong", [{"percent": Decimal(51)}, {"percent": Decimal(0)}, {"cap": 0}, {"cap": 2**63}]
)
async def test_terms_that_can_not_be_are_refused(world: World, wrong) -> None:
    with pytest.raises(ShopError):
        await inviting_of(world).choose(**wrong)
    assert not (await inviting_of(world).all())[0].on


async def test_where_the_house_pays_nobody_earns(database: Database) -> None:
    async with open_world(database, billing="house") as world:
        with pytest.raises(NotFoundError):
            await inviting_of(world).choose(on=True)
        with pytest.raises(ShopError):
            await inviting_of(world).standing(9001)
