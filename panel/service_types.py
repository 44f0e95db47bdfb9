"""The 17 types of services as rows of data: which fields `add` takes, and what an order is priced
by.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class FieldKind(StrEnum):
    """How a field is asked for and checked."""

    LINK = "link"
    QUANTITY = "quantity"
    LINES = "lines"  # a list, sent with a newline between its lines
    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    DATE = "date"  # d/m/Y


class Pricing(StrEnum):
    """What the rate of a service is multiplied with."""

    PER_QUANTITY = "per_quantity"  # rate / 1000 x quantity (x runs)
    PER_LINE = "per_line"  # rate / 1000 x lines of `ServiceType.counted`
    PER_PACKAGE = "per_package"  # the rate is the price of one package
    PER_POST = "per_post"  # for each post that a subscription finds


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter of `add`."""

    name: str
    kind: FieldKind
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    """(value, English label) of a CHOICE."""
    when: tuple[str, str] | None = None
    """(name, value) of the other field that this one belongs to; without it the field isn't
    sent.
    """


@dataclass(frozen=True, slots=True)
class ServiceType:
    """Which parameters an order of this type has."""

    key: str
    """A slug that is stored and never changes."""
    label: str
    """As the documented dialect writes it."""
    fields: tuple[Field, ...]
    pricing: Pricing = Pricing.PER_QUANTITY
    counted: str | None = None
    """The field whose lines are counted, and sent as `quantity` too."""
    fixed_quantity: int | None = None
    """Sent as `quantity` whatever was asked for."""

    @property
    def required(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.required)

    @property
    def optional(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if not field.required)


DEVICES = (("1", "Desktop"), ("2", "Android"), ("3", "iOS"), ("4", "Mixed mobile"), ("5", "Mixed"))
TRAFFIC = (("1", "Google keyword"), ("2", "Custom referrer"), ("3", "Blank referrer"))

LINK = Field("link", FieldKind.LINK)
QUANTITY = Field("quantity", FieldKind.QUANTITY)
USERNAME = Field("username", FieldKind.TEXT)
USERNAMES = Field("usernames", FieldKind.LINES)
COMMENTS = Field("comments", FieldKind.LINES)


def _optional(name: str, kind: FieldKind) -> Field:
    return Field(name, kind, required=False)


DRIP_FEED = (_optional("runs", FieldKind.NUMBER), _optional("interval", FieldKind.NUMBER))
SUBSCRIPTION = (
    USERNAME,
    Field("min", FieldKind.NUMBER),
    Field("max", FieldKind.NUMBER),
    Field("delay", FieldKind.NUMBER),  # minutes: 0, 5, 10, 15, 20, 30 ... 600; the panel decides
    _optional("posts", FieldKind.NUMBER),
    _optional("old_posts", FieldKind.NUMBER),
    _optional("expiry", FieldKind.DATE),
)
VISITS = (
    Field("country", FieldKind.TEXT),
    Field("device", FieldKind.CHOICE, choices=DEVICES),
    Field("type_of_traffic", FieldKind.CHOICE, choices=TRAFFIC),
    Field("google_keyword", FieldKind.TEXT, required=False, when=("type_of_traffic", "1")),
    Field("referring_url", FieldKind.TEXT, required=False, when=("type_of_traffic", "2")),
)

# In order of frequency in captured catalogues.
_ROWS = (
    ServiceType("default", "Default", (LINK, QUANTITY, *DRIP_FEED)),
    ServiceType(
        "custom_comments", "Custom Comments", (LINK, COMMENTS), Pricing.PER_LINE, counted="comments"
    ),
    # Two families demand a quantity for a package, the others ignore it.
    ServiceType("package", "Package", (LINK,), Pricing.PER_PACKAGE, fixed_quantity=1),
    ServiceType(
        "mentions_hashtag", "Mentions Hashtag", (LINK, QUANTITY, Field("hashtag", FieldKind.TEXT))
    ),
    ServiceType(
        "custom_comments_package",
        "Custom Comments Package",
        (LINK, COMMENTS),
        Pricing.PER_PACKAGE,
        fixed_quantity=1,
    ),
    ServiceType(
        "invites_from_groups",
        "Invites from Groups",
        (LINK, QUANTITY, Field("groups", FieldKind.LINES)),
    ),
    ServiceType("mentions_user_followers", "Mentions User Followers", (LINK, QUANTITY, USERNAME)),
    ServiceType(
        "mentions_with_hashtags",
        "Mentions with Hashtags",
        (LINK, QUANTITY, USERNAMES, Field("hashtags", FieldKind.LINES)),
    ),
    ServiceType("comment_likes", "Comment Likes", (LINK, QUANTITY, USERNAME)),
    ServiceType("mentions", "Mentions", (LINK, QUANTITY, USERNAMES)),
    ServiceType("seo", "SEO", (LINK, QUANTITY, Field("keywords", FieldKind.LINES))),
    ServiceType(
        "mentions_custom_list",
        "Mentions Custom List",
        (LINK, USERNAMES),
        Pricing.PER_LINE,
        counted="usernames",
    ),
    ServiceType("poll", "Poll", (LINK, QUANTITY, Field("answer_number", FieldKind.NUMBER))),
    ServiceType("subscriptions", "Subscriptions", SUBSCRIPTION, Pricing.PER_POST),
    ServiceType(
        "mentions_media_likers",
        "Mentions Media Likers",
        (LINK, QUANTITY, Field("media", FieldKind.TEXT)),
    ),
    ServiceType(
        "comment_replies",
        "Comment Replies",
        (LINK, USERNAME, COMMENTS),
        Pricing.PER_LINE,
        counted="comments",
    ),
    ServiceType("web_traffic", "Web Traffic", (LINK, QUANTITY, *VISITS)),
)

SERVICE_TYPES: Mapping[str, ServiceType] = MappingProxyType({row.key: row for row in _ROWS})


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def normalised_label(label: str) -> str:
    """A catalogue's label in one spelling: what families write differently is the same here."""
    words = re.sub(r"[\s_]+", " ", label).strip().lower().split(" ")
    plain = " ".join(map(_singular, words))
    return "web traffic" if plain == "website traffic" else plain


_BY_LABEL = {normalised_label(row.label): row for row in _ROWS}


def service_type(label: str) -> ServiceType | None:
    """The type of a catalogue's label, in any family's spelling; None when it is unknown."""
    return _BY_LABEL.get(normalised_label(label))
