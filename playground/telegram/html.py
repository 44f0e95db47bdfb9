"""HTML as the Bot API reads it: a port of the rules of its server's parser, with its exact
complaints.

Entity offsets and lengths count UTF-16 code units; offsets in complaints count bytes of UTF-8.
"""

import re
from dataclasses import dataclass
from typing import Any

from playground.telegram.errors import bad_request

Entity = dict[str, Any]

TYPES = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "blockquote": "blockquote",
    "tg-time": "date_time",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
SPACE = " \t\r\n\v\0"
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([A-Za-z]+));?")
TIME_FORMAT = re.compile(r"r|w?[dD]?[tT]?")


def utf16_length(text: str) -> int:
    """How many UTF-16 code units Telegram counts for the text."""
    return len(text) + sum(1 for character in text if character > "\uffff")


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The plain text and its entities. Raises a 400 `can't parse entities: ...`."""
    return _Parser(source).parse()


@dataclass
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int
    """in UTF-16 units of the result"""
    start: int
    """index into the result's characters"""


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source.replace("\0", "")
        self.at = 0
        self.out: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            character = self.source[self.at]
            if character == "<":
                self._tag()
            elif character == "&":
                self._emit(self._reference() or self._take())
            else:
                self._emit(self._take())
        if self.open:
            self._fail(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.out), self.entities

    def _fail(self, why: str, at: int | None = None, rest: str = "") -> None:
        if at is not None:
            why += f" at byte offset {len(self.source[:at].encode(errors='surrogatepass'))}"
        raise bad_request(f"can't parse entities: {why}{rest}")

    def _peek(self) -> str:
        """The current character; an end of text reads as NUL, which counts as a space, as in the
        original.
        """
        return self.source[self.at] if self.at < len(self.source) else "\0"

    def _take(self) -> str:
        self.at += 1
        return self.source[self.at - 1]

    def _emit(self, text: str) -> None:
        self.out.append(text)
        self.offset += utf16_length(text)

    def _reference(self) -> str:
        """The character of `&amp;` and its like, or nothing: a lone `&` stays as it is."""
        match = REFERENCE.match(self.source, self.at)
        if match is None:
            return ""
        hexadecimal, decimal, name = match.groups()
        if name:
            character = NAMED.get(name, "")
        else:
            number = (
                int(hexadecimal, 16) if hexadecimal else int(decimal) if len(decimal) < 9 else 0
            )
            valid = 0 < number < 0x10FFFF and not 0xD800 <= number < 0xE000
            character = chr(number) if valid else ""
        if character:
            self.at = match.end()
        return character

    def _while(self, stop: str) -> str:
        start = self.at
        while self._peek() not in stop:
            self.at += 1
        return self.source[start : self.at]

    def _spaces(self) -> None:
        while self.at < len(self.source) and self._peek() in SPACE:
            self.at += 1

    def _tag(self) -> None:
        begin = self.at
        self.at += 1
        if self._peek() == "/":
            self.at += 1
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _start_tag(self, begin: int) -> None:
        tag = self._while(SPACE + ">").lower()
        if self.at >= len(self.source):
            self._fail("Unclosed start tag", begin)
        if tag not in TYPES:
            self._fail(f'Unsupported start tag "{tag}"', begin)
        attributes: dict[str, str] = {}
        while self._peek() != ">":
            self._spaces()
            if self._peek() == ">":
                break
            self._attribute(tag, attributes, begin)
        self.at += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            self._fail('Tag "span" must have class "tg-spoiler"', begin)
        if tag == "tg-time" and not _valid_time(attributes):
            self._fail('Tag "tg-time" must have valid attributes "unix" and "format"', begin)
        self.open.append(_Open(tag, attributes, self.offset, len(self.out)))

    def _attribute(self, tag: str, attributes: dict[str, str], begin: int) -> None:
        name = self._while(SPACE + "=>").lower()
        if not name and self.at < len(self.source):
            self._fail(f'Empty attribute name in the tag "{tag}"', begin)
        self._spaces()
        if self.at >= len(self.source):
            self._fail(f'Unclosed start tag "{tag}"', begin)
        if self._peek() != "=":
            attributes[name] = ""
            return
        self.at += 1
        self._spaces()
        attributes[name] = self._quoted() if self._peek() in "'\"" else self._token()
        if self.at >= len(self.source):
            self._fail("Unclosed start tag", begin)

    def _quoted(self) -> str:
        end = self._take()
        value = ""
        while self.at < len(self.source) and self._peek() != end:
            value += (self._reference() if self._peek() == "&" else "") or self._take()
        self.at += 1
        return value

    def _token(self) -> str:
        start = self.at
        while self._peek().isascii() and (self._peek().isalnum() or self._peek() in ".-"):
            self.at += 1
        if self._peek() not in SPACE + ">":
            self._fail("Unexpected end of name token", start)
        return self.source[start : self.at].lower()

    def _end_tag(self, begin: int) -> None:
        if not self.open:
            self._fail("Unexpected end tag", begin)
        name = self._while(SPACE + ">")
        self._spaces()
        if self._peek() != ">":
            self._fail("Unclosed end tag", begin)
        self.at += 1
        opened = self.open.pop()
        if name and name.lower() != opened.tag:
            expected = f', expected "</{opened.tag}>", found "</{name}>"'
            self._fail("Unmatched end tag", begin, expected)
        if self.offset > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity: Entity = {
            "type": TYPES[opened.tag],
            "offset": opened.offset,
            "length": self.offset - opened.offset,
        }
        given = opened.attributes
        language = given.get("class", "").removeprefix("language-")
        if opened.tag == "blockquote" and "expandable" in given:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "a":
            url = checked_url(given.get("href") or "".join(self.out[opened.start :]))
            if url is None:
                return
            entity["url"] = url
        elif opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = given.get("emoji-id", "")
        elif opened.tag == "tg-time":
            entity["unix_time"] = int(given["unix"])
            if given.get("format"):
                entity["date_time_format"] = given["format"]
        elif opened.tag == "code" and language and self.open and self.open[-1].tag == "pre":
            self.open[-1].attributes["language"] = language
            return
        elif opened.tag == "pre" and given.get("language"):
            entity["language"] = given["language"]
        self.entities.append(entity)


def _valid_time(given: dict[str, str]) -> bool:
    unix = given.get("unix", "")
    return (
        unix.isascii()
        and unix.isdigit()
        and TIME_FORMAT.fullmatch(given.get("format", "")) is not None
    )


def checked_url(url: str) -> str | None:
    """The address with a scheme, or None when Telegram would make no link of it."""
    url = url.strip()
    # A host without a dot (http://localhost) makes no link.
    if re.match(r"https?://[^\s/]+\.[^\s/]", url, re.IGNORECASE) or re.match(
        r"(?:tg://|mailto:|tel:).", url
    ):
        return url
    return (
        f"http://{url}/" if re.fullmatch(r"[\w-]+(\.[\w-]+)*\.[a-zA-Z]{2,}(/\S*)?", url) else None
    )
