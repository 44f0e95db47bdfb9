"""Faults to order: what may go wrong between a request and its answer, and whether the action
happened.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any


class Way(Enum):
    """How a fault does its work."""

    REFUSAL = "the provider says no; nothing is done"
    SHAPE = "the action runs, its answer is shaped differently"
    ANSWER = "another answer is sent; `done` may be chosen"
    WIRE = "the answer is late, damaged or never comes"


@dataclass(frozen=True, slots=True)
class Kind:
    """`done` is whether the action takes effect (before the fault shows).

    `outside`: it never reaches the API.
    """

    way: Way
    done: bool
    meaning: str
    outside: bool = False


KINDS: dict[str, Kind] = {
    "slow": Kind(Way.WIRE, done=True, meaning="does it at once, answers after `seconds`"),
    "hang_before": Kind(Way.WIRE, done=False, meaning="does nothing, never answers"),
    "hang_after": Kind(Way.WIRE, done=True, meaning="does it, never answers"),
    "drop_before": Kind(Way.WIRE, done=False, meaning="does nothing, closes the connection"),
    "drop_after": Kind(Way.WIRE, done=True, meaning="does it, closes the connection"),
    "garbage_after": Kind(
        Way.WIRE, done=True, meaning="does it, right answer with trailing garbage"
    ),
    "html_502": Kind(Way.ANSWER, done=False, meaning="an HTML page with HTTP 502"),
    "html_403": Kind(Way.ANSWER, done=False, meaning="a firewall's HTML page with HTTP 403"),
    "redirect_301": Kind(
        Way.ANSWER, done=False, meaning="a redirect to another host, HTTP 301", outside=True
    ),
    "html_404": Kind(
        Way.ANSWER, done=False, meaning="a web server's page with HTTP 404", outside=True
    ),
    "html_405": Kind(
        Way.ANSWER, done=False, meaning="a web server's page with HTTP 405", outside=True
    ),
    "page_429": Kind(
        Way.ANSWER,
        done=False,
        meaning="a plain page, HTTP 429, Retry-After: `seconds`",
        outside=True,
    ),
    "gateway_504": Kind(Way.ANSWER, done=False, meaning='a gateway\'s {"error":T} with HTTP 504'),
    "gateway_408": Kind(Way.ANSWER, done=False, meaning='a gateway\'s {"detail":T} with HTTP 408'),
    "error_500": Kind(
        Way.ANSWER,
        done=False,
        meaning='{"error":T} with HTTP 500, a framework\'s unless T says more',
    ),
    "html_after": Kind(Way.ANSWER, done=True, meaning="does it, an HTML page with HTTP 200"),
    "null": Kind(Way.ANSWER, done=False, meaning="`null` with HTTP 200"),
    "empty": Kind(Way.ANSWER, done=False, meaning="an empty body with HTTP 200"),
    "error_500_empty": Kind(Way.ANSWER, done=False, meaning="an empty body with HTTP 500"),
    "garbage": Kind(Way.ANSWER, done=False, meaning="text that isn't JSON with HTTP 200"),
    "status_error": Kind(
        Way.ANSWER, done=False, meaning='{"status":"error","message":T}, no `error` key'
    ),
    "detail_422": Kind(Way.ANSWER, done=False, meaning='HTTP 422 {"detail":[...]}'),
    "refuse": Kind(Way.REFUSAL, done=False, meaning="error with the text T"),
    "rate_limit_429": Kind(
        Way.REFUSAL, done=False, meaning="HTTP 429, Retry-After: `seconds`, error body"
    ),
    "rate_limit_200": Kind(Way.REFUSAL, done=False, meaning="HTTP 200, error body"),
    "bad_key": Kind(Way.REFUSAL, done=False, meaning="as if the key were wrong"),
    "no_funds": Kind(Way.REFUSAL, done=False, meaning="as if the balance were too small"),
    "busy_link": Kind(Way.REFUSAL, done=False, meaning="as if the link had an active order"),
    "omit_ids": Kind(
        Way.SHAPE, done=True, meaning="multi answers leave out `ids`, or every bad id"
    ),
    "bad_id_fails_all": Kind(
        Way.SHAPE, done=True, meaning="a bad id: HTTP 400 and nothing done for any id"
    ),
    "repeat_id": Kind(
        Way.SHAPE, done=False, meaning="add answers the newest order's id, no new order"
    ),
    "catalogue_empty": Kind(Way.SHAPE, done=True, meaning="services answers an empty list"),
    "catalogue_half": Kind(Way.SHAPE, done=True, meaning="services answers the first half"),
    "catalogue_words": Kind(
        Way.SHAPE, done=True, meaning="services has T for the rate of `ids`, or of every service"
    ),
    "balance_words": Kind(Way.SHAPE, done=True, meaning="balance answers T instead of a number"),
    "balance_currency": Kind(Way.SHAPE, done=True, meaning="balance names T as its currency"),
}
_MULTI = frozenset({"omit_ids", "bad_id_fails_all"})
_ONLY = {
    "catalogue_empty": "services",
    "catalogue_half": "services",
    "catalogue_words": "services",
    "balance_words": "balance",
    "balance_currency": "balance",
    "repeat_id": "add",
}


@dataclass(slots=True)
class Fault:
    """`times` counts down; 0 means until cleared. `seconds` None: the kind's own default.

    `delay`: the deed is done (or not) at once, and for so many seconds there is no answer, whatever
    it will be.
    """

    kind: str
    action: str = "*"
    times: int = 1
    seconds: float | None = None
    text: str | None = None
    ids: tuple[str, ...] = ()
    done: bool = False
    delay: float = 0

    def fits(self, action: str, *, multi: bool) -> bool:
        if self.action not in {"*", action} or _ONLY.get(self.kind, action) != action:
            return False
        return multi or self.kind not in _MULTI


class FaultBook:
    """The faults that are waiting, oldest first."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self.releases = 0
        """how often everything that was being delayed was let go"""

    def add(
        self,
        kind: str,
        action: str = "*",
        *,
        times: int = 1,
        seconds: float | None = None,
        text: str | None = None,
        ids: Iterable[object] = (),
        done: bool | None = None,
        delay: float = 0,
    ) -> Fault:
        """Raises `ValueError` for an unknown kind, or for a `done` that the kind doesn't leave
        open.
        """
        known = KINDS.get(kind)
        if known is None:
            raise ValueError(f"unknown kind of fault: {kind}")
        if (
            done is not None
            and done != known.done
            and (known.way is not Way.ANSWER or known.outside)
        ):
            raise ValueError(f"{kind}: done is always {known.done}")
        deed = known.done if done is None else done
        fault = Fault(kind, action, times, seconds, text, tuple(map(str, ids)), deed, delay)
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        self._faults.clear()

    def release(self) -> None:
        """Ends every delay that has begun; its answer goes out now."""
        self.releases += 1

    def take(self, action: str, *, multi: bool) -> Fault | None:
        """The first fault that fits this request, used up by one."""
        fault = next((each for each in self._faults if each.fits(action, multi=multi)), None)
        if fault and fault.times:
            fault.times -= 1
            if not fault.times:
                self._faults.remove(fault)
        return fault

    def state(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self._faults]
