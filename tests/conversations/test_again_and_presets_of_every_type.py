"""Order again and presets: whatever kind the order was, the provider gets the same a second
time.
"""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update

from playground.telegram.people import Person
from storage.schema.catalogue import services
from tests.factories.every_type import WALKS, Walk, heard
from tests.harness.shop import Shop, open_shop
from tests.harness.walks import open_service


@pytest.fixture
async def rich(tmp_path) -> AsyncIterator[Shop]:
    async with open_shop(tmp_path, welcome_credit=1000) as opened:
        yield opened


async def order(person: Person, walk: Walk) -> None:
    await person.say(f"/start s_{walk.service}")
    await person.press("Order", message=person.last)
    for answer in walk.answers:
        if answer.startswith("<"):
            await person.press(answer.strip("<>"), message=person.last)
        else:
            await person.say(answer)
    await person.press("Confirm", message=person.last)


@pytest.mark.parametrize("kind", WALKS)
async def test_order_again_is_the_same_order_ready_to_confirm(rich: Shop, kind: str) -> None:
    walk, ann, adds = WALKS[kind], rich.person(), heard(rich.provider)
    await order(ann, walk)
    await rich.work()
    await ann.press(
        "Order again",
        message=next(view for view in ann.from_bot if view.text.startswith("Order #1")),
    )
    assert any("Is this right?" in view.text for view in ann.from_bot), ann.transcript()
    await ann.press("Confirm")
    await rich.work()
    assert adds == [walk.expected, walk.expected]
    first, second = await rich.rows()
    for name in ("service_id", "link", "quantity", "price", "service_type"):
        assert getattr(first, name) == getattr(second, name), name
    await rich.check_money()


async def test_order_again_asks_nothing_that_a_service_has_got_since(rich: Shop) -> None:
    """When it was ordered, it could not be delivered in parts."""
    ann = rich.person()
    await rich.app.database.write(lambda tx: tx.execute(update(services).values(dripfeed=False)))
    await open_service(ann)
    await ann.press("Order", message=ann.last)
    await ann.say("https://example.com/page")
    await ann.say("100")
    await ann.press("Confirm")
    await rich.app.database.write(lambda tx: tx.execute(update(services).values(dripfeed=True)))
    await ann.press("Order again")
    assert "Is this right?" in ann.last.text


@pytest.mark.parametrize("kind", WALKS)
async def test_a_preset_asks_only_where_it_goes_to(rich: Shop, kind: str) -> None:
    walk, ann, adds = WALKS[kind], rich.person(), heard(rich.provider)
    await order(ann, walk)
    await ann.press("Save as preset")
    await ann.say("Mine")
    await ann.press("1. Mine")
    await ann.say("https://example.com/other" if "link" in walk.expected else "@ben")
    assert "Is this right?" in ann.last.text, ann.transcript()
    await ann.press("Confirm")
    await rich.work()
    target = (
        {"link": "https://example.com/other"} if "link" in walk.expected else {"username": "ben"}
    )
    assert adds == [walk.expected, walk.expected | target]
