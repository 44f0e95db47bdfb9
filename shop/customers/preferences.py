"""What somebody has chosen about being told; a change of mind counts at once, for what waits
too.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from shop.clock import Clock
from shop.errors import BadAnswerError, NotFoundError
from shop.parsing import plain_digits
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.enums import Pushes
from storage.queries import notices, users
from storage.rows import User

_QUARTER = timedelta(minutes=15)
_HALF_DAY = 12 * 60
_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:\s*[:.,\-h ]\s*(?P<minute>\d{2}))?\s*(?P<half>[ap])?(?(half)\.?m\.?)"
)
EARLIEST, LATEST = -12 * 60, 14 * 60  # of all clocks on earth, in minutes from UTC


@dataclass(frozen=True, slots=True)
class Preferences:
    """Every choice raises NotFoundError for what no button of ours offers."""

    database: Database
    bells: Wakeups
    clock: Clock

    async def of(self, user_id: int) -> User:
        known = await self.database.read(users.get, user_id)
        if known is None:
            raise NotFoundError("error-button-old")
        return known

    async def choose_pushes(self, user_id: int, mode: str) -> User:
        if mode not in set(Pushes):
            raise NotFoundError("error-button-old")
        return await self._choose(user_id, pushes=mode)

    async def choose_hours(self, user_id: int, start: int, end: int) -> User:
        """Be quiet from one hour until another; both 24 is never."""
        if (start, end) == (24, 24):
            return await self._choose(user_id, quiet_from=None, quiet_until=None)
        if start == end or not (0 <= start < 24 and 0 <= end < 24):  # noqa: PLR2004 - hours of a day
            raise NotFoundError("error-button-old")
        return await self._choose(user_id, quiet_from=start, quiet_until=end)

    async def choose_digest(self, user_id: int, hour: int) -> User:
        if not 0 <= hour < 24:  # noqa: PLR2004 - hours of a day
            raise NotFoundError("error-button-old")
        return await self._choose(user_id, digest_hour=hour)

    async def choose_clock(self, user_id: int, offset: int) -> User:
        """Keep the distance of somebody's clock from UTC, in minutes and whole quarters of an
        hour.
        """
        if not EARLIEST <= offset <= LATEST or offset % 15:
            raise NotFoundError("error-button-old")
        return await self._choose(user_id, utc_offset=offset)

    async def tell_time(self, user_id: int, text: str) -> User:
        """Set somebody's clock by the time that they say it is.

        Raises BadAnswerError for what is no time.
        """
        told = parse_time(text)
        if told is None:
            raise BadAnswerError("clock-bad")
        return await self.choose_clock(user_id, offset_of(*told, self.clock()))

    async def _choose(self, user_id: int, **chosen: str | int | None) -> User:
        def transaction(tx: Transaction) -> User:
            users.choose(tx, user_id, **chosen)
            notices.release(tx, user_id, self.clock())
            known = users.get(tx, user_id)
            if known is None:
                raise NotFoundError("error-button-old")
            return known

        user = await self.database.write(transaction)
        self.bells.notify.set()
        return user


def parse_time(text: str) -> tuple[int, int] | None:
    """Read a time of day as hour and minute: `21:40`, `21.40`, `9:40 pm`, `9pm`.

    None if it is none.
    """
    found = _TIME.fullmatch(plain_digits(text).lower())
    if found is None or not (found["minute"] or found["half"]):
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - hours of half a day
            return None
        hour = hour % 12 + (12 if found["half"] == "p" else 0)
    return (hour, minute) if hour < 24 and minute < 60 else None  # noqa: PLR2004 - of a day, of an hour


def offset_of(hour: int, minute: int, now: datetime) -> int:
    """Return the distance from UTC of a clock that shows this time now: minutes, to the nearest
    quarter hour.

    From -11:45 to 12:00. Clocks a whole day apart show the same hours, and hours are all that is
    asked of them.
    """
    ahead = timedelta(hours=hour, minutes=minute) - timedelta(
        hours=now.hour, minutes=now.minute, seconds=now.second
    )
    minutes = round(ahead / _QUARTER) * 15
    return _HALF_DAY - (_HALF_DAY - minutes) % (2 * _HALF_DAY)
