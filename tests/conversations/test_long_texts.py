"""A long text comes in several messages: they are one answer, and none of them is the next
question's.
"""

import pytest

from playground.telegram.people import Person
from storage.schema.messages import fsm
from storage.schema.operations import long_texts
from storage.schema.orders import mass_lines, mass_orders
from tests.factories.mass import PLAYS, URL, lines, seen
from tests.harness.shop import Shop
from tests.harness.walks import COMMENTS, to_quantity

LIMIT = 4096
LATE, TOO_LATE = "came too late", "did not count: what it answers"


def comments(number: int, word: str = "comment") -> str:
    return "\n".join(f"{word}-{index:04}-of-somebody" for index in range(number))


def pieces_of(text: str, size: int = LIMIT) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


async def to_comments(shop: Shop, language: str = "en") -> Person:
    ann = shop.person(1001, "Ann", language)
    if language == "en":
        await to_quantity(ann, COMMENTS)
        return ann
    await ann.say("/start")
    await ann.press("Новый заказ", message=ann.last)
    await ann.press("Try these first", message=ann.last)
    while not any(COMMENTS in label for label in ann.last.labels):
        await ann.press("▶", message=ann.last)
    await ann.press(COMMENTS, message=ann.last)
    await ann.press("Заказать", message=ann.last)
    await ann.say("https://example.com/page")
    return ann


async def ordered(ann: Person, shop: Shop) -> list[str]:
    await ann.press("Confirm", message=ann.last)
    (order,) = await shop.rows()
    return order.fields["comments"]


@pytest.mark.parametrize(
    ("language", "taken", "confirm"),
    [("en", "400 lines taken", "Confirm"), ("ru", "Принято 400", "Подтвердить")],
)
async def test_three_pieces_are_one_list(
    shop: Shop, language: str, taken: str, confirm: str
) -> None:
    ann = await to_comments(shop, language)
    before, text = len(ann.from_bot), comments(400)
    assert len(pieces_of(text)) == 3
    await ann.say(text)  # in pieces, as clients do
    assert len(ann.from_bot) == before
    await shop.read()
    assert len(ann.from_bot) == before + 1
    await ann.press(confirm, message=ann.last)
    (order,) = await shop.rows()
    assert order.fields["comments"] == text.splitlines()
    await shop.check_money()


async def test_a_piece_is_waited_for_two_seconds_after_each(shop: Shop) -> None:
    ann = await to_comments(shop)
    before, text = len(ann.from_bot), comments(400)
    for piece in pieces_of(text):
        await shop.read(1.9)
        await ann.say(piece)
    await shop.read(1.9)
    assert len(ann.from_bot) == before
    await shop.read(0.2)
    assert await ordered(ann, shop) == text.splitlines()


@pytest.mark.parametrize("order", [(0, 2, 1), (2, 1, 0), (1, 0, 2)])
async def test_their_numbers_decide_and_not_the_order_in_which_they_come(
    shop: Shop, order: tuple[int, ...]
) -> None:
    ann = await to_comments(shop)
    text = comments(500)
    pieces = [piece.ljust(LIMIT, "!") for piece in pieces_of(text)][:3]
    for number in order:
        sent = {
            "message_id": 700 + number,
            "chat": ann.chat.as_dict(),
            "date": 1,
            "from": ann.as_user(),
        }
        await shop.api.deliver("message", {**sent, "text": pieces[number]})
    await shop.read()
    assert await ordered(ann, shop) == "".join(pieces).splitlines()


async def test_where_a_client_cut_at_a_lines_end_it_is_one(shop: Shop) -> None:
    """Telegram drops the blank at the end of a message."""
    ann = await to_comments(shop)
    text = comments(300)
    cut = text.rindex("\n", 0, LIMIT - 40)
    await ann.say(text[:cut])
    await ann.say(text[cut + 1 :])
    await shop.read()
    assert await ordered(ann, shop) == text.splitlines()


async def test_a_long_text_alone_is_answered_after_two_seconds(shop: Shop) -> None:
    ann = await to_comments(shop)
    text = comments(160)
    assert 3_500 < len(text) < LIMIT
    await ann.say(text)
    await shop.read()
    assert await ordered(ann, shop) == text.splitlines()


async def test_what_comes_too_late_is_no_answer_to_anything(shop: Shop) -> None:
    ann = await to_comments(shop)
    first, second = pieces_of(comments(250))
    await ann.say(first)
    await shop.read()
    shown = ann.last
    await ann.say(second)
    assert LATE in ann.last.text
    assert "lines taken" in shown.text
    await ann.press("Back", message=shown)
    await shop.read(11)
    await ann.say("one\ntwo")
    assert await ordered(ann, shop) == ["one", "two"]


async def test_in_russian_it_is_said_too(shop: Shop) -> None:
    ann = await to_comments(shop, "ru")
    first, second = pieces_of(comments(250))
    await ann.say(first)
    await shop.read()
    shown = ann.last
    await ann.say(second)
    assert "слишком поздно" in ann.last.text
    await ann.press("Назад", message=shown)
    await shop.read(11)
    await ann.say(first)
    await ann.press("Назад", message=shown)
    await shop.read()
    assert "не учтён" in ann.last.text


async def test_after_a_complete_text_the_next_answer_counts_at_once(shop: Shop) -> None:
    ann = shop.person()
    await to_quantity(ann, COMMENTS)
    await ann.say(comments(250))
    await shop.read()
    await ann.press("Back", message=ann.last)
    await ann.say("one\ntwo\nthree")
    assert "3 lines taken" in ann.last.text


async def test_a_refused_text_may_be_sent_again_at_once(shop: Shop) -> None:
    ann = await to_comments(shop)
    await ann.say("x" * 4_000)
    await shop.read()
    assert "is too long" in ann.last.text
    await ann.say("one\ntwo")
    assert "2 lines taken" in ann.last.text


@pytest.mark.parametrize("label", ["Back", "Cancel"])
async def test_who_presses_a_button_meanwhile_is_answered_and_told(shop: Shop, label: str) -> None:
    ann = await to_comments(shop)
    asked = ann.last
    await ann.say(comments(250))
    await ann.press(label, message=asked)
    assert ann.answers
    await shop.read()
    assert TOO_LATE in ann.last.text
    assert await shop.rows() == []


@pytest.mark.parametrize("command", ["/cancel", "/Cancel", "/start"])
async def test_who_gives_up_meanwhile_hears_no_more_of_it(shop: Shop, command: str) -> None:
    ann = await to_comments(shop)
    await ann.say(comments(250))
    await ann.say(command)
    before = len(ann.from_bot)
    await shop.read()
    assert len(ann.from_bot) == before
    assert await shop.rows(long_texts) == []
    assert [row for row in await shop.rows(fsm) if row.state] == []


async def test_other_commands_are_answered_meanwhile(shop: Shop) -> None:
    ann = await to_comments(shop)
    first, second = pieces_of(comments(250))
    await ann.say(first)
    await ann.say("/help")
    assert "/orders" in ann.last.text
    await ann.say(second)
    await shop.read()
    assert await ordered(ann, shop) == (first + second).splitlines()


async def test_a_mass_order_in_pieces(shop: Shop) -> None:
    ann = shop.person()
    text = lines(200, 10)
    assert len(pieces_of(text)) == 2
    await ann.say("/mass")
    await ann.say(text)
    assert await shop.rows(mass_orders) == []
    await shop.read()
    assert "Good lines: 200 · with a problem: 0" in seen(ann.last)
    assert len(await shop.rows(mass_orders)) == 1
    assert {row.quantity for row in await shop.rows(mass_lines)} == {10}


async def test_one_that_nobody_has_asked_for(shop: Shop) -> None:
    ann = shop.person()
    await ann.say(lines(200, 10))
    await shop.read()
    assert "Good lines: 200 · with a problem: 0" in seen(ann.last)
    assert len(await shop.rows(mass_orders)) == 1


async def test_its_late_piece_makes_no_second_one(shop: Shop) -> None:
    ann = shop.person()
    first, second = pieces_of(lines(200, 10))
    await ann.say(first)
    await shop.read()
    await ann.say(second)
    assert LATE in ann.last.text
    assert len(await shop.rows(mass_orders)) == 1


async def test_a_number_is_not_cut_in_two(shop: Shop) -> None:
    ann = shop.person()
    text = lines(100, 10)
    text += (
        f"\n{PLAYS} | {URL}/"
        + "x" * (LIMIT - len(text) - len(f"\n{PLAYS} | {URL}/ | 10"))
        + " | 1000"
    )
    assert text[:LIMIT].endswith("| 10")
    assert text[LIMIT:] == "00"
    await ann.say("/mass")
    await ann.say(text)
    await shop.read()
    assert (await shop.rows(mass_lines))[-1].quantity == 1000


async def test_what_follows_a_long_text_that_was_refused_at_once_is_no_answer(shop: Shop) -> None:
    """At the question for a number nothing is waited for; its other pieces come right behind it."""
    ann = shop.person()
    await to_quantity(ann)
    text = "9" * LIMIT
    sent = {"chat": ann.chat.as_dict(), "date": 1, "from": ann.as_user()}
    await shop.api.deliver("message", {**sent, "message_id": 900, "text": text})
    assert "whole number" in ann.last.text
    await shop.api.deliver("message", {**sent, "message_id": 901, "text": "100"})
    assert LATE in ann.last.text
    await ann.say("100")
    assert "come in parts" in ann.last.text


async def test_more_than_a_file_can_hold_is_refused_whole(shop: Shop) -> None:
    ann = await to_comments(shop)
    for _ in range(65):
        await ann.say("x" * LIMIT)
    assert "too long for messages" in ann.last.text
    assert "256 kB" in ann.last.text
    await shop.read()
    assert await shop.rows() == []
    (row,) = await shop.rows(long_texts)
    assert row.pieces == []
    await shop.read(60)
    assert await shop.rows(long_texts) == []


async def test_a_restart_in_between_loses_nothing(shop: Shop) -> None:
    ann = await to_comments(shop)
    text = comments(250)
    await ann.say(text)
    taken = await shop.app.updates.reader.texts.take()  # too early
    assert taken is None
    shop.pass_time(2)
    assert (
        await shop.app.updates.reader.texts.take()
    ) is not None  # by a process that dies with it
    await shop.read(29)
    assert "Send the comments" in ann.last.text
    await shop.read(2)
    assert await ordered(ann, shop) == text.splitlines()


async def test_who_died_after_it_had_counted_says_nothing_twice(shop: Shop) -> None:
    ann = await to_comments(shop)
    await ann.say(comments(250))
    shop.pass_time(2)
    found = await shop.app.updates.reader.texts.take()
    await shop.app.updates.reader._read(found)
    await shop.app.database.write(
        lambda tx: tx.execute(
            long_texts.update().values(
                state="taken", pieces=found.pieces, message=found.message, awaited=found.awaited
            )
        )
    )
    before = len(ann.from_bot)
    await shop.read(31)
    assert len(ann.from_bot) == before
    assert await ordered(ann, shop) == comments(250).splitlines()


async def test_what_two_people_send_is_kept_apart(shop: Shop) -> None:
    ann = await to_comments(shop)
    ben = shop.person(1004, "Ben")
    await to_quantity(ben, COMMENTS, "https://example.com/ben")
    hers, his = pieces_of(comments(250, "hers")), pieces_of(comments(250, "his"))
    for one, other in zip(hers, his, strict=True):
        await ann.say(one)
        await ben.say(other)
    await shop.read()
    await ann.press("Confirm", message=ann.last)
    await ben.press("Confirm", message=ben.last)
    assert [order.fields["comments"] for order in await shop.rows()] == [
        "".join(hers).splitlines(),
        "".join(his).splitlines(),
    ]


async def test_a_list_of_characters_of_two_units(shop: Shop) -> None:
    ann = await to_comments(shop)
    text = "\n".join(f"{number}{'🙂' * 30}" for number in range(150))
    before = len(ann.messages)
    await ann.say(text)
    assert len(ann.messages) == before + 3
    await shop.read()
    assert await ordered(ann, shop) == text.splitlines()
