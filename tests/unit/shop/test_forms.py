"""What is asked for a service, how answers are read, and what they come to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel import SERVICE_TYPES
from shop.errors import BadAnswerError
from shop.ordering import forms
from tests.factories.shop_rows import service

DRIP = service(dripfeed=True)
COMMENTS = service(type="custom_comments", min=2, max=4)


def refused(offered, step: str, text: str, **fields) -> str:
    with pytest.raises(BadAnswerError) as error:
        forms.read_answer(offered, step, text, fields)
    return error.value.key


@pytest.mark.parametrize(
    ("offered", "steps"),
    [
        (service(), ("link", "quantity")),
        (DRIP, ("link", "quantity", "runs", "interval")),
        (COMMENTS, ("link", "comments")),
        (service(type="package"), ("link",)),
    ],
)
def test_the_type_decides_what_is_asked(offered, steps) -> None:
    assert forms.steps(offered) == steps
    answers = {}
    for step in steps:
        assert forms.next_step(offered, answers) == step
        answers |= forms.read_answer(
            offered, step, {"link": "example.com", "comments": "a\nb"}.get(step, "20"), answers
        )
    assert forms.next_step(offered, answers) is None


@pytest.mark.parametrize("kind", SERVICE_TYPES)
def test_every_type_can_be_filled_and_sent(kind: str) -> None:
    offered = service(type=kind, dripfeed=True, max=0)
    names = "\n".join(f"name{number}" for number in range(12))
    texts = {
        "link": "example.com",
        "media": "example.com",
        "comments": names,
        "keywords": names,
        "usernames": names,
        "hashtags": names,
        "groups": names,
        "username": "name",
        "hashtag": "name",
        "country": "Germany",
        "delay": "10",
        "device": "1",
        "type_of_traffic": "1",
        "google_keyword": "flowers",
        "expiry": "31/12/2026",
    }
    answers: dict = {}
    while step := forms.next_step(offered, answers):
        answers |= forms.read_answer(offered, step, texts.get(step, "12"), answers)
    assert forms.charged_quantity(offered, answers)
    sent = forms.wire_fields(kind, answers)
    assert {field.name for field in SERVICE_TYPES[kind].required} <= set(sent)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("9", "quantity-too-small"),
        ("1001", "quantity-too-large"),
        ("0", "bad-quantity"),
        ("lots", "bad-quantity"),
    ],
)
def test_a_quantity_is_held_against_the_limits(text: str, key: str) -> None:
    assert refused(service(), "quantity", text) == key


@pytest.mark.parametrize("text", ["10", "1 000", "1k", "٢٠٠"])
def test_a_quantity_within_the_limits_is_taken(text: str) -> None:
    (value,) = forms.read_answer(service(), "quantity", text, {}).values()
    assert 10 <= value <= 1000


def test_a_maximum_of_zero_is_none() -> None:
    assert forms.read_answer(service(min=0, max=0), "quantity", "1000000", {}) == {
        "quantity": 1_000_000
    }
    assert refused(service(min=0, max=0), "quantity", "0") == "bad-quantity"


def test_a_refusal_says_what_was_given_and_what_would_do() -> None:
    with pytest.raises(BadAnswerError) as error:
        forms.read_answer(service(), "quantity", "5k", {})
    assert error.value.values == {"got": 5000, "most": 1000}


def test_drip_feed_is_held_against_the_limits_by_its_total() -> None:
    assert refused(DRIP, "runs", "11", quantity=100) == "runs-too-large"
    assert forms.read_answer(DRIP, "runs", "10", {"quantity": 100}) == {"runs": 10}
    assert forms.charged_quantity(DRIP, {"quantity": 100, "runs": 10}) == 1000
    assert forms.charged_quantity(DRIP, {"quantity": 100, "runs": None}) == 100
    assert forms.charged_quantity(DRIP, {}) is None


@pytest.mark.parametrize("text", ["0", "1001", "x", "-1"])
def test_a_number_of_runs_that_cannot_be_is_refused(text: str) -> None:
    assert refused(DRIP, "runs", text, quantity=10) == "bad-runs"


@pytest.mark.parametrize("text", ["0", "10081", "x"])
def test_an_interval_that_cannot_be_is_refused(text: str) -> None:
    assert refused(DRIP, "interval", text, quantity=10, runs=2) == "bad-interval"


def test_one_run_is_no_drip_feed_and_skipping_either_step_skips_both() -> None:
    nothing = {"runs": None, "interval": None}
    assert forms.read_answer(DRIP, "runs", "1", {"quantity": 100}) == nothing
    assert forms.skipped("runs") == forms.skipped("interval") == nothing
    answers = {"link": "https://example.com", "quantity": 100} | nothing
    assert forms.next_step(DRIP, answers) is None
    assert forms.wire_fields("default", answers) == {
        "link": "https://example.com",
        "quantity": "100",
    }


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "bad-lines"),
        ("\n \u200b\n", "bad-lines"),
        ("one", "lines-too-small"),
        ("1\n2\n3\n4\n5", "lines-too-large"),
        ("short\n" + "x" * 1001, "line-too-long"),
        ("x\n" * 10_001, "bad-lines"),
    ],
)
def test_comments_that_cannot_be_sent_are_refused(text: str, key: str) -> None:
    assert refused(COMMENTS, "comments", text) == key


def test_comments_are_counted_by_line() -> None:
    answers = forms.read_answer(COMMENTS, "comments", "Nice!\r\n\r\n  Really, nice  \n", {})
    assert answers == {"comments": ["Nice!", "Really, nice"]}
    assert forms.charged_quantity(COMMENTS, answers) == 2
    assert forms.charged_quantity(COMMENTS, {}) is None


def test_the_line_that_is_too_long_is_named() -> None:
    with pytest.raises(BadAnswerError) as error:
        forms.read_answer(COMMENTS, "comments", "a\nb\n" + "x" * 1001, {})
    assert error.value.values["line"] == 3


def test_a_package_is_one_whatever_its_limits_say() -> None:
    package = service(type="package", min=1000, max=1000)
    assert forms.charged_quantity(package, {"link": "x"}) == 1
    assert forms.next_step(package, {"link": "x"}) is None


def test_a_link_that_is_none_is_asked_for_with_an_example_of_the_platform() -> None:
    with pytest.raises(BadAnswerError) as error:
        forms.read_answer(service(category="TikTok likes"), "link", "hello there", {})
    assert error.value.values == {"example": "https://www.tiktok.com/@name"}
    assert forms.read_answer(service(name="TikTok likes"), "link", "@name", {}) == {
        "link": "https://www.tiktok.com/@name"
    }


def test_an_answer_that_was_right_is_asked_again_when_the_limits_have_changed() -> None:
    answers = {"link": "https://example.com", "quantity": 500}
    assert forms.next_step(service(max=500), answers) is None
    assert forms.next_step(service(max=499), answers) == "quantity"
    problem = forms.problem(service(max=499), "quantity", answers)
    assert problem is not None
    assert problem.key == "quantity-too-large"
    assert forms.problem(service(max=499), "link", answers) is None


@given(st.sampled_from(["link", "quantity", "runs", "interval", "comments"]), st.text(max_size=200))
def test_whatever_is_answered_is_read_or_refused(step: str, text: str) -> None:
    offered = COMMENTS if step == "comments" else DRIP
    try:
        answers = forms.read_answer(offered, step, text, {"quantity": 10})
    except BadAnswerError:
        return
    assert step in answers
    assert forms.problem(offered, step, {"quantity": 10} | answers) is None
