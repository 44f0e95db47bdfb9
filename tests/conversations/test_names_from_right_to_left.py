"""What people are called and what they write stands in isolates, wherever others read it."""

import pytest

from tests.harness.shop import Shop
from tests.harness.walks import place

HEBREW = "שלום 100"
ATTACK = "\u2069\u202e00.5$ saw tnuoma"


def pieces_are_safe(text: str) -> bool:
    """Is everything that turns inside of an isolate, line by line?"""
    for line in text.split("\n"):
        depth = 0
        for character in line:
            depth += (character in "\u2066\u2067\u2068") - (character == "\u2069")
            if depth <= 0 and (
                character in "\u202a\u202b\u202c\u202d\u202e\u200f"
                or "\u0590" <= character <= "\u08ff"
            ):
                return False
    return True


@pytest.mark.parametrize("name", [HEBREW, ATTACK])
async def test_admins_read_names_that_turn_nothing(shop: Shop, name: str) -> None:
    await shop.admin.say("/start")
    zoe = shop.person(1009, name)
    await place(zoe)
    await zoe.say(f"/support {name}\nwhere is {name}?")
    await shop.notify()
    await shop.admin.say("/payments")
    await shop.admin.say("/triage 1")
    assert any(
        "1009" in view.text or name.strip("\u2069") in view.text for view in shop.admin.from_bot
    )
    for view in (*shop.admin.from_bot, *zoe.from_bot):
        assert pieces_are_safe(view.text), repr(view.text)
