"""When something may be said: every change or results only, quiet hours, the digest; by each
person's own clock.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shop.outbox import DIGESTED, PUSHED, payload_of
from storage.enums import Pushes
from storage.rows import Notice, User

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """What somebody has chosen.

    `hours` (from, until; never equal) and `digest_hour` are hours of their day.

    `offset` is their clock's distance from UTC; there is no summer time in it.
    """

    pushes: Pushes = Pushes.ALL
    digest_hour: int = 20
    hours: tuple[int, int] | None = None
    offset: timedelta = timedelta(0)

    @classmethod
    def of(cls, user: User | None) -> "Quiet":
        """Read it from somebody's row; who has none (an admin before Start) is told everything at
        once.
        """
        if user is None:
            return cls()
        hours = None
        if (
            user.quiet_from is not None
            and user.quiet_until is not None
            and user.quiet_from != user.quiet_until
        ):
            hours = (user.quiet_from, user.quiet_until)
        return cls(
            Pushes(user.pushes), user.digest_hour, hours, timedelta(minutes=user.utc_offset or 0)
        )

    def turn(self, notice: Notice, now: datetime) -> datetime | None:
        """Return when a notice may be said: `now`, later, or never (None)."""
        if notice.kind not in PUSHED:
            return now
        told = payload_of(notice.kind, notice.payload)
        if told.is_answer:
            return now
        if self.pushes is Pushes.ENDS and not told.is_result:
            return None
        when = max(now, self.digest_after(notice.created_at)) if self.digests(notice) else now
        return self.quiet_end(when) or when

    def digests(self, notice: Notice) -> bool:
        """Return whether a notice is a line of the digest rather than a message."""
        if self.pushes is not Pushes.DIGEST or notice.kind not in DIGESTED:
            return False
        return not payload_of(notice.kind, notice.payload).is_answer

    def quiet_end(self, moment: datetime) -> datetime | None:
        """Return the end of the quiet hours that a moment lies in; None for a moment outside of
        them.
        """
        if self.hours is None:
            return None
        begin, end = self.hours
        local = moment + self.offset
        since = _at_hour(local, begin)
        since -= _DAY if since > local else timedelta(0)
        until = since + timedelta(hours=(end - begin) % 24)
        return until - self.offset if local < until else None

    def digest_after(self, moment: datetime) -> datetime:
        """Return the first hour of the digest that is not before a moment."""
        local = moment + self.offset
        turn = _at_hour(local, self.digest_hour)
        return (turn + _DAY if turn < local else turn) - self.offset


def _at_hour(local: datetime, hour: int) -> datetime:
    return local.replace(hour=hour, minute=0, second=0, microsecond=0)
