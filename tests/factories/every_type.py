"""One order of each of the 17 types: what is answered, what `add` has to get, and what it costs.

The services are the showcase's, by the provider's id. An answer in angle brackets is a button.
"""

from dataclasses import dataclass
from typing import Any

LINK = "https://example.com/page"


@dataclass(frozen=True)
class Walk:
    """`price` in millionths, without a margin; `sent` is beside the link, if any."""

    service: str
    answers: tuple[str, ...]
    sent: dict[str, str]
    quantity: int
    price: int
    target: str = LINK

    @property
    def expected(self) -> dict[str, str]:
        return ({"link": LINK} if self.target == LINK else {}) | self.sent


WALKS: dict[str, Walk] = {
    "default": Walk(
        "6",
        (LINK, "100", "<× 3>", "<1 h ·>"),
        {"quantity": "100", "runs": "3", "interval": "60"},
        300,
        360_000,
    ),
    "package": Walk("7", (LINK,), {"quantity": "1"}, 1, 12_500_000),
    "seo": Walk(
        "8",
        (LINK, "<50 ·>", "flower shop\n\nroses\nroses"),
        {"quantity": "50", "keywords": "flower shop\nroses"},
        50,
        155_000,
    ),
    "custom_comments": Walk(
        "9",
        (LINK, "Great!\n\nLove it\nGreat!"),
        {"comments": "Great!\nLove it\nGreat!", "quantity": "3"},
        3,
        27_000,
    ),
    "custom_comments_package": Walk(
        "10",
        (LINK, "Great!\nLove it"),
        {"comments": "Great!\nLove it", "quantity": "1"},
        1,
        6_000_000,
    ),
    "mentions": Walk(
        "11",
        (LINK, "20", "@anna\nAnna\n@ben"),
        {"quantity": "20", "usernames": "anna\nben"},
        20,
        50_000,
    ),
    "mentions_with_hashtags": Walk(
        "12",
        (LINK, "20", "anna", "#sun\nsea"),
        {"quantity": "20", "usernames": "anna", "hashtags": "sun\nsea"},
        20,
        54_000,
    ),
    "mentions_custom_list": Walk(
        "13",
        (LINK, "anna\nben\ncarl\nBEN"),
        {"usernames": "anna\nben\ncarl", "quantity": "3"},
        3,
        12_000,
    ),
    "mentions_hashtag": Walk(
        "14", (LINK, "20", "#travel"), {"quantity": "20", "hashtag": "travel"}, 20, 44_000
    ),
    "mentions_user_followers": Walk(
        "15", (LINK, "20", "@anna"), {"quantity": "20", "username": "anna"}, 20, 48_000
    ),
    "mentions_media_likers": Walk(
        "16",
        (LINK, "20", "example.com/p/1"),
        {"quantity": "20", "media": "https://example.com/p/1"},
        20,
        49_000,
    ),
    "comment_likes": Walk(
        "17", (LINK, "10", "anna"), {"quantity": "10", "username": "anna"}, 10, 8_500
    ),
    "comment_replies": Walk(
        "18",
        (LINK, "@anna", "Me too\nSo true"),
        {"username": "anna", "comments": "Me too\nSo true", "quantity": "2"},
        2,
        15_000,
    ),
    "poll": Walk("19", (LINK, "50", "<2>"), {"quantity": "50", "answer_number": "2"}, 50, 80_000),
    "invites_from_groups": Walk(
        "20",
        (LINK, "50", "https://a.example/g\nhttps://b.example/g"),
        {"quantity": "50", "groups": "https://a.example/g\nhttps://b.example/g"},
        50,
        165_000,
    ),
    "subscriptions": Walk(
        "21",
        ("@anna", "<10 ·>", "20", "<30 min>", "3", "2", "<Skip>"),
        {
            "username": "anna",
            "min": "10",
            "max": "20",
            "delay": "30",
            "posts": "3",
            "old_posts": "2",
        },
        100,
        75_000,
        "anna",
    ),
    "web_traffic": Walk(
        "22",
        (LINK, "100", "Germany", "<Mixed mobile>", "google keyword", "flower shop"),
        {
            "quantity": "100",
            "country": "Germany",
            "device": "4",
            "type_of_traffic": "1",
            "google_keyword": "flower shop",
        },
        100,
        55_000,
    ),
}


def heard(provider: Any) -> list[dict[str, str]]:
    """Write down the parameters of every `add` from here on, without the key, the action and the
    service.
    """
    adds: list[dict[str, str]] = []
    received = provider.received

    def listen(fields: dict[str, str]) -> Any:
        if fields.get("action") == "add":
            adds.append(
                {
                    name: value
                    for name, value in fields.items()
                    if name not in {"key", "action", "service"}
                }
            )
        return received(fields)

    provider.received = listen
    return adds
