"""What `add` demands for each type, what it refuses, and what it charges."""

from decimal import Decimal

import pytest

from playground.provider import Provider
from playground.provider.service_types import TYPES
from playground.provider.testing import HandClock, call

LINK = "https://example.org/page"
BUSY = "You have active order with this link. Please wait until order being completed."
# Per type: the fields besides the link, and the units that are paid (None: one package; 0: nothing
# yet).
FIELDS = {
    "Default": ({"quantity": 100}, 100),
    "Package": ({}, None),
    "SEO": ({"quantity": 100, "keywords": "one\ntwo"}, 100),
    "Custom Comments": ({"comments": "good\r\nvery good\n\n"}, 2),
    "Custom Comments Package": ({"comments": "good\nbetter"}, None),
    "Mentions": ({"quantity": 100, "usernames": "ann\nbob"}, 100),
    "Mentions with Hashtags": ({"quantity": 100, "usernames": "ann", "hashtags": "sea"}, 100),
    "Mentions Custom List": ({"usernames": "ann\nbob\ncid"}, 3),
    "Mentions Hashtag": ({"quantity": 100, "hashtag": "sea"}, 100),
    "Mentions User Followers": ({"quantity": 100, "username": "ann"}, 100),
    "Mentions Media Likers": ({"quantity": 100, "media": "https://example.org/p"}, 100),
    "Comment Likes": ({"quantity": 100, "username": "ann"}, 100),
    "Comment Replies": ({"username": "ann", "comments": "good"}, 1),
    "Poll": ({"quantity": 100, "answer_number": 2}, 100),
    "Invites from Groups": ({"quantity": 100, "groups": "https://example.org/g"}, 100),
    "Subscriptions": ({"username": "ann", "min": 10, "max": 20, "delay": 30}, 0),
    "Web Traffic": ({"quantity": 100, "country": "US", "device": 5, "type_of_traffic": 3}, 100),
}


@pytest.fixture
def provider():
    return Provider(clock=HandClock())


def showcased(provider, label):
    """The first service of a type that is meant to be tried."""
    return next(
        raw
        for raw in provider.catalogue.raw()[3:]
        if raw["type"] == label and int(raw["min"]) <= 100
    )


def test_the_table_has_all_seventeen_types():
    assert set(FIELDS) == {each.label for each in TYPES}
    assert len(FIELDS) == 17


@pytest.mark.parametrize("label", FIELDS)
def test_each_type_is_accepted_and_charged_by_its_rule(provider, label):
    fields, units = FIELDS[label]
    raw = showcased(provider, label)
    provider.change_service(raw["service"], min="1")
    link = {} if label == "Subscriptions" else {"link": LINK}
    assert call(provider, "add", service=raw["service"], **link, **fields) == {"order": 23501}
    rate = Decimal(raw["rate"])
    charge = rate if units is None else rate * units / 1000
    assert provider.balance == 100 - charge


@pytest.mark.parametrize(
    ("label", "name"),
    [(label, name) for label, (fields, _) in FIELDS.items() for name in ("link", *fields)],
)
def test_each_required_field_is_required(provider, label, name):
    raw = showcased(provider, label)
    fields = {"link": LINK, **FIELDS[label][0], name: " "}
    answer = call(provider, "add", service=raw["service"], **fields)
    if (label, name) == ("Subscriptions", "link"):
        assert "order" in answer
    else:
        assert "order" not in answer
        assert answer["error"]
        assert provider.balance == 100


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"service": 999999}, "Incorrect service ID"),
        ({"service": ""}, "Incorrect service ID"),
        ({"quantity": 49}, "Quantity less than minimal 50"),
        ({"quantity": "many"}, "Quantity less than minimal 50"),
        ({"quantity": 10001}, "Quantity more than maximum 10000"),
        ({"quantity": 4000, "runs": 3, "interval": 60}, "Quantity more than maximum 10000"),
        ({"runs": 3}, "Bad interval"),
        ({"interval": 60}, "Bad runs"),
        ({"link": "not a link"}, "Bad link"),
        ({"link": "https://nowhere"}, "Bad link"),
    ],
)
def test_refusals(provider, fields, error):
    asked = {"service": 1, "link": LINK, "quantity": 100} | fields
    assert call(provider, "add", **asked) == {"error": error}
    assert provider.balance == 100
    assert not provider.book.orders


def test_a_link_is_busy_for_its_service_until_the_order_ends(provider):
    asked = {"service": 1, "link": LINK, "quantity": 100}
    assert call(provider, "add", **asked) == {"order": 23501}
    assert call(provider, "add", **asked) == {"error": BUSY}
    assert call(provider, "add", **asked | {"service": 6}) == {"order": 23502}
    provider.force_order(23501, "Completed")
    assert call(provider, "add", **asked) == {"order": 23503}


def test_some_providers_take_equal_orders(provider):
    provider.book.busy_links = False
    ids = [call(provider, "add", service=1, link=LINK, quantity=100)["order"] for _ in range(2)]
    assert ids == [23501, 23502]


def test_funds(provider):
    provider.set_balance("0.089")
    asked = {"service": 1, "link": LINK, "quantity": 100}
    assert call(provider, "add", **asked) == {"error": "Not enough funds on balance"}
    provider.set_balance("0.09")
    assert call(provider, "add", **asked) == {"order": 23501}
    assert provider.balance == 0


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"delay": 7}, "Bad delay"),
        ({"min": 30}, "Bad min"),
        ({"min": 1}, "Quantity less than minimal 10"),
        ({"max": 100000}, "Quantity more than maximum 5000"),
        ({"expiry": "2030-01-31"}, "Bad expiry"),
        ({"posts": "some"}, "Bad posts"),
    ],
)
def test_subscriptions_are_checked(provider, fields, error):
    asked = FIELDS["Subscriptions"][0] | {"expiry": "31/01/2030", "posts": 2} | fields
    assert call(provider, "add", service=21, **asked) == {"error": error}


@pytest.mark.parametrize(("kind", "name"), [(1, "google_keyword"), (2, "referring_url")])
def test_web_traffic_names_its_source(provider, kind, name):
    asked = {"service": 22, "link": LINK, **FIELDS["Web Traffic"][0], "type_of_traffic": kind}
    assert call(provider, "add", **asked) == {"error": f"Bad {name}"}
    assert call(provider, "add", **asked, **{name: "sea"}) == {"order": 23501}


def test_an_explicit_no_to_drip_feed_forbids_it(provider):
    asked = {"service": 24, "link": LINK, "quantity": 10, "runs": 2, "interval": 5}
    assert call(provider, "add", **asked) == {"error": "Bad runs"}
