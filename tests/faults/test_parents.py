"""A drip-feed and a subscription through the chat, each to its end, at a provider of every family
that differs.
"""

import asyncio
from typing import Any

import pytest

from playground.telegram.people import Person
from storage.enums import OrderState
from storage.schema.orders import order_parts
from tests.runtime.process import LINK, Operator, until

PLAYS, POSTS = "6", "21"
SPEED = 60  # an hour between two runs takes a second


async def press(person: Person, label: str) -> None:
    await until(
        lambda: any(label in shown for shown in person.buttons),
        f"{label}\n{person.transcript()}",
        20,
    )
    await person.press(label)


async def answer(person: Person, question: str, text: str) -> None:
    await person.wait_for(question, 20)
    await person.say(text)


async def open_form(shop: Operator, person: Person, service: str) -> None:
    await person.say(f"/start s_{await shop.service(service)}")
    await press(person, "Order")


def card(person: Person) -> Any:
    return next(
        view
        for view in person.from_bot
        if view.text.startswith("Order #") and "Placed" in view.text
    )


def shows(person: Person, words: str) -> bool:
    return any(words in view.text for view in person.from_bot)


async def drip_feed(shop: Operator, ann: Person) -> str:
    """Order three runs, look at them while they are delivered, and give the last message."""
    await open_form(shop, ann, PLAYS)
    await answer(ann, "Send me the link", f"{LINK}/{ann.id}")
    await answer(ann, "How many?", "100")
    await answer(ann, "come in parts", "3")
    await press(ann, "1 h · ")
    await press(ann, "Confirm")
    await until(lambda: shows(ann, "of 3 runs done"), "the card shows the runs", 20)
    await press(ann, "Runs · ")
    page = await ann.wait_for("Runs of order #", 20)
    assert "1. " in page.text
    await press(ann, "Back")
    push = await ann.wait_for("is completed", 30)
    await until(
        lambda: "Delivered" in card(ann).text and "3 runs done" in card(ann).text,
        "the card is there again",
    )
    return push.text


async def subscription(shop: Operator, ben: Person) -> str:
    """Subscribe to four posts, one of them an old one, and give the last message."""
    await shop.tell_all(ben)
    await open_form(shop, ben, POSTS)
    await answer(ben, "Whose new posts?", "ben_sings")
    await answer(ben, "at least?", "10")
    await answer(ben, "And at most?", "50")
    await answer(ben, "How long after a post", "0")
    await answer(ben, "For how many new posts?", "3")
    await answer(ben, "Shall older posts", "1")
    await ben.wait_for("Until which day", 20)
    await press(ben, "Skip")
    await press(ben, "Confirm")
    await ben.wait_for("is active", 20)
    await until(lambda: shows(ben, "of 4 posts"), "the card shows the posts", 20)
    push = await ben.wait_for("is completed", 30)
    assert "4 of 4 posts" in card(ben).text
    return push.text


@pytest.mark.parametrize("dialect", ["documented", "snake", "numeric"])
async def test_parents_are_followed_to_their_end_and_settled(shop: Operator, dialect: str) -> None:
    shop.pg.provider.dialect = dialect
    shop.pg.provider.speed = SPEED
    shop.pg.provider.change_service(PLAYS, nature="partial")
    bot = await shop.start()
    ann, ben = await shop.person(1), await shop.person(2, "Ben")
    pushes = await asyncio.gather(drip_feed(shop, ann), subscription(shop, ben))
    await shop.told()
    assert all("is back in your wallet" in push for push in pushes)

    runs, posts = sorted(await shop.rows(), key=lambda row: row.user_id)
    made = {
        key: [row for row in await shop.rows(order_parts) if row.order_id == key]
        for key in (runs.id, posts.id)
    }
    assert [row.state for row in made[runs.id]] == [OrderState.PARTIAL] * 3
    assert [row.state for row in made[posts.id]] == [OrderState.COMPLETED] * 4
    delivered = sum(100 - row.remains for row in made[runs.id])
    assert runs.remains == 300 - delivered > 0
    assert runs.refunded == runs.price * runs.remains // 300
    at_provider = shop.pg.provider.order
    spent = sum(at_provider(row.provider_order_id).net for row in made[posts.id])
    assert posts.charge == pytest.approx(spent)
    assert posts.refunded == int(posts.price * (1 - posts.charge / posts.cost)) > 0
    for person, order in ((ann, runs), (ben, posts)):
        assert await shop.balance(person.id) == 10_000_000 - order.price + order.refunded
    await shop.check_money()
    assert await bot.stop() == 0
    assert "Traceback" not in bot.said
