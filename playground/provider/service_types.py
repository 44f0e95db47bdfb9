"""The seventeen service types: which fields `add` needs, and what is counted and paid."""

from dataclasses import dataclass

# Fields that hold one entry a line.
LINES = frozenset({"comments", "usernames", "hashtags", "keywords", "groups"})


@dataclass(frozen=True, slots=True)
class ServiceType:
    """`counted` is the field that gives the quantity (a number, or its lines); "" means one
    package.
    """

    label: str
    required: tuple[str, ...]
    counted: str = "quantity"

    @property
    def is_package(self) -> bool:
        return not self.counted

    @property
    def is_subscription(self) -> bool:
        return self.counted == "posts"


TYPES = (
    ServiceType("Default", ("link", "quantity")),
    ServiceType("Package", ("link",), counted=""),
    ServiceType("SEO", ("link", "quantity", "keywords")),
    ServiceType("Custom Comments", ("link", "comments"), counted="comments"),
    ServiceType("Custom Comments Package", ("link", "comments"), counted=""),
    ServiceType("Mentions", ("link", "quantity", "usernames")),
    ServiceType("Mentions with Hashtags", ("link", "quantity", "usernames", "hashtags")),
    ServiceType("Mentions Custom List", ("link", "usernames"), counted="usernames"),
    ServiceType("Mentions Hashtag", ("link", "quantity", "hashtag")),
    ServiceType("Mentions User Followers", ("link", "quantity", "username")),
    ServiceType("Mentions Media Likers", ("link", "quantity", "media")),
    ServiceType("Comment Likes", ("link", "quantity", "username")),
    ServiceType("Comment Replies", ("link", "username", "comments"), counted="comments"),
    ServiceType("Poll", ("link", "quantity", "answer_number")),
    ServiceType("Invites from Groups", ("link", "quantity", "groups")),
    ServiceType("Subscriptions", ("username", "min", "max", "delay"), counted="posts"),
    ServiceType("Web Traffic", ("link", "quantity", "country", "device", "type_of_traffic")),
)


def _folded(label: str) -> str:
    """Captured catalogues write `custom_comments`, `Packages`, `Website Traffic`: one spelling for
    all.
    """
    words = label.lower().replace("_", " ").replace("website", "web").split()
    return " ".join(word.removesuffix("s") for word in words)


_BY_LABEL = {_folded(each.label): each for each in TYPES}


def service_type(label: object) -> ServiceType:
    """A label nobody knows is sold like Default: the provider knows its own services."""
    return _BY_LABEL.get(_folded(str(label)), TYPES[0])
