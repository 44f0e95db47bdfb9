"""The screens that are measured: what a person does to get there, and the one update that
counts.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiogram.filters.callback_data import CallbackData

from handlers.callbacks import Categories, Confirm, ServiceCard, StartOrder
from playground.telegram.people import Person

LINK = "https://example.com/page"
# What leads to the update that counts; the number says which time it is.
Step = Callable[[Person, int], Awaitable[object]]


@dataclass(frozen=True)
class Scene:
    """`presses`: the update is a pressed button, answered by an edit; otherwise a text, answered by
    a message.
    """

    name: str
    prepare: Step
    act: Step
    presses: bool


def draft_of(person: Person) -> int:
    """Read the draft's id off the summary's first button."""
    summary = person.chat.messages[next(reversed(person.chat.messages))]
    return Confirm.unpack(summary["reply_markup"]["inline_keyboard"][0][0]["callback_data"]).draft


async def _nothing(person: Person, turn: int) -> None:
    del person, turn


async def _menu(person: Person, turn: int) -> None:
    if turn == 0:
        await person.say("/start")


def press(person: Person, data: CallbackData) -> Awaitable[object]:
    """Press a button of the newest message.

    Naming it spares the emulator a look at the whole chat.
    """
    return person.forge(data.pack(), next(reversed(person.chat.messages)))


async def _up_to_quantity(person: Person, turn: int) -> None:
    await _menu(person, turn)
    await press(person, StartOrder(service=1))
    await person.say(LINK)


async def _up_to_summary(person: Person, turn: int) -> None:
    await _up_to_quantity(person, turn)
    await person.say("1000")


SCENES = (
    Scene("/start", _nothing, lambda person, _: person.say("/start"), presses=False),
    Scene(
        "categories",
        _menu,
        lambda person, turn: press(person, Categories(page=turn % 2)),
        presses=True,
    ),
    Scene(
        "service card",
        _menu,
        lambda person, turn: press(person, ServiceCard(service=1 + turn % 2, page=0)),
        presses=True,
    ),
    Scene(
        "quantity answered", _up_to_quantity, lambda person, _: person.say("1000"), presses=False
    ),
    Scene(
        "Confirm",
        _up_to_summary,
        lambda person, _: press(person, Confirm(draft=draft_of(person))),
        presses=True,
    ),
)
