"""The screens that are measured: what a person does to get there, and the one update that counts."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from handlers.callbacks import Categories, ServiceCard, StartOrder
from playground.telegram.people import Person

LINK = "https://example.com/page"
# What leads to the update that counts; the number says which time it is.
Step = Callable[[Person, int], Awaitable[object]]


@dataclass(frozen=True)
class Scene:
    """`presses`: the update is a pressed button, answered by an edit; otherwise a text, answered by a message."""

    name: str
    prepare: Step
    act: Step
    presses: bool


async def _nothing(person: Person, turn: int) -> None:
    del person, turn


async def _menu(person: Person, turn: int) -> None:
    if turn == 0:
        await person.say("/start")


async def _up_to_quantity(person: Person, turn: int) -> None:
    await _menu(person, turn)
    await person.forge(StartOrder(service=1).pack())
    await person.say(LINK)


async def _up_to_summary(person: Person, turn: int) -> None:
    await _up_to_quantity(person, turn)
    await person.say("1000")


SCENES = (
    Scene("/start", _nothing, lambda person, _: person.say("/start"), presses=False),
    Scene("categories", _menu, lambda person, turn: person.forge(Categories(page=turn % 2).pack()), presses=True),
    Scene(
        "service card",
        _menu,
        lambda person, turn: person.forge(ServiceCard(service=1 + turn % 2, page=0).pack()),
        presses=True,
    ),
    Scene("quantity answered", _up_to_quantity, lambda person, _: person.say("1000"), presses=False),
    Scene("Confirm", _up_to_summary, lambda person, _: person.press("Confirm"), presses=True),
)
