"""Mass orders in the chat, for tests."""

from playground.telegram.people import Person
from playground.telegram.views import MessageView
from tests.harness.shop import Shop

PLAYS, PACKAGE, COMMENTS = "24", "7", "9"  # as the cards show them
URL = "https://example.com"


def seen(view: MessageView) -> str:
    """Give a message's text without the marks that keep directions apart."""
    return view.text.replace("\u2068", "").replace("\u2069", "")


def lines(count: int, quantity: int = 100) -> str:
    return "\n".join(f"{PLAYS} | {URL}/{number} | {quantity}" for number in range(1, count + 1))


async def preview(person: Person, text: str) -> None:
    await person.say("/mass")
    await person.say(text)


async def to_the_end(shop: Shop, rounds: int = 15) -> None:
    for _ in range(rounds):
        await shop.work(10)
