"""The first services of the demo: the documentation's two, then one of everything worth trying."""

from typing import Any

from playground.provider.life import Nature

DOCUMENTED: list[dict[str, Any]] = [
    {
        "service": 1,
        "name": "Followers",
        "type": "Default",
        "category": "First Category",
        "rate": "0.90",
        "min": "50",
        "max": "10000",
        "refill": True,
        "cancel": True,
    },
    {
        "service": 2,
        "name": "Comments",
        "type": "Custom Comments",
        "category": "Second Category",
        "rate": "8",
        "min": "10",
        "max": "1500",
        "refill": False,
        "cancel": True,
    },
]

SHOWCASE_CATEGORY = "Try these first"
_FIRST_ID = 3

# name, type, rate, min, max, what it offers (r: refill, c: cancel, d: drip-feed), how its orders
# end
_Row = tuple[str, str, str, int, int, str, Nature]
_OK = Nature.STEADY
_SHOWCASE: tuple[_Row, ...] = (
    ("Website visits | usually ends in part", "Default", "0.40", 100, 100000, "c", Nature.PARTIAL),
    (
        "Website visits | overbooked, usually canceled",
        "Default",
        "0.20",
        100,
        100000,
        "c",
        Nature.CANCELED,
    ),
    (
        "Website visits | long queue, stays pending",
        "Default",
        "0.10",
        100,
        100000,
        "c",
        Nature.STUCK,
    ),
    ("Podcast plays | steady | R30", "Default", "1.20", 20, 50000, "rcd", _OK),
    ("Newsletter launch package", "Package", "12.50", 1, 1, "", _OK),
    ("Website search placement by keywords", "SEO", "3.10", 50, 20000, "c", _OK),
    ("Video reviews, your texts", "Custom Comments", "9.00", 2, 500, "c", _OK),
    ("Set of 10 reviews, your texts", "Custom Comments Package", "6.00", 1, 1, "", _OK),
    ("Mentions from your list", "Mentions", "2.50", 20, 5000, "c", _OK),
    ("Mentions by names and hashtags", "Mentions with Hashtags", "2.70", 20, 5000, "c", _OK),
    ("Mentions, one per name", "Mentions Custom List", "4.00", 2, 1000, "c", _OK),
    ("Mentions by hashtag", "Mentions Hashtag", "2.20", 20, 5000, "c", _OK),
    ("Mentions to a page's followers", "Mentions User Followers", "2.40", 20, 5000, "c", _OK),
    ("Mentions to a post's likers", "Mentions Media Likers", "2.45", 20, 5000, "c", _OK),
    ("Likes of a comment", "Comment Likes", "0.85", 10, 5000, "c", _OK),
    ("Replies to a comment, your texts", "Comment Replies", "7.50", 1, 200, "c", _OK),
    ("Poll votes", "Poll", "1.60", 50, 20000, "c", _OK),
    ("Invitations from groups", "Invites from Groups", "3.30", 50, 10000, "c", _OK),
    ("Automatic likes for new posts", "Subscriptions", "0.75", 10, 5000, "c", _OK),
    ("Visitors by country and device", "Web Traffic", "0.55", 100, 1000000, "c", _OK),
    ("Playlist listens | drip-feed friendly", "Default", "1.05", 10, 100000, "rcd", _OK),
    ("Photo likes | 30 days refill ♻️", "Default", "0.35", 10, 20000, "rc", _OK),
    ("Event sign-ups &amp; reminders", "Default", "15.00", 5, 1000, "c", _OK),
    ("<b>Premium</b> video views 🔥", "Default", "2.95", 100, 500000, "rcd", Nature.USUAL),
    ("Page likes | no cancel, no refill", "Default", "0.60", 10, 20000, "", _OK),
)


def _raw(number: int, row: _Row) -> dict[str, Any]:
    name, label, rate, least, most, offers, _ = row
    return {
        "service": number,
        "name": name,
        "type": label,
        "category": SHOWCASE_CATEGORY,
        "rate": rate,
        "min": str(least),
        "max": str(most),
        "refill": "r" in offers,
        "cancel": "c" in offers,
        "dripfeed": "d" in offers,
        "desc": (
            f"{label} service of the demonstration.\r\nLink format: https://example.org/your-page"
        ),
    }


SHOWCASE = [_raw(number, row) for number, row in enumerate(_SHOWCASE, _FIRST_ID)]

# By the text of the service's id; all others are usual.
NATURES: dict[str, Nature] = {"1": _OK, "2": _OK} | {
    str(number): row[-1] for number, row in enumerate(_SHOWCASE, _FIRST_ID)
}
