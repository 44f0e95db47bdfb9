"""Numbers, dates and lines the way people type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.parsing import parse_count, parse_date, parse_lines, plain_digits, visible

COUNTS = {
    "1000": 1000,
    "  1000\n": 1000,
    "0": 0,
    "007": 7,
    "+5": 5,
    "1 000": 1000,
    "1\u00a0000": 1000,  # no-break space
    "1\u202f000\u202f000": 1_000_000,  # narrow no-break space
    "1\u2009000": 1000,  # thin space
    "1,000": 1000,
    "1.000": 1000,
    "1'000": 1000,
    "1_000": 1000,
    "12,345,678": 12_345_678,
    "1 000k": 1_000_000,
    "1 234,5 k": 1_234_500,
    "1k": 1000,
    "1K": 1000,
    "1 k": 1000,
    "1к": 1000,  # Cyrillic
    "2М": 2_000_000,  # Cyrillic
    "1.5k": 1500,
    "1,5k": 1500,
    "1.234k": 1234,
    "0.5m": 500_000,
    "٢٠٠": 200,  # Arabic-Indic
    "۱۲۳": 123,  # Persian
    "१२३": 123,  # Devanagari
    "１２３": 123,  # full width
    "١٬٠٠٠": 1000,  # Arabic thousands separator
    "\u200f200\u200e": 200,  # direction marks
    "\u202b1\u200b000\u202c": 1000,
    "1000000000000000": 10**15,
    "1000000000m": 10**15,
}

NO_COUNTS = [
    "",
    " ",
    "\u200b",
    "abc",
    "-5",
    "−5",
    "1e3",
    "0x10",
    "1.5",
    "1,5",
    "1.5.5",
    "1,00",
    "1,0000",
    "1.000,5",
    "1,000.5",
    "1,000 000.000",
    "1kk",
    "k",
    "k1",
    "1k5",
    "1.2345k",
    "½",
    "²",
    "Ⅷ",
    "一百",
    "1000000000000001",
    "1000000001m",
    "12 50",
    "12 50,00",
    "1 2345",
    "1 23 456",
    "1 000 00",
    "1 000  0",
    "12\u00a050",
    "12\u202f50",
    "12_50",
    "1_2345",
    "500 60",
    "5 5",
    "1 2",
    "12 50k",
    "1 2345 k",
    "1\n000",
    "500\n600",
    "1 234_567",
    "0 500",
    "0,500",
    "0.500",
    "9" * 30,
    "9" * 5000,
    "1/2",
    "50%",
    "$5",
    "1;2",
    "10-20",
    "nan",
    "inf",
    "١.",
    ".5",
    "5.",
    "1\x00",
]


@pytest.mark.parametrize(("text", "value"), COUNTS.items())
def test_a_count_is_read_as_it_was_meant(text: str, value: int) -> None:
    assert parse_count(text) == value


@pytest.mark.parametrize("text", NO_COUNTS)
def test_what_is_no_count_is_none(text: str) -> None:
    assert parse_count(text) is None


@given(st.text(max_size=60) | st.text("0123456789 ,.'_kKmкм٢\u200f\u00a0-+", max_size=25))
def test_whatever_is_typed_gives_none_or_a_count_in_range(text: str) -> None:
    value = parse_count(text)
    assert value is None or 0 <= value <= 10**15


@given(st.integers(0, 10**15))
def test_every_count_is_read_back_from_each_way_of_writing_it(value: int) -> None:
    for mark in ",.' _":
        assert parse_count(f"{value:,}".replace(",", mark)) == value
    arabic = str(value).translate({ord("0") + digit: chr(0x660 + digit) for digit in range(10)})
    assert parse_count(arabic) == value
    if value <= 10**12:
        assert parse_count(f"{value}k") == value * 1000


@given(st.text())
def test_plain_digits_leave_no_digit_of_another_script(text: str) -> None:
    assert not any(mark.isdecimal() and mark not in "0123456789" for mark in plain_digits(text))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one\ntwo", ["one", "two"]),
        ("one\r\n\r\n  two  \n\n", ["one", "two"]),
        ("\u200b\n\u200e\n", []),
        ("", []),
        ("a\u2028b\x85c", ["a", "b", "c"]),
        ("\u200fشكرا\u200f", ["شكرا"]),
        ("N\u200dice\u200c\n\x00\n\u200d\u200d\u200d", ["Nice"]),
        ("👩\u200d💻 ❤️\u200d🔥!\u200b", ["👩\u200d💻 ❤️\u200d🔥!"]),
        ("\u200dمی\u200cخواهم\u200c", ["می\u200cخواهم"]),
    ],
)
def test_lines_are_what_can_be_seen(text: str, lines: list[str]) -> None:
    assert parse_lines(text) == lines


@given(st.text())
def test_lines_are_never_blank_and_never_contain_a_break(text: str) -> None:
    for line in parse_lines(text):
        assert line
        assert visible(line)
        assert line.strip() == line
        assert parse_lines(line) == line.splitlines() == [line]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/12/2026", date(2026, 12, 31)),
        (" 1.2.2027 ", date(2027, 2, 1)),
        ("01-02-2027", date(2027, 2, 1)),
        ("2026-12-31", date(2026, 12, 31)),
        ("20261231", date(2026, 12, 31)),
        ("٣١/١٢/٢٠٢٦", date(2026, 12, 31)),
        ("31 / 12 / 2026", date(2026, 12, 31)),
        ("2026 12 31", date(2026, 12, 31)),
        ("29/02/2028", date(2028, 2, 29)),
        ("3 1/12/2026", None),
        ("2026 1 231", None),
        ("2026\n12\n31", None),
        ("29/02/2027", None),
        ("31/13/2026", None),
        ("12/31/2026", None),
        ("31/12.2026", None),
        ("31/12/26", None),
        ("0/0/0000", None),
        ("tomorrow", None),
        ("", None),
        ("1" * 4000, None),
    ],
)
def test_dates_are_read_the_way_they_are_written(text: str, day: date | None) -> None:
    assert parse_date(text) == day


@given(st.dates())
def test_every_day_is_read_back_from_each_way_of_writing_it(day: date) -> None:
    year = f"{day.year:04}"
    for mark in "/.-":
        assert parse_date(f"{day.day}{mark}{day.month}{mark}{year}") == day
    assert parse_date(day.isoformat()) == parse_date(day.isoformat().replace("-", "")) == day


@given(st.text() | st.text("0123456789/.-٣ ", max_size=12))
def test_whatever_is_typed_is_a_day_or_none(text: str) -> None:
    assert isinstance(parse_date(text), date | None)
