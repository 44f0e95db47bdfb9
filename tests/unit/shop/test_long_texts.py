"""Putting the pieces of a long text together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.customers.long_texts import is_near_the_limit, joined

LIMIT = 4_096


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def cut_anywhere(text: str) -> list[str]:
    """Cut as a client does that counts units, and leaves no character in two."""
    pieces, piece = [], ""
    for character in text:
        if units(piece + character) > LIMIT:
            pieces.append(piece)
            piece = ""
        piece += character
    return [*pieces, piece]


@pytest.mark.parametrize(
    ("size", "expected"),
    [(2_999, False), (3_000, True), (4_096, True)],
)
def test_what_may_be_a_piece(size: int, expected: bool) -> None:
    assert is_near_the_limit("x" * size) is expected
    assert is_near_the_limit("🙂" * (size // 2)) is (size // 2 * 2 >= 3_000)


def test_where_a_full_message_was_cut_nothing_was_lost() -> None:
    text = "word 1000\n" * 900
    pieces = [text[:LIMIT], text[LIMIT : 2 * LIMIT], text[2 * LIMIT :]]
    assert joined(list(enumerate(pieces))) == text


def test_the_numbers_of_the_messages_decide() -> None:
    assert (
        joined([[12, "c"], [10, "a" * LIMIT], [11, "b" * LIMIT]]) == "a" * LIMIT + "b" * LIMIT + "c"
    )


def test_a_character_of_two_units_may_leave_one_free() -> None:
    text = "x" + "🙂" * 5_000
    pieces = cut_anywhere(text)
    assert units(pieces[0]) == LIMIT - 1
    assert joined(list(enumerate(pieces))) == text


@pytest.mark.parametrize("seam", ["\n", " "])
def test_the_blank_where_a_client_cut_comes_back(seam: str) -> None:
    lines = "\n".join(f"line {number:03} of a list" for number in range(190))
    before = lines if seam == "\n" else lines.replace("\n", " ")
    assert joined([[1, before], [2, "and on"]]) == f"{before}{seam}and on"


def test_two_whole_lines_of_a_mass_order_are_not_one() -> None:
    """Telegram takes a line's end off a message's beginning, too."""
    line = "24 | https://example.com/a | 10"
    before = f"{line}\n{line}".rjust(LIMIT, "x")
    assert joined([[1, before], [2, line]]) == f"{before}\n{line}"
    assert joined([[1, before], [2, "00"]]) == f"{before}00"
    cut = line.index("ple")
    assert joined([[1, line[:cut].rjust(LIMIT, "x")], [2, line[cut:]]]).endswith(line)


@given(st.text("ab 1\n🙂я", min_size=1, max_size=120), st.integers(40, 200))
def test_whatever_is_cut_at_the_limit_is_whole_again(text: str, times: int) -> None:
    text = text * times
    pieces = cut_anywhere(text)
    # Telegram takes the blanks off a message's ends; those can't be known again.
    if all(piece == piece.strip() for piece in pieces):
        assert joined(list(enumerate(pieces))) == text
