"""Orders that have been delivered, in the chat."""

from playground.telegram.people import Person
from playground.telegram.views import MessageView
from storage.schema.orders import orders
from tests.harness.shop import Shop
from tests.harness.walks import STEADY, place

HOUR = 3600.0


def card(person: Person, number: int = 1) -> MessageView:
    return next(view for view in person.from_bot if view.text.startswith(f"Order #{number} "))


def toast(person: Person) -> str:
    return person.answers[-1].text or ""


async def delivered(shop: Shop, person: Person, service: str = STEADY) -> None:
    """Place an order and let it be completed."""
    await place(person, service)
    for _ in range(9):
        await shop.work(10)
    assert (await shop.rows(orders))[-1].state == "completed"
