"""After an answer that says nothing, nothing else is sent until the provider speaks again: a read,
one order, all.
"""

import asyncio
import itertools

import httpx
import pytest

from shop.outbox import Kind
from shop.provider import brake
from shop.provider.balance import BalanceWatch
from shop.provider.brake import BrakeReason, Phase
from shop.provider.held_queue import Sending
from storage.schema.messages import notices
from tests.harness.world import ADMINS, PLAYS, REVIEWS, VISITS, World

WORDS = {"comments": ["One", "Two"]}  # what a review needs
GATEWAY = httpx.ReadTimeout("lost")
UNREADABLE = "<html><title>502 Bad Gateway</title></html>"


async def held(world: World) -> brake.Brake | None:
    return await world.database.read(brake.brake)


async def queue(world: World, many: int, service: str = VISITS) -> list:
    return [
        await world.order(service, link=f"https://example.com/{service}/{number}")
        for number in range(many)
    ]


async def states(world: World, placed: list) -> list[str]:
    return [str((await world.look(order)).state) for order in placed]


@pytest.mark.parametrize("page", [UNREADABLE, GATEWAY])
async def test_one_bad_gateway_makes_one_order_unknown_and_not_sixty(world: World, page) -> None:
    placed = await queue(world, 60)
    world.line.says |= {"add": page, "balance": page}
    for _ in range(10):
        await world.later(20)
    assert (await states(world, placed)).count("unknown") == 1
    assert world.line.count("add") == 1
    assert await world.told_admins() == ["sending_held", "unknown_order"]

    world.line.says.clear()
    world.pass_time(60)
    assert await world.submitter.step()  # the balance is answered
    assert (await held(world)).phase is Phase.ONE
    sent = world.line.count("add")
    assert await world.submitter.step()
    assert world.line.count("add") == sent + 1
    assert await held(world) is None
    await world.submit()
    assert (await states(world, placed)).count("pending") == 59
    assert await world.told_admins() == ["sending_held", "unknown_order", "alert_over"]
    (over, *_) = [row for row in await world.rows(notices) if row.kind == "alert_over"]
    assert over.payload == {"of": "sending_held", "how": "waited", "count": 59, "seconds": 240}
    assert over.alert == "alert:sending_held"


async def test_four_senders_at_once_lose_no_more_than_what_was_on_its_way(world: World) -> None:
    placed = await queue(world, 30)
    senders = [world.submitter, *(world.another_submitter() for _ in range(3))]
    world.line.says |= {"add": UNREADABLE, "balance": UNREADABLE}
    for _ in range(8):
        for sender in senders:
            while await sender.step():
                pass
        world.pass_time(61)
    assert (await states(world, placed)).count("unknown") <= 4
    assert await world.told_admins() == [
        "sending_held",
        *["unknown_order"] * world.line.count("add"),
    ]


async def test_an_order_that_is_tried_and_gets_lost_too_closes_it_again_without_another_alert(
    world: World,
) -> None:
    placed = await queue(world, 5)
    world.line.says["add"] = UNREADABLE  # reads are answered all the time
    for _ in range(3):
        await world.submitter.step()  # an order, then a read
        await world.submitter.step()
    assert (await states(world, placed)).count("unknown") == 3
    assert [kind for kind in await world.told_admins() if kind != "unknown_order"] == [
        "sending_held"
    ]


async def test_where_only_add_fails_the_next_is_tried_later_each_time(world: World) -> None:
    placed = await queue(world, 30)
    world.line.says["add"] = UNREADABLE  # reads are answered all the time
    tried = []
    for _ in range(5 * 60):
        before = world.line.count("add")
        await world.submit()
        tried += [world.clock()] * (world.line.count("add") - before)
        world.pass_time(60)
    gaps = [(later - first).total_seconds() / 60 for first, later in itertools.pairwise(tried)]
    assert gaps == [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert [kind for kind in await world.told_admins() if kind != "unknown_order"] == [
        "sending_held"
    ]
    world.line.says.clear()
    world.pass_time(3_600)
    await world.submit()
    assert (await states(world, placed)).count("pending") == 30 - 12
    world.line.says["add"] = UNREADABLE  # an order was taken in between
    (lost, _) = await queue(world, 2, PLAYS)
    await world.submit()
    assert (await world.look(lost)).state == "unknown"
    assert await world.submitter.next_turn() is None


async def test_orders_that_come_one_by_one_do_not_begin_it_anew(world: World) -> None:
    world.line.says["add"] = UNREADABLE
    for number in range(30):
        await world.order(VISITS, link=f"https://example.com/{number}")
        await world.later(10)
    assert world.line.count("add") <= 6
    assert (await world.told_admins()).count("sending_held") <= 2


@pytest.mark.parametrize(
    "said",
    [
        *(
            '{"balance": null}',
            '{"balance": ""}',
            '{"balance": []}',
            '{"balance": false}',
            '{"status": "ok"}',
            "[]",
        ),
        *(
            '{"balance": {"error": "x"}}',
            '{"balance": "<html>502</html>"}',
            '{"balance": "0", "error": "Server Error"}',
        ),
        lambda: httpx.Response(502, json={"balance": "5"}),
        lambda: httpx.Response(200, json={"balance": "5", "success": False}),
    ],
)
async def test_only_a_figure_in_an_answer_without_an_error_opens_it(world: World, said) -> None:
    await world.accepted(PLAYS)
    await queue(world, 3)
    world.line.says |= dict.fromkeys(["add", "status", "services"], UNREADABLE) | {"balance": said}
    watch = BalanceWatch(world.database, world.panel, ADMINS, bells=world.bells, clock=world.clock)
    for _ in range(3):
        await watch.refresh()
        await world.submit()
        world.pass_time(61)
    assert world.line.count("add") == 1 + 1
    assert (await held(world)).phase is Phase.CLOSED


@pytest.mark.parametrize("of_ours", [True, False])
async def test_a_provider_that_shows_no_figure_is_asked_for_something_else(
    world: World, of_ours: bool
) -> None:
    if of_ours:
        await world.accepted(PLAYS)
    placed = await queue(world, 3)
    world.line.says |= {"add": UNREADABLE, "balance": '{"balance": "hidden"}'}
    await world.submitter.step()
    del world.line.says["add"]
    await world.submit()
    assert (await states(world, placed)).count("pending") == 2
    assert world.line.count("status" if of_ours else "services") == 1


async def test_whoever_sends_only_one_is_tried(world: World) -> None:
    await queue(world, 8)
    senders = [world.submitter, *(world.another_submitter() for _ in range(3))]
    world.line.says["add"] = UNREADABLE
    await world.submitter.step()
    await world.submitter.step()  # a read
    sent = world.line.count("add")

    async def slowly(fields: dict[str, str]) -> None:
        if fields["action"] == "add":
            await asyncio.sleep(0.3)

    world.line.before = slowly
    await asyncio.gather(*(sender.step() for sender in senders))
    assert world.line.count("add") == sent + 1


async def test_only_one_order_is_tried_after_a_read(world: World) -> None:
    await queue(world, 4)
    world.line.says["add"] = UNREADABLE
    await world.submitter.step()
    world.line.says.clear()
    await world.submitter.step()
    other = world.another_submitter()

    async def meanwhile(fields: dict[str, str]) -> None:
        if fields["action"] == "add":
            assert not await other.step()  # one is tried

    world.line.before = meanwhile
    assert await world.submitter.step()
    world.line.before = None
    assert await held(world) is None


async def test_reads_come_at_growing_distances(world: World) -> None:
    await queue(world, 2)
    world.line.says |= {"add": UNREADABLE, "balance": UNREADABLE}
    await world.submit()
    asked = []
    for _ in range(240):
        before = world.line.count("balance")
        await world.later(1)
        if world.line.count("balance") > before:
            asked.append(world.clock())
    gaps = [(later - first).total_seconds() for first, later in itertools.pairwise(asked)]
    assert gaps[:3] == [10, 20, 40]
    assert max(gaps) <= 61


async def test_a_provider_without_balance_is_asked_for_an_order_of_ours(world: World) -> None:
    known = await world.accepted(PLAYS)
    await queue(world, 2)
    world.line.says |= {"add": UNREADABLE, "balance": '{"error": "Incorrect request"}'}
    await world.submit()
    assert world.line.sent[-1]["action"] == "status"
    assert world.line.sent[-1]["order"] == known.provider_order_id


async def test_a_balance_that_was_asked_before_says_nothing_of_the_time_since(world: World) -> None:
    await queue(world, 2)
    world.line.says["add"] = UNREADABLE
    asked = world.clock()
    world.pass_time(5)
    await world.submitter.step()
    await world.database.write(brake.answered, world.clock(), ADMINS, asked_at=asked)
    assert (await held(world)).phase is Phase.CLOSED


async def test_it_outlives_a_restart(world: World) -> None:
    placed = await queue(world, 3)
    world.line.says |= {"add": UNREADABLE, "balance": UNREADABLE}
    await world.submit()
    world.submitter = world.another_submitter()
    for _ in range(3):
        await world.later(61)
    assert (await states(world, placed)).count("unknown") == 1


async def test_with_nobody_waiting_it_opens_at_the_first_read(world: World) -> None:
    (order,) = await queue(world, 1)
    world.line.says["add"] = UNREADABLE
    await world.submit()
    assert (await world.look(order)).state == "unknown"
    assert await held(world) is None
    assert await world.told_admins() == ["sending_held", "unknown_order", "alert_over"]


class TestWords:
    """Services refused one after another in the same words, which nobody knows."""

    async def refuse(self, world: World, text: str, services: tuple[str, ...]) -> list:
        world.provider.fault("refuse", "add", text=text, times=0)
        placed = [
            await world.order(one, link=f"https://example.com/{n}", **WORDS)
            for n, one in enumerate(services)
        ]
        await world.submit()
        return placed

    async def test_three_services_hold_the_queue(self, world: World) -> None:
        placed = await self.refuse(world, "Bestellung abgelehnt (7731)", (PLAYS, VISITS, REVIEWS))
        assert await states(world, placed) == ["rejected"] * 3
        assert (await held(world)).why is BrakeReason.WORDS
        assert await world.told_admins() == ["refusal_words", "sending_held"]
        more = await queue(world, 10)
        for _ in range(20):
            await world.later(60)
        assert set(await states(world, more)) == {"queued"}  # the one that is tried waits as well
        assert world.line.count("add") <= 3 + 3
        world.provider.clear_faults()
        for _ in range(30):
            await world.later(60)
        assert not {"queued", "rejected", "unknown"} & set(await states(world, more))
        assert await world.told_admins() == ["refusal_words", "sending_held", "alert_over"]
        assert await world.held() == 0

    async def test_numbers_and_links_in_the_words_make_no_other_words_of_them(
        self, world: World
    ) -> None:
        for number, service in enumerate((PLAYS, VISITS, REVIEWS)):
            world.provider.fault(
                "refuse", "add", text=f"Refusé n° {number} pour https://example.com/{number}"
            )
            await world.order(service, link=f"https://example.com/{number}", **WORDS)
            await world.submit()
        assert (await held(world)).why is BrakeReason.WORDS
        assert [kind for kind in await world.told_admins() if kind == "refusal_words"] == [
            "refusal_words"
        ]

    @pytest.mark.parametrize(
        "said",
        [
            *(
                "Order declined for {name}",
                "Order declined: example.com/{name}",
                "Rejected by moderator ({link})",
            ),
            *(
                "Declined » {name} «, 12 Nov {number}:30",
                "{name} was DECLINED (order id {number}f)",
            ),
        ],
    )
    async def test_what_each_customer_wrote_makes_no_other_words_of_them(
        self, world: World, said: str
    ) -> None:
        def answer() -> httpx.Response:
            link = world.line.sent[-1]["link"]
            text = said.format(link=link, name=link.rpartition("/")[2], number=len(world.line.sent))
            return httpx.Response(200, json={"error": text})

        world.line.says["add"] = answer
        names = ["anna", "boris", "clara", "dora", "emil", "frida"]
        services = [PLAYS, VISITS, REVIEWS] * 2
        placed = [
            await world.order(service, link=f"https://example.com/{name}", **WORDS)
            for name, service in zip(names, services, strict=True)
        ]
        await world.submit()
        assert (await states(world, placed)).count("rejected") == 3
        assert await world.told_admins() == ["refusal_words", "sending_held"]

    async def test_one_service_alone_holds_nobody(self, world: World) -> None:
        placed = await self.refuse(world, "Ce service est en pause", (VISITS,) * 6)
        assert await states(world, placed) == ["rejected"] * 6
        assert await held(world) is None
        assert await world.told_admins() == ["refusal_words"]

    @pytest.mark.parametrize("between", ["accepted", "known words", "other words"])
    async def test_what_comes_between_begins_the_count_anew(
        self, world: World, between: str
    ) -> None:
        await self.refuse(world, "Ce service est en pause", (PLAYS, VISITS))
        world.provider.clear_faults()
        if between != "accepted":
            text = "Bad link" if between == "known words" else "Nope"
            world.provider.fault("refuse", "add", text=text)
        await world.accepted(VISITS, link="https://example.com/between")
        world.provider.clear_faults()
        await self.refuse(world, "Ce service est en pause", (REVIEWS,))
        assert await held(world) is None

    async def test_an_admin_who_says_go_on_is_not_asked_about_these_words_again(
        self, world: World
    ) -> None:
        await self.refuse(world, "Ce service est en pause", (PLAYS, VISITS, REVIEWS))
        sending = Sending(world.database, ADMINS, world.bells, world.clock)
        question = await world.asked(Kind.SENDING_HELD)
        assert await sending.go_on(ADMINS[0], question)
        assert not await sending.go_on(ADMINS[1], question)
        services = (PLAYS, VISITS, REVIEWS)
        again = [
            await world.order(one, link=f"https://example.com/again/{one}", **WORDS)
            for one in services
        ]
        await world.submit()
        assert await states(world, again) == ["rejected"] * 3
        assert await held(world) is None


async def test_a_go_on_to_words_says_nothing_of_what_holds_later(world: World) -> None:
    world.line.says["add"] = '{"error": "Bestellung abgelehnt (7731)"}'
    for number, service in enumerate((PLAYS, VISITS, REVIEWS)):
        await world.order(service, link=f"https://example.com/{number}", **WORDS)
    await world.submit()
    assert (await held(world)).why == "words"
    question = await world.asked(Kind.SENDING_HELD)
    sending = Sending(world.database, ADMINS, world.bells, world.clock)
    assert await sending.go_on(ADMINS[0], question)
    world.pass_time(60)
    page = "<html>502 Bad Gateway</html>"
    world.line.says |= {"add": page, "balance": page, "status": page}
    await world.order(VISITS, link="https://example.com/a")
    await world.submit()
    assert (await held(world)).why == "unknown"
    assert not await sending.go_on(ADMINS[1], question)
    assert not await sending.go_on(ADMINS[1], await world.asked(Kind.SENDING_HELD))
    assert (await held(world)).why == "unknown"
