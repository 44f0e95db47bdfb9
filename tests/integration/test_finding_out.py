"""Lost orders are found among the provider's ids, or stay with an admin; never the wrong one, never
twice.
"""

from datetime import timedelta
from decimal import Decimal

import pytest

from shop.fulfilment.evidence import EvidenceKind
from storage.enums import OrderState
from storage.queries import facts
from storage.queries.facts import Fact
from storage.rows import Order
from storage.schema.operations import evidence
from storage.schema.orders import order_events
from storage.schema.wallets import ledger
from tests.factories.finding import Search
from tests.harness.world import ADMINS, PACKAGE, PLAYS, VISITS, World


@pytest.fixture
def search(world: World) -> Search:
    return Search(world)


async def state(search: Search, order: Order) -> OrderState:
    return (await search.world.look(order)).state


async def test_a_lost_order_between_two_known_ones_goes_on_by_itself(
    world: World, search: Search
) -> None:
    await search.known()
    lost = await search.lost(there=True)
    await search.known(quantity=200)
    await search.look()
    found = await world.look(lost)
    assert (found.state, found.provider_order_id, found.look_at) == (
        OrderState.PENDING,
        "23502",
        None,
    )
    assert await world.told_admins() == [
        "sending_held",
        "unknown_order",
        "alert_over",
        "found_order",
    ]
    assert [one["id"] for one in await search.signs(lost, EvidenceKind.CANDIDATE)] == ["23502"]
    gap = (await search.signs(lost, EvidenceKind.GAP))[-1]
    assert gap == {
        "last": "23501",
        "first": "23503",
        "asked": 1,
        "ours": 1,
        "complete": True,
        "why": "",
    }
    for _ in range(5):
        await world.later(600)
    assert await state(search, lost) is OrderState.COMPLETED
    assert len([row for row in await world.rows(ledger) if row.key == f"release:{lost.id}"]) == 1
    assert world.line.count("add") == 3
    told = [kind for kind in await world.told() if kind.startswith("order:")]
    assert told.count("order:unknown") == 1
    assert (await search.signs(lost, EvidenceKind.VERDICT))[-1] == {"exists": True, "id": "23502"}


async def test_it_is_found_without_a_later_order_too(search: Search) -> None:
    await search.known()
    lost = await search.lost(there=True)
    await search.look()
    assert await state(search, lost) is OrderState.PENDING


async def test_an_order_that_is_not_there_stays_unknown_and_its_money_held(
    world: World, search: Search
) -> None:
    await search.known()
    await search.watch.refresh()
    world.pass_time(1)
    lost = await search.lost(there=False)
    await search.look()
    world.pass_time(1)
    await search.known()
    await search.looks(8)
    assert await state(search, lost) is OrderState.UNKNOWN
    assert (await search.signs(lost, EvidenceKind.GAP))[-1]["complete"]
    assert not await search.signs(lost, EvidenceKind.CANDIDATE)
    weighed = (await search.signs(lost, EvidenceKind.BALANCE))[-1]
    assert (weighed["speaks"], weighed["before"], weighed["after"]) == (
        "against",
        weighed["after"],
        weighed["before"],
    )
    assert await world.held() == lost.price
    assert "found_order" not in await world.told_admins()
    assert world.line.count("status") < 60


async def test_the_balance_speaks_for_an_order_that_is_there(world: World, search: Search) -> None:
    await search.watch.refresh()
    world.pass_time(1)
    lost = await search.lost(there=True)
    await search.look()
    weighed = (await search.signs(lost, EvidenceKind.BALANCE))[-1]
    assert (weighed["speaks"], weighed["others"], Decimal(weighed["expected"])) == (
        "for",
        0,
        Decimal("0.2"),
    )


async def test_the_balance_says_nothing_where_something_else_moved_it(
    world: World, search: Search
) -> None:
    await search.watch.refresh()
    world.pass_time(1)
    await search.known()
    lost = await search.lost(there=False)
    await search.look()
    weighed = (await search.signs(lost, EvidenceKind.BALANCE))[-1]
    assert (weighed["speaks"], weighed["others"]) == ("", 1)


async def test_a_refund_seen_later_silences_the_balance(world: World, search: Search) -> None:
    known = await search.known()
    await search.watch.refresh()
    world.pass_time(1)
    lost = await search.lost(there=True)
    world.provider.force_order(known.provider_order_id, "Canceled")
    await search.lost(there=False)  # its gap is the same, so that nothing is concluded
    await search.look()
    assert [one["speaks"] for one in await search.signs(lost, EvidenceKind.BALANCE)][-1] == ""
    await world.tracker.sweep()
    await search.looks(3)
    assert (await search.signs(lost, EvidenceKind.BALANCE))[-1]["others"] == 2


async def test_an_operators_top_up_says_nothing(world: World, search: Search) -> None:
    await search.watch.refresh()
    world.pass_time(1)
    lost = await search.lost(there=True)
    world.provider.set_balance("200000")
    await search.look()
    assert (await search.signs(lost, EvidenceKind.BALANCE))[-1]["speaks"] == ""


@pytest.mark.parametrize("fields", [{"quantity": 5000}, {"service": VISITS}, {"service": PACKAGE}])
async def test_an_order_made_by_hand_that_does_not_fit_is_not_taken(
    world: World, search: Search, fields: dict[str, object]
) -> None:
    await search.known()
    lost = await search.lost(there=False)
    by_hand = search.by_hand(**fields)
    await search.known()
    await search.looks(6)
    assert await state(search, lost) is OrderState.UNKNOWN
    candidates = await search.signs(lost, EvidenceKind.CANDIDATE)
    assert [(one["id"], one["fits"], one["why"]) for one in candidates] == [
        (by_hand, False, "charge")
    ]
    # One that does not fit takes no place from the one that does.
    other = await search.lost(there=True, quantity=300)
    await search.known()
    await search.look()
    assert (await world.look(other)).provider_order_id == str(int(by_hand) + 2)


async def test_of_two_that_fit_neither_is_taken(world: World, search: Search) -> None:
    await search.known()
    lost = await search.lost(there=True)
    by_hand = search.by_hand()
    await search.known()
    await search.looks(6)
    assert await state(search, lost) is OrderState.UNKNOWN
    candidates = await search.signs(lost, EvidenceKind.CANDIDATE)
    assert {one["id"]: one["fits"] for one in candidates} == {"23502": True, by_hand: True}
    assert (await search.signs(lost, EvidenceKind.GAP))[-1]["ours"] == 2
    # Nothing is written again and again.
    assert len(await world.rows(evidence)) < 10


@pytest.mark.parametrize("second", [True, False])
async def test_two_equal_lost_orders_are_not_told_apart(
    world: World, search: Search, second: bool
) -> None:
    await search.known()
    lost = [await search.lost(there=True), await search.lost(there=second)]
    await search.known()
    await search.looks(5)
    assert [await state(search, order) for order in lost] == [OrderState.UNKNOWN] * 2
    # Once an admin has said which is which, the other one is alone.
    await search.finder.verdicts.mark_existing(lost[0].id, "23502", ADMINS[0])
    await search.looks(3)
    assert await state(search, lost[1]) is (OrderState.PENDING if second else OrderState.UNKNOWN)
    assert (await world.told_admins()).count("found_order") == (1 if second else 0)


async def test_an_order_that_an_admin_has_ended_may_still_be_the_one(
    world: World, search: Search
) -> None:
    await search.known()
    lost = [await search.lost(there=True), await search.lost(there=False)]
    await search.known()
    await search.finder.verdicts.mark_missing(lost[0].id, ADMINS[0])
    await search.looks(5)
    assert await state(search, lost[1]) is OrderState.UNKNOWN


async def test_a_balance_that_speaks_against_it_leaves_it_to_an_admin(
    world: World, search: Search
) -> None:
    await search.known()
    await search.watch.refresh()
    world.pass_time(1)
    lost = await search.lost(there=False)
    await search.finder.step()  # the balance is asked for
    search.by_hand()
    await search.looks(6)
    assert [one["fits"] for one in await search.signs(lost, EvidenceKind.CANDIDATE)] == [True]
    assert await state(search, lost) is OrderState.UNKNOWN


async def test_two_different_lost_orders_are_both_found(search: Search) -> None:
    await search.known()
    lost = [await search.lost(there=True), await search.lost(there=True, quantity=700)]
    await search.known()
    await search.looks(3)
    assert [(await search.world.look(order)).provider_order_id for order in lost] == [
        "23502",
        "23503",
    ]


@pytest.mark.parametrize("late", [0, 180])
async def test_two_equal_ones_with_a_known_one_between_are_told_apart(
    search: Search, late: int
) -> None:
    await search.known()
    first = await search.lost(there=True)
    await search.known()
    second = await search.lost(there=True)
    await search.known()
    # The provider may take the first one late, so that it may be the second's id: but not so soon.
    search.world.pass_time(late)
    await search.looks(2)
    ids = [(await search.world.look(order)).provider_order_id for order in (first, second)]
    assert ids == ([None, None] if late else ["23502", "23504"])


async def test_an_order_that_is_being_sent_may_have_made_the_id(
    world: World, search: Search
) -> None:
    """The id of an order in flight is answered for before we know whose it is."""
    await search.known()
    lost = await search.lost(there=False)
    seen = []

    async def look_meanwhile(fields: dict[str, str]) -> None:
        if fields["action"] == "add":
            await search.look()
            seen.append(await state(search, lost))

    world.line.after = look_meanwhile
    sent = await search.known()
    world.line.after = None
    await search.looks(6)
    assert seen == [OrderState.UNKNOWN]
    assert sent.provider_order_id == "23502"
    assert await state(search, lost) is OrderState.UNKNOWN
    assert not await search.signs(lost, EvidenceKind.CANDIDATE)


async def test_a_run_of_a_drip_feed_is_not_taken_for_a_lost_order(
    world: World, search: Search
) -> None:
    await search.known(runs=3, interval=1)  # 100 each, as the lost one
    await world.tracker.sweep()  # the first run is known
    world.pass_time(1)
    lost = await search.lost(there=False)
    world.pass_time(70)  # another run, which the tracker has not seen yet
    await search.known(quantity=400)
    await search.look()
    assert [one["fits"] for one in await search.signs(lost, EvidenceKind.CANDIDATE)] == [True]
    assert await state(search, lost) is OrderState.UNKNOWN


async def test_a_lost_drip_feed_is_found_when_the_balance_speaks_for_it(
    world: World, search: Search
) -> None:
    await search.known()
    await search.watch.refresh()
    world.pass_time(1)
    lost = await search.lost(there=True, runs=3, interval=1)
    await search.look()
    assert (await world.look(lost)).provider_order_id == "23502"
    # nobody knows what the balance was before it
    other = await search.lost(there=True, runs=3, interval=1)
    await search.look()
    assert await state(search, other) is OrderState.UNKNOWN


async def test_a_lost_order_is_not_taken_for_its_own_part(world: World, search: Search) -> None:
    await search.known()
    await search.watch.refresh()
    world.pass_time(1)
    lost = await search.lost(there=True, runs=1, interval=1)  # its one run costs as much as it does
    await search.look()
    assert [one["fits"] for one in await search.signs(lost, EvidenceKind.CANDIDATE)] == [True, True]
    assert (await world.look(lost)).provider_order_id == "23502"


async def test_without_an_order_before_it_nothing_is_concluded(search: Search) -> None:
    lost = await search.lost(there=True)
    await search.known()
    await search.looks(6)
    assert await state(search, lost) is OrderState.UNKNOWN
    assert [one["id"] for one in await search.signs(lost, EvidenceKind.CANDIDATE)] == ["23501"]
    gap = (await search.signs(lost, EvidenceKind.GAP))[-1]
    assert (gap["last"], gap["complete"]) == (None, False)


async def test_a_crash_between_attaching_and_telling_is_made_good(
    world: World, search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    await search.known()
    lost = await search.lost(there=True)
    await search.known()

    async def die(self: object, order_id: int) -> bool:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr("shop.recovery.finder.Finder._tell_found", die)
        with pytest.raises(RuntimeError):
            await search.look()
    assert await state(search, lost) is OrderState.PENDING
    assert "found_order" not in await world.told_admins()
    search.leads = other = search.another()
    await other.step()
    await other.step()
    assert (await world.told_admins()).count("found_order") == 1


@pytest.mark.parametrize("steps", [2, 5])
async def test_who_was_away_for_too_long_writes_nothing(
    world: World, search: Search, steps: int
) -> None:
    await search.known()
    lost = await search.lost(there=True)
    await search.known()
    other = search.another()

    async def sleep(fields: dict[str, str]) -> None:
        if fields["action"] == "status" and not slept:
            slept.append(True)
            world.pass_time(60)
            search.leads = other
            for _ in range(steps - 1):
                await other.step()

    slept: list[bool] = []
    world.line.after = sleep
    while not slept:
        await search.finder.step()
    search.leads = search.finder
    await search.look()
    assert await state(search, lost) is OrderState.PENDING
    assert len(await search.signs(lost, EvidenceKind.CANDIDATE)) == 1
    events = [row for row in await world.rows(order_events) if row.order_id == lost.id]
    assert [row.state for row in events][-1] == "pending"
    assert (await world.told_admins()).count("found_order") == 1


async def test_an_id_that_another_order_gets_meanwhile_is_left_to_it(
    world: World, search: Search
) -> None:
    await search.known()
    lost = await search.lost(there=True)
    other = await search.lost(there=False, quantity=900)
    await search.known()
    taken = search.finder.verdicts.mark_existing

    async def too_late(order_id: int, provider_order_id: str, actor: int | None) -> object:
        await search.another().verdicts.mark_existing(other.id, provider_order_id, ADMINS[0])
        return await taken(order_id, provider_order_id, actor)

    object.__setattr__(search.finder, "verdicts", _Slow(too_late))
    await search.look()
    assert await state(search, lost) is OrderState.UNKNOWN
    assert "found_order" not in await world.told_admins()


class _Slow:
    def __init__(self, it_exists: object) -> None:
        self.mark_existing = it_exists


@pytest.mark.parametrize("copied", [None, -31, 3])
async def test_what_a_restore_has_forgotten_may_be_in_the_gap(
    world: World, search: Search, copied: int | None
) -> None:
    """Seconds after the start that the copy was made; the restore was 30 s after it."""
    start = world.clock()
    await search.known()
    made = None if copied is None else (start + timedelta(seconds=copied)).isoformat()
    await world.database.write(
        facts.put, Fact.RESTORED, {"copied_at": made}, start + timedelta(seconds=(copied or 0) + 30)
    )
    world.pass_time(40)
    lost = await search.lost(there=True)
    await search.known()
    await search.looks(2)
    assert await state(search, lost) is (
        OrderState.PENDING if copied == -31 else OrderState.UNKNOWN
    )
    world.pass_time(300)
    later = await search.lost(there=True, quantity=300)
    await search.look()
    assert await state(search, later) is OrderState.PENDING


async def test_the_service_of_the_order_does_not_matter(search: Search) -> None:
    await search.known()
    for service in (PACKAGE, VISITS, PLAYS):
        lost = await search.lost(service, there=True)
        await search.look()
        assert await state(search, lost) is OrderState.PENDING
