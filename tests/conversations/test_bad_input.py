"""Whatever people send: a clear sentence, the same question again, and nothing lost."""

import pytest

from tests.harness.shop import Shop
from tests.harness.walks import COMMENTS, to_quantity, to_summary

AWKWARD = [
    "hello there",
    "http://",
    "<b>bold</b>",
    "https://user@evil.example/",
    "javascript:alert(1)",
    "'; DROP TABLE orders; --",
    "\u202eevil\u202c",
    "\u200b\u200b",
    "🙂" * 2000,
    "x" * 4096,
    "@name",
]

FORGED = """zzz y: y:abc y:99999999999999999999 y:-1 s:1 s:1:-5 c:-3 c:9999999999 a:1:nonsense:5 a:1:quantity:-5 i:1
    i:007 w:-1 t:xx v:999999:0 o:0 g:5 l:7:99 m:nowhere z z:1 :: b:1:2 k:٣
    mp:9:9 mo:0 mo:7 mx:0 mx:7 fv:0:0:5 fv:9:9:1 fl:9 ps:0 pn:0:7 pn:9:1 pu:0 pd:7"""  # noqa: E501


@pytest.mark.parametrize("text", AWKWARD)
async def test_what_is_no_link_is_asked_again(shop: Shop, text: str) -> None:
    ann = shop.person()
    await to_quantity(ann, link=text)
    assert "can't read that as a link" in ann.last.text
    assert "https://example.com/page" in ann.last.text
    await ann.say("https://example.com/ok")
    assert "How many?" in ann.last.text


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("1k", "1,000"),
        ("1 000", "1,000"),
        ("1,000", "1,000"),
        ("٢٠٠", "200"),
        ("१००", "100"),
        ("+100", "100"),
    ],
)
async def test_numbers_are_understood_as_people_type_them(
    shop: Shop, typed: str, understood: str
) -> None:
    ann = shop.person()
    await to_quantity(ann)
    await ann.say(typed)
    await ann.press("Skip", message=ann.last)
    assert f"🔢 {understood}\n" in ann.last.text


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("many", "I need a whole number"),
        ("-5", "I need a whole number"),
        ("0", "I need a whole number"),
        ("1.5", "I need a whole number"),
        ("9" * 4000, "I need a whole number"),
        ("19", "19 is too few: the least is 20"),
        ("50001", "50,001 is too many: the most is 50,000"),
    ],
)
async def test_a_wrong_quantity_is_asked_again(shop: Shop, typed: str, answer: str) -> None:
    ann = shop.person()
    await to_quantity(ann)
    await ann.say(typed)
    assert answer in ann.last.text
    assert "How many?" in ann.last.text
    await ann.say("100")
    assert "come in parts" in ann.last.text


@pytest.mark.parametrize("step", ["link", "quantity", "comments"])
async def test_photos_stickers_and_files_never_break_the_flow(shop: Shop, step: str) -> None:
    ann = shop.person()
    service = COMMENTS if step == "comments" else "Podcast plays"
    await to_quantity(ann, service, "not a link" if step == "link" else "https://example.com/p")
    for send in (ann.send_sticker, ann.send_photo):
        await send()
        assert "as text" in ann.last.text
    await ann.send_file("x.png", b"\x89PNG")
    assert "⚠️" in ann.last.text
    assert "Cancel" in ann.last.labels


async def test_a_file_that_is_no_text_is_explained(shop: Shop) -> None:
    ann = shop.person()
    await to_quantity(ann, COMMENTS)
    await ann.send_file("comments.txt", b"\xff\xfe\x00bad")
    assert ".txt files in UTF-8" in ann.last.text
    await ann.send_file("comments.txt", b"x" * 300 * 1024)
    assert ".txt files in UTF-8" in ann.last.text
    await ann.send_file("empty.txt", b"\n\n")
    assert "one entry per line" in ann.last.text
    await ann.say("one\ntwo")
    assert "2 comments" in ann.last.text


async def test_too_few_comments_and_too_long_ones(shop: Shop) -> None:
    ann = shop.person()
    await to_quantity(ann, COMMENTS)
    await ann.say("only one")
    assert "That makes 1, but the least is 2" in ann.last.text
    await ann.say("fine\n" + "x" * 1001)
    assert "Line 2 is too long" in ann.last.text


async def test_a_wrong_number_of_parts_and_minutes(shop: Shop) -> None:
    ann = shop.person()
    await to_quantity(ann)
    await ann.say("20000")
    await ann.say("3")
    assert "60,000 in all, but the most is 50,000" in ann.last.text
    await ann.say("2")
    await ann.say("never")
    assert "minutes between the parts" in ann.last.text
    await ann.say("60")
    assert "2 parts of 20,000, every 1 h" in ann.last.text


async def test_html_in_comments_is_shown_as_written(shop: Shop) -> None:
    ann = shop.person()
    await to_quantity(ann, COMMENTS)
    await ann.say('<b>"hi" & bye</b>\n</code>')
    assert '<b>"hi" & bye</b>' in ann.last.text


async def test_text_at_the_summary_shows_it_again(shop: Shop) -> None:
    ann = shop.person()
    await to_summary(ann)
    await ann.say("yes please")
    assert "Is this right?" in ann.last.text
    assert await shop.rows() == []


async def test_other_commands_in_between_lose_nothing(shop: Shop) -> None:
    ann = shop.person()
    await to_quantity(ann)
    await ann.say("/orders")
    await ann.say("/help")
    await ann.say("/nonsense")
    assert "I didn't get that" in ann.last.text
    await ann.say("100")
    assert "come in parts" in ann.last.text


@pytest.mark.parametrize("text", ["hi", "/nonsense", "<b>", "x" * 4096, "\u202e"])
async def test_anything_else_gets_an_answer(shop: Shop, text: str) -> None:
    ann = shop.person()
    await ann.say(text)
    assert "New order" in ann.last.labels
    await ann.send_sticker()
    assert "I didn't get that" in ann.last.text


@pytest.mark.parametrize("data", FORGED.split())
async def test_forged_and_old_buttons_are_answered_politely(shop: Shop, data: str) -> None:
    ann = shop.person()
    await ann.say("/start")
    answers = len(ann.answers)
    await ann.forge(data)
    assert len(ann.answers) == answers + 1
    assert "something went wrong" not in ann.toast
    assert await shop.rows() == []


async def test_an_exception_is_apologised_for_with_a_number(
    shop: Shop, monkeypatch, caplog
) -> None:
    ann = shop.person()
    await ann.say("/start")

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(type(shop.app.dispatcher["browser"]), "categories", broken)
    await ann.say("/order")
    number = ann.last.text.rsplit(" ", 1)[1]
    assert "something went wrong" in ann.last.text
    assert "secret detail" not in ann.transcript()
    assert number in caplog.text
    assert "RuntimeError: secret detail" in caplog.text
    await ann.forge("c:0")
    assert "something went wrong" in ann.toast
    assert len(ann.toast) <= 200
