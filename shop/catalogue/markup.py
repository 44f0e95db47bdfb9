"""Markup in what providers write.

Only HTML's own tags are tags: `<1h` and `<your link>` are words.
"""

import html
import re

# Alone they are markup, with or without attributes.
_FORMATTING = (
    "a|abbr|article|b|big|blockquote|br|center|code|dd|del|div|dl|dt|em|font|footer|"
    "h[1-6]|header|hr|i|img|ins|li|mark|"
    "ol|p|pre|q|s|section|small|span|strike|strong|sub|sup|table|tbody|td|tfoot|th|thead|"
    "tr|tt|u|ul|wbr|"
    "html|head|body|script|style|tg-spoiler|tg-emoji"
)
# Alone they may be a place to fill in, such as <link>; with attributes, or closing, they are
# markup.
_WITH_ATTRIBUTES = (
    "audio|button|embed|figure|form|iframe|input|label|link|main|meta|nav|object|path|"
    "picture|select|source|"
    "summary|svg|textarea|time|title|video"
)
_ATTRIBUTE = r"""\s+[a-z][a-z0-9:_-]{0,40}\s?=\s?(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)"""
_TAG = re.compile(
    rf"<(?:{_FORMATTING})(?:{_ATTRIBUTE})*\s*/?>"
    rf"|<(?:{_WITH_ATTRIBUTES})(?:{_ATTRIBUTE})+\s*/?>"
    rf"|</(?:{_FORMATTING}|{_WITH_ATTRIBUTES})\s*>"
    r"|<!--.{0,500}?-->|<!doctype[^<>]{0,200}>",
    re.IGNORECASE | re.DOTALL,
)
_BREAK = re.compile(r"<(?:br\s*/?|/p|/li|/div|/tr|/h[1-6])\s*>", re.IGNORECASE)
# With its semicolon: HTML also reads `&not` in `fast&notify`.
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)


def without_tags(text: str) -> str:
    """Return the text with a line's end for what ends one, and a space for every other tag."""
    return _TAG.sub(" ", _BREAK.sub("\n", _ENTITY.sub(lambda found: html.unescape(found[0]), text)))
