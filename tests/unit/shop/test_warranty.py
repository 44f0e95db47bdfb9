"""The warranty, read from what services are called."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.catalogue.sync import clean_description, clean_name
from shop.catalogue.warranty import FOREVER, read_days, warranty_days
from tests.factories.shop_rows import service

FOLDER = Path(
    os.environ.get("SHARED_CATALOGS") or Path(__file__).parents[4] / "shared" / "catalogs"
)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Instagram Followers (10/500k) [R30]", 30),
        ("Followers | R 30", 30),
        ("IGF02 Followers (10/100k)  R~30", 30),
        ("Followers R-60", 60),
        ("Followers [AR30]", 30),
        ("Followers (AR45) (R99) [30-50k/day]", 99),
        ("Comment Likes | [R45D]", 45),
        ("TikTok Followers R0", 0),
        ("Refill 30D", 30),
        ("Refill: 60 days", 60),
        ("refill:365/days", 365),
        ("Refill Time: 45 Days", 45),
        ("Refill within 30 days after delivery.", 30),
        ("happy to refill it for 30days", 30),
        ("Refill 90", 90),
        ("Likes | 30 Days Refill 🔥♻️", 30),
        ("Likes | 30 Days Auto Refill ⚡♻️", 30),
        ("Likes | 365 Days Refill⚡♻️⛔", 365),
        ("Likes (30 Days ♻️)", 30),
        ("Likes | ♻️ 365 days", 365),
        ("( Speed: 50K/Day )  ( Refill: 30 Days ♻️ )", 30),
        ("90 days refill guarantee (In case of drops. Currently non-drop)", 90),
        ("Guarantee: 30d after complete", 30),
        ("1 year warranty", 365),
        ("Warranty 6 months", 180),
        ("[Lifetime Guaranteed]", FOREVER),
        ("(Life Time Guarantee)", FOREVER),
        ("[Lifetime Warranty] [Non-Drop]", FOREVER),
        ("[REFILL: LIFETIME GUARANTEED]", FOREVER),
        ("10k/day | Lifetime Refill 🔥⚡♻️", FOREVER),
        ("♻️ ∞", FOREVER),
        ("𝐑𝐞𝐟𝐢𝐥𝐥: 𝟑𝟎 𝐝𝐚𝐲𝐬", 30),
        ("Bảo hành 30 ngày", 30),
        ("BH 2 tháng", 60),
        ("bảo hành 1 năm", 365),
        ("Гарантия 30 дней", 30),
        ("30 дней гарантии", 30),
        ("Восстановление в течение 90 дней", 90),
        ("пожизненная гарантия", FOREVER),
        ("30 gün telafi", 30),
        ("ömür boyu garanti", FOREVER),
        ("Garantía 30 días", 30),
        ("Reposição 90 dias", 90),
        ("Garantie 30 jours", 30),
        ("Garantie: 30 Tage", 30),
        ("ضمان 30 يوم", 30),
        ("30天保固", 30),
        ("R30 / HQ", 30),
    ],
)
def test_a_warranty_in_words(text: str, days: int) -> None:
    assert read_days(text) == days


@pytest.mark.parametrize(
    "text",
    [
        "No refill",
        "NO REFILL 🔥",
        "Non refill",
        "Without refill",
        "no-refill",
        "norefill",
        "no guarantee",
        "[NR]",
        "No Refill / No Refund",
        "Refill: no",
        "refill ❌",
        "NR | 1k/day",
        "30 Days Subscription | No Refill",
        "no refill 30 days",
        "Less drop but No refill.",
        "Không bảo hành",
        "( KBH )",
        "без гарантии",
        "без докрута",
        "telafisiz",
        "sin garantía",
        "sem reposição",
        "ohne Zusatz | kein Refill",
        "بدون ضمان",
    ],
)
def test_no_warranty_in_words(text: str) -> None:
    assert read_days(text) == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Instagram Followers",
        "100k/day ♻️",
        "Refill button",
        "Auto Refill",
        "Non Drop",
        "[30 Days Subscription]",
        "Telegram Premium members (active 240-360 days)",
        "3 Days Delivery",
        "PrivateR42",
        "YouTube 4R",
        "the delivery is guaranteed",
        "refill may be delayed by 48-72h",
        "refill for own drops only",
        "please don't request a refill before 3 work days",
        "No refill if the page is private",
        "No refill for overflow",
        "100% refill limit only",
        "(r5k",
        "R 20/day",
        "Lifetime Premium accounts",
    ],
)
def test_nothing_said(text: str) -> None:
    assert read_days(text) is None


def test_a_condition_does_not_hide_the_warranty() -> None:
    assert read_days("~ Gradual speed\n~ No Refill if drop is less than 20\n~ R180") == 180


def test_the_name_counts_before_the_description_and_an_admin_before_both() -> None:
    assert warranty_days(service(name="Likes [R30]", description="~ R60")) == 30
    assert warranty_days(service(name="Likes", description="~ Start 0-1h\n~ R60")) == 60
    assert warranty_days(service(name="Likes", description="")) is None
    assert warranty_days(service(name="Likes [R30]", warranty_days=0)) == 0
    assert warranty_days(service(name="Likes [NR]", warranty_days=FOREVER)) == FOREVER


WORDS = st.sampled_from(
    [
        "R30",
        "no",
        "refill",
        "days",
        "30",
        "lifetime",
        "♻️",
        "гарантия",
        "(",
        "]",
        "|",
        "\n",
        "days" * 50,
        " " * 40,
    ]
)


@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(WORDS, max_size=60).map(" ".join),
        st.text("rR 0123456789dD~:", max_size=80),
    )
)
def test_any_text_is_read(text: str) -> None:
    days = read_days(text)
    assert days is None or 0 <= days <= FOREVER


# Of the services that refill: how many there are, and of how many at least the warranty is read.
@pytest.mark.parametrize(
    ("name", "refilling", "read"), [("large-6125.json", 215, 186), ("medium-1283.json", 119, 117)]
)
def test_the_captured_catalogues(name: str, refilling: int, read: int) -> None:
    if not (FOLDER / name).is_file():
        pytest.skip("shared catalogues absent")
    listed: list[dict[str, Any]] = json.loads((FOLDER / name).read_text())
    refills = [raw for raw in listed if str(raw.get("refill")).lower() in {"1", "true"}]
    found = [
        warranty_days(
            service(
                name=clean_name(raw["name"]),
                description=clean_description(raw.get("desc") or raw.get("description") or ""),
            )
        )
        for raw in refills
    ]
    assert len(found) == refilling
    assert sum(days is not None for days in found) >= read
