"""An admin's word on an unknown order settles it once, whoever says what at the same time."""

import asyncio

import pytest
from sqlalchemy import insert

from shop.access import Billing
from shop.errors import BadAnswerError, NotFoundError
from shop.fulfilment.evidence import EvidenceKind
from shop.recovery.attention import AttentionReason
from shop.recovery.resolution import CHECK_LASTS, Verdicts
from storage.enums import OrderState
from storage.rows import Order
from storage.schema.base import LONGEST_ID
from storage.schema.messages import notices
from storage.schema.orders import order_events, order_parts
from storage.schema.wallets import ledger
from tests.factories.entry_keys import entry_key
from tests.factories.parents import drip_feed, open_parents, parts_of
from tests.factories.triage import Desk, unknown
from tests.harness.books import check_money
from tests.harness.world import ADMINS, CUSTOMER, DOLLAR, World, open_world

FULL, PRICE = 100 * DOLLAR, 300_000
DAY = 24 * 3600


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


@pytest.fixture
def verdicts(world: World) -> Verdicts:
    return Verdicts(world.database, ADMINS, world.bells, world.clock)


async def test_an_order_that_exists_goes_on_under_its_id(world: World, verdicts: Verdicts) -> None:
    order = await unknown(world)
    verdict = await verdicts.mark_existing(order.id, "777", ADMINS[0])
    assert verdict.ours
    assert (verdict.order.state, verdict.order.provider_order_id) == (OrderState.PENDING, "777")
    assert (await world.balance(), await world.held()) == (FULL - PRICE, 0)
    assert (await world.told())[-1] == "order:pending"
    assert (await world.rows(order_events))[-1].note == f"found as 777 by {ADMINS[0]}"
    world.line.says["status"] = '{"777": {"status": "Canceled", "charge": "0.00"}}'
    await world.later(100)
    assert await world.balance() == FULL


async def test_an_order_that_does_not_exist_gives_its_money_back(
    world: World, verdicts: Verdicts
) -> None:
    order = await unknown(world)
    verdict = await verdicts.mark_missing(order.id, ADMINS[1])
    assert verdict.ours
    assert (verdict.order.state, verdict.order.refunded) == (OrderState.REJECTED, PRICE)
    assert (await world.balance(), await world.held()) == (FULL, 0)
    assert (await world.told())[-1] == "order:rejected"
    await world.later(1000)
    assert world.line.count("add") == 1


@pytest.mark.parametrize("second", ["exists", "does not", "exists elsewhere"])
@pytest.mark.parametrize("first", ["exists", "does not"])
async def test_of_two_admins_at_once_one_settles_it(
    world: World, verdicts: Verdicts, first: str, second: str
) -> None:
    order = await unknown(world)
    said = {
        "exists": lambda: verdicts.mark_existing(order.id, "777", ADMINS[0]),
        "exists elsewhere": lambda: verdicts.mark_existing(order.id, "778", ADMINS[1]),
        "does not": lambda: verdicts.mark_missing(order.id, ADMINS[1]),
    }
    told = await asyncio.gather(said[first](), said[second]())
    assert sorted(one.ours for one in told) == [False, True]
    assert len([row for row in await world.rows(ledger) if row.key == f"release:{order.id}"]) == 1
    assert not (await said[first]()).ours
    assert len(await world.told()) == 2  # unknown, and what it was
    assert await world.balance() == (
        FULL - PRICE if (await world.look(order)).provider_order_id else FULL
    )
    await check_money(world.database)


async def test_an_id_of_another_order_is_refused_and_nothing_changes(
    world: World, verdicts: Verdicts
) -> None:
    other = await world.accepted(link="https://example.com/other")
    order = await unknown(world)
    for wrong in (other.provider_order_id, "", "7" * (LONGEST_ID + 1)):
        with pytest.raises(BadAnswerError):
            await verdicts.mark_existing(order.id, wrong, ADMINS[0])
    assert (await world.look(order)).state is OrderState.UNKNOWN
    assert await world.held() == PRICE


async def test_two_orders_that_get_one_id_at_once_are_told_apart(
    world: World, verdicts: Verdicts
) -> None:
    lost = [await unknown(world, link=f"https://example.com/{number}") for number in range(2)]
    told = await asyncio.gather(
        *(
            verdicts.mark_existing(order.id, "777", admin)
            for order, admin in zip(lost, ADMINS, strict=True)
        ),
        return_exceptions=True,
    )
    assert sorted(isinstance(one, BadAnswerError) for one in told) == [False, True]
    assert await world.held() == PRICE


async def test_only_admins_say_so_and_only_of_unknown_orders(
    world: World, verdicts: Verdicts
) -> None:
    order = await unknown(world)
    for judged in (
        verdicts.mark_existing(order.id, "777", CUSTOMER),
        verdicts.mark_missing(order.id, CUSTOMER),
    ):
        with pytest.raises(NotFoundError):
            await judged
    with pytest.raises(NotFoundError):
        await verdicts.mark_missing(order.id + 1, ADMINS[0])
    queued = await world.order(link="https://example.com/queued")
    assert not (await verdicts.mark_missing(queued.id, ADMINS[0])).ours
    assert (await world.look(queued)).state is OrderState.QUEUED


# An id that an admin has named: first the provider is asked, then the order goes on.


async def test_an_id_that_fits_is_confirmed_once(world: World, desk: Desk) -> None:
    order = await unknown(world, taken=True)
    check = await desk.check(order, " #23501 ")
    assert check.payload["fits"]
    assert (check.payload["id"], check.actor_id) == ("23501", ADMINS[0])
    assert (check.payload["status"], check.payload["charge"], check.payload["remains"]) == (
        "Pending",
        "0.20",
        100,
    )
    told = await asyncio.gather(*(desk.verdicts.confirm(check.id, admin) for admin in ADMINS))
    assert sorted(one.ours for one in told) == [False, True]
    order = await world.look(order)
    assert (order.state, order.provider_order_id) == (OrderState.PENDING, "23501")
    (said,) = await desk.found(order, EvidenceKind.VERDICT)
    assert said.payload == {"exists": True, "id": "23501"}
    assert said.actor_id in ADMINS
    assert await world.held() == 0
    assert (await world.told())[-1] == "order:pending"


async def test_what_does_not_fit_is_told_and_can_not_be_confirmed(world: World, desk: Desk) -> None:
    order = await unknown(world, taken=True, quantity=500)
    world.line.says["status"] = (
        '{"status": "Pending", "charge": "0.20", "remains": "100", "currency": "USD"}'
    )
    check = await desk.check(order, "23501")
    assert (check.payload["fits"], check.payload["why"]) == (False, "charge")
    assert [one["why"] for one in await desk.answers()] == ["charge"]
    assert await desk.answers(ADMINS[1]) == []
    with pytest.raises(NotFoundError):
        await desk.verdicts.confirm(check.id, ADMINS[0])
    assert (await world.look(order)).state is OrderState.UNKNOWN


async def test_an_id_that_the_provider_does_not_know_is_told(world: World, desk: Desk) -> None:
    order = await unknown(world)
    assert (await desk.check(order, "777")).payload["why"] == "strange"


async def test_an_answer_that_says_nothing_is_the_admins_to_judge(world: World, desk: Desk) -> None:
    order = await unknown(world)
    world.line.says["status"] = '{"status": "In progress"}'
    check = await desk.check(order, "777")
    assert (check.payload["fits"], check.payload["why"]) == (True, "silent")
    assert (await desk.verdicts.confirm(check.id, ADMINS[0])).ours


async def test_an_id_of_another_order_needs_no_asking(world: World, desk: Desk) -> None:
    other = await world.accepted(link="https://example.com/other")
    order = await unknown(world)
    asked = world.line.count("status")
    check = await desk.check(order, str(other.provider_order_id))
    assert (check.payload["why"], check.payload["other"]) == ("taken", other.id)
    assert world.line.count("status") == asked


async def test_an_id_of_a_part_belongs_to_its_parent(database) -> None:
    async with open_parents(database) as world:
        desk = Desk(world)
        parent = await drip_feed(world)
        await world.later(30)
        (part, *_) = await parts_of(world, parent)
        order = await unknown(world, link="https://example.com/lost")
        check = await desk.check(order, part.provider_order_id)
        assert (check.payload["why"], check.payload["other"]) == ("taken", parent.id)
        with pytest.raises(BadAnswerError):
            await desk.verdicts.mark_existing(order.id, part.provider_order_id, ADMINS[0])
        await desk.verdicts.mark_missing(order.id, ADMINS[0])


async def test_a_provider_that_is_away_changes_nothing(world: World, desk: Desk) -> None:
    order = await unknown(world, taken=True)
    world.line.cut = True
    check = await desk.check(order, "23501")
    assert (check.payload["fits"], check.payload["why"]) == (False, "no_answer")
    world.line.cut = False
    await desk.checker.request_known(ADMINS[0], order.id, check.id)  # the button that tries again
    await desk.checker.step()
    assert [one["why"] for one in await desk.answers()] == ["no_answer", ""]


async def test_an_admin_who_changes_their_mind_gets_one_answer(world: World, desk: Desk) -> None:
    order = await unknown(world, taken=True)
    await desk.checker.request(ADMINS[0], order.id, "777")

    async def another(_: dict[str, str]) -> None:
        world.line.after = None
        await desk.checker.request(ADMINS[0], order.id, "23501")

    world.line.after = another
    await desk.checker.step()
    assert await desk.answers() == []
    await asyncio.gather(desk.checker.step(), Desk(world).checker.step())  # two processes
    assert [one["id"] for one in await desk.answers()] == ["23501"]
    assert len(await desk.found(order, EvidenceKind.CHECKED)) == 1


async def test_an_order_that_is_settled_meanwhile_needs_no_id(world: World, desk: Desk) -> None:
    order = await unknown(world, taken=True)
    await desk.checker.request(ADMINS[0], order.id, "23501")
    await desk.verdicts.mark_missing(order.id, ADMINS[1])
    await desk.checker.step()
    assert [one["why"] for one in await desk.answers()] == ["settled"]
    assert await desk.found(order, EvidenceKind.CHECKED) == []
    with pytest.raises(NotFoundError):
        await desk.checker.request(ADMINS[0], order.id, "23501")


async def test_a_check_holds_for_some_minutes_and_the_id_must_be_free_still(
    world: World, desk: Desk
) -> None:
    order, other = (
        await unknown(world, taken=True),
        await unknown(world, link="https://example.com/other"),
    )
    check = await desk.check(order, "23501")
    world.pass_time(CHECK_LASTS.total_seconds() + 1)
    with pytest.raises(BadAnswerError, match="triage-check-old"):
        await desk.verdicts.confirm(check.id, ADMINS[0])
    check = await desk.check(order, "23501")
    await desk.verdicts.mark_existing(other.id, "23501", ADMINS[1])
    with pytest.raises(BadAnswerError, match="taken"):
        await desk.verdicts.confirm(check.id, ADMINS[0])
    assert (await world.look(order)).state is OrderState.UNKNOWN
    await desk.verdicts.mark_missing(order.id, ADMINS[0])


async def test_an_id_that_has_become_a_parts_meanwhile_is_taken(world: World, desk: Desk) -> None:
    parent = await world.accepted(link="https://example.com/parent")
    order = await unknown(world, taken=True)
    check = await desk.check(order, "23502")
    assert check.payload["fits"]
    now = world.clock()

    def transaction(tx):
        row = {
            "order_id": parent.id,
            "provider_order_id": "23502",
            "number": 1,
            "first_seen_at": now,
        }
        tx.execute(insert(order_parts).values(**row, changed_at=now))

    await world.database.write(transaction)
    with pytest.raises(BadAnswerError, match="taken"):
        await desk.verdicts.confirm(check.id, ADMINS[0])
    assert (await world.look(order)).state is OrderState.UNKNOWN


async def test_only_a_check_can_be_confirmed_and_only_by_admins(world: World, desk: Desk) -> None:
    order = await unknown(world, taken=True)
    candidate = await desk.keep(order, EvidenceKind.CANDIDATE, id="23501", fits=True, why="")
    check = await desk.check(order, "23501")
    for evidence, actor in (
        (candidate, ADMINS[0]),
        (check.id, CUSTOMER),
        (check.id + 100, ADMINS[0]),
    ):
        with pytest.raises(NotFoundError):
            await desk.verdicts.confirm(evidence, actor)


async def test_news_since_the_question_is_shown_first(world: World, desk: Desk) -> None:
    order = await unknown(world)
    seen = (await desk.found(order, EvidenceKind.LOST))[-1].id
    news = await desk.keep(order, EvidenceKind.CANDIDATE, id="777", fits=True, why="")
    with pytest.raises(BadAnswerError, match="triage-news"):
        await desk.verdicts.mark_missing(order.id, ADMINS[0], seen=seen)
    assert await world.held() == PRICE
    assert (await desk.verdicts.mark_missing(order.id, ADMINS[0], seen=news)).ours
    assert not (await desk.verdicts.mark_missing(order.id, ADMINS[0], seen=seen)).ours
    (said,) = await desk.found(order, EvidenceKind.VERDICT)
    assert (said.payload, said.actor_id) == ({"exists": False, "id": None}, ADMINS[0])


# Stuck orders: at the provider, but nothing comes of them.


async def test_a_stuck_order_that_does_not_exist_ends_and_gives_the_rest_back(
    world: World, desk: Desk
) -> None:
    order = await desk.change(await desk.missing(), refunded=100_000)
    await world.database.write(_pay_back, order, 100_000)
    told = await asyncio.gather(*(desk.verdicts.mark_missing(order.id, admin) for admin in ADMINS))
    assert sorted(one.ours for one in told) == [False, True]
    order = await world.look(order)
    assert (order.state, order.refunded) == (OrderState.CANCELED, PRICE)
    assert order.settled_by in ADMINS
    assert await world.balance() == FULL
    assert (await world.told())[-1] == "order:canceled"
    assert [row.payload for row in await world.rows(notices)][-1]["refund"] == PRICE - 100_000
    await world.later(3600)  # the provider delivers it all the same
    assert (await world.look(order)).state is OrderState.CANCELED
    assert await world.balance() == FULL


def _pay_back(tx, order: Order, amount: int) -> None:
    from storage.queries import wallet
    from storage.queries.wallet import Account

    wallet.move(
        tx,
        user_id=order.user_id,
        source=Account.SALES,
        target=Account.WALLET,
        amount=amount,
        order_id=order.id,
        key=entry_key(f"refund:{order.id}:0"),
        reason="partial",
        now=order.created_at,
    )


@pytest.mark.parametrize("status", ["Canceled", "Partial", "Completed"])
async def test_an_answer_that_was_under_way_moves_nothing_again(
    world: World, desk: Desk, status: str
) -> None:
    order = await desk.missing()
    world.pass_time(60)
    world.line.says["status"] = (
        f'{{"{order.provider_order_id}": {{"status": "{status}", "remains": "40"}}}}'
    )

    async def meanwhile(_: dict[str, str]) -> None:
        world.line.before = None
        await desk.verdicts.mark_missing(order.id, ADMINS[0])

    world.line.before = meanwhile
    await world.tracker.look([order.id])
    await world.tracker.look([order.id])
    order = await world.look(order)
    assert (order.state, order.refunded) == (OrderState.CANCELED, PRICE)
    assert await world.balance() == FULL
    assert (await world.told()).count("order:canceled") == 1


async def test_a_stuck_order_goes_on_under_its_own_id(world: World, desk: Desk) -> None:
    order = await desk.missing()
    check = await desk.check(order, str(order.provider_order_id))
    assert check.payload["fits"]
    told = await asyncio.gather(*(desk.verdicts.confirm(check.id, admin) for admin in ADMINS))
    assert sorted(one.ours for one in told) == [False, True]
    after = await world.look(order)
    assert (after.state, after.provider_order_id, after.missing_since) == (
        order.state,
        order.provider_order_id,
        None,
    )
    assert (await world.rows(order_events))[-1].note.startswith("checked as 23501 by ")
    assert await desk.case(order) is None
    assert await world.balance() == FULL - PRICE


async def test_a_stuck_order_moves_to_another_id_that_fits(world: World, desk: Desk) -> None:
    order = await desk.missing()
    await desk.change(order, provider_order_id="1")
    assert (await desk.check(order, "1")).payload["why"] == "strange"
    check = await desk.check(order, "23501")
    assert (await desk.verdicts.confirm(check.id, ADMINS[0])).ours
    after = await world.look(order)
    assert (after.provider_order_id, after.missing_since) == ("23501", None)
    await world.later(60)
    assert (await world.look(order)).state is not OrderState.PENDING


async def test_who_says_yes_and_who_says_no_at_once_are_not_both_heard(
    world: World, desk: Desk
) -> None:
    order = await desk.missing()
    check = await desk.check(order, str(order.provider_order_id))
    yes, no = await asyncio.gather(
        desk.verdicts.confirm(check.id, ADMINS[0]),
        desk.verdicts.mark_missing(order.id, ADMINS[1]),
    )
    assert yes.ours != no.ours
    state = (await world.look(order)).state
    assert (state is OrderState.CANCELED, await world.balance()) == (
        no.ours,
        FULL if no.ours else FULL - PRICE,
    )
    assert len(await desk.found(order, EvidenceKind.VERDICT)) == 1


async def test_an_order_that_is_not_stuck_can_not_be_ended(world: World, desk: Desk) -> None:
    order = await world.accepted()
    assert not (await desk.verdicts.mark_missing(order.id, ADMINS[0])).ours
    assert (await world.look(order)).state is OrderState.PENDING


async def test_a_failed_order_can_be_ended_and_is_asked_about_once(
    world: World, desk: Desk
) -> None:
    order = await world.accepted()
    world.provider.force_order(order.provider_order_id, "Fail")
    await world.tracker.look([order.id])
    case = await desk.case(order)
    assert case is not None
    assert case.why is AttentionReason.FAILED
    check = await desk.check(order, str(order.provider_order_id))
    assert (await desk.verdicts.confirm(check.id, ADMINS[0])).ours
    assert await desk.case(order) is None
    world.pass_time(8 * DAY)
    case = await desk.case(order)
    assert case is not None
    assert case.why is AttentionReason.QUIET
    assert (await desk.verdicts.mark_missing(order.id, ADMINS[1])).ours
    assert await world.balance() == FULL


async def test_where_the_house_pays_no_money_moves(database) -> None:
    async with open_world(database, billing=Billing.HOUSE) as world:
        desk, user = Desk(world), await world.customer(ADMINS[0], 0)
        lost, stuck = (
            await unknown(world, user_id=user),
            await desk.missing(user_id=user, link="https://example.com/b"),
        )
        for order in (lost, stuck):
            assert (await desk.verdicts.mark_missing(order.id, ADMINS[0])).ours
        assert [(await world.look(order)).state for order in (lost, stuck)] == [
            "rejected",
            "canceled",
        ]
        assert (await world.look(stuck)).refunded == stuck.price
        assert not [row for row in await world.rows(ledger) if row.order_id]
