"""The errors of the client, split by what the ledger may do next.

    PanelError
      Rejected         the provider said no: release the money
      NotSent          no API has taken it: safe to send again; Withheld where the client's maker
      did not allow it
      OutcomeUnknown   nobody knows: hold the money, never send again, find out
      Unavailable      a read got no usable answer: ask again later; NotAsked where it is for a
      reason of our own
      Unsupported      this provider has no such action

No text of any of them holds the API key: it is replaced by `***`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from panel.error_codes import Meaning

LONGEST_WAIT = 3600.0  # seconds that a Retry-After may ask for


class PanelError(Exception):
    """Everything that the client raises, apart from asyncio.CancelledError."""

    gathered: Mapping[str, Any]
    """What a multiple call had learnt, by id, before this error ended it; empty for every other
    call.
    """
    asked: Sequence[str]
    """The ids of the one request of a multiple `refill` or `cancel` that ended it; those after were
    not sent.
    """

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.gathered = {}
        self.asked = ()


class Rejected(PanelError):  # noqa: N818 - named by what happened, which is what the ledger asks
    """The provider refused, in words. Nothing was ordered: release the money.

    `text` is the provider's own (redacted, at most 500 characters, any language): for admins only.
    `code` is the HTTP status code. `retry_after` is in seconds, at most an hour: panels were seen
    to send the time of day there. `asked_to_wait` is what they said, for whoever wants to tell that
    it was absurd.
    """

    def __init__(
        self,
        text: str,
        meaning: Meaning,
        retry_after: float | None = None,
        *,
        code: int | None = None,
    ) -> None:
        super().__init__(f"{meaning}: {text}")
        self.text = text
        self.meaning = meaning
        self.asked_to_wait = retry_after
        self.retry_after = None if retry_after is None else min(retry_after, LONGEST_WAIT)
        self.code = code


class NotSent(PanelError):  # noqa: N818
    """The request provably reached no API, so nothing was done: DNS, connect, TLS, an unusable URL;
    or, with the HTTP `code`, a redirect (never followed), a 404 or a 405 without a refusal of the
    provider. Only this one lets an `add` be tried again. Reads raise Unavailable instead.
    """

    def __init__(self, reason: str, *, code: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class Withheld(NotSent):
    """Nothing was sent, for a reason of our own: whoever made the client did not allow it any more,
    no connection was free, or the calls of this minute are used up. It says nothing of the
    provider. Reads raise NotAsked instead.
    """


class OutcomeUnknown(PanelError):  # noqa: N818
    """An `add`, `refill` or `cancel` may have worked: a time-out or disconnect after sending, a
    5xx, HTML, nothing, `null`, no id. Hold the money and never send it again.

    `reason` is short English, `evidence` the beginning of the answer (redacted, at most 500
    characters). `walled`: it is the page of a firewall. Where a read in the same minute meets one
    too, the firewall stands before the whole API, and nothing has got through.
    """

    def __init__(
        self, reason: str, evidence: str = "", *, code: int | None = None, walled: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.evidence = evidence
        self.code = code
        self.walled = walled


class Unavailable(PanelError):  # noqa: N818
    """A read (`services`, `balance`, `status`, `refill_status`) got no usable answer: a time-out,
    HTML, `null`, an empty body, or it never left. Nothing was changed: ask again later. `code` is
    None without an answer.

    `walled`: it is the page of a firewall. `unreadable`: the provider is there and has answered,
    but this value of its answer can't be read (redacted, at most 100 characters), such as a balance
    of "unlimited".
    """

    def __init__(
        self,
        reason: str,
        evidence: str = "",
        *,
        code: int | None = None,
        walled: bool = False,
        unreadable: str = "",
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.evidence = evidence
        self.code = code
        self.walled = walled
        self.unreadable = unreadable


class NotAsked(Unavailable):
    """A read was not sent, or its answer dropped, for a reason of our own.

    It says nothing of the provider.
    """


class Unsupported(PanelError):  # noqa: N818
    """The profile says that this provider has no such action. Nothing was sent."""

    def __init__(self, action: str) -> None:
        super().__init__(f"this provider has no action {action!r}")
        self.action = action
