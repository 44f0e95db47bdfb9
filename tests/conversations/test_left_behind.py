"""Orders that were left at a former provider account: an admin says what has become of each."""

from typing import Any

from playground.telegram.people import Person
from shop.recovery.id_check import ELSEWHERE
from storage.enums import OrderState
from storage.queries import facts
from storage.queries.facts import Fact
from tests.harness.shop import ADMIN, Shop
from tests.harness.triage_walks import ID, change, check, keep, lose, order
from tests.harness.walks import place


async def leave_behind(shop: Shop) -> None:
    """The shop has another provider account now; order 1 is at the former one."""
    await change(shop, account="former")
    await shop.app.database.write(
        facts.put, Fact.PROVIDER_ACCOUNT, {"account": "current"}, shop.clock()
    )


async def left_behind(shop: Shop) -> Person:
    ann = shop.person()
    await shop.admin.say("/start")
    await place(ann)
    await shop.work()
    await leave_behind(shop)
    return ann


async def say_not_delivered(shop: Shop, answer: str, *, then: str | None = None) -> Any:
    await shop.admin.say("/triage")
    await shop.admin.press(f"#1: {answer}", message=shop.admin.last)
    if then is not None:
        await shop.admin.say(then)
    asked = shop.admin.last.text
    await shop.admin.press("Yes, book it", message=shop.admin.last)
    await shop.notify()
    return asked


async def test_they_wait_in_triage_and_nobody_is_alerted_of_each(shop: Shop) -> None:
    await left_behind(shop)
    olga = shop.admin
    shop.pass_time(8 * 86_400)
    await shop.app.features.recovery.stuck.step()
    await shop.notify()
    assert "stuck" not in olga.transcript()
    await olga.say("/triage")
    assert "1 order waits for your verdict." in olga.last.text
    assert "🔀 It is at a provider account that has not been asked since" in olga.last.text
    assert olga.last.labels[:3] == ["#1: Nothing", "#1: A part …", "#1: All of it"]


async def test_a_delivered_one_ends_as_completed(shop: Shop) -> None:
    ann = await left_behind(shop)
    asked = await say_not_delivered(shop, "Nothing")
    assert "The order ends as completed" in asked
    assert shop.admin.toast == "Order #1 is ended."
    row = await order(shop)
    assert (row.state, row.settled_by, row.refunded) == (OrderState.COMPLETED, ADMIN, 0)
    assert ann.sees("is completed")
    await shop.admin.say("/triage")
    assert "Nothing to decide" in shop.admin.last.text
    await shop.check_money()


async def test_of_one_delivered_in_part_the_rest_comes_back(shop: Shop) -> None:
    await left_behind(shop)
    asked = await say_not_delivered(shop, "A part …", then="25 %")
    assert "The order ends as delivered in part" in asked
    row = await order(shop)
    assert (row.state, row.refunded) == (OrderState.PARTIAL, row.price // 4)
    await shop.check_money()


async def test_one_that_never_was_delivered_ends_as_canceled(shop: Shop) -> None:
    ann = await left_behind(shop)
    assert "The order ends as canceled" in await say_not_delivered(shop, "All of it")
    row = await order(shop)
    assert (row.state, row.refunded) == (OrderState.CANCELED, row.price)
    assert ann.sees("Order #1 was canceled")
    await shop.check_money()


async def test_an_unknown_one_is_found_by_an_admin_alone(shop: Shop) -> None:
    await lose(shop)
    await leave_behind(shop)
    olga = shop.admin
    shop.provider.fault("drop_before", "status")  # nobody asks: this would be told
    await olga.say("/triage")
    await olga.press("#1: It exists", message=olga.last)
    await olga.say(ID)
    await check(shop)
    assert "look it up there, I can't" in olga.last.text
    await olga.press("Yes, it is this one", message=olga.last)
    assert (await order(shop)).state == OrderState.PENDING
    assert "it is at a former provider account, where nobody asks" in olga.last.text
    assert "#1: Nothing" not in olga.last.labels
    assert olga.last.labels[:3] == ["Nothing", "A part …", "All of it"]
    await shop.check_money()


async def test_an_old_check_tells_in_both_languages(shop: Shop) -> None:
    await left_behind(shop)
    await keep(shop, "checked", id=ID, fits=True, why=ELSEWHERE)
    await shop.admin.say("/triage 1")
    assert "where nobody asks" in shop.admin.last.text
