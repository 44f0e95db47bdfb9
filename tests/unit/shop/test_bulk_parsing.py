"""Reading the lines of a mass order, from chats and from spreadsheets."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel import SERVICE_TYPES
from shop.access import Assortment
from shop.bulk.parsing import (
    CheckedLine,
    as_error,
    as_problem,
    check,
    check_again,
    is_list,
    read_lines,
)
from shop.catalogue.pricing import Prices
from shop.errors import ShopError
from shop.money import Money
from shop.parsing import visible
from tests.factories.shop_rows import service

PLAYS = service(id=1, provider_id="11", dripfeed=True)
PACK = service(id=2, provider_id="14", type="package", min=1, max=1, rate=Decimal("12.50"))
REVIEWS = service(id=3, provider_id="13", type="custom_comments")
SERVICES = {one.provider_id: one for one in (PLAYS, PACK, REVIEWS)}
URL = "https://example.com/show"


def checked(text: str, assortment: Assortment | None = None) -> CheckedLine:
    (line,) = read_lines(text)
    return check(line, SERVICES, assortment or Assortment(), Prices())


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        (f"11 | {URL} | 100", ("11", URL, "100")),
        (f"11|{URL}|1,000", ("11", URL, "1,000")),
        (f"#11 | {URL} | 1 000", ("#11", URL, "1 000")),
        (f"  11   |  {URL} |  1.5k  ", ("11", URL, "1.5k")),
        (f"14 | {URL}", ("14", URL)),
        (f"14 | {URL} |", ("14", URL)),
        (f"11\t{URL}\t100", ("11", URL, "100")),
        (f"11;{URL};100", ("11", URL, "100")),
        (f"11,{URL},100", ("11", URL, "100")),
        (f"14;{URL};;;", ("14", URL)),
        (f"11 | {URL}/a,b;c | 100", ("11", f"{URL}/a,b;c", "100")),
        (f"11;{URL}/a,b;100", ("11", f"{URL}/a,b", "100")),
        (f"11;{URL}/a;b;100", ("11", f"{URL}/a;b", "100")),
        (f"11,{URL}/@41.4,2.1,100", ("11", f"{URL}/@41.4,2.1", "100")),
        (f"11,{URL}?a=1|2,100", ("11", f"{URL}?a=1|2", "100")),
        (f'"11","{URL}/a,b","1,000"', ("11", f"{URL}/a,b", "1,000")),
        (f'11;"{URL}/a;b";100', ("11", f"{URL}/a;b", "100")),
        (f'11, "{URL}/a,b", 100', ("11", f"{URL}/a,b", "100")),
        ("11 | @somebody | 100", ("11", "@somebody", "100")),
        # What could be read in two ways is not read.
        (f"11,{URL},1,500", ()),
        (f"11;{URL};100;200", ()),
        (f"11 | {URL} | 100 | 200", ()),
        (f'"11,"{URL},100', ()),
        (f'11,"{URL},100', ()),
        ("11", ()),
        (URL, ()),
        ("hello there", ()),
    ],
)
def test_a_line_is_parted(text: str, cells: tuple[str, ...]) -> None:
    (line,) = read_lines(f"1 | {URL} | 1\n{text}")[1:]
    assert line.cells == cells
    assert line.number == 2


def test_blank_lines_count_and_are_left_out() -> None:
    lines = read_lines(
        f"\ufeff\n11 | {URL} | 1\r\n\r\n \t\n11 | {URL} | 2\r11 | {URL} | 3\n\u200b\n"
    )
    assert [(line.number, line.quantity) for line in lines] == [(2, "1"), (5, "2"), (6, "3")]


@pytest.mark.parametrize(
    "header",
    [
        "service | link | quantity",
        "Service ID;Link;Quantity",
        "Услуга,Ссылка,Кол-во",
        "sep=;",
        "Сервис\tСсылка",
        ",,",
    ],
)
def test_a_first_line_that_names_the_columns_is_skipped(header: str) -> None:
    lines = read_lines(f"{header}\n11 | {URL} | 100\n")
    assert [line.number for line in lines] == [2]


@pytest.mark.parametrize(
    "row", [";;;", "|", "| |", ",,", "\t\t", '"";"";""', ";\u00a0; ;", " \u200b|\ufeff"]
)
def test_an_empty_row_of_a_spreadsheet_is_no_line(row: str) -> None:
    lines = read_lines(f"{row}\n11 | {URL} | 1\n{row}\n{row}\n11 | {URL} | 2\n{row}")
    assert [(line.number, line.quantity) for line in lines] == [(2, "1"), (5, "2")]
    assert read_lines(f"{row}\n{row}") == []
    assert is_list(f"{row}\n11 | {URL} | 1\n12 | {URL} | 1") is True


@pytest.mark.parametrize(
    "note", ["sep=;", "SEP=;", '"sep=;"', "sep=,", "sep=\t", "sep=|", "\ufeffsep=;", "sep=;;;"]
)
@pytest.mark.parametrize(
    "header", ["", "Service;Link;Quantity\n", ";;\nService;Link;Quantity\n;;\n"]
)
def test_a_spreadsheets_note_and_the_columns_may_both_come_first(note: str, header: str) -> None:
    lines = read_lines(f"{note}\r\n{header}11;{URL};100\n12;{URL};200")
    assert [line.cells for line in lines] == [("11", URL, "100"), ("12", URL, "200")]


@pytest.mark.parametrize("first", ["sep=ten", f"sep=;{URL}"])
def test_what_only_begins_like_a_note_is_a_line(first: str) -> None:
    assert len(read_lines(f"{first}\n11;{URL};100")) == 2


@pytest.mark.parametrize(
    "line", [f"11 | {URL} | 100", f"abc | {URL} | many", "abc | @somebody", "hello"]
)
def test_a_first_line_that_may_be_an_order_is_none(line: str) -> None:
    assert [one.number for one in read_lines(line)] == [1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"11 | {URL} | 1\n14 | {URL}", True),
        (f"\n11|{URL}|1\n\n12|{URL}|1\n", True),
        (f"11 | {URL} | 1", False),
        (f"11 | {URL} | 1\nthanks!", False),
        (f"11;{URL};1\n12;{URL};1", False),
        ("", False),
    ],
)
def test_what_is_taken_for_a_mass_order_unasked(text: str, expected: bool) -> None:
    assert is_list(text) is expected


@pytest.mark.parametrize(
    ("quantity", "count"),
    [
        ("100", 100),
        ("1k", 1000),
        ("0,5k", 500),
        ("1 000", 1000),
        ("1,000", 1000),
        ("1.000", 1000),
        ("٢٠٠", 200),
    ],
)
def test_quantities_are_read_as_everywhere(quantity: str, count: int) -> None:
    line = checked(f"#11 | example.com/show | {quantity}")
    assert line.problem is None
    assert line.fields == {"link": URL, "quantity": count, "runs": None, "interval": None}
    assert (line.service_id, line.quantity, line.price) == (1, count, 900 * count)


@pytest.mark.parametrize("text", [f"14 | {URL}", f"14 | {URL} | 1", f"14;{URL};"])
def test_a_package_needs_no_quantity(text: str) -> None:
    line = checked(text)
    assert (line.problem, line.fields, line.quantity, line.price) == (
        None,
        {"link": URL},
        1,
        12_500_000,
    )


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (f"14 | {URL} | 2", "mass-line-package"),
        (f"14 | {URL} | many", "mass-line-package"),
        (f"11 | {URL}", "bad-quantity"),
        (f"11 | {URL} | many", "bad-quantity"),
        (f"11 | {URL} | 9", "quantity-too-small"),
        (f"11 | {URL} | 1001", "quantity-too-large"),
        ("11 | not a link | 100", "bad-link"),
        ("11 | @somebody | 100", "bad-link"),  # of which site?
        (f"99 | {URL} | 100", "mass-line-no-service"),
        (f" | {URL} | 100", "mass-line-no-service"),
        (f"13 | {URL} | 100", "mass-line-needs-more"),
        ("11 and nothing", "mass-line-unclear"),
    ],
)
def test_what_is_wrong_with_a_line(text: str, key: str) -> None:
    line = checked(text)
    assert line.problem is not None
    assert line.problem["key"] == key
    assert line.price is None


def test_only_what_is_sold_can_be_ordered() -> None:
    line = checked(f"11 | {URL} | 100", Assortment(deny=("Pod*",)))
    assert line.problem == {"key": "mass-line-no-service", "values": {"id": "11"}}


def test_a_price_that_no_database_holds_is_a_problem() -> None:
    dear = service(rate=Decimal(99_999_999), max=0)
    (line,) = read_lines(f"11 | {URL} | {10**14}")
    found = check(line, {"11": dear}, Assortment(), Prices())
    assert found.problem is not None
    assert found.problem["key"] == "mass-line-too-dear"


@pytest.mark.parametrize("key", SERVICE_TYPES)
def test_a_service_of_any_type_is_ordered_or_told_to_need_more(key: str) -> None:
    wanted = {field.name for field in SERVICE_TYPES[key].required}
    (line,) = read_lines(f"11 | {URL} |" + (" 100" if "quantity" in wanted else ""))
    found = check(line, {"11": service(type=key, dripfeed=True)}, Assortment(), Prices())
    if wanted <= {"link", "quantity"}:
        assert found.problem is None
    else:
        assert found.problem == {"key": "mass-line-needs-more", "values": {}}


def test_a_good_line_is_held_against_what_is_true_now() -> None:
    good = checked(f"11 | {URL} | 100")
    assert check_again(PLAYS, good.fields, Assortment(), Prices()) == good
    dearer = check_again(service(rate=Decimal(2)), good.fields, Assortment(), Prices())
    assert (dearer.problem, dearer.price) == (None, 200_000)
    for gone in (None, service(sold=False), service(type=None)):
        problem = check_again(gone, good.fields, Assortment(), Prices()).problem
        assert problem is not None
        assert problem["key"] == "error-not-for-sale"
    more = check_again(service(min=500), good.fields, Assortment(), Prices()).problem
    assert more == {"key": "quantity-too-small", "values": {"got": 100, "least": 500}}


def test_a_problem_is_kept_as_json_and_comes_back_with_its_money() -> None:
    values = {"was": Money(30_000, "USD"), "got": 100, "id": "11"}
    kept = json.loads(json.dumps(as_problem(ShopError("mass-line-changed", **values))))
    error = as_error(kept)
    assert (error.key, error.values) == ("mass-line-changed", values)


def test_a_problem_kept_by_an_earlier_version_is_still_readable() -> None:
    error = as_error({"key": "mass-line-changed", "values": {"was": "$0.03", "now": "$0.06"}})
    assert (error.key, error.values) == ("mass-line-changed", {"was": "$0.03", "now": "$0.06"})


LINES = st.lists(
    st.text(max_size=60) | st.text('11,;|\t" #k0httpsexample.com/', max_size=60), max_size=12
)


@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]))
def test_nothing_that_is_sent_breaks_it_and_numbers_are_kept(lines: list[str], end: str) -> None:
    text = end.join(lines)
    found = read_lines(text)
    raw = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert [line.number for line in found] == sorted({line.number for line in found})
    for line in found:
        assert line.text == visible(raw[line.number - 1]) != ""
        assert len(line.cells) in (0, 2, 3)
        result = check(line, SERVICES, Assortment(), Prices())
        assert (result.problem is None) == (result.price is not None)


@given(
    st.sampled_from("|\t;"),
    st.sampled_from(["/a", "/a?b=c&d=e", "/@name", "/%20", "/a-b_c"]),
    st.integers(10, 1000),
    st.booleans(),
)
def test_a_line_written_by_a_spreadsheet_comes_back_as_it_was(
    separator: str, path: str, quantity: int, quoted: bool
) -> None:
    cells = ["11", f"https://example.com{path}", str(quantity)]
    (line,) = read_lines(
        separator.join(f'"{cell}"' for cell in cells) if quoted else separator.join(cells)
    )
    assert line.cells == tuple(cells)
