"""Choosing what is told when: every screen, every wrong input, and the clock."""

import pytest
from sqlalchemy import insert

from storage.schema.customers import users
from tests.harness.shop import Shop
from tests.harness.walks import to_quantity

# The clock of these tests shows 12:00 UTC.


async def row(shop: Shop, user_id: int = 1001):
    (found,) = [one for one in await shop.rows(users) if one.id == user_id]
    return found


async def test_the_settings_are_in_the_menu(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/start")
    await ann.press("Settings")
    assert "results only" in ann.last.text
    assert "no quiet hours" in ann.last.text
    assert "I don't know your clock yet" in ann.last.text
    assert ann.last.labels == ["What I am told", "Quiet hours", "Clock", "Language", "Back"]
    await ann.press("Language")
    assert "Which language" in ann.last.text
    await ann.say("/settings")
    await ann.press("Back", message=ann.last)
    assert "New order" in ann.last.labels


async def test_what_is_pushed_is_chosen(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/settings")
    await ann.press("What I am told")
    assert ann.last.labels == ["✓ Only results", "Every change", "Once a day", "Back"]
    assert (await row(shop)).pushes == "ends"
    await ann.press("Every change")
    assert "every change" in ann.last.text
    assert (await row(shop)).pushes == "all"
    await ann.press("What I am told")
    assert "✓ Every change" in ann.last.labels
    await ann.press("Only results")
    assert "results only" in ann.last.text
    assert (await row(shop)).pushes == "ends"


async def test_who_was_there_before_keeps_what_they_had(shop: Shop) -> None:
    """Rows from before new people began with results only say "all"."""
    now = shop.clock()
    await shop.app.database.write(
        lambda tx: tx.execute(
            insert(users).values(id=1001, first_name="Ann", language="en", created_at=now)
        )
    )
    ann = shop.person()
    await ann.say("/start")
    assert (await row(shop)).pushes == "all"
    await ann.say("/settings")
    assert "every change" in ann.last.text


async def test_the_first_quiet_hours_ask_for_the_clock_and_count_at_once(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/settings")
    await ann.press("Quiet hours")
    assert "✓ Never quiet" in ann.last.labels
    await ann.press("22:00 – 8:00")
    assert "quiet from 22:00 to 8:00" in ann.last.text
    assert "What time is it at your place?" in ann.last.text
    assert ((await row(shop)).quiet_from, (await row(shop)).quiet_until) == (22, 8)
    await ann.press("17:30")
    assert "It is 17:30 at your place" in ann.last.text
    assert (await row(shop)).utc_offset == 330
    await ann.press("Quiet hours")
    assert "✓ 22:00 – 8:00" in ann.last.labels
    await ann.press("23:00 – 7:00")
    assert "What time" not in ann.last.text  # asked once
    assert "quiet from 23:00 to 7:00" in ann.last.text
    await ann.press("Quiet hours")
    await ann.press("Never quiet")
    assert "no quiet hours" in ann.last.text
    assert (await row(shop)).quiet_from is None


async def test_every_clock_is_offered_once(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/settings")
    await ann.press("Clock")
    times = [label for label in ann.last.labels if ":" in label]
    assert len(times) == len(set(times)) == 37
    assert times == sorted(times)
    assert {"12:00", "17:30", "17:45", "02:30", "00:00", "01:45"} <= set(times)


async def test_the_clock_is_typed(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/settings")
    await ann.press("What I am told")
    await ann.press("Once a day")
    assert "What time is it at your place?" in ann.last.text
    await ann.say("half past nine")
    assert "I can't read that as a time" in ann.last.text
    await ann.send_sticker()
    assert "I can't read that as a time" in ann.last.text
    await ann.say("9:38 pm")
    assert "It is 21:45 at your place" in ann.last.text
    assert "your day once, at 20:00" in ann.last.text
    assert (await row(shop)).utc_offset == 585
    await ann.press("When I am told my day")
    assert "It is 21:45" in ann.last.text
    await ann.press("9:00")
    assert "your day once, at 9:00" in ann.last.text
    await ann.say("21:40")  # nobody asked
    assert "It is" not in ann.last.text


async def test_a_question_that_was_open_stays_open(shop: Shop) -> None:
    ann = shop.person()
    await to_quantity(ann)
    question = ann.last
    await ann.say("/settings")
    await ann.press("Clock")
    await ann.say("15:00")
    assert "It is 15:00" in ann.last.text
    await ann.say("100")
    assert "come in parts" in ann.last.text
    assert ann.last.id != question.id


async def test_going_back_from_the_clock_leaves_it_as_it_was(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/settings")
    await ann.press("Clock")
    await ann.press("Back", message=ann.last)
    assert "I don't know your clock yet" in ann.last.text
    await ann.say("podcast")
    assert "service" in ann.last.text
    assert (await row(shop)).utc_offset is None


@pytest.mark.parametrize(
    "data",
    [
        "se:nowhere",
        "qp:loud",
        "qh:22:22",
        "qh:24:8",
        "qh:25:3",
        "qd:24",
        "qc:0",
        "qc:1447",
        "qc:2295",
        "qc:9007199254740992",
    ],
)
async def test_forged_choices_change_nothing(shop: Shop, data: str) -> None:
    ann = shop.person()
    await ann.say("/settings")
    before = await row(shop)
    await ann.forge(data)
    assert "older version" in ann.toast
    assert await row(shop) == before


async def test_in_russian(shop: Shop) -> None:
    vera = shop.person(1002, "Vera", "ru")
    await vera.say("/settings")
    assert "Сообщаю только об итогах" in vera.last.text
    await vera.press("Тихие часы")
    await vera.press("0:00 – 8:00")
    assert "Который у вас час?" in vera.last.text
    await vera.say("15:00")
    assert "У вас сейчас 15:00" in vera.last.text


async def test_strangers_have_settings_too(house: Shop) -> None:
    """Who may not shop may have been a customer, and still decides what is told."""
    zoe = house.person(1009, "Zoe")
    await zoe.say("/settings")
    assert "results only" in zoe.last.text
