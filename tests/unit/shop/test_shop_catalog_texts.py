"""Names and descriptions of the provider, made readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.catalog import clean_description, clean_name


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
        ("a < b > c", "a c"),
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
