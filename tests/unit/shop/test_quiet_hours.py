"""When a push may be said, by the clock of who reads it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panel import Meaning
from shop.aftercare.results import result_of
from shop.customers.preferences import EARLIEST, LATEST, offset_of, parse_time
from shop.customers.quiet_hours import Quiet
from shop.outbox import DIGESTED, PUSHED, Kind
from shop.outbox.payloads import CancelRequestNotice
from storage.enums import OrderState, Pushes, RequestState
from storage.rows import Notice, User

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR, MOMENT = timedelta(hours=1), timedelta(microseconds=1)
NIGHT = Quiet(hours=(22, 8))


def at(hour: int, minute: int = 0, *, day: int = 22, second: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


def told(
    state: str = "in_progress", kind: str = Kind.ORDER, *, created: datetime = NOON, refund: int = 0
) -> Notice:
    return Notice(
        id=1,
        user_id=501,
        kind=kind,
        order_id=1,
        live_id=None,
        payload={"state": state, "refund": refund},
        attempts=0,
        created_at=created,
        outcome="",
    )


def test_somebody_who_is_not_known_is_told_at_once() -> None:
    assert Quiet().turn(told(), NOON) == NOON
    assert Quiet.of(None) == Quiet()


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        (at(21, 59, second=59), None),
        (at(22), at(8, day=23)),
        (at(23, 59), at(8, day=23)),
        (at(0, day=23), at(8, day=23)),
        (at(7, 59, day=23), at(8, day=23)),
        (at(8, day=23) - MOMENT, at(8, day=23)),
        (at(8, day=23), None),
    ],
)
def test_hours_across_midnight(moment: datetime, end: datetime | None) -> None:
    assert NIGHT.quiet_end(moment) == end
    assert NIGHT.turn(told(), moment) == (end or moment)


@pytest.mark.parametrize(
    ("hours", "moment", "end"),
    [
        ((0, 8), at(23, 59), None),
        ((0, 8), at(0), at(8)),
        ((0, 8), at(8), None),
        ((13, 15), at(12, 59), None),
        ((13, 15), at(14), at(15)),
        ((13, 15), at(15), None),
        ((23, 0), at(23, 30), at(0, day=23)),
        ((23, 0), at(0), None),
    ],
)
def test_hours_within_a_day(hours: tuple[int, int], moment: datetime, end: datetime | None) -> None:
    assert Quiet(hours=hours).quiet_end(moment) == end


@pytest.mark.parametrize(
    ("minutes", "moment", "end"),
    [
        (330, at(16, 29), None),  # 21:59 in Delhi
        (330, at(16, 30), at(2, 30, day=23)),
        (345, at(16, 15), at(2, 15, day=23)),  # Kathmandu
        (-570, at(7, 29), None),  # 21:59 on the Marquesas
        (-570, at(7, 30), at(17, 30)),
        (840, at(8), at(18)),  # the day after has begun there
        (-720, at(10), at(20)),
    ],
)
def test_the_hours_are_those_of_their_own_clock(
    minutes: int, moment: datetime, end: datetime | None
) -> None:
    assert replace(NIGHT, offset=timedelta(minutes=minutes)).quiet_end(moment) == end


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - aware by timezones
    st.integers(0, 23),
    st.integers(0, 23),
    st.integers(EARLIEST // 15, LATEST // 15),
)
def test_quiet_ends_when_their_clock_says_so_and_within_a_day(
    moment, begin: int, end: int, quarters: int
) -> None:
    if begin == end:
        return
    quiet = Quiet(hours=(begin, end), offset=timedelta(minutes=15 * quarters))
    until = quiet.quiet_end(moment)
    inside = (moment + quiet.offset - timedelta(hours=begin)).hour < (end - begin) % 24
    assert (until is not None) == inside
    if until is not None:
        local = until + quiet.offset
        assert (local.hour, local.minute, local.second, local.microsecond) == (end, 0, 0, 0)
        assert timedelta(0) < until - moment <= (end - begin) % 24 * HOUR
        assert quiet.quiet_end(until) is None


@pytest.mark.parametrize("state", OrderState)
def test_results_only(state: OrderState) -> None:
    ends = Quiet(Pushes.ENDS)
    wanted = state in {"completed", "partial", "canceled", "rejected", "failed", "unknown"}
    assert ends.turn(told(state), NOON) == (NOON if wanted else None)
    assert ends.turn(told(state, refund=1), NOON) == NOON


@pytest.mark.parametrize("kind", sorted(PUSHED - {Kind.ORDER}))
def test_refills_credits_and_ends_of_mass_orders_are_results(kind: Kind) -> None:
    assert Quiet(Pushes.ENDS).turn(told(kind=kind), NOON) == NOON


def test_results_wait_for_the_end_of_quiet_hours_and_the_rest_is_dropped_at_once() -> None:
    ends = Quiet(Pushes.ENDS, hours=(22, 8))
    assert ends.turn(told("completed"), at(23)) == at(8, day=23)
    assert ends.turn(told("in_progress"), at(23)) is None


def test_a_digest_waits_for_the_first_hour_after_each_change() -> None:
    digest = Quiet(Pushes.DIGEST, digest_hour=20)
    assert digest.turn(told(created=at(12)), at(12)) == at(20)
    assert digest.turn(told(created=at(20)), at(20)) == at(20)
    assert digest.turn(told(created=at(20) + MOMENT), at(20, 1)) == at(20, day=23)
    assert digest.turn(told(created=at(12)), at(21)) == at(21)  # the bot was down at eight
    assert digest.turn(told(created=at(12)), at(9, day=25)) == at(9, day=25)


def test_a_digest_in_quiet_hours_waits_for_their_end() -> None:
    digest = Quiet(Pushes.DIGEST, digest_hour=21, hours=(21, 9))
    assert digest.turn(told(created=at(12)), at(12)) == at(9, day=23)
    assert digest.turn(told(created=at(12)), at(22)) == at(9, day=23)
    assert digest.turn(told(created=at(12)), at(9, day=23)) == at(9, day=23)
    morning = Quiet(Pushes.DIGEST, digest_hour=9, hours=(21, 9))
    assert morning.turn(told(created=at(23)), at(23)) == at(9, day=23)


def test_the_digest_is_at_their_own_hour() -> None:
    delhi = Quiet(Pushes.DIGEST, digest_hour=20, offset=timedelta(minutes=330))
    assert delhi.turn(told(created=at(12)), at(12)) == at(14, 30)
    assert delhi.turn(told(created=at(14, 31)), at(14, 31)) == at(14, 30, day=23)


def test_credits_are_no_lines_of_a_digest() -> None:
    digest = Quiet(Pushes.DIGEST)
    assert digest.turn(told(kind=Kind.CREDITED), NOON) == NOON
    assert PUSHED - {Kind.CREDITED, Kind.AGREEMENT} == DIGESTED


@pytest.mark.parametrize("kind", sorted(set(Kind) - PUSHED))
@pytest.mark.parametrize("pushes", Pushes)
def test_edits_and_alerts_are_never_held(kind: Kind, pushes: Pushes) -> None:
    assert Quiet(pushes, hours=(0, 23)).turn(told(kind=kind), NOON) == NOON


@pytest.mark.parametrize("meaning", [Meaning.OTHER, Meaning.UNSUPPORTED])
@pytest.mark.parametrize("pushes", Pushes)
def test_the_answer_to_a_press_is_never_held(pushes: Pushes, meaning: Meaning) -> None:
    said = CancelRequestNotice(result=result_of(RequestState.REFUSED, meaning))
    quiet = Quiet(pushes, hours=(0, 23))
    answer = replace(told(kind=Kind.CANCEL_REQUEST), payload=said.to_json())
    assert quiet.turn(answer, NOON) == NOON
    assert not quiet.digests(answer)


def test_a_row_is_read() -> None:
    user = User(501, "Ann", None, "en", NOON, None, "digest", 9, 22, 8, -210, None)
    assert Quiet.of(user) == Quiet(Pushes.DIGEST, 9, (22, 8), timedelta(minutes=-210))
    assert Quiet.of(replace(user, quiet_from=None, quiet_until=None, utc_offset=None)) == Quiet(
        Pushes.DIGEST, 9
    )


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("21:40", (21, 40)),
        ("21.40", (21, 40)),
        ("7:05", (7, 5)),
        (" 07:05 ", (7, 5)),
        ("9:40 pm", (21, 40)),
        ("9pm", (21, 0)),
        ("12 am", (0, 0)),
        ("12:15 p.m.", (12, 15)),
        ("٢١:٤٠", (21, 40)),
        ("21 40", (21, 40)),
        ("0:00", (0, 0)),
        ("24:00", None),
        ("21:60", None),
        ("13 pm", None),
        ("21", None),
        ("9:4", None),
        ("", None),
        ("soon", None),
        ("21:40:30:11", None),
        ("1" * 5000, None),
    ],
)
def test_times_of_day_are_read(text: str, time: tuple[int, int] | None) -> None:
    assert parse_time(text) == time


@given(st.integers(-47, 48), st.integers(-390, 390), st.integers(0, 86_399))
def test_a_clock_that_is_some_minutes_wrong_is_found_all_the_same(
    quarters: int, wrong: int, second: int
) -> None:
    now = at(0) + timedelta(seconds=second)
    shown = now + timedelta(minutes=15 * quarters, seconds=wrong)
    assert offset_of(shown.hour, shown.minute, now) == 15 * quarters


@pytest.mark.parametrize(
    ("hour", "minute", "offset"), [(21, 40, 180), (0, 10, 330), (6, 41, 720), (6, 56, -705)]
)
def test_the_distance_from_utc_is_found(hour: int, minute: int, offset: int) -> None:
    assert offset_of(hour, minute, at(18, 41, second=30)) == offset


@pytest.mark.parametrize(
    "kind", [Kind.TOPPED_UP, Kind.PAID_BACK, Kind.CHARGED_BACK, Kind.REFUND_FAILED]
)
@pytest.mark.parametrize("pushes", Pushes)
def test_news_of_payments_are_never_held_back_or_dropped(kind: Kind, pushes: Pushes) -> None:
    quiet, news = Quiet(pushes, hours=(0, 23)), told(kind=kind)
    assert quiet.turn(news, NOON) == NOON
    assert not quiet.digests(news)
