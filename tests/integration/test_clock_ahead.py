"""A clock that was ahead for a moment hides nothing once it is right again, and the admins are told
once.
"""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from shop.clock import has_passed
from shop.customers.privacy import Privacy
from shop.errors import ShopError
from shop.leases import Leadership
from shop.operations.clock_watch import ClockWatch
from shop.outbox import Kind
from shop.payments.audit import Auditor
from shop.promotions.coupons import Coupons
from shop.provider import brake
from shop.wakeups import Wakeups
from storage.enums import OrderState, RequestKind
from storage.queries import facts, notices
from storage.queries.future_times import MARGIN, Longest
from storage.schema.messages import notices as notice_rows
from storage.schema.operations import leases, limited
from storage.schema.orders import orders, requests
from storage.schema.payments import invoices
from tests.harness.clock import Clock
from tests.harness.outbox import due as outbox_due
from tests.harness.paying import POOR, Desk, open_desk
from tests.harness.world import ADMINS, CUSTOMER, DOLLAR, VISITS, World
from tests.integration.test_agreement import rise

JUMPS = [timedelta(minutes=30), timedelta(hours=5), timedelta(days=400)]


@pytest.fixture
async def desk(world: World) -> AsyncIterator[Desk]:
    async with open_desk(world, stars_per_day=1_000) as opened:
        yield opened


def watch(world: World) -> ClockWatch:
    return ClockWatch(
        world.database, Longest(timedelta(minutes=11)), ADMINS, world.bells, world.clock
    )


async def nothing_is_ahead(world: World) -> None:
    """Run the watch twice: what it has put right once is right."""
    await watch(world).step()
    told = [row for row in await world.rows(notice_rows) if row.kind == Kind.CLOCK_AHEAD]
    assert [row.user_id for row in told] == sorted(ADMINS)
    rows = told[0].payload["rows"]
    assert rows > 0
    await watch(world).step()
    assert len(
        [row for row in await world.rows(notice_rows) if row.kind == Kind.CLOCK_AHEAD]
    ) == len(told)
    known = await world.database.read(facts.get, "alert:clock_ahead")
    assert known is not None
    assert known[0] == {"rows": rows}


@pytest.mark.parametrize("jump", JUMPS)
async def test_an_order_of_that_moment_is_sent_and_followed(world: World, jump: timedelta) -> None:
    accepted = await world.accepted(link="https://example.com/before")
    world.clock.now += jump
    queued = await world.order()
    world.provider.force_order(accepted.provider_order_id, "In progress", remains=50)
    await world.tracker.look([accepted.id])
    world.clock.now -= jump
    await nothing_is_ahead(world)
    await world.submit()
    assert (await world.look(queued)).state is OrderState.PENDING
    world.provider.force_order(accepted.provider_order_id, "Completed")
    await world.later(600)
    assert (await world.look(accepted)).state is OrderState.COMPLETED
    for row in await world.rows(orders):
        for name in (
            "created_at",
            "not_before",
            "submitted_at",
            "changed_at",
            "started_at",
            "finished_at",
        ):
            assert getattr(row, name) is None or getattr(row, name) <= world.clock() + MARGIN, name


@pytest.mark.parametrize("jump", JUMPS)
async def test_an_order_that_is_being_sent_keeps_its_time_for_it(
    world: World, jump: timedelta
) -> None:
    """Its answer may come at any moment: it is lost only when its process does not come back."""
    await world.order()
    world.clock.now += jump
    claimed = []

    async def claim(_: object) -> None:
        world.line.before = None
        world.clock.now -= jump
        await watch(world).step()
        assert await world.another_submitter().recover(everything=False) == 0
        claimed.append(True)

    world.line.before = claim
    await world.submit()
    assert claimed
    (order,) = await world.rows(orders)
    assert order.state == "pending"


@pytest.mark.parametrize("jump", JUMPS)
async def test_money_goes_back_in_time_although_the_waiting_began_in_that_moment(
    world: World, jump: timedelta
) -> None:
    order = await world.order()
    await rise(world)
    world.clock.now += jump
    await world.submit()
    assert (await world.look(order)).waiting == "changed"
    world.clock.now -= jump
    await watch(world).step()
    for _ in range(26):
        await world.later(3_600)
    assert (await world.look(order)).state is OrderState.CANCELED


@pytest.mark.parametrize("jump", [JUMPS[0], JUMPS[2]])
@pytest.mark.parametrize("kind", ["closed", "a look in vain", "words"])
async def test_a_brake_of_that_moment_opens(world: World, kind: str, jump: timedelta) -> None:
    await world.order(VISITS, link="https://example.com/first")
    await world.order(VISITS, link="https://example.com/second")
    page = "<html>502 Bad Gateway</html>"
    if kind == "a look in vain":
        world.line.says |= {"add": page, "balance": page}
        await world.submitter.step()
    world.clock.now += jump
    if kind == "words":
        await world.database.write(
            brake.close, brake.BrakeReason.WORDS, world.clock(), ADMINS, text="Nein", words="nein"
        )
    else:
        world.line.says["add"] = page
        await world.submitter.step()
    world.clock.now -= jump
    world.line.says.clear()
    await watch(world).step()
    await world.submit()
    assert (await world.database.read(brake.brake)) is None
    assert "queued" not in [order.state for order in await world.rows(orders)]


async def test_one_that_lost_its_process_then_is_found(world: World) -> None:
    await world.order()
    world.clock.now += timedelta(days=400)
    await world.database.write(
        lambda tx: tx.execute(
            orders.update().values(
                state="submitting",
                submitted_at=world.clock(),
                lease_until=world.clock(),
                lease_owner="dead",
            )
        )
    )
    world.clock.now -= timedelta(days=400)
    await watch(world).step()
    world.pass_time(700)
    assert await world.submitter.recover(everything=False) == 1


@pytest.mark.parametrize("jump", JUMPS)
async def test_what_is_asked_for_in_that_moment_is_sent(world: World, jump: timedelta) -> None:
    accepted = await world.accepted()
    world.clock.now += jump
    await world.aftercare.ask(CUSTOMER, accepted.id, RequestKind.CANCEL)
    world.clock.now -= jump
    assert not await world.requester.step()
    await watch(world).step()
    assert await world.requester.step()
    (row,) = await world.rows(requests)
    assert row.state == "accepted"


@pytest.mark.parametrize("jump", JUMPS)
async def test_what_is_to_be_said_is_said(world: World, jump: timedelta) -> None:
    world.clock.now += jump
    await world.database.write(notices.add, user_id=CUSTOMER, kind="support", now=world.clock())
    world.clock.now -= jump
    await watch(world).step()
    due = await world.database.read(outbox_due, world.clock(), limit=10)
    assert "support" in [row.kind for row in due]


async def test_what_waits_for_its_reader_s_hour_waits(world: World) -> None:
    hour = world.clock() + timedelta(hours=30)
    await world.database.write(notices.add, user_id=CUSTOMER, kind="order", now=world.clock())
    await world.database.write(
        notices.hold, [row.id for row in await world.rows(notice_rows)], hour
    )
    await watch(world).step()
    assert {row.not_before for row in await world.rows(notice_rows)} == {hour}
    assert not [row for row in await world.rows(notice_rows) if row.kind == Kind.CLOCK_AHEAD]


async def test_limits_of_that_moment_end_when_they_should(desk: Desk) -> None:
    world, jump = desk.world, timedelta(days=400)
    gifts = Coupons(world.database, world.access, lambda: "USD", world.bells, world.clock)
    await gifts.turn(on=True)
    await gifts.create(9001, "GIFT 5")
    world.clock.now += jump
    for number in range(10):
        with pytest.raises(ShopError):
            await gifts.redeem(POOR, f"GUESS{number}")
    await desk.pay(await desk.top_ups.ask_stars(POOR, 600))
    await desk.top_ups.ask_stars(POOR, 300)
    for _ in range(10):
        await desk.manual.cancel(POOR, (await desk.manual.ask(POOR, DOLLAR)).id)
    world.clock.now -= jump
    await nothing_is_ahead(world)
    for refused in (
        gifts.redeem(POOR, "GIFT"),
        desk.top_ups.ask_stars(POOR, 101),
        desk.manual.ask(POOR, DOLLAR),
    ):
        with pytest.raises(ShopError):  # they count as if they were of now
            await refused
    world.pass_time(24 * 3600 + 1)
    await gifts.redeem(POOR, "GIFT")
    await desk.top_ups.ask_stars(POOR, 1_000)
    await desk.manual.ask(POOR, DOLLAR)
    assert all(row.at <= world.clock() for row in await world.rows(limited))
    opened = [row for row in await world.rows(invoices) if row.state == "open"]
    assert all(row.expires_at <= world.clock() + timedelta(hours=24) for row in opened)


async def test_crypto_pay_is_looked_at_again_at_once(desk: Desk) -> None:
    await desk.top_ups.ask_crypto(POOR, 5 * DOLLAR)
    await desk.crypto.step()
    desk.world.clock.now += timedelta(days=400)
    await desk.crypto.step()
    desk.world.clock.now -= timedelta(days=400)
    desk.crypto_bot.invoices[next(iter(desk.crypto_bot.invoices))].pay(
        desk.crypto_bot.clock(), "TON", 2
    )
    await desk.crypto.step()
    assert await desk.world.balance(POOR) == 5 * DOLLAR


async def test_the_audit_and_other_daily_work_go_on(world: World) -> None:
    auditor = Auditor(world.database, ADMINS, Wakeups(), world.clock)
    world.clock.now += timedelta(days=400)
    await auditor.pause()
    world.clock.forward(minutes=6)
    await auditor.step()
    world.clock.now -= timedelta(days=400)
    assert await auditor.pause() <= 300
    world.clock.forward(minutes=6)
    assert await auditor.pause() == 0
    privacy = Privacy(world.database, lambda: "USD", world.clock)
    world.clock.now += timedelta(days=1)
    (await privacy.export(CUSTOMER))[1].close()
    world.clock.now -= timedelta(days=1)
    (await privacy.export(CUSTOMER))[1].close()


async def test_the_lead_of_that_moment_is_kept_by_its_process(world: World) -> None:
    clock = Clock()
    alive, dead, other = (Leadership(world.database, clock) for _ in range(3))
    clock.now += timedelta(days=400)
    await alive.heartbeat()
    await dead.heartbeat()
    clock.now -= timedelta(days=400)
    world.clock.now = clock.now
    assert not alive.is_held()
    await alive.heartbeat()
    assert alive.is_held()
    await watch(world).step()
    await other.heartbeat()
    assert not other.is_held()
    clock.forward(seconds=6)
    await alive.heartbeat()
    assert alive.is_held()
    assert {row.name: row.until for row in await world.rows(leases)} == {
        "process:" + dead.owner: clock() - timedelta(seconds=6),
        **dict.fromkeys(["process:" + alive.owner, "workers"], clock() + timedelta(seconds=25)),
        "process:" + other.owner: clock() + timedelta(seconds=19),
    }


@pytest.mark.parametrize("ago", [-400 * 86_400, -1, 0, 59, 60, 400 * 86_400])
def test_a_wait_whose_begin_is_still_to_come_is_over(ago: int) -> None:
    now = Clock()()
    assert has_passed(now - timedelta(seconds=ago), timedelta(minutes=1), now) is (
        ago < 0 or ago >= 60
    )


async def test_the_alert_is_given_anew_after_a_day(world: World) -> None:
    for _ in range(2):
        await world.database.write(facts.put, "x", {}, world.clock() + timedelta(days=9))
        await watch(world).step()
        world.clock.forward(hours=25)
        await watch(world).step()
    assert len(
        [row for row in await world.rows(notice_rows) if row.kind == Kind.CLOCK_AHEAD]
    ) == 2 * len(ADMINS)
