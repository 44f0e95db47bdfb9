"""Orders of many types through the real process, in the dialects of three families of providers."""

import asyncio

import pytest

from playground.telegram.people import Person
from storage.enums import OrderState
from tests.factories.every_type import WALKS, Walk, heard
from tests.runtime.process import Operator, adds, until

TYPES = (
    "default",
    "package",
    "custom_comments",
    "custom_comments_package",
    "mentions_custom_list",
    "comment_replies",
    "subscriptions",
    "web_traffic",
)


def newest(person: Person) -> tuple[str, list[str]]:
    """Give the text and the buttons of the bot's newest message."""
    view = person.from_bot[-1] if person.from_bot else None
    return (view.text, view.labels) if view else ("", [])


async def press(person: Person, label: str) -> None:
    """Press a button of the newest message once it is there."""
    await until(
        lambda: any(label in one for one in newest(person)[1]),
        f"{label}\n{person.transcript()}",
        20,
    )
    await person.press(label, message=person.last)


async def order(shop: Operator, person: Person, walk: Walk) -> None:
    await person.say(f"/start s_{await shop.service(walk.service)}")
    await press(person, "Order")
    await until(lambda: "Cancel" in newest(person)[1], "the first question", 20)
    for answer in walk.answers:
        before = newest(person)
        if answer.startswith("<"):
            await press(person, answer.strip("<>"))
        else:
            await person.say(answer)
        await until(lambda before=before: newest(person) != before, "the next question", 20)
    await press(person, "Confirm")


@pytest.mark.parametrize("dialect", ["documented", "snake", "numeric"])
async def test_the_provider_gets_each_type_as_it_wants_it(shop: Operator, dialect: str) -> None:
    shop.pg.provider.dialect = dialect
    received = heard(shop.pg.provider)
    bot = await shop.start(WELCOME_CREDIT="100", PRICE_STEP="0.000001")
    people = [await shop.person(number) for number in range(len(TYPES))]
    await asyncio.gather(
        *(order(shop, person, WALKS[kind]) for person, kind in zip(people, TYPES, strict=True))
    )

    async def placed() -> bool:
        return adds(shop) == len(await shop.rows()) == len(TYPES)

    await until(placed, "every order is at the provider", 20)
    assert sorted(map(sorted_items, received)) == sorted(
        sorted_items(WALKS[kind].expected) for kind in TYPES
    )
    # One link's orders go one after another, but the provider refuses none of them.
    assert not {str(OrderState.REJECTED), str(OrderState.UNKNOWN)} & set(await shop.states())
    prices = {row.service_type: (row.quantity, row.price) for row in await shop.rows()}
    assert prices == {kind: (WALKS[kind].quantity, WALKS[kind].price) for kind in TYPES}
    await shop.told()
    await shop.check_money()
    assert await bot.stop() == 0
    assert "Traceback" not in bot.said


def sorted_items(fields: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(fields.items())


async def test_an_admin_names_a_type_in_two_taps_and_customers_order_it(shop: Operator) -> None:
    shop.pg.provider.change_service("19", type="fb_viplike")
    await shop.admin.say("/start")
    bot = await shop.start()
    await shop.admin.wait_for("of an unknown type", 20)
    ann = await shop.person()
    await ann.say(f"/start s_{await shop.service('19')}")
    await ann.wait_for("not available any more")
    await shop.admin.press("Treat as …")
    await until(
        lambda: any("Poll" in view.labels for view in shop.admin.from_bot), "the list of types"
    )
    await shop.admin.press("Poll")
    await shop.admin.wait_for("One service is for sale now")
    received = heard(shop.pg.provider)
    await order(shop, ann, WALKS["poll"])
    await until(lambda: received, "the order is at the provider", 20)
    assert received == [WALKS["poll"].expected]
    assert await bot.stop() == 0
    assert "Traceback" not in bot.said
