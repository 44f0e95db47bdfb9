"""Names and descriptions of the provider, made readable."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.catalogue.sync import clean_description, clean_name
from tests.harness.cases import cases


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Event sign-ups &amp; reminders", "Event sign-ups & reminders"),
        ("<b>Premium</b> video views 🔥", "Premium video views 🔥"),
        ("𝐓𝐢𝐤𝐓𝐨𝐤 𝓛𝓲𝓴𝓮𝓼", "TikTok Likes"),
        ("Ｆｕｌｌ　ｗｉｄｔｈ", "Full width"),
        ("two\nlines\tand   spaces", "two lines and spaces"),
        ("\u200bhidden\u200e \u202emarks\u202c", "hidden marks"),
        ("&lt;b&gt;double&lt;/b&gt;", "double"),
        ("a < b > c", "a < b > c"),
        ("5 < 6", "5 < 6"),
        ("<br/>", ""),
        ("   ", ""),
        ("", ""),
        ("Лайки | Быстрые", "Лайки | Быстрые"),
        ("x" * 5000, "x" * 256),
        ("x" * 255 + " y", "x" * 255),
        ("&#0;&#x110000;&nosuch;", "\ufffd\ufffd&nosuch;"),
    ],
)
def test_a_name_is_one_readable_line(text: str, name: str) -> None:
    assert clean_name(text) == name


@pytest.mark.parametrize("case", cases("names", by="raw"))
def test_only_known_tags_are_tags(case: dict[str, str]) -> None:
    assert clean_name(case["raw"]) == case["want"]


@pytest.mark.parametrize(
    "text",
    [
        "Start <5min",
        "Drop <a lot>",
        "Speed <p 5%>",
        "1<b and c>2",
        "Send <link>",
        "Promo <name>",
        "I <3 U",
        "->fast<-",
        "<Start: 0-1h>",
        "<<HQ>>",
        "< b >",
        "x <=> y",
        "<user name>",
        "<@name>",
        "fast&notify",
        "Q&A",
        "copy&paste",
        "<video>",
        "a>b<c",
        "<1K/day>",
        "<bot> likes",
        "<i class>",
    ],
)
def test_what_is_no_tag_stays_as_it_is(text: str) -> None:
    assert clean_name(text) == text
    assert clean_description(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "<B>Likes</B>",
        "<span class=\"a\" style='color: red'>Likes</span>",
        "<font color=red>Likes</font>",
        "Likes<br />",
        "<!-- old -->Likes",
        "<p align = center>Likes</p>",
        "<img src=x onerror=alert(1)>Likes",
        "<video src='x'>Likes</video>",
        "<a href=https://example.com/?a=1&b=2 target=_blank>Likes</a>",
        "&lt;strong&gt;Likes&lt;/strong&gt;",
        "<tg-emoji emoji-id='5'>Likes</tg-emoji>",
        "<div><ul><li>Likes</li></ul></div>",
        "<h1>Likes</h1>",
    ],
)
def test_a_tag_goes_with_its_attributes(text: str) -> None:
    assert clean_name(text) == "Likes"
    assert clean_description(text) == "Likes"


@pytest.mark.parametrize(
    "piece", ["<a a=b", "<!--", "<a ", "<b a='", "&", "<", '<a x="', "<a\t", "&#", "<a a=b c "]
)
def test_broken_markup_is_read_as_fast_as_other_text(piece: str) -> None:
    before = time.monotonic()
    clean_description(piece * (20_000 // len(piece)))
    assert time.monotonic() - before < 1


@given(st.text(max_size=400) | st.text("<>&;#ab \n\u200b\ufdfa𝐀", max_size=600))
def test_every_name_becomes_one_line_of_bounded_length(text: str) -> None:
    name = clean_name(text)
    assert len(name) <= 256
    assert name == " ".join(name.split())
    assert len(name.splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("one\r\ntwo\r\n\r\n\r\n\r\nthree", "one\ntwo\n\nthree"),
        ("one<br>two<BR/>three</p>four", "one\ntwo\nthree\nfour"),
        ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
        ("<a href='https://example.com'>link</a> &amp; more", "link & more"),
        ("  spaced   out  ", "spaced out"),
        ("", ""),
        ("x" * 5000, "x" * 3000),
        ("x" * 2999 + "\ny", "x" * 2999),
    ],
)
def test_a_description_keeps_its_lines(text: str, description: str) -> None:
    assert clean_description(text) == description


@given(st.text(max_size=400) | st.text("<>br/p \r\n&", max_size=400))
def test_every_description_has_no_gaps_and_a_bounded_length(text: str) -> None:
    description = clean_description(text)
    assert len(description) <= 3000
    assert "\n\n\n" not in description
    assert description == description.strip()
