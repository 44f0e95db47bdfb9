"""Reading links the way people paste them.

What is kept of a page's address is kept byte for byte.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit, urlunsplit

from shop.ordering.hosts import is_believable, is_host
from shop.parsing import visible

_LONGEST = 1_000
_NAME = re.compile(r"@([A-Za-z0-9_.\-]{1,64})")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_ANY_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*://", re.IGNORECASE)
_PARTS = re.compile(
    r"(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<fragment>#.*)?", re.DOTALL
)
_SEVERAL = re.compile(r"[\s,;|]+")
# What people put around a link, and what their sentence ends with. `_`, `-`, `/` and `=` may end an
# address.
_BEFORE = "<«‹„“”‘’\"'`*([{「『（【"
_AFTER = ">»›“”‘’\"'`*.,;:!?…。，、！？；：」』"
_CLOSING = {")": "(", "]": "[", "}": "{", "）": "（", "】": "【"}
_INVITATION = re.compile(r"/(?:\+|joinchat/)[\w-]+", re.IGNORECASE)
# These show one's own chats, by numbers that mean nothing to others.
_TELEGRAM_WEB = frozenset(
    {"web.telegram.org", "weba.telegram.org", "webk.telegram.org", "webz.telegram.org"}
)
_SLASHES = re.compile(r"[/\\]+(?:\.[/\\]+)*")


@dataclass(frozen=True, slots=True)
class Platform:
    """A site whose links we know: where a name lives, and which parameters only track."""

    words: tuple[str, ...]  # in a category's or service's name, as whole words
    hosts: tuple[str, ...]
    profile: str
    tracking: frozenset[str]


_COMMON = frozenset(
    {
        "fbclid",
        "gclid",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_term",
        "utm_content",
        "utm_id",
    }
)

PLATFORMS: tuple[Platform, ...] = (
    Platform(
        ("instagram",),
        ("instagram.com", "instagr.am"),
        "https://www.instagram.com/{}/",
        _COMMON | {"igsh", "igshid", "ig_rid", "img_index"},
    ),
    Platform(
        ("tiktok", "tik tok"),
        ("tiktok.com",),
        "https://www.tiktok.com/@{}",
        _COMMON | {"_r", "_t", "is_from_webapp", "sender_device", "is_copy_url"},
    ),
    Platform(
        ("youtube", "you tube"),
        ("youtube.com", "youtu.be"),
        "https://www.youtube.com/@{}",
        _COMMON | {"si", "feature", "pp"},
    ),
    Platform(("telegram",), ("t.me", "telegram.me"), "https://t.me/{}", _COMMON),
    Platform(
        ("twitter", "x.com", "tweet", "tweets", "retweet", "retweets"),
        ("twitter.com", "x.com"),
        "https://x.com/{}",
        _COMMON | {"s", "t", "ref_src"},
    ),
    Platform(
        ("facebook",),
        ("facebook.com", "fb.com"),
        "https://www.facebook.com/{}",
        _COMMON | {"mibextid", "rdid", "share_url"},
    ),
    Platform(
        ("threads",),
        ("threads.net", "threads.com"),
        "https://www.threads.net/@{}",
        _COMMON | {"xmt"},
    ),
    Platform(("twitch",), ("twitch.tv",), "https://www.twitch.tv/{}", _COMMON),
    Platform(("pinterest",), ("pinterest.com",), "https://www.pinterest.com/{}/", _COMMON),
    Platform(
        ("soundcloud", "sound cloud"),
        ("soundcloud.com",),
        "https://soundcloud.com/{}",
        _COMMON | {"si"},
    ),
    Platform(("spotify",), ("spotify.com",), "https://open.spotify.com/user/{}", _COMMON | {"si"}),
)
_X = next(platform for platform in PLATFORMS if "x.com" in platform.words)


def _whole(words: Iterable[str]) -> re.Pattern[str]:
    """Match one of these words, not as a part of another word or of another site's name."""
    return re.compile(
        rf"(?<![^\W_])(?<![^\W_][.\-])(?:{'|'.join(map(re.escape, words))})(?![^\W_])",
        re.IGNORECASE,
    )


_SPOKEN_OF = tuple((platform, _whole(platform.words)) for platform in PLATFORMS)
# The letter alone is also a number of times (`2 x`, `x 10`) and the end of other names.
_LETTER_X = re.compile(
    r"(?<![^\W_])(?<![\d.,]\s)(?<![^\W_][.\-])x(?![^\W_]|[.\-][^\W_]|\s?\d)", re.IGNORECASE
)
_JOINED = re.compile(r"(?<=[a-z])(?=[A-Z])")  # InstagramLikes


def platform_of(*names: str) -> Platform | None:
    """Find the one platform that these names (category, service) speak of; None when none or
    several do.
    """
    text = "\n".join(names)
    text += "\n" + _JOINED.sub(" ", text)
    found = [platform for platform, words in _SPOKEN_OF if words.search(text)]
    if not found and any(_LETTER_X.search(name) for name in names):
        return _X
    return found[0] if len(found) == 1 else None


def parse_link(text: str, platform: Platform | None = None) -> str | None:
    """Read a link: the scheme is added, tracking is dropped on sites we know, `@name` becomes a
    profile.

    Gives None for what is no link, for several, and for one that only its owner can open; `refusal`
    says which. At most 1,000 characters.
    """
    cleaned = _bare(visible(text))
    if not cleaned or len(cleaned) > _LONGEST or any(_breaks(character) for character in cleaned):
        return None
    named = _NAME.fullmatch(cleaned)
    if named:
        return platform.profile.format(named[1]) if platform else None
    link = None if _are_several(cleaned) else _tidied(cleaned)
    return None if link is None or _is_private(link) else link


def refusal(text: str) -> str:
    """Return why `parse_link` gave None for this, as the key of a text."""
    cleaned = _bare(visible(text))
    if _are_several(cleaned):
        return "several-links"
    link = _tidied(cleaned)
    return "private-link" if link is not None and _is_private(link) else "bad-link"


def is_invitation(link: str) -> bool:
    """Return whether a link that was read invites into a private channel or group of Telegram."""
    parts = urlsplit(link)
    return (
        _is_telegram(parts.hostname or "")
        and _INVITATION.fullmatch(_opened(parts.path).rstrip("/")) is not None
    )


def same_page(link: str) -> frozenset[str]:
    """List how a page's address is usually written: by http or https, with `www.` or not, with a
    last slash or not.

    Only to compare: what is sent is never changed. What is no web address is written in one way.
    """
    parts = urlsplit(link)
    if parts.scheme not in ("http", "https"):
        return frozenset({link})
    host, path = parts.netloc.removeprefix("www."), parts.path.rstrip("/")
    written = {
        urlunsplit((scheme, www + host, path + slash, parts.query, parts.fragment))
        for scheme in ("http", "https")
        for www in ("", "www.")
        for slash in ("", "/")
    }
    return frozenset(written | {link})


def _breaks(character: str) -> bool:
    """Return whether no link has this: space, a control character, half a surrogate pair."""
    return character.isspace() or unicodedata.category(character) in {"Cc", "Cs"}


def _bare(text: str) -> str:
    """Take off quotes, brackets and the sentence's end.

    A bracket that the address itself has opened stays.
    """
    before = None
    while text != before:
        before = text
        text = text.strip().lstrip(_BEFORE).rstrip(_AFTER)
        opening = _CLOSING.get(text[-1:])
        if opening is not None and text.count(opening) < text.count(text[-1]):
            text = text[:-1]
    return text


def _are_several(text: str) -> bool:
    """Return whether these are two addresses or more.

    One in a parameter of another belongs to that.
    """
    pieces = _SEVERAL.split(text)
    if len(pieces) > 1 and sum(_tidied(_bare(piece)) is not None for piece in pieces) > 1:
        return True
    once = _after_schemes(text)
    return any(
        once[found.start() - 1] != "=" for found in _SCHEME.finditer(once) if found.start() > 0
    )


def _after_schemes(text: str) -> str:
    """Drop the scheme, also one that was pasted behind another."""
    while found := _SCHEME.match(text):
        text = text[found.end() :]
    return text


def _tidied(text: str) -> str | None:
    """Return the address with a scheme, its host in small letters and no tracking; None for what is
    none.
    """
    rest = _after_schemes(text)
    schemes = text[: len(text) - len(rest)].lower()
    if _ANY_SCHEME.match(rest) or any(_breaks(character) for character in rest):
        return None
    parts = _PARTS.fullmatch(rest)
    site = parts and _site(parts["authority"])
    if not parts or not site:
        return None
    host, port = site
    written = parts["authority"].partition(":")[0]
    bare = port is None and not (parts["path"] or parts["query"] or parts["fragment"])
    if not schemes and not is_believable(written, bare=bare, path=bool(parts["path"])):
        return None
    scheme = "http" if schemes.endswith("http://") else "https"
    netloc = host if port is None else f"{host}:{port}"
    return (
        f"{scheme}://{netloc}{parts['path']}{_query(host, parts['query'] or '')}"
        f"{parts['fragment'] or ''}"
    )


def _site(authority: str) -> tuple[str, int | None] | None:
    """Part an address's host from its port; None for what names no site, or carries a password."""
    try:
        parts = urlsplit(f"//{authority}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    return (host, port) if is_host(host) and parts.username is None else None


def _is_private(link: str) -> bool:
    """Return whether only members see this: a private channel's post goes by a number that others
    can't look up.
    """
    parts = urlsplit(link)
    host = parts.hostname or ""
    if host in _TELEGRAM_WEB:
        return True
    return _is_telegram(host) and _opened(parts.path).lower().startswith("/c/")


def _opened(path: str) -> str:
    """Return a path as it is opened: several slashes are one, and `%63` is a letter.

    Only to look at, never to send.
    """
    return _SLASHES.sub("/", unquote(path))


def _is_telegram(host: str) -> bool:
    return host.removeprefix("www.") in {"t.me", "telegram.me", "telegram.dog"}


def _query(host: str, query: str) -> str:
    """Drop tracking where we know that the site doesn't need it; elsewhere it may be what is being
    bought.

    `query` and what is given begin with `?`, or are empty.
    """
    known = next(
        (p for p in PLATFORMS if any(host == h or host.endswith(f".{h}") for h in p.hosts)), None
    )
    if known is None or not query:
        return query
    pairs = query[1:].split("&")
    kept = [pair for pair in pairs if pair.partition("=")[0].lower() not in known.tracking]
    if len(kept) == len(pairs):
        return query
    kept = [pair for pair in kept if pair]  # what parted it from the rest goes along
    return "?" + "&".join(kept) if kept else ""
