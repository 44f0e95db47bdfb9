"""Reading links the way people paste them."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from shop.numbers import visible

_LONGEST = 1_000
_NAME = re.compile(r"@([A-Za-z0-9_.\-]{1,64})")
_HOST_LABEL = re.compile(r"(?!-)[^\W_](?:[\w-]{0,61}[^\W_])?", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Platform:
    """A site whose links we know: where a name lives, and which parameters only track."""

    words: tuple[str, ...]  # in a category's or service's name
    hosts: tuple[str, ...]
    profile: str
    tracking: frozenset[str]


_COMMON = frozenset({"fbclid", "gclid", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"})

PLATFORMS: tuple[Platform, ...] = (
    Platform(("instagram",), ("instagram.com", "instagr.am"), "https://www.instagram.com/{}/",
             _COMMON | {"igsh", "igshid", "ig_rid", "img_index"}),
    Platform(("tiktok", "tik tok"), ("tiktok.com",), "https://www.tiktok.com/@{}",
             _COMMON | {"_r", "_t", "is_from_webapp", "sender_device", "is_copy_url"}),
    Platform(("youtube",), ("youtube.com", "youtu.be"), "https://www.youtube.com/@{}",
             _COMMON | {"si", "feature", "pp"}),
    Platform(("telegram",), ("t.me", "telegram.me"), "https://t.me/{}", _COMMON),
    Platform(("twitter", "x.com", "tweet"), ("twitter.com", "x.com"), "https://x.com/{}",
             _COMMON | {"s", "t", "ref_src"}),
    Platform(("facebook",), ("facebook.com", "fb.com"), "https://www.facebook.com/{}",
             _COMMON | {"mibextid", "rdid", "share_url"}),
    Platform(("threads",), ("threads.net", "threads.com"), "https://www.threads.net/@{}", _COMMON | {"xmt"}),
    Platform(("twitch",), ("twitch.tv",), "https://www.twitch.tv/{}", _COMMON),
    Platform(("pinterest",), ("pinterest.com",), "https://www.pinterest.com/{}/", _COMMON),
    Platform(("soundcloud",), ("soundcloud.com",), "https://soundcloud.com/{}", _COMMON | {"si"}),
    Platform(("spotify",), ("spotify.com",), "https://open.spotify.com/user/{}", _COMMON | {"si"}),
)  # fmt: skip


def platform_of(*names: str) -> Platform | None:
    """Find the one platform that these names (category, service) speak of; None when none or several do."""
    text = " ".join(names).lower()
    found = [platform for platform in PLATFORMS if any(word in text for word in platform.words)]
    return found[0] if len(found) == 1 else None


def parse_link(text: str, platform: Platform | None = None) -> str | None:
    """Read a link: the scheme is added, tracking is dropped on sites we know, `@name` becomes a profile.

    Gives None for what is no link. At most 1,000 characters.
    """
    cleaned = visible(text)
    if not cleaned or len(cleaned) > _LONGEST or any(_breaks(character) for character in cleaned):
        return None
    named = _NAME.fullmatch(cleaned)
    if named:
        return platform.profile.format(named[1]) if platform else None
    return _normalised(cleaned)


def same_page(link: str) -> frozenset[str]:
    """List how a page's address is usually written: by http or https, with `www.` or not, with a last slash or not.

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
    """Say whether no link has this: space, a control character, half a surrogate pair."""
    return character.isspace() or unicodedata.category(character) in {"Cc", "Cs"}


def _normalised(text: str) -> str | None:
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not _is_host(host) or parts.username is not None:
        return None
    netloc = host if port is None else f"{host}:{port}"
    return urlunsplit((parts.scheme.lower(), netloc, parts.path, _query(host, parts.query), parts.fragment))


def _is_host(host: str) -> bool:
    labels = host.split(".")
    return len(labels) > 1 and all(_HOST_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()


def _query(host: str, query: str) -> str:
    """Drop tracking where we know that the site doesn't need it; elsewhere it may be what is being bought."""
    known = next((p for p in PLATFORMS if any(host == h or host.endswith(f".{h}") for h in p.hosts)), None)
    if known is None or not query:
        return query
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if name.lower() not in known.tracking]
    return query if len(kept) == len(pairs) else urlencode(kept)
