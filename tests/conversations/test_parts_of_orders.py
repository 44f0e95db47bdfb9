"""The cards of drip-feeds and subscriptions, and the page that lists the orders the provider made
of them.
"""

from typing import Any

import pytest

from handlers import callbacks
from playground.telegram.people import Person
from storage.schema.catalogue import services
from storage.schema.orders import order_parts, orders
from tests.harness.shop import Shop
from tests.harness.walks import tell_all

PLAYS, POSTS = "6", "21"  # the provider's ids


async def service(shop: Shop, provider_id: str) -> int:
    return next(row.id for row in await shop.rows(services) if row.provider_id == provider_id)


async def place(shop: Shop, person: Person, provider_id: str, **fields: Any) -> None:
    """Place an order without its conversation, and look at its card."""
    if not person.from_bot:
        await person.say("/start")
    ordering = shop.app.dispatcher["ordering"]
    form = await ordering.start(person.id, await service(shop, provider_id), fields)
    assert form.step is None
    order = (await ordering.submit(person.id, form.draft.id)).order
    await person.say("/orders")
    await person.press(f"#{order.id} ", message=person.last)


async def drip_feed(shop: Shop, person: Person, runs: int = 5, interval: int = 60) -> None:
    await place(
        shop,
        person,
        PLAYS,
        link="https://example.com/x",
        quantity=100,
        runs=runs,
        interval=interval,
    )
    await shop.submit()


async def subscription(shop: Shop, person: Person, **given: Any) -> None:
    asked = {
        "username": "ann_sings",
        "min": 10,
        "max": 20,
        "delay": 0,
        "posts": 3,
        "old_posts": None,
        "expiry": None,
    }
    await place(shop, person, POSTS, **asked | given)
    await shop.submit()


def card(person: Person, order: int = 1) -> Any:
    """Give the message that shows the order, or what was reached from it."""
    return next(
        m
        for m in reversed(person.from_bot)
        if f"rder #{order} – " in m.text or f"tion #{order} – " in m.text
    )


async def test_the_card_of_a_drip_feed_from_its_first_run_to_its_end(shop: Shop) -> None:
    ann = shop.person()
    await drip_feed(shop, ann)
    assert "5 × 100, every 1 h" in card(ann).text
    await shop.work()
    assert "0 of 5 runs done" in card(ann).text
    assert "📨▫️▫️▫️▫️" in card(ann).text
    assert "Runs · 1" in card(ann).labels
    await shop.work(70)
    text = card(ann).text
    assert "✅⚙️▫️▫️▫️" in text
    assert "1 of 5 runs done" in text
    assert "20 %" in text
    assert "Delivered 100 · remains 400" in text
    assert "Next run about" in text
    assert "Ends about" in text
    for _ in range(5):
        await shop.work(70)
    text = card(ann).text
    assert text.startswith("Order #1 – ✅ Completed")
    assert "✅✅✅✅✅" in text
    assert "5 of 5 runs done" in text
    assert "100 %" in text
    assert "Next run" not in text
    assert ann.last.text.startswith("✅ Order #1 is completed")


async def test_a_run_in_part_and_one_canceled_are_seen_and_paid_back(shop: Shop) -> None:
    ann = shop.person()
    await drip_feed(shop, ann, runs=3, interval=1)
    await shop.work(5)
    first, second, _ = [row.provider_order_id for row in await shop.rows(order_parts)]
    shop.provider.force_order(first, "Partial", remains=30)
    shop.provider.force_order(second, "Canceled")
    await shop.work(70)
    text = card(ann).text
    assert "🟡↩️✅" in text
    assert "1 of 3 runs done" in text
    assert "Delivered 170 · remains 130" in text
    assert "Given back: $0.156" in text
    assert ann.last.text.endswith("$0.156 is back in your wallet.")
    await shop.check_money()


async def test_more_runs_than_fit_are_counted(shop: Shop) -> None:
    ann = shop.person()
    await drip_feed(shop, ann, runs=40, interval=1)
    await shop.work(25)
    assert "▫️ 14" in card(ann).text
    assert "🚀" in card(ann).text


async def test_the_runs_page_by_page_and_back_to_the_card(shop: Shop) -> None:
    ann = shop.person()
    await drip_feed(shop, ann, runs=20, interval=1)
    await shop.work(65)
    await ann.press("Runs · 20", message=card(ann))
    page = card(ann)
    assert page.text.startswith("Runs of order #1 – 🚀 In progress")
    assert "1. ✅ Completed · 23502" in page.text
    assert "Delivered 100 · remains 0 · Start count" in page.text
    assert "8. 🚀 In progress · 23509" in page.text
    assert "9." not in page.text
    assert page.labels[:2] == ["1/3", "▶"]
    await ann.press("▶", message=page)
    await ann.press("▶", message=card(ann))
    assert card(ann).labels[:2] == ["◀", "3/3"]
    assert "20. 🚀 In progress · 23521" in card(ann).text
    assert "<code>23521</code>" in card(ann).html

    shown = card(ann)
    await shop.work(2)  # runs end meanwhile: the page is not the card and stays
    assert card(ann) == shown
    await ann.press("Refresh", message=card(ann))
    assert "20. 🚀" in card(ann).text
    assert card(ann) != shown
    await ann.press("Back", message=card(ann))
    assert card(ann).text.startswith("Order #1 – 🚀 In progress")
    for _ in range(4):
        await shop.work(20)
    assert "20 of 20 runs done" in card(ann).text  # it is the card again


async def test_a_page_that_is_no_more_leads_to_the_last_one(shop: Shop) -> None:
    ann = shop.person()
    await drip_feed(shop, ann, runs=3, interval=1)
    await shop.work(5)
    await ann.press("Runs", message=card(ann))
    await ann.forge(callbacks.Parts(order=1, page=99).pack(), card(ann).id)
    assert "3. " in card(ann).text


async def test_before_the_first_run_the_page_says_when_there_will_be_one(shop: Shop) -> None:
    ann = shop.person()
    await drip_feed(shop, ann)
    # it was drawn before it was accepted
    assert not any(label.startswith("Runs") for label in card(ann).labels)
    await shop.notify()
    await ann.press("Runs · 0", message=card(ann))
    assert "No run has begun yet" in card(ann).text
    await subscription(shop, ann)
    await shop.work(1)
    await ann.press("Orders it made · 0", message=card(ann, 2))
    assert "No post yet" in card(ann, 2).text


async def test_the_parts_of_somebody_elses_order_are_not_there(shop: Shop) -> None:
    ann, eve = shop.person(), shop.person(1002, "Eve")
    await drip_feed(shop, ann)
    await shop.work(5)
    await eve.say("/start")
    for order in (1, 2, 2**53):
        await eve.forge(callbacks.Parts(order=order, page=0).pack())
        assert eve.answers[-1].text == "There is no such order."
    assert not eve.sees("Runs of order")


async def test_strangers_of_a_closed_shop_see_no_parts(house: Shop) -> None:
    eve = house.person(1002, "Eve")
    await eve.say("/start")
    await eve.forge(callbacks.Parts(order=1, page=0).pack())
    assert "invited people" in eve.answers[-1].text


async def test_the_card_of_a_subscription_from_active_to_the_money_given_back(shop: Shop) -> None:
    ann = shop.person()
    await tell_all(ann)
    await subscription(shop, ann, old_posts=1, expiry="31/12/2026")
    text = card(ann).text
    assert "👤 ann_sings" in text.replace("\u2068", "").replace("\u2069", "")
    assert "4 posts, 10 – 20 for each" in text
    assert "Starts at once after a post" in text
    assert "31/12/2026" in text
    assert "At most $0.06" in text
    await shop.work()
    assert ann.sees("🔔 Subscription #1 is active")
    text = card(ann).text
    assert text.startswith("Order #1 – 🔔 Active")
    assert "1 of 4 posts" in text
    assert "📨▫️▫️▫️" in text
    assert "Used $0.0075 of $0.06" in text
    assert "comes back at the end" in text
    told = len(ann.from_bot)
    await shop.work(10)
    assert "2 of 4 posts" in card(ann).text
    assert len(ann.from_bot) == told  # a new post only redraws the card
    await ann.press("Orders it made · 2", message=card(ann))
    assert card(ann).text.startswith("Orders of subscription #1 – 🔔 Active")
    assert "2. 📨 Accepted · 23503" in card(ann).text
    await ann.press("Back", message=card(ann))
    for _ in range(5):
        await shop.work(30)
    text = card(ann).text
    assert text.startswith("Order #1 – ✅ Completed")
    assert "4 of 4 posts" in text
    assert "✅✅✅✅" in text
    assert "Given back: $0.0" in text
    assert "comes back" not in text
    assert ann.last.text.endswith("is back in your wallet.")
    (order,) = await shop.rows(orders)
    assert 0 < order.refunded < order.price
    await shop.check_money()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("Paused", "⏸ Paused by the provider"),
        ("Expired", "⌛ Ended: the last day is over"),
        ("Canceled", "↩️ Canceled"),
    ],
)
async def test_how_a_subscription_stands_is_said(shop: Shop, status: str, words: str) -> None:
    ann = shop.person()
    await subscription(shop, ann)
    await shop.work(1)
    (order,) = await shop.rows(orders)
    shop.provider.force_order(order.provider_order_id, status)
    await shop.work(1)
    assert card(ann).text.startswith(f"Order #1 – {words}\n")
    if status != "Paused":
        assert "Given back: $0.045" in card(ann).text
        await ann.press("Orders it made", message=card(ann))
        assert "Nothing was made" in card(ann).text


async def test_the_list_of_orders_says_how_far_they_are(shop: Shop) -> None:
    ann = shop.person()
    await drip_feed(shop, ann)
    await subscription(shop, ann)
    await shop.work(11)
    await ann.say("/orders")
    assert "500 · 💧 1/5 · $0.60" in ann.last.text
    assert "🔔 Active" in ann.last.text
    assert "📬 1/3 · $0.045" in ann.last.text


async def test_in_russian(shop: Shop) -> None:
    boris = shop.person(1005, "Борис", "ru")
    await tell_all(boris)
    await subscription(shop, boris, old_posts=2)
    await shop.work(1)
    assert boris.sees("Подписка #1 активна")
    boris_card = next(m for m in reversed(boris.from_bot) if "Создан" in m.text)
    assert "2 публикации уже были" in boris_card.text
    await boris.press("Заказы подписки · 2", message=boris_card)
    assert boris.sees("По одному на публикацию")
