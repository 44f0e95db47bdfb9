"""Orders belong to an account at the provider: nothing of one is sent to another, or asked of
it.
"""

from dataclasses import replace

import pytest
from sqlalchemy import update

from shop.operations.provider_account import AccountChangedError, Changed, fingerprint, settle
from shop.ordering.agreement import Agreement
from shop.orders.eligibility import IneligibilityReason, Rules
from shop.outbox import Kind
from storage.enums import OrderState, RequestKind
from storage.schema.orders import orders, requests
from tests.harness.world import ADMINS, CUSTOMER, PLAYS, VISITS, World

OLD, NEW = "old" * 10, "new" * 10


def test_an_account_is_its_endpoint_and_its_key() -> None:
    known = fingerprint("https://panel.example/api/v2", "key")
    assert known == fingerprint("https://PANEL.example/api/v2/", " key ")
    assert known == fingerprint("https://panel.example/api/v2?lang=en", "key")
    assert len(known) == 32
    others = {
        fingerprint("https://panel.example/api/v2", "other"),
        fingerprint("https://other.example/api/v2", "key"),
        fingerprint("https://panel.example/api/v1", "key"),
    }
    assert known not in others
    assert len(others) == 3
    assert "key" not in known


async def start(world: World, account: str, changed: str = ""):
    """Start the shop with an account."""
    settled = await settle(
        world.database, account, Changed(changed), admins=ADMINS, rules=Rules(), now=world.clock()
    )
    object.__setattr__(world.ordering, "account", account)
    world.submitter.agreement = Agreement(account=account, prices=world.prices)
    world.tracker.account = world.requester.account = world.refills.account = account
    world.rules = Rules(account=account)
    world.aftercare = replace(world.aftercare, rules=world.rules)
    return settled


async def test_orders_from_before_belong_to_the_first_account_that_is_seen(world: World) -> None:
    await world.accepted()
    await start(world, OLD)
    await start(world, OLD)
    assert {row.account for row in await world.rows(orders)} == {OLD}
    order = await world.order(VISITS, link="https://example.com/2")
    assert order.account == OLD


@pytest.mark.parametrize("state", ["queued", "pending", "unknown"])
async def test_another_account_with_open_orders_is_refused_in_a_sentence(
    world: World, state: str
) -> None:
    await start(world, OLD)
    if state == "unknown":
        world.line.says["add"] = "<html>"
    order = await world.order()
    if state != "queued":
        await world.submit()
    assert (await world.look(order)).state == state
    with pytest.raises(AccountChangedError, match="1 order is open: set PANEL_CHANGED=follow"):
        await start(world, NEW)
    await start(world, OLD)  # the settings are put right
    assert (await world.look(order)).account == OLD


async def test_without_open_orders_another_account_is_just_another(world: World) -> None:
    await start(world, OLD)
    order = await world.accepted()
    world.provider.force_order(order.provider_order_id, "Completed")
    world.pass_time(31)
    await world.tracker.sweep()
    await start(world, NEW)
    asked = world.line.count("status")
    for _ in range(5):
        await world.later(3600)
    # ended orders of the old one are not asked for any more
    assert world.line.count("status") == asked
    assert (
        world.rules.refill(
            await world.look(order), await world.service(PLAYS), [], world.clock()
        ).why
        is IneligibilityReason.ELSEWHERE
    )


async def test_the_same_account_under_a_new_key_is_followed(world: World) -> None:
    await start(world, OLD)
    running, waiting = (
        await world.accepted(),
        await world.order(VISITS, link="https://example.com/2"),
    )
    assert (await start(world, NEW, "follow")).followed == 2
    await world.submit()
    assert (await world.look(waiting)).state == "pending"
    world.provider.force_order(running.provider_order_id, "Completed")
    world.pass_time(31)
    await world.tracker.sweep()
    assert (await world.look(running)).state == "completed"


async def test_what_is_queued_is_never_sent_to_another_account_than_agreed(world: World) -> None:
    await start(world, OLD)
    waiting = await world.order()
    assert (await start(world, NEW, "new")).left == 1
    for _ in range(3):
        await world.later(301)
    there = await world.look(waiting)
    assert (there.state, there.waiting) == ("queued", "changed")
    assert world.line.count("add") == 0
    form = await world.ordering.agree_again(CUSTOMER, waiting.id)
    new = (await world.ordering.submit(CUSTOMER, form.draft.id)).order
    await world.submit()
    assert (await world.look(new)).state == "pending"
    assert (await world.look(new)).account == NEW


async def test_what_was_open_at_another_account_is_asked_of_nobody(world: World) -> None:
    await start(world, OLD)
    running = await world.accepted()
    await world.aftercare.ask(CUSTOMER, running.id, RequestKind.CANCEL)
    await start(world, NEW, "new")
    sent = len(world.line.sent)
    for _ in range(5):
        await world.later(3600)
        await world.request()
        await world.refills.step()
    assert world.line.sent[sent:] == []
    assert (await world.look(running)).state == OrderState.PENDING
    assert {row.state for row in await world.rows(requests)} == {"unknown"}
    assert "account_changed" in await world.told_admins()


async def test_two_accounts_may_give_the_same_number(world: World) -> None:
    await start(world, OLD)
    first = await world.accepted()
    await start(world, NEW, "new")
    world.line.says["add"] = f'{{"order": {first.provider_order_id}}}'
    second = await world.accepted(VISITS, link="https://example.com/2")
    assert (second.state, second.provider_order_id) == ("pending", first.provider_order_id)
    with pytest.raises(AccountChangedError, match="two accounts"):
        await start(world, OLD, "follow")
    await start(world, OLD, "new")  # back again: its own orders are asked for again
    world.provider.force_order(first.provider_order_id, "Completed")
    world.pass_time(31)
    await world.tracker.sweep()
    assert (await world.look(first)).state == "completed"
    assert (await world.look(second)).state == "pending"


class TestNumbersAnew:
    """The provider begins its numbers anew: an admin is asked, once."""

    async def old_order(self, world: World, days: int = 40):
        order = await world.accepted()
        world.provider.force_order(order.provider_order_id, "Completed")
        world.pass_time(31)
        await world.tracker.sweep()
        world.pass_time(days * 86_400)
        world.line.says["add"] = f'{{"order": {order.provider_order_id}}}'
        return await world.look(order)

    def asked(self, world: World):
        from shop.fulfilment.reused_ids import ReusedIds
        from shop.recovery.resolution import Verdicts

        verdicts = Verdicts(world.database, ADMINS, world.bells, world.clock)
        return ReusedIds(world.database, ADMINS, verdicts.attach, world.bells, world.clock)

    async def test_one_question_and_no_wall_of_unknown_orders(self, world: World) -> None:
        old = await self.old_order(world)
        placed = [
            await world.order(VISITS, link=f"https://example.com/{number}") for number in range(20)
        ]
        for _ in range(5):
            await world.later(61)
        states = [str((await world.look(order)).state) for order in placed]
        assert (states.count("unknown"), states.count("queued")) == (1, 19)
        assert await world.told_admins() == ["sending_held", "unknown_order", "numbers_anew"]
        del world.line.says["add"]
        question = await world.asked(Kind.NUMBERS_ANEW)
        assert await self.asked(world).answer(ADMINS[0], question, anew=True)
        assert not await self.asked(world).answer(ADMINS[1], question, anew=True)
        await world.submit()
        assert {(await world.look(order)).state for order in placed} == {"pending"}
        assert (await world.look(placed[0])).provider_order_id == old.provider_order_id
        there = await world.look(old)
        assert (there.provider_order_id, there.account) == (old.provider_order_id, "~1")
        assert await world.held() == 0

    async def test_after_a_yes_old_numbers_give_way_by_themselves(self, world: World) -> None:
        await self.old_order(world)
        await world.order(link="https://example.com/1")
        await world.submit()
        await self.asked(world).answer(ADMINS[0], await world.asked(Kind.NUMBERS_ANEW), anew=True)
        del world.line.says["add"]
        later = await self.old_order(world)
        next_one = await world.accepted(link="https://example.com/2")
        assert (next_one.state, next_one.provider_order_id) == ("pending", later.provider_order_id)

    async def test_a_no_leaves_the_order_to_triage_and_lets_the_others_go(
        self, world: World
    ) -> None:
        old = await self.old_order(world)
        lost = await world.order(VISITS, link="https://example.com/1")
        await world.submit()
        await self.asked(world).answer(ADMINS[0], await world.asked(Kind.NUMBERS_ANEW), anew=False)
        del world.line.says["add"]
        other = await world.accepted(VISITS, link="https://example.com/2")
        assert other.state == "pending"
        assert (await world.look(lost)).state == "unknown"
        assert (await world.look(old)).account == ""

    async def test_a_young_order_of_that_number_is_a_conflict_as_before(self, world: World) -> None:
        await self.old_order(world, days=3)
        lost = await world.order(VISITS, link="https://example.com/1")
        await world.submit()
        assert (await world.look(lost)).state == "unknown"
        assert await world.told_admins() == [
            "sending_held",
            "unknown_order",
            "conflict",
            "alert_over",
        ]


async def test_a_rising_number_of_accounts_of_the_past(world: World) -> None:
    from storage.queries import accounts

    first = await world.accepted()
    second = await world.accepted(link="https://example.com/2")

    def transaction(tx):
        tx.execute(update(orders).values(state="completed"))
        accounts.set_aside(tx, first.id, "")
        accounts.set_aside(tx, second.id, "")
        tx.execute(update(orders).values(state="pending"))

    await world.database.write(transaction)
    assert [row.account for row in await world.rows(orders)] == ["~1", "~2"]
