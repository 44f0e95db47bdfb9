"""An admin who has not pressed Start, or has blocked the bot, is told as soon as they can be."""

from storage.schema.messages import notices
from tests.harness.shop import Shop
from tests.harness.walks import place


async def lost_order(shop: Shop) -> None:
    await place(shop.person())
    shop.provider.fault("drop_after", "add")
    await shop.work()


async def test_an_alert_waits_until_the_admin_has_pressed_start(shop: Shop) -> None:
    await lost_order(shop)
    olga = shop.admin
    assert olga.from_bot == []
    await olga.say("/start")
    await shop.work(60)
    assert olga.sees("Order #1: outcome unknown")


async def test_an_alert_waits_for_an_admin_who_has_blocked_the_bot(shop: Shop) -> None:
    olga = shop.admin
    await olga.say("/start")
    olga.block()
    await shop.api.pump()
    await lost_order(shop)
    olga.unblock()
    await olga.say("/start")
    await shop.work(60)
    assert olga.sees("Order #1: outcome unknown")


async def test_after_a_week_an_alert_is_given_up(shop: Shop) -> None:
    await lost_order(shop)
    await shop.work(8 * 86_400)
    assert [row.outcome[:4] for row in await shop.rows(notices) if row.kind == "unknown_order"] == [
        "gone"
    ]
