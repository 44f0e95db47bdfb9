"""What waits for the bot: offsets acknowledge, what isn't acknowledged comes again, one poll at a
time.
"""

from dataclasses import dataclass
from typing import Any

from playground.telegram.errors import ApiError, conflict

Update = dict[str, Any]

NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
TERMINATED = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)


@dataclass(frozen=True)
class Webhook:
    """Where updates are posted to; `secret` goes along in a header."""

    url: str
    secret: str = ""
    max_connections: int = 40


class Updates:
    """The queue, and which poll is the living one."""

    def __init__(self, first_id: int = 1) -> None:
        self.pending: list[Update] = []
        self.next_id = first_id
        self.allowed: list[str] = []
        """the kinds asked for last; empty means the default set.

        It persists, as with the real server.
        """
        self._polls = 0
        self._end_reason = TERMINATED

    def new(self, kind: str, payload: dict[str, Any]) -> Update | None:
        """A numbered update of this kind, or None when the bot hasn't asked for the kind."""
        wanted = kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT
        if not wanted:
            return None
        self.next_id += 1
        return {"update_id": self.next_id - 1, kind: payload}

    def acknowledge(self, offset: int) -> None:
        """A negative offset keeps that many of the newest and forgets the rest."""
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset:
            self.pending = [update for update in self.pending if update["update_id"] >= offset]

    def batch(self, limit: int) -> list[Update]:
        return self.pending[: min(max(limit, 1), 100)]

    def begin_poll(self) -> int:
        """Ends any poll under way; the number tells this one from later ones."""
        self._polls += 1
        self._end_reason = TERMINATED
        return self._polls

    def end_polls(self, reason: str) -> None:
        self._polls += 1
        self._end_reason = reason

    def ended(self, poll: int) -> ApiError | None:
        return conflict(self._end_reason) if poll != self._polls else None
