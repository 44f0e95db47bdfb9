"""Order again, favourites, presets, expectations and the digest, with the real process between the
emulators.
"""

import pytest

from handlers import callbacks
from playground.telegram.people import Person
from storage.enums import OrderState
from storage.schema.catalogue import favourites
from storage.schema.messages import notices
from storage.schema.orders import presets
from tests.runtime.process import LINK, STEADY, STUCK, Operator, adds, pushes, until


async def press(person: Person, label: str) -> None:
    """Press a button of the newest message that has it, as soon as there is one."""

    def shown() -> bool:
        return any(label in button for view in person.from_bot for button in view.labels)

    await until(shown, f"{label}\n{person.transcript()}", 20)
    await person.press(label)


async def opened(person: Person, data: str, words: str) -> None:
    """Press what an earlier message of the chat has, and wait for its screen."""
    await person.forge(data)
    await person.wait_for(words, 20)


@pytest.mark.parametrize("dialect", ["documented", "snake", "numeric"])
async def test_the_same_once_more_from_the_card_the_star_and_the_preset(
    shop: Operator, dialect: str
) -> None:
    """Killed in between: what is kept at hand is in the database."""
    shop.pg.provider.dialect = dialect
    bot = await shop.start()
    ann = await shop.person()
    await shop.place(ann, quantity="150")
    await shop.reached(OrderState.COMPLETED, seconds=40)
    await shop.told()

    await opened(ann, callbacks.OrderCard(order=1).pack(), "Order #1")
    await press(ann, "Save as preset")
    await ann.wait_for("What shall the preset be called?", 20)
    await ann.say("Weekly plays")
    await ann.wait_for("Weekly plays", 20)
    service = await shop.service(STEADY)
    await opened(ann, callbacks.ServiceCard(service=service, page=0).pack(), "per 1,000")
    await press(ann, "☆ Keep")
    await until(lambda: "Kept among your favourites" in ann.toast, "the star is kept")
    await bot.kill()
    assert len(await shop.rows(favourites)) == len(await shop.rows(presets)) == 1

    await shop.start()
    await ann.say("/favourites")
    listed = await ann.wait_for("Your favourites", 20)
    assert "Weekly plays" in listed.text
    assert "2. " in listed.text
    await press(ann, "1. Weekly plays")
    await ann.wait_for("Send me the link", 20)
    await ann.say(f"{LINK}/two")
    await ann.wait_for(f"{LINK}/two", 20)
    await press(ann, "Confirm")
    await shop.reached(OrderState.COMPLETED, OrderState.COMPLETED, seconds=40)
    await opened(ann, callbacks.Again(order=2).pack(), "Is this right?")
    await press(ann, "Confirm")
    await shop.reached(*[OrderState.COMPLETED] * 3, seconds=40)
    rows = await shop.rows()
    assert [(row.link, row.quantity) for row in rows] == [
        (LINK, 150),
        (f"{LINK}/two", 150),
        (f"{LINK}/two", 150),
    ]
    assert adds(shop) == 3
    await shop.check_money()


async def test_what_to_expect_comes_from_five_orders_on(shop: Operator) -> None:
    await shop.start()
    ann, bob = await shop.person(1), await shop.person(2, "Bob")
    card = callbacks.ServiceCard(service=await shop.service(STEADY), page=0).pack()
    for number in range(4):
        await shop.place(ann, link=f"{LINK}/{number}", quantity="50")
    await shop.reached(*[OrderState.COMPLETED] * 4, seconds=60)
    await opened(bob, card, "per 1,000")
    assert "From our last" not in bob.transcript()
    await shop.place(ann, link=f"{LINK}/5", quantity="50")
    await shop.reached(*[OrderState.COMPLETED] * 5, seconds=60)
    await opened(bob, card, "From our last 5 orders")
    assert "100 % completed" in bob.transcript()
    assert "0 % with money back" in bob.transcript()
    shop.pg.provider.change_service(STEADY, nature="stuck")
    await shop.place(bob, link=f"{LINK}/bob", quantity="50")
    await shop.reached(*[OrderState.COMPLETED] * 5, OrderState.PENDING, seconds=20)
    await opened(bob, callbacks.OrderCard(order=6).pack(), "Order #6")
    await until(
        lambda: (
            "Usually done by" in bob.transcript() or "takes longer than usual" in bob.transcript()
        ),
        "the card says when",
        20,
    )


async def test_a_digest_is_one_message_when_its_hour_has_come(shop: Operator) -> None:
    """The hour comes by setting the rows back by a day: no test can wait for it."""
    bot = await shop.start()
    ann = await shop.person()
    await ann.forge(callbacks.SetPushes(mode="digest").pack())
    await ann.wait_for("What time is it at your place?", 20)
    await ann.say("12:00")
    await ann.wait_for("I tell you your day once, at 20:00", 20)
    await shop.place(ann, quantity="50")
    await shop.place(ann, STUCK, link=f"{LINK}/stuck", quantity="100")
    await shop.reached(OrderState.COMPLETED, OrderState.PENDING, seconds=40)

    async def held() -> bool:
        rows = [row for row in await shop.rows(notices) if row.kind == "order"]
        return all(row.done_at is None and row.outcome == "held" for row in rows)

    await until(held, "the pushes are held", 20)
    assert pushes(ann) == []
    await bot.kill()
    await shop.change(
        "UPDATE notices SET created_at = '2026-01-01 00:00:00', not_before = '2026-01-01 00:00:00'"
    )
    await shop.start()
    day = await ann.wait_for("Your day", 20)
    assert "#1" in day.text
    assert "#2" in day.text
    await shop.told()
    assert sum("Your day" in view.text for view in ann.from_bot) == 1
    assert pushes(ann) == []
