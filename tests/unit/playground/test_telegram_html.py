"""HTML: entities, and complaints with byte offsets."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.telegram.entities import formatted, to_html
from playground.telegram.errors import ApiError
from playground.telegram.html import TYPES, parse_html, utf16_length

PARSED = [
    ("plain", "plain", []),
    ("a & b &amp; &lt;b&gt; &quot; &#65; &#x42; &nbsp;", 'a & b & <b> " A B &nbsp;', []),
    ("<b>x</b>", "x", [{"type": "bold", "offset": 0, "length": 1}]),
    ("😀<STRONG>я</strong>", "😀я", [{"type": "bold", "offset": 2, "length": 1}]),
    ("<em>x</>", "x", [{"type": "italic", "offset": 0, "length": 1}]),
    ("<del>x</del>", "x", [{"type": "strikethrough", "offset": 0, "length": 1}]),
    ('<span class="tg-spoiler">x</span>', "x", [{"type": "spoiler", "offset": 0, "length": 1}]),
    (
        "<blockquote expandable>x</blockquote>",
        "x",
        [{"type": "expandable_blockquote", "offset": 0, "length": 1}],
    ),
    (
        "<a href='https://a.b/?x=1&amp;y=2'>x</a>",
        "x",
        [{"type": "text_link", "offset": 0, "length": 1, "url": "https://a.b/?x=1&y=2"}],
    ),
    ("<a href='no link'>x</a>", "x", []),
    (
        '<pre><code class="language-python">x</code></pre>',
        "x",
        [{"type": "pre", "offset": 0, "length": 1, "language": "python"}],
    ),
    (
        '<tg-time unix="1647531900" format="wDT">soon</tg-time>',
        "soon",
        [
            {
                "type": "date_time",
                "offset": 0,
                "length": 4,
                "unix_time": 1647531900,
                "date_time_format": "wDT",
            }
        ],
    ),
    (
        '<tg-emoji emoji-id="5">👍</tg-emoji>',
        "👍",
        [{"type": "custom_emoji", "offset": 0, "length": 2, "custom_emoji_id": "5"}],
    ),
    (
        "<i>a<b>b</b></i>",
        "ab",
        [{"type": "italic", "offset": 0, "length": 2}, {"type": "bold", "offset": 1, "length": 1}],
    ),
    ("<b></b>x", "x", []),
]


@pytest.mark.parametrize(("source", "text", "entities"), PARSED)
def test_parsed(source, text, entities):
    assert parse_html(source) == (text, entities)


COMPLAINTS = [
    ("я<x>", 'Unsupported start tag "x" at byte offset 2'),
    ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
    ("<b", "Unclosed start tag at byte offset 0"),
    ("<a href='x", "Unclosed start tag at byte offset 0"),
    ("<a href", 'Unclosed start tag "a" at byte offset 0'),
    ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
    ("<a href=x_y>z</a>", "Unexpected end of name token at byte offset 8"),
    ("😀<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
]


@pytest.mark.parametrize(("source", "complaint"), COMPLAINTS)
def test_complaints(source, complaint):
    with pytest.raises(ApiError) as caught:
        parse_html(source)
    assert caught.value.description == f"Bad Request: can't parse entities: {complaint}"


def test_spaces_around_are_cut_and_offsets_follow():
    text, entities = formatted(" \n<b> x </b> ", "HTML", None)
    assert (text, entities) == ("x", [{"type": "bold", "offset": 0, "length": 1}])


def test_links_and_commands_are_found_except_in_code():
    text, entities = formatted(
        "/start @ann_b #tag https://a.b/c?d. <code>/no</code> x@y.org", "HTML", None
    )
    found = [(e["type"], text[e["offset"] : e["offset"] + e["length"]]) for e in entities]
    assert found == [
        ("bot_command", "/start"),
        ("mention", "@ann_b"),
        ("hashtag", "#tag"),
        ("url", "https://a.b/c?d"),
        ("code", "/no"),
        ("email", "x@y.org"),
    ]


tags = st.sampled_from(sorted(TYPES))
pieces = st.one_of(
    tags.map(lambda tag: f"<{tag}>"),
    tags.map(lambda tag: f"</{tag}>"),
    st.sampled_from(
        [
            "<",
            ">",
            "&",
            "&lt;",
            "&#",
            "&#x41;",
            "='",
            '"',
            "<a href=",
            "</",
            "😀",
            "\0",
            " ",
            "<b/>",
        ]
    ),
    st.text(max_size=5),
)


@given(st.lists(pieces, max_size=12).map("".join))
def test_never_anything_but_a_parse_or_a_complaint(source):
    with contextlib.suppress(ApiError):
        text, entities = parse_html(source)
        size = utf16_length(text)
        assert all(0 <= e["offset"] < e["offset"] + e["length"] <= size for e in entities)


@given(
    st.text(alphabet="ab😀я &<>\"'", min_size=1).filter(str.strip),
    st.sampled_from(["b", "i", "u", "s", "code"]),
)
def test_written_out_again_it_is_the_same(plain, tag):
    text, entities = formatted(to_html(plain, []), "HTML", None)
    assert (text, entities) == (plain.strip(), [])
    marked = formatted(f"<{tag}>{to_html(plain, [])}</{tag}>", "HTML", None)
    assert formatted(to_html(*marked), "HTML", None) == marked


def test_an_address_ends_where_the_isolation_of_its_line_ends():
    text, entities = formatted("\u2068https://a.b/я\u2069 x", None, None)
    assert text == "\u2068https://a.b/я\u2069 x"
    assert entities == [{"type": "url", "offset": 1, "length": 13}]
