"""Pressed buttons and inline queries, and the short time in which they may be answered."""

from dataclasses import dataclass, field

from playground.telegram.errors import bad_request

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
SECONDS = 15.0


@dataclass(frozen=True)
class Answer:
    """What the person saw after pressing: a toast, an alert, or (empty text) only the spinner's
    end.
    """

    number: int
    text: str
    alert: bool
    url: str = ""


@dataclass
class Queries:
    """Open queries by id: who asked, and when by the clock."""

    asked: dict[str, tuple[int, float]] = field(default_factory=dict)
    count: int = 0

    def ask(self, person_id: int, now: float) -> str:
        self.count += 1
        query_id = str(7_000_000_000 + self.count)
        self.asked[query_id] = (person_id, now)
        return query_id

    def settle(self, query_id: str, now: float) -> int:
        """The person who asked. A query can be answered once, within 15 s."""
        person_id, at = self.asked.pop(query_id, (0, -1e18))
        if now - at > SECONDS:
            raise bad_request(TOO_OLD)
        return person_id
