"""Each kind of answer: how it is read, what is refused, and what is no longer right later."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from panel import SERVICE_TYPES, FieldKind
from shop.errors import BadAnswerError
from shop.ordering import fields as ordering_fields
from shop.ordering import forms
from shop.parsing import parse_lines
from tests.factories.shop_rows import service

TODAY = date(2026, 11, 22)
LIST = service(type="mentions_custom_list", min=2, max=3)
SUBSCRIPTION = service(type="subscriptions", min=10, max=500)
TRAFFIC = service(type="web_traffic")
HOLDERS = {
    field.name: service(type=row.key) for row in SERVICE_TYPES.values() for field in row.fields
}


def read(step: str, text: str, offered=None, **fields):
    return forms.read_answer(offered or HOLDERS[step], step, text, fields, today=TODAY)[step]


def refused(step: str, text: str, offered=None, **fields) -> BadAnswerError:
    with pytest.raises(BadAnswerError) as error:
        read(step, text, offered, **fields)
    return error.value


@pytest.mark.parametrize(
    ("step", "text", "value"),
    [
        ("username", " @Anna.Smith\u200b ", "Anna.Smith"),
        ("username", "anna", "anna"),
        ("username", "https://example.com/anna", "https://example.com/anna"),
        ("hashtag", "#travel", "travel"),
        ("hashtag", "##закат", "закат"),
        ("media", "instagram.com/p/Abc?igsh=x", "https://instagram.com/p/Abc"),
        ("referring_url", "example.com/blog", "https://example.com/blog"),
        ("country", " United States ", "United States"),
        ("google_keyword", "flower shop\n", "flower shop"),
        ("answer_number", "٢", 2),
        ("device", "4", "4"),
        ("device", "mixed MOBILE", "4"),
        ("device", " iOS ", "3"),
        ("type_of_traffic", "2", "2"),
        ("expiry", "2026-12-31", "31/12/2026"),
        ("expiry", "1.2.2027", "01/02/2027"),
        ("expiry", "23/11/2026", "23/11/2026"),
        ("delay", "0", 0),
        ("delay", "600", 600),
        ("posts", "1k", 1000),
    ],
)
def test_what_is_understood(step: str, text: str, value: object) -> None:
    assert read(step, text) == value


@pytest.mark.parametrize(
    ("step", "text", "key"),
    [
        ("username", "", "bad-word"),
        ("username", "@", "bad-word"),
        ("username", "two words", "bad-word"),
        ("username", "anna\nben", "bad-word"),
        ("username", "x" * 201, "bad-word"),
        ("hashtag", "#", "bad-word"),
        ("hashtag", "#a #b", "bad-word"),
        ("media", "my photo", "bad-link"),
        ("referring_url", "blog", "bad-link"),
        ("country", "\u200b", "bad-text"),
        ("country", "Germany\nFrance", "bad-text"),
        ("google_keyword", "x" * 201, "bad-text"),
        ("answer_number", "0", "bad-number"),
        ("answer_number", "101", "bad-number"),
        ("answer_number", "first", "bad-number"),
        ("device", "0", "bad-choice"),
        ("device", "6", "bad-choice"),
        ("device", "Toaster", "bad-choice"),
        ("device", "", "bad-choice"),
        ("type_of_traffic", "4", "bad-choice"),
        ("expiry", "soon", "bad-expiry"),
        ("expiry", "31/13/2026", "bad-expiry"),
        ("expiry", "22/11/2026", "expiry-past"),
        ("expiry", "01.01.2020", "expiry-past"),
        ("delay", "25", "bad-delay"),
        ("delay", "601", "bad-delay"),
        ("delay", "-5", "bad-delay"),
        ("posts", "0", "bad-number"),
        ("posts", "1001", "bad-number"),
        ("old_posts", "1001", "bad-number"),
        ("min", "9", "quantity-too-small"),
        ("min", "1001", "quantity-too-large"),
        ("max", "1001", "quantity-too-large"),
        ("min", "few", "bad-quantity"),
        ("usernames", "anna ben", "line-not-a-word"),
        ("usernames", "anna\n@", "line-not-a-word"),
        ("hashtags", "a\n" + "x" * 201, "line-too-long"),
        ("keywords", "\n\n", "bad-lines"),
        ("groups", "x\n" * 10 + "y" * 1001, "line-too-long"),
    ],
)
def test_what_is_refused(step: str, text: str, key: str) -> None:
    assert refused(step, text).key == key


def test_a_delay_that_is_none_is_told_which_there_are() -> None:
    said = refused("delay", "25").values["choices"]
    assert said.startswith("0, 5, 10, 15, 20, 30, 40, 50, 60, 90, 120, 150")
    assert said.endswith("570, 600")


def test_a_choice_is_known_by_its_name_in_the_readers_language() -> None:
    words = {"device": {"компьютер": "1"}}
    assert ordering_fields.read(TRAFFIC, "device", " Компьютер", words) == "1"
    assert ordering_fields.read(TRAFFIC, "device", "desktop", words) == "1"
    with pytest.raises(BadAnswerError):
        ordering_fields.read(TRAFFIC, "type_of_traffic", "компьютер", words)


@pytest.mark.parametrize(
    ("step", "text", "lines", "repeats", "kept"),
    [
        ("comments", "Nice\n\nNice\nnice\u200b\n", ["Nice", "Nice", "nice"], 1, True),
        ("usernames", "@Anna\nanna\nben\nBEN\ncarl", ["Anna", "ben", "carl"], 2, False),
        ("hashtags", "#Sun\n#sun\nsea", ["Sun", "sea"], 1, False),
        ("keywords", "buy roses\nBuy roses\nbuy roses", ["buy roses", "Buy roses"], 1, False),
        ("groups", "https://a.example/g\nhttps://a.example/g", ["https://a.example/g"], 1, False),
        ("groups", "one", ["one"], 0, False),
    ],
)
def test_repeats_are_kept_or_left_out_and_counted(
    step: str, text: str, lines: list, repeats: int, kept: bool
) -> None:
    offered = replace(HOLDERS[step], min=1)
    filled = forms.read_answer(offered, step, text, {})
    assert filled == {step: lines}
    assert forms.taken(offered, step, text, filled) == forms.Taken(len(lines), repeats, kept)


def test_only_lists_are_told_of() -> None:
    assert forms.taken(service(), "quantity", "100", {"quantity": 100}) is None


def test_a_list_that_is_paid_by_its_lines_is_held_against_the_limits_without_repeats() -> None:
    assert refused("usernames", "anna", LIST).key == "lines-too-small"
    assert refused("usernames", "anna\nAnna", LIST).values == {"repeats": 1, "got": 1, "least": 2}
    assert refused("usernames", "a\nb\nc\nd", LIST).key == "lines-too-large"
    filled = {"link": "x", "usernames": read("usernames", "a\nb\nc\nA", LIST)}
    assert forms.charged_quantity(LIST, filled) == 3
    assert forms.wire_fields("mentions_custom_list", filled)["quantity"] == "3"


def test_a_list_that_is_not_paid_by_its_lines_may_have_any_number() -> None:
    assert read("usernames", "anna", service(type="mentions", min=100)) == ["anna"]
    assert read("comments", "one", service(type="custom_comments_package", min=5, max=5)) == ["one"]


def subscription(**changes) -> dict:
    return {
        "username": "anna",
        "min": 20,
        "max": 50,
        "delay": 0,
        "posts": 5,
        "old_posts": None,
        "expiry": None,
    } | changes


def test_a_subscription_is_charged_the_most_that_it_can_come_to() -> None:
    assert forms.charged_quantity(SUBSCRIPTION, subscription()) == 250
    assert forms.charged_quantity(SUBSCRIPTION, subscription(old_posts=3)) == 400
    assert forms.charged_quantity(SUBSCRIPTION, {"username": "anna", "max": 50}) is None
    assert forms.target_of(subscription()) == "anna"
    assert forms.target_of({"link": "https://example.com"}) == "https://example.com"


def test_a_subscription_needs_its_posts_and_may_go_without_old_ones_and_an_end() -> None:
    assert forms.steps(SUBSCRIPTION) == (
        "username",
        "min",
        "max",
        "delay",
        "posts",
        "old_posts",
        "expiry",
    )
    assert forms.next_step(SUBSCRIPTION, subscription()) is None
    assert forms.next_step(SUBSCRIPTION, subscription(posts=None)) == "posts"
    assert "posts" not in forms.OPTIONAL
    assert {"old_posts", "expiry", "runs", "interval"} == forms.OPTIONAL
    assert forms.read_answer(SUBSCRIPTION, "old_posts", "0", {}) == {"old_posts": None}
    sent = forms.wire_fields("subscriptions", subscription(expiry="31/12/2026"))
    assert sent == {
        "username": "anna",
        "min": "20",
        "max": "50",
        "delay": "0",
        "posts": "5",
        "expiry": "31/12/2026",
    }


def test_the_most_of_a_post_is_not_below_the_least() -> None:
    assert refused("max", "19", SUBSCRIPTION, min=20).values == {"least": 20}
    assert read("max", "20", SUBSCRIPTION, min=20) == 20
    assert forms.next_step(SUBSCRIPTION, subscription(min=60)) == "max"
    problem = forms.problem(SUBSCRIPTION, "max", subscription(min=60))
    assert problem is not None
    assert problem.key == "max-below-min"


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"min": 5}, "min"),
        ({"max": 501}, "max"),
        ({"expiry": "22/11/2026"}, "expiry"),
        ({"expiry": "23/11/2026"}, None),
    ],
)
def test_what_stopped_being_right_is_asked_again(changes: dict, step: str | None) -> None:
    assert forms.next_step(SUBSCRIPTION, subscription(**changes), today=TODAY) == step


def test_what_belongs_to_a_choice_is_needed_with_it_and_not_asked_without() -> None:
    first = ("link", "quantity", "country", "device", "type_of_traffic")
    assert forms.steps(TRAFFIC) == first
    assert forms.steps(TRAFFIC, {"type_of_traffic": "1"}) == (*first, "google_keyword")
    assert forms.steps(TRAFFIC, {"type_of_traffic": "2"}) == (*first, "referring_url")
    answered = {
        "link": "https://example.com",
        "quantity": 100,
        "country": "Germany",
        "device": "1",
        "type_of_traffic": "1",
    }
    assert forms.next_step(TRAFFIC, answered) == "google_keyword"
    assert forms.next_step(TRAFFIC, answered | {"google_keyword": None}) == "google_keyword"
    changed = answered | {"google_keyword": "flowers", "type_of_traffic": "3"}
    assert forms.belonging(TRAFFIC, changed) == answered | {"type_of_traffic": "3"}
    assert forms.next_step(TRAFFIC, changed) is None


def test_drip_feed_that_the_service_no_longer_has_is_dropped() -> None:
    planned = {"link": "x", "quantity": 100, "runs": 3, "interval": 60}
    assert forms.belonging(service(dripfeed=True), planned) == planned
    assert forms.belonging(service(), planned) == {"link": "x", "quantity": 100}


def test_runs_and_an_interval_come_together() -> None:
    drip, answered = service(dripfeed=True), {"link": "x", "quantity": 100}
    assert forms.next_step(drip, answered | {"runs": None}) is None
    assert forms.next_step(drip, answered | {"runs": 3}) == "interval"
    assert forms.next_step(drip, answered | {"runs": 3, "interval": None}) == "interval"
    assert forms.belonging(drip, answered | {"runs": None, "interval": 60}) == answered | {
        "runs": None
    }


def test_more_of_each_part_asks_for_the_number_of_parts_again() -> None:
    drip = service(dripfeed=True)
    planned = {"link": "x", "quantity": 600, "runs": 2, "interval": 60}
    assert forms.next_step(drip, planned) == "runs"
    problem = forms.problem(drip, "runs", planned)
    assert problem is not None
    assert problem.values == {"got": 1200, "most": 1000}
    assert forms.next_step(service(dripfeed=True, min=300), planned | {"quantity": 150}) is None


@given(
    st.sampled_from(sorted(HOLDERS)),
    st.text(max_size=300) | st.text("0123456789/.@# \n\u200b\u200dk", max_size=40),
)
def test_whatever_is_answered_is_kept_and_sent_or_refused(step: str, text: str) -> None:
    offered = HOLDERS[step]
    try:
        filled = forms.read_answer(offered, step, text, {}, today=TODAY)
    except BadAnswerError:
        return
    assert step in filled
    assert forms.problem(offered, step, filled, today=TODAY) is None
    assume(filled[step] is not None)
    kind = ordering_fields.field_of(offered, step).kind
    written = filled[step]
    assert isinstance(
        written,
        {FieldKind.LINES: list, FieldKind.QUANTITY: int, FieldKind.NUMBER: int}.get(kind, str),
    )
    if kind is FieldKind.LINES:
        again = forms.read_answer(offered, step, "\n".join(written), {}, today=TODAY)
    else:
        again = forms.read_answer(offered, step, str(written), {}, today=TODAY)
    assert again == filled


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=20))
def test_a_list_never_grows_and_each_line_left_out_is_counted(lines: list[str]) -> None:
    offered, text = service(type="seo"), "\n".join(lines)
    assume(parse_lines(text))
    filled = forms.read_answer(offered, "keywords", text, {})
    told = forms.taken(offered, "keywords", text, filled)
    assert told is not None
    assert told.lines + told.repeats == len(parse_lines(text))
    assert len(set(filled["keywords"])) == told.lines
