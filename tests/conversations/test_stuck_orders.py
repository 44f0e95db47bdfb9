"""Stuck orders in the chat: told once, asked about again, or ended for good."""

from storage.enums import OrderState
from tests.harness.shop import ADMIN, Shop
from tests.harness.triage_walks import ID, check, missing, order
from tests.harness.walks import place


async def test_a_stuck_order_is_told_once_and_goes_on_under_its_id(shop: Shop) -> None:
    await missing(shop)
    olga = shop.admin
    await shop.app.features.recovery.stuck.step()
    await shop.app.features.recovery.stuck.step()
    await shop.notify()
    assert "🐌 Order #1 is stuck." in olga.last.text
    assert f"The provider has not known its ID {ID} since" in olga.last.text
    assert olga.transcript().count("is stuck") == 1
    await olga.press("Decide", message=olga.last)
    await olga.press("It exists", message=olga.last)
    assert f"Have its ID {ID} asked for again" in olga.last.text
    await olga.press(f"Ask about {ID}", message=olga.last)
    await check(shop)
    await olga.press("Yes, it is this one", message=olga.last)
    assert olga.toast == f"✅ Order #1 goes on as {ID}."
    assert (await order(shop)).missing_since is None
    await olga.say("/triage")
    assert "Nothing to decide" in olga.last.text
    await shop.check_money()


async def test_a_stuck_order_that_does_not_exist_ends_for_good(shop: Shop) -> None:
    ann, olga = await missing(shop), shop.admin
    await olga.say("/triage")
    await olga.press("#1: It doesn't", message=olga.last)
    assert "The order ends as canceled, whatever the provider says of it later." in olga.last.text
    await olga.press("Yes, it doesn't exist: refund", message=olga.last)
    for _ in range(20):
        await shop.work(10)
    assert ann.sees("Order #1 was canceled")
    assert ann.sees("$0.12 is back in your wallet")
    assert not ann.sees("is completed")
    row = await order(shop)
    assert (row.state, row.settled_by, row.refunded) == (OrderState.CANCELED, ADMIN, row.price)
    await ann.press("Show", message=ann.last)
    assert "we ended it" in ann.last.text
    await shop.check_money()


async def test_a_quiet_order_is_stuck_until_it_moves_on(shop: Shop) -> None:
    olga = shop.admin
    await place(shop.person())
    await shop.work()
    shop.clock.forward(seconds=8 * 86_400)
    await olga.say("/triage")
    assert "Nothing has changed since" in olga.last.text
    old = olga.last
    await shop.work(60)
    await olga.press("#1: It doesn't", message=old)
    assert "has moved on by itself" in olga.toast
    assert (await order(shop)).refunded == 0
