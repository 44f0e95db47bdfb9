"""From what was sent to what a message holds: parsing, trimming, links and commands found by
themselves.
"""

import html as stdlib_html
import re
from typing import Any

from playground.telegram.errors import bad_request
from playground.telegram.html import Entity, parse_html, utf16_length

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

# As in Telegram, general punctuation ends an address: the isolates around right-to-left text among
# it.
_OUTSIDE = r"\s<>\"\u2000-\u200b\u200e\u200f\u2016-\u206f"
FOUND = re.compile(
    rf"(?P<url>https?://[^{_OUTSIDE}]+[^{_OUTSIDE}.,;:!?)'])"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[a-zA-Z]{2,})"
    r"|(?<![\w/])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/])"
    r"|(?<![\w@])(?P<mention>@[A-Za-z][A-Za-z0-9_]{2,31})"
    r"|(?<![\w#])(?P<hashtag>#\w*[^\W\d_]\w*)"
)
TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}


def formatted(
    source: str, parse_mode: str | None, given: list[Entity] | None
) -> tuple[str, list[Entity]]:
    """Plain text, trimmed, with its entities.

    Raises the parser's complaints, and one for no text.
    """
    mode = (parse_mode or "").lower()
    if given:
        text, entities = source, given
    elif mode == "html":
        text, entities = parse_html(source)
    elif mode in {"", "none"}:
        text, entities = source, []
    else:
        # Markdown is left out on purpose: the product writes HTML; a half-right parser would hide
        # mistakes.
        raise bad_request("unsupported parse_mode")
    text, entities = _trimmed(_cleaned(text), entities)
    if not text:
        raise bad_request("text must be non-empty")
    return text, sorted(entities + found(text, entities), key=lambda e: (e["offset"], -e["length"]))


def _cleaned(text: str) -> str:
    return "".join(" " if c < " " and c != "\n" else c for c in text.replace("\r", ""))


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    kept = text.strip()
    cut = utf16_length(text[: len(text) - len(text.lstrip())])
    size = utf16_length(kept)
    moved = []
    for entity in entities:
        start = max(0, int(entity["offset"]) - cut)
        end = min(size, int(entity["offset"]) + int(entity["length"]) - cut)
        if start < end:
            moved.append({**entity, "offset": start, "length": end - start})
    return kept, moved


def found(text: str, taken: list[Entity]) -> list[Entity]:
    """The links, addresses, commands, mentions and hashtags nobody marked up."""
    busy = [
        (e["offset"], e["offset"] + e["length"])
        for e in taken
        if e["type"] in {"code", "pre", "text_link"}
    ]
    entities: list[Entity] = []
    for match in FOUND.finditer(text):
        offset = utf16_length(text[: match.start()])
        length = utf16_length(match.group())
        if all(offset >= end or offset + length <= start for start, end in busy):
            entities.append({"type": match.lastgroup, "offset": offset, "length": length})
    return entities


def to_html(text: str, entities: list[Entity]) -> str:
    """The text with its mark-up written out again, for a test that looks at it."""
    opening: dict[int, list[str]] = {}
    closing: dict[int, list[str]] = {}
    for entity in entities:
        pair = _tag(entity)
        if pair:
            opening.setdefault(entity["offset"], []).append(pair[0])
            closing.setdefault(entity["offset"] + entity["length"], []).insert(0, pair[1])
    out: list[str] = []
    position = 0
    for character in text:
        out += [*closing.get(position, []), *opening.get(position, [])]
        out.append(stdlib_html.escape(character, quote=False))
        position += utf16_length(character)
    return "".join(out + closing.get(position, []))


def _tag(entity: Entity) -> tuple[str, str] | None:
    kind = entity["type"]
    if kind in TAGS:
        return f"<{TAGS[kind]}>", f"</{TAGS[kind]}>"
    attributes: dict[str, Any] = {}
    if kind == "expandable_blockquote":
        return "<blockquote expandable>", "</blockquote>"
    if kind == "text_link":
        tag, attributes = "a", {"href": entity["url"]}
    elif kind == "custom_emoji":
        tag, attributes = "tg-emoji", {"emoji-id": entity["custom_emoji_id"]}
    elif kind == "date_time":
        tag, attributes = "tg-time", {"unix": entity["unix_time"]}
        if entity.get("date_time_format"):
            attributes["format"] = entity["date_time_format"]
    else:
        return None
    written = "".join(
        f' {name}="{stdlib_html.escape(str(value))}"' for name, value in attributes.items()
    )
    return f"<{tag}{written}>", f"</{tag}>"
