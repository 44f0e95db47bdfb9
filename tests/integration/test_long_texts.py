"""Pieces of a long text, on both engines: each is kept once, and whoever reads them is one."""

import asyncio

import pytest

from shop.customers.long_texts import MOST, LongTexts, PieceKind, TextState
from shop.wakeups import Wakeups
from storage import Database
from storage.schema.operations import long_texts as table
from tests.harness.clock import Clock
from tests.harness.world import CUSTOMER, rows_of

LONG = "x" * 4_096
SENDER = {"chat": {"id": CUSTOMER}, "date": 1}
ASKED = {"state": "Asking:answer", "draft": 1, "step": "comments"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def two(database: Database, clock: Clock) -> tuple[LongTexts, LongTexts]:
    """Two processes on one database."""
    return LongTexts(database, Wakeups(), clock), LongTexts(database, Wakeups(), clock)


async def begin(texts: LongTexts, number: int = 10, user: int = CUSTOMER) -> None:
    await texts.begin(user, number, LONG, message=SENDER, awaited=ASKED)


async def test_pieces_may_come_to_either_process(
    two: tuple[LongTexts, LongTexts], clock: Clock
) -> None:
    first, second = two
    assert await second.hear(CUSTOMER, 9, "hello") is PieceKind.NOTHING
    await begin(first)
    assert await second.hear(CUSTOMER, 11, LONG) is PieceKind.PIECE
    assert second.bells.long_texts.is_set()
    assert await first.hear(CUSTOMER, 12, "end") is PieceKind.PIECE
    assert await first.take() is None
    assert 1.9 < (await first.seconds_left() or 0) <= 2
    clock.forward(seconds=2)
    found = await second.take()
    assert found is not None
    assert found.pieces == [[10, LONG], [11, LONG], [12, "end"]]
    assert (found.message, found.awaited, found.last_id, found.more) == (SENDER, ASKED, 12, False)


async def test_a_piece_that_comes_twice_is_kept_once(
    two: tuple[LongTexts, LongTexts], clock: Clock
) -> None:
    first, _ = two
    await begin(first)
    for _ in range(2):
        assert await first.hear(CUSTOMER, 11, "end") is PieceKind.PIECE
    clock.forward(seconds=2)
    found = await first.take()
    assert found is not None
    assert [piece[0] for piece in found.pieces] == [10, 11]


async def test_pieces_at_once_are_all_kept(two: tuple[LongTexts, LongTexts]) -> None:
    await begin(two[0])
    heard = await asyncio.gather(
        *(two[number % 2].hear(CUSTOMER, 11 + number, LONG) for number in range(8))
    )
    assert heard == [PieceKind.PIECE] * 8
    (row,) = await rows_of(two[0].database, table)
    assert sorted(piece[0] for piece in row.pieces) == list(range(10, 19))
    assert row.last_id == 18


async def test_of_many_readers_one_gets_it(two: tuple[LongTexts, LongTexts], clock: Clock) -> None:
    await begin(two[0])
    clock.forward(seconds=2)
    taken = await asyncio.gather(*(two[number % 2].take() for number in range(8)))
    assert sum(found is not None for found in taken) == 1


async def test_whoever_dies_with_it_loses_it(
    two: tuple[LongTexts, LongTexts], clock: Clock
) -> None:
    first, second = two
    await begin(first)
    clock.forward(seconds=2)
    found = await first.take()
    assert found is not None
    assert found.state == TextState.OPEN
    clock.forward(seconds=29)
    assert await second.take() is None
    clock.forward(seconds=1)
    again = await second.take()
    assert again is not None
    assert (again.state, again.pieces) == (TextState.TAKEN, found.pieces)


async def test_what_comes_while_it_is_read_or_after_it_is_late(
    two: tuple[LongTexts, LongTexts], clock: Clock
) -> None:
    first, second = two
    await begin(first)
    clock.forward(seconds=2)
    assert await first.take() is not None
    assert await second.hear(CUSTOMER, 30, LONG) is PieceKind.LATE
    await first.close(CUSTOMER, refused=False)
    (row,) = await rows_of(first.database, table)
    assert (row.state, row.pieces, row.message, row.more) == (TextState.CLOSED, [], {}, True)
    assert await second.hear(CUSTOMER, 40, "end") is PieceKind.LATE
    assert await second.hear(CUSTOMER, 50, "an answer") is PieceKind.NOTHING  # the end was there
    assert await second.hear(CUSTOMER, 41, "more") is PieceKind.LATE  # directly behind it


async def test_a_row_goes_when_nothing_is_expected_any_more(
    two: tuple[LongTexts, LongTexts], clock: Clock
) -> None:
    first, _ = two
    await begin(first)
    clock.forward(seconds=2)
    await first.take()
    await first.close(CUSTOMER, refused=False)
    clock.forward(seconds=10)
    assert await first.hear(CUSTOMER, 50, "an answer") is PieceKind.NOTHING
    assert await first.take() is None
    assert await rows_of(first.database, table) == []
    assert await first.seconds_left() is None


async def test_after_a_refusal_anything_may_come(
    two: tuple[LongTexts, LongTexts], clock: Clock
) -> None:
    first, _ = two
    await begin(first)
    clock.forward(seconds=2)
    await first.take()
    await first.close(CUSTOMER, refused=True)
    assert await first.hear(CUSTOMER, 12, "an answer") is PieceKind.NOTHING


async def test_too_much_is_thrown_away_whole(two: tuple[LongTexts, LongTexts]) -> None:
    first, _ = two
    await begin(first)
    assert await first.hear(CUSTOMER, 11, "y" * (MOST - len(LONG))) is PieceKind.PIECE
    assert await first.hear(CUSTOMER, 12, "z") is PieceKind.TOO_MUCH
    assert await first.hear(CUSTOMER, 14, "z") is PieceKind.LATE
    (row,) = await rows_of(first.database, table)
    assert row.pieces == []


async def test_it_can_be_given_up(two: tuple[LongTexts, LongTexts], clock: Clock) -> None:
    first, second = two
    await begin(first)
    await begin(first, user=7)
    await second.drop(CUSTOMER)
    assert [row.user_id for row in await rows_of(first.database, table)] == [7]
    clock.forward(seconds=2)
    assert await first.take() is not None
    await second.drop(7)  # it is being read
    assert len(await rows_of(first.database, table)) == 1


@pytest.mark.parametrize(
    "text", ["\x00" + LONG, "\ud800" + LONG, "🙂" * 2_048, "'; DROP TABLE long_texts; --" + LONG]
)
async def test_any_text_is_kept_as_it_is(
    two: tuple[LongTexts, LongTexts], clock: Clock, text: str
) -> None:
    first, _ = two
    await first.begin(CUSTOMER, 1, text, message=SENDER, awaited=ASKED)
    clock.forward(seconds=2)
    found = await first.take()
    assert found is not None
    assert found.pieces == [[1, text]]


async def test_a_text_with_a_hole_is_thrown_away(
    two: tuple[LongTexts, LongTexts], clock: Clock
) -> None:
    first, second = two
    await begin(first)
    assert await second.spoil(CUSTOMER, 12, "its last piece, perhaps")
    assert first.bells.long_texts.is_set()
    assert await second.hear(CUSTOMER, 13, "more of it") is PieceKind.LATE
    clock.forward(seconds=2)
    assert await first.take() is None
    (row,) = await rows_of(first.database, table)
    assert (row.state, row.pieces, row.message, row.last_id) == (TextState.CLOSED, [], {}, 13)
    clock.forward(seconds=10)
    assert await first.hear(CUSTOMER, 14, "an answer") is PieceKind.NOTHING


async def test_what_follows_a_first_piece_that_nobody_read_is_late(
    two: tuple[LongTexts, LongTexts],
) -> None:
    first, second = two
    assert not await first.spoil(CUSTOMER, 10, LONG)
    assert await second.hear(CUSTOMER, 12, "the end of it") is PieceKind.LATE
    assert await second.hear(CUSTOMER, 14, "100") is PieceKind.NOTHING


async def test_a_short_message_that_nobody_read_spoils_nothing(
    two: tuple[LongTexts, LongTexts],
) -> None:
    first, _ = two
    assert not await first.spoil(CUSTOMER, 10, "hello")
    assert await rows_of(first.database, table) == []


async def test_what_is_being_read_is_not_spoilt(
    two: tuple[LongTexts, LongTexts], clock: Clock
) -> None:
    first, second = two
    await begin(first)
    clock.forward(seconds=2)
    found = await first.take()
    assert found is not None
    assert not await second.spoil(CUSTOMER, 12, LONG)
    (row,) = await rows_of(first.database, table)
    assert (row.state, row.pieces) == (TextState.TAKEN, found.pieces)
