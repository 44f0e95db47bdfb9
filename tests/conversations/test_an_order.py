"""From /start to the push that the order is completed."""

from playground.telegram.people import Person
from storage.schema.orders import drafts
from tests.harness.shop import Shop
from tests.harness.walks import (
    CANCELED,
    COMMENTS,
    PACKAGE,
    PARTIAL,
    open_service,
    place,
    to_quantity,
    to_summary,
)


def card_of(person: Person, order: int = 1):
    return next(m for m in person.from_bot if m.text.startswith(f"Order #{order} "))


async def test_an_order_is_placed_tracked_and_told(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/start")
    menu = [
        "New order",
        "My orders",
        "Wallet",
        "Mass order",
        "Favourites",
        "Settings",
        "Language",
        "Help",
    ]
    assert ann.last.labels == menu
    await ann.press("New order")
    await ann.press("Try these first")
    await ann.press("Podcast plays")
    await ann.press("Order")
    await ann.say("example.com/page")
    await ann.press("100 ·")
    await ann.press("Skip")
    assert "https://example.com/page" in ann.last.text
    assert "$10.00 → $9.88" in ann.last.text
    await ann.press("Confirm")
    assert ann.last.text.startswith("Order #1 – 🕓 Queued")

    await shop.work()
    card = card_of(ann)
    assert "Accepted" in card.text
    assert not ann.sees("is accepted")  # the card says so; results are told

    for _ in range(12):
        await shop.work(6)
    card = card_of(ann)
    assert "Completed" in card.text
    assert "100 %" in card.text
    assert "Delivered 100 · remains 0" in card.text
    assert ann.last.text.startswith("✅ Order #1 is completed")
    assert ann.last.reply_to == card.id
    assert len(shop.provider.book.orders) == 1
    await shop.check_money()


async def test_the_card_shows_a_bar_only_once_delivery_has_begun(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await shop.work()
    assert "▱" not in card_of(ann).text
    await shop.work(40)
    assert "▰" in card_of(ann).text
    assert "Start count" in card_of(ann).text


async def test_each_change_is_told_once_and_several_become_one(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await shop.submit()
    for _ in range(12):  # nothing is sent meanwhile
        shop.pass_time(6)
        await shop.app.features.fulfilment.tracker.sweep()
    before = len(ann.from_bot)
    await shop.notify()
    assert len(ann.from_bot) == before + 1
    assert "is completed" in ann.last.text
    await shop.notify()
    assert len(ann.from_bot) == before + 1


async def test_a_partial_order_gives_the_rest_back_once(shop: Shop) -> None:
    ann = shop.person()
    await place(ann, PARTIAL)
    for _ in range(20):
        await shop.work(6)
    assert "Partly delivered" in card_of(ann).text
    assert "Given back" in card_of(ann).text
    assert ann.last.text.endswith("is back in your wallet.")
    (order,) = await shop.rows()
    assert 0 < order.refunded < order.price
    assert order.refunded == order.price * order.remains // order.quantity
    await shop.check_money()


async def test_a_canceled_order_gives_everything_back(shop: Shop) -> None:
    ann = shop.person()
    await place(ann, CANCELED)
    for _ in range(20):
        await shop.work(6)
    (order,) = await shop.rows()
    assert (order.state, order.refunded) == ("canceled", order.price)
    await ann.say("/wallet")
    assert "👛 $10.00" in ann.last.text
    await shop.check_money()


async def test_a_package_needs_only_a_link(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/start")
    await shop.credit(1001, "20")
    await open_service(ann, PACKAGE)
    assert "$12.50 per package" in ann.last.text
    await ann.press("Order", message=ann.last)
    await ann.say("https://example.com/page")
    assert "One package" in ann.last.text
    assert "$12.50" in ann.last.text
    await ann.press("Confirm", message=ann.last)
    await shop.work()
    (order,) = shop.provider.book.orders.values()
    assert order.quantity == 1


async def test_comments_are_counted_and_priced_by_line(shop: Shop) -> None:
    ann = shop.person()
    await to_quantity(ann, COMMENTS)
    assert "Send the comments" in ann.last.text
    await ann.say("Great!\n\n  Love it  \nGreat!\n")
    assert "3 comments" in ann.last.text
    assert "$0.027" in ann.last.text
    await ann.press("Confirm", message=ann.last)
    await shop.work()
    assert ann.sees("Accepted")
    (order,) = await shop.rows()
    assert order.quantity == 3
    assert order.fields["comments"] == ["Great!", "Love it", "Great!"]
    assert shop.provider.book.orders[23501].quantity == 3


async def test_comments_come_as_a_text_file_too(shop: Shop) -> None:
    ann = shop.person()
    await to_quantity(ann, COMMENTS)
    await ann.send_file("comments.txt", "\ufeffПервый\r\nВторой\r\n".encode())
    assert "2 comments" in ann.last.text
    assert "Первый" in ann.last.text


async def test_drip_feed_is_offered_where_the_service_has_it(shop: Shop) -> None:
    ann = shop.person()
    await to_quantity(ann)
    await ann.say("100")
    assert "come in parts" in ann.last.text
    await ann.say("3")
    assert "How long between" in ann.last.text
    assert "1 h · 2 h in all" in ann.last.labels
    assert "1 day · 2 days in all" in ann.last.labels
    await ann.press("1 h ·")
    assert "3 parts of 100, every 1 h" in ann.last.text
    assert (
        "Ends soon after 2026-11-22 14:00 UTC: the last part begins 2 h after the first"
        in ann.last.text
    )
    assert "🔢 300 in all" in ann.last.text
    assert "$0.36" in ann.last.text
    await ann.press("Confirm", message=ann.last)
    await shop.work()
    (order,) = await shop.rows()
    assert order.quantity == 300
    assert shop.provider.balance < 100


async def test_skipping_parts_orders_at_once(shop: Shop) -> None:
    ann = shop.person()
    await to_summary(ann)
    assert "parts" not in ann.last.text
    assert "$0.12" in ann.last.text


async def test_one_part_is_no_drip_feed(shop: Shop) -> None:
    ann = shop.person()
    await to_quantity(ann)
    await ann.say("100")
    await ann.say("1")
    assert "Is this right?" in ann.last.text


async def test_going_back_asks_the_step_before(shop: Shop) -> None:
    ann = shop.person()
    await to_summary(ann)
    await ann.press("Back", message=ann.last)
    assert "How many?" in ann.last.text
    await ann.press("Back", message=ann.last)
    assert "Send me the link" in ann.last.text
    await ann.press("Back", message=ann.last)
    assert "Order" in ann.last.labels
    assert await shop.rows() == []


async def test_cancel_orders_nothing(shop: Shop) -> None:
    ann = shop.person()
    await to_summary(ann)
    summary = ann.last
    await ann.press("Cancel", message=summary)
    assert "Nothing was ordered" in ann.last.text
    await ann.forge("y:1", summary)
    assert "This order form is closed" in ann.toast
    assert await shop.rows() == []


async def test_the_cancel_command_closes_the_form(shop: Shop) -> None:
    ann = shop.person()
    await to_quantity(ann)
    await ann.say("/cancel")
    assert "Nothing was ordered" in ann.last.text
    await ann.say("/cancel")
    assert "nothing to cancel" in ann.last.text
    (draft,) = await shop.rows(drafts)
    assert draft.closed_at is not None


async def test_order_again_is_ready_to_confirm(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await shop.work()
    await ann.press("Order again", message=card_of(ann))
    await ann.press("Confirm")
    assert len(await shop.rows()) == 2


async def test_a_changed_price_is_shown_again_and_nothing_is_placed(shop: Shop) -> None:
    ann = shop.person()
    await to_summary(ann)
    shop.provider.change_service("6", rate="2.40")
    await shop.sync()
    await ann.press("Confirm", message=ann.last)
    assert "Something has changed" in ann.last.text
    assert "$0.24 ❗️ $0.12" in ann.last.text
    assert await shop.rows() == []
    await ann.press("Confirm", message=ann.last)
    (order,) = await shop.rows()
    assert order.price == 240_000


async def test_changed_limits_ask_for_the_quantity_again(shop: Shop) -> None:
    ann = shop.person()
    await to_summary(ann)
    shop.provider.change_service("6", min=500)
    await shop.sync()
    await ann.press("Confirm", message=ann.last)
    assert "100 is too few: the least is 500" in ann.last.text
    assert await shop.rows() == []
    await ann.say("500")
    await ann.press("Confirm", message=ann.last)
    (order,) = await shop.rows()
    assert order.quantity == 500


async def test_a_service_that_is_gone_is_not_sold(shop: Shop) -> None:
    ann = shop.person()
    await to_summary(ann)
    shop.provider.change_service("6", removed=True)
    await shop.sync()
    await ann.press("Confirm", message=ann.last)
    assert "not available any more" in ann.toast
    assert await shop.rows() == []


async def test_too_little_money_places_nothing(poor_shop: Shop) -> None:
    ann = poor_shop.person()
    await to_summary(ann)
    assert "You are $0.12 short" in ann.last.text
    await ann.press("Confirm", message=ann.last)
    assert "$0.12 short" in ann.toast
    assert await poor_shop.rows() == []
    await poor_shop.credit(1001, "1")
    await ann.press("Confirm", message=ann.last)
    assert ann.last.text.startswith("Order #1")
    await poor_shop.check_money()


async def test_three_taps_on_confirm_make_one_order(shop: Shop) -> None:
    ann = shop.person()
    await to_summary(ann)
    summary = ann.last
    for _ in range(3):
        await ann.forge("y:1", summary)
    assert len(await shop.rows()) == 1
    await shop.work()
    assert len(shop.provider.book.orders) == 1


async def test_a_refused_order_is_refunded_and_told_in_our_words(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    shop.provider.fault("refuse", "add", text="<b>Bad link</b> key=demo-key")
    await shop.work()
    assert "was not accepted" in ann.last.text
    assert "$0.12 is back" in ann.last.text
    assert "can't use this link" in card_of(ann).text
    assert "demo-key" not in ann.transcript()
    await shop.check_money()


async def test_a_lost_answer_is_being_checked_and_never_sent_again(shop: Shop) -> None:
    ann, olga = shop.person(), shop.admin
    await olga.say("/start")
    await place(ann)
    shop.provider.fault("drop_after", "add")
    for _ in range(20):
        await shop.work(60)
    assert "Being checked" in card_of(ann).text
    assert "not accepted" not in ann.transcript()
    assert "outcome unknown" in olga.last.text
    assert shop.provider.calls["add"] == 1
    await ann.say("/wallet")
    assert "held for orders on their way: $0.12" in ann.last.text
    await shop.check_money()
