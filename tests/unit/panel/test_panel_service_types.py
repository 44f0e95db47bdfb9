"""The table of types, and the fields that `add` gets from it."""

import pytest

from panel import SERVICE_TYPES, FieldKind, Pricing, order_fields, service_type

LINK = {"link": " https://example.com/p "}
Q = {"quantity": 100}

# key: entered -> sent (beside the link), priced by
TABLE = {
    "default": (
        {**LINK, **Q, "runs": 3, "interval": "60"},
        {"quantity": "100", "runs": "3", "interval": "60"},
    ),
    "package": ({**LINK, **Q}, {"quantity": "1"}),
    "seo": ({**LINK, **Q, "keywords": "a\r\nb"}, {"quantity": "100", "keywords": "a\nb"}),
    "custom_comments": (
        {**LINK, "comments": ["one", " ", "two\nthree "]},
        {"comments": "one\ntwo\nthree", "quantity": "3"},
    ),
    "custom_comments_package": (
        {**LINK, "comments": "one\n\ntwo"},
        {"comments": "one\ntwo", "quantity": "1"},
    ),
    "mentions": ({**LINK, **Q, "usernames": ["a", "b"]}, {"quantity": "100", "usernames": "a\nb"}),
    "mentions_with_hashtags": (
        {**LINK, **Q, "usernames": ["a"], "hashtags": ["x", "y"]},
        {"quantity": "100", "usernames": "a", "hashtags": "x\ny"},
    ),
    "mentions_custom_list": (
        {**LINK, "usernames": ["a", "b"]},
        {"usernames": "a\nb", "quantity": "2"},
    ),
    "mentions_hashtag": ({**LINK, **Q, "hashtag": "#x"}, {"quantity": "100", "hashtag": "#x"}),
    "mentions_user_followers": (
        {**LINK, **Q, "username": "me"},
        {"quantity": "100", "username": "me"},
    ),
    "mentions_media_likers": (
        {**LINK, **Q, "media": "https://m"},
        {"quantity": "100", "media": "https://m"},
    ),
    "comment_likes": ({**LINK, **Q, "username": "me"}, {"quantity": "100", "username": "me"}),
    "comment_replies": (
        {**LINK, **Q, "username": "me", "comments": "a\nb"},
        {"username": "me", "comments": "a\nb", "quantity": "2"},
    ),
    "poll": ({**LINK, **Q, "answer_number": 2}, {"quantity": "100", "answer_number": "2"}),
    "invites_from_groups": (
        {**LINK, **Q, "groups": ["g1", "g2"]},
        {"quantity": "100", "groups": "g1\ng2"},
    ),
    "subscriptions": (
        {
            "username": "me",
            "min": 10,
            "max": 20,
            "delay": 0,
            "posts": 5,
            "expiry": "31/12/2030",
            "old_posts": "",
        },
        {
            "username": "me",
            "min": "10",
            "max": "20",
            "delay": "0",
            "posts": "5",
            "expiry": "31/12/2030",
        },
    ),
    "web_traffic": (
        {
            **LINK,
            **Q,
            "country": "WW",
            "device": "5",
            "type_of_traffic": 1,
            "google_keyword": "k",
            "referring_url": "r",
        },
        {
            "quantity": "100",
            "country": "WW",
            "device": "5",
            "type_of_traffic": "1",
            "google_keyword": "k",
        },
    ),
}
PER_LINE = {
    "custom_comments": "comments",
    "mentions_custom_list": "usernames",
    "comment_replies": "comments",
}


def test_all_17() -> None:
    assert len(SERVICE_TYPES) == 17
    assert set(SERVICE_TYPES) == set(TABLE)


@pytest.mark.parametrize("key", TABLE)
def test_fields_of_add(key: str) -> None:
    entered, sent = TABLE[key]
    link = {} if key == "subscriptions" else {"link": "https://example.com/p"}
    assert order_fields(SERVICE_TYPES[key], entered) == link | sent


@pytest.mark.parametrize(
    ("key", "name"),
    [(row.key, field.name) for row in SERVICE_TYPES.values() for field in row.required],
)
@pytest.mark.parametrize("nothing", ["absent", "", " \n ", []])
def test_a_required_field_is_missing(key: str, name: str, nothing: object) -> None:
    entered = {field: value for field, value in TABLE[key][0].items() if field != name}
    if nothing != "absent":
        entered[name] = nothing
    with pytest.raises(ValueError, match=f"^{name}: this field is needed"):
        order_fields(SERVICE_TYPES[key], entered)


@pytest.mark.parametrize(
    ("key", "wrong", "said"),
    [
        ("default", {"runs": 3}, "both or neither"),
        ("default", {"interval": 3}, "both or neither"),
        ("default", {"quantity": 0}, "quantity: a whole number of at least 1"),
        ("default", {"quantity": "-5"}, "quantity"),
        ("default", {"quantity": "1.5"}, "quantity"),
        ("default", {"quantity": "٣"}, "quantity"),
        ("default", {"link": ["a", "b"]}, "link: one text"),
        ("poll", {"answer_number": "two"}, "answer_number"),
        ("subscriptions", {"expiry": "2030-12-31"}, "expiry"),
        ("web_traffic", {"device": "6"}, "device: one of 1, 2, 3, 4, 5"),
    ],
)
def test_what_can_not_be_sent(key: str, wrong: dict, said: str) -> None:
    entered = {**TABLE[key][0], "runs": "", "interval": ""} | wrong
    with pytest.raises(ValueError, match=said):
        order_fields(SERVICE_TYPES[key], entered)


def test_prices() -> None:
    lines = {
        row.key: row.counted for row in SERVICE_TYPES.values() if row.pricing is Pricing.PER_LINE
    }
    assert lines == PER_LINE
    packages = {row.key for row in SERVICE_TYPES.values() if row.pricing is Pricing.PER_PACKAGE}
    assert packages == {"package", "custom_comments_package"}
    assert SERVICE_TYPES["subscriptions"].pricing is Pricing.PER_POST
    quantities = {row.key for row in SERVICE_TYPES.values() if row.pricing is Pricing.PER_QUANTITY}
    asked = {
        row.key
        for row in SERVICE_TYPES.values()
        if any(field.kind is FieldKind.QUANTITY for field in row.fields)
    }
    assert quantities == asked


LABELS = {
    "default": ["Default", "default", " DEFAULT ", "Defaults"],
    "custom_comments": [
        "Custom Comments",
        "custom_comments",
        "Custom  Comment",
        "CUSTOM__COMMENTS",
    ],
    "web_traffic": ["Web Traffic", "Website Traffic", "web_traffic", "website  traffic"],
    "mentions_with_hashtags": ["Mentions with Hashtags", "mention with hashtag"],
    "mentions_hashtag": ["Mentions Hashtag", "mentions_hashtags"],
    "comment_replies": ["Comment Replies", "comment_reply"],
    "subscriptions": ["Subscriptions", "subscription"],
    "invites_from_groups": ["Invites from Groups", "invites_from_group"],
    "seo": ["SEO", "Seo"],
}


@pytest.mark.parametrize(
    ("key", "label"), [(key, label) for key, labels in LABELS.items() for label in labels]
)
def test_labels(key: str, label: str) -> None:
    assert service_type(label) is SERVICE_TYPES[key]


def test_every_type_is_found_by_its_own_label_and_key() -> None:
    for row in SERVICE_TYPES.values():
        assert service_type(row.label) is service_type(row.key) is row


@pytest.mark.parametrize("label", ["", " ", "Special", "fb_viplike", "_", "Default 2"])
def test_unknown_labels(label: str) -> None:
    assert service_type(label) is None
