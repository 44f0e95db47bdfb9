"""Names and words of people never turn what stands beside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales import Markup, Texts
from locales.bidi import isolated, with_bare_codes

T = Texts().for_language("en")
HEBREW, ARABIC = "שלום", "مرحبا"
FSI, PDI, RLO = "\u2068", "\u2069", "\u202e"


@pytest.mark.parametrize(
    "text", ["", "Ann", "order 12", "Анна 5", "日本語", "🎉 €5", f"{FSI}Ann{PDI}", "a\nb", "नमस्ते"]
)
def test_what_can_turn_nothing_stays_as_it_is(text: str) -> None:
    assert isolated(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (HEBREW, f"{FSI}{HEBREW}{PDI}"),
        (f"Ann {ARABIC} 5", f"{FSI}Ann {ARABIC} 5{PDI}"),
        (f"{RLO}gpj.exe", f"{FSI}{RLO}gpj.exe{PDI}"),
        (f"one\n{HEBREW}\ntwo", f"one\n{FSI}{HEBREW}{PDI}\ntwo"),
        (f"{FSI}{HEBREW}{PDI}", f"{FSI}{HEBREW}{PDI}"),
        (f"{FSI}{HEBREW}{PDI} {ARABIC}", f"{FSI}{FSI}{HEBREW}{PDI} {ARABIC}{PDI}"),
        (f"{PDI}{RLO}evil{FSI}", f"{FSI}{RLO}evil{PDI}"),
        (f"{FSI}cut of…", "cut of…"),
        (f"{FSI}{HEBREW}…", f"{FSI}{HEBREW}…{PDI}"),
        (f"\u2067\u2067{HEBREW}", f"{FSI}{HEBREW}{PDI}"),
        (f"name\u2028{HEBREW}\u2029🔴 alert", f"{FSI}name {HEBREW} 🔴 alert{PDI}"),
        ("Ann\x0bBen", "Ann Ben"),
    ],
)
def test_what_could_is_isolated(text: str, shown: str) -> None:
    assert isolated(text) == shown
    assert isolated(shown) == shown


@given(
    st.text(
        "ab \n\u05d0\u0627\u200f\u202a\u202b\u202c\u202e\u2066\u2067\u2068\u2069\u061c", max_size=30
    )
)
def test_nothing_that_turns_is_ever_outside(text: str) -> None:
    for line in isolated(text).split("\n") if "\n" not in text else []:
        depth = 0
        for character in line:
            depth += (character in "\u2066\u2067\u2068") - (character == PDI)
            assert depth >= 0
            assert depth > 0 or character not in "\u05d0\u0627\u200f\u202a\u202b\u202c\u202e\u061c"
        assert depth == 0


def test_what_is_copied_has_nothing_hidden() -> None:
    assert (
        with_bare_codes(f"<code>{FSI}{HEBREW}{PDI}</code> <b>x</b>")
        == f"{FSI}<code>{HEBREW}</code>{PDI} <b>x</b>"
    )
    assert (
        with_bare_codes(f"<code>12</code> {FSI}{HEBREW}{PDI}")
        == f"<code>12</code> {FSI}{HEBREW}{PDI}"
    )


@pytest.mark.parametrize("language", ["en", "ru"])
def test_texts_and_labels_isolate_names(language: str) -> None:
    t = Texts().for_language(language)
    assert f"{FSI}{HEBREW} &lt;b&gt;{PDI}" in t("start", name=f"{HEBREW} <b>")
    assert t("service-id", id="12") == "🆔 <code>12</code>"
    assert t("service-id", id=HEBREW) == f"🆔 {FSI}<code>{HEBREW}</code>{PDI}"
    assert f"{FSI}{HEBREW}{PDI}" in t.plain("start", name=HEBREW)
    assert t("service-id", id=Markup(f"<b>{HEBREW}</b>")) == f"🆔 <code><b>{HEBREW}</b></code>"
