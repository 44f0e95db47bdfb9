"""Figures as providers write them, in every place where a figure stands."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel import OrderStatus, Unavailable
from panel.figures import amount, count, money
from tests.fakes.panel import FakePanel
from tests.harness.cases import cases


@pytest.mark.parametrize("case", cases("numbers", by="raw"))
async def test_the_table(case: dict[str, Any]) -> None:
    expected = None if case["value"] is None else Decimal(str(case["value"]))
    if case["field"] == "balance":
        async with FakePanel({"balance": case["raw"], "currency": "USD"}).client() as client:
            if expected is not None:
                assert (await client.balance()).amount == expected
                return
            with pytest.raises(Unavailable) as caught:
                await client.balance()
            assert caught.value.unreadable == case["raw"]
        return
    entry = {"service": 1, "rate": "1", "name": "n", "min": 1, "max": 2} | {
        case["field"]: case["raw"]
    }
    async with FakePanel([entry, {"service": 2, "rate": 1}]).client() as client:
        listed = await client.services()
    if case["field"] == "rate" and expected is None:
        assert [one.id for one in listed] == ["2"]
        assert listed.flaws.first[0].said == case["raw"]
    else:
        assert getattr(listed[0], case["field"]) == (expected or 0)
        assert listed.flaws.left_out == 0


NOTHING = (None, None)
WRITTEN: list[tuple[Any, tuple[str | None, int | None]]] = [
    ("1,000", (None, 1000)),  # 1 or 1000
    ("12,500", (None, 12500)),
    ("12.500", ("12.500", None)),  # alone a plain decimal, as programs write it
    ("1.000", ("1.000", None)),
    ("$12.500", NOTHING),
    ("Rp 15.000", NOTHING),
    ("15.000 IDR", NOTHING),
    ("Rp 15.000,00", ("15000", 15000)),
    ("0,900", ("0.900", 0)),
    ("0.900", ("0.900", 0)),
    ("1,25", ("1.25", 1)),
    ("1,2345", ("1.2345", 1)),
    ("1 250,5", ("1250.5", 1250)),
    ("1\u00a0250,5", ("1250.5", 1250)),
    ("1\u202f250", ("1250", 1250)),
    ("1&nbsp;250", ("1250", 1250)),
    ("\u20661250\u2069", ("1250", 1250)),
    ("€1.234,56", ("1234.56", 1234)),
    ("1'250.00", ("1250", 1250)),
    ("1’250", ("1250", 1250)),
    ("12,34,567.80", ("1234567.80", 1234567)),
    ("1,00,000", ("100000", 100000)),
    ("1,234,567", ("1234567", 1234567)),
    ("1.234.567", ("1234567", 1234567)),
    ("1_000", ("1000", 1000)),
    ("٠٫٩٠", ("0.90", 0)),
    ("١٬٢٥٠٫٥", ("1250.5", 1250)),
    ("１２．５", ("12.5", 12)),
    ("1e3", ("1000", 1000)),
    ("1e-3", ("0.001", 0)),
    ("1.5E2", ("150", 150)),
    (".5", ("0.5", 0)),
    (",5", ("0.5", 0)),
    ("5.", ("5", 5)),
    ("+5", ("5", 5)),
    ("-3", ("-3", -3)),
    ("−3", ("-3", -3)),
    ("-$5", ("-5", -5)),
    ("$-5", ("-5", -5)),
    (" 7 ", ("7", 7)),
    ("1K", ("1000", 1000)),
    ("1.5k", ("1500", 1500)),
    ("2,5M", ("2500000", 2500000)),
    ("$1.5K", ("1500", 1500)),
    ("10м", ("10000000", 10000000)),
    ("R$ 1.234,56", ("1234.56", 1234)),
    ("US$5", ("5", 5)),
    ("₹996", ("996", 996)),
    ("Rs. 500", ("500", 500)),
    ("5 usdt", ("5", 5)),
    ("0.90 руб.", ("0.90", 0)),
    ("1000,000", ("1000", 1000)),
    (1000, ("1000", 1000)),
    (1.234, ("1.234", 1)),
    (0.00011999999999999999, ("0.00011999999999999999", 0)),
    ("1,000K", NOTHING),
    ("1.000K", NOTHING),
    ("0.9.0", NOTHING),
    ("1,2,3.4", NOTHING),
    ("1.23,456,7", NOTHING),
    ("12 50", NOTHING),
    ("1 2", NOTHING),
    ("0,000,000", NOTHING),
    ("5,", NOTHING),
    ("1..5", NOTHING),
    ("--", NOTHING),
    ("-", NOTHING),
    ("", NOTHING),
    ("$", NOTHING),
    ("free", NOTHING),
    ("unlimited", NOTHING),
    ("Unknown", NOTHING),
    ("NaN", NOTHING),
    ("Infinity", NOTHING),
    ("1e999", NOTHING),
    ("0x10", NOTHING),
    ("½", NOTHING),
    ("5%", NOTHING),
    ("5-10", NOTHING),
    ("10 000+", NOTHING),
    ("5 per 1000", NOTHING),
    ("USD 5 EUR", NOTHING),
    ("(5)", NOTHING),
    ("5; DROP TABLE", NOTHING),
    ("9" * 65, NOTHING),
    (True, NOTHING),
    (None, NOTHING),
    ([], NOTHING),
    ({}, NOTHING),
]


@pytest.mark.parametrize(("written", "read"), WRITTEN, ids=lambda one: repr(one)[:40])
def test_what_people_write(written: Any, read: tuple[str | None, int | None]) -> None:
    assert amount(written) == (None if read[0] is None else Decimal(read[0]))
    assert count(written) == read[1]


@given(st.text(max_size=30) | st.text(alphabet="0123456789.,' _-+kKmM$€eE", max_size=20))
def test_any_text_is_a_figure_or_nothing(text: str) -> None:
    for read in (amount(text), count(text)):
        assert read is None or Decimal(read).is_finite()


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_both_ways_of_writing_come_to_the_same(whole: int, cents: int) -> None:
    exact = Decimal(whole) + Decimal(cents) / 100
    english = f"{whole:,}.{cents:02}"
    german = english.translate(str.maketrans(",.", ".,"))
    for written in (
        english,
        german,
        english.replace(",", " "),
        english.replace(",", "'"),
        f"{exact}",
    ):
        assert amount(written) == exact
        assert count(written) == whole


async def test_statuses_and_charges_are_read_the_same_way() -> None:
    answer = {
        "status": "Partial",
        "charge": "$1,250.50",
        "start_count": "3,572",
        "remains": "1 157",
        "runs": "1.000",
    }
    async with FakePanel(answer).client() as client:
        found = await client.status("1")
    assert isinstance(found, OrderStatus)
    assert (found.charge, found.start_count, found.remains, found.runs) == (
        Decimal("1250.50"),
        3572,
        1157,
        None,
    )
    async with FakePanel({"order": 1, "charge": "0,27"}).client() as client:
        assert (await client.add("1", {})).charge == Decimal("0.27")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"balance": "unlimited", "currency": "USD"}, "unlimited"),
        ({"balance": "1,000", "currency": "USD"}, "1,000"),
        ({"balance": None}, "null"),
        ({"data": {"balance": "∞"}}, "∞"),
        ({"balance": "s3cret/key+1"}, "***"),
    ],
)
async def test_an_unreadable_balance_comes_from_a_provider_that_is_there(
    answer: object, said: str
) -> None:
    async with FakePanel(answer).client() as client:
        with pytest.raises(Unavailable, match="can't be read") as caught:
            await client.balance()
    assert (caught.value.unreadable, caught.value.code, caught.value.walled) == (said, 200, False)


@pytest.mark.parametrize(
    ("answer", "code"),
    [({}, 200), ({"balance": "x"}, 502), ({"balance": "5"}, 502), ({"error": "", "x": 1}, 200)],
)
async def test_no_balance_at_all_is_no_answer(answer: object, code: int) -> None:
    async with FakePanel(answer, code).client() as client:
        with pytest.raises(Unavailable) as caught:
            await client.balance()
    assert caught.value.unreadable == ""


@pytest.mark.parametrize(
    ("written", "named", "read"),
    [
        ("₹996", "", ("996", "₹")),
        ("0.05 EUR", "", ("0.05", "EUR")),
        ("0,05 ₽", "RUB", ("0.05", "RUB")),
        ("$5", "CAD", ("5", "CAD")),
        ("₹5", "USD", ("5", "₹")),
        ("Rs. 500", "", ("500", "Rs.")),
        (5, "USD", ("5", "USD")),
        ("5", "", ("5", None)),
        ("free", "USD", (None, "USD")),
    ],
)
def test_what_stands_beside_a_figure_is_its_currency(
    written: Any, named: str, read: tuple[str | None, str | None]
) -> None:
    assert money(written, named) == (None if read[0] is None else Decimal(read[0]), read[1])
