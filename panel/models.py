"""What the provider's answers become. Every amount is a Decimal in the account's currency."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, StrEnum
from functools import lru_cache
from typing import Any, Protocol

from panel.error_codes import Meaning
from panel.service_types import ServiceType

NOT_SOLD = Decimal(99999999)  # the rate that panels give to what they don't sell
_RULE = re.compile(r"\W*?[-=_~*─━═]{4}")


@dataclass(frozen=True, slots=True)
class Service:
    """One row of a catalogue.

    `rate` is per 1000 (a Package: per package, see Profile.package_price).

    `min` and `max` 0/0 mean that no limit is known. `name` and `description` are the provider's: up
    to thousands of characters, with newlines and HTML in them. `type` None is a label that we don't
    know.
    """

    id: str
    name: str
    category: str
    type_label: str
    type: ServiceType | None
    rate: Decimal
    min: int
    max: int
    refill: bool = False
    cancel: bool = False
    dripfeed: bool = False
    description: str = ""
    open_ended: bool = False
    """`max` is 0 because it can't be read, not because the provider says so."""
    currency: str = ""
    """What stands beside the rate, as it is written: `₹`, `EUR`; mostly nothing does."""

    @property
    def sold(self) -> bool:
        """False for what nobody can buy: rate 0 or 99999999, min above max, dividers.

        Not about `type`.
        """
        in_order = self.min <= self.max or self.open_ended
        return 0 < self.rate < NOT_SOLD and in_order and not self.divider

    @property
    def divider(self) -> bool:
        """A row that only structures the list: no letter or digit in its name, or one between two
        rules.
        """
        return not any(mark.isalnum() for mark in self.name) or _is_between_rules(self.name)


def _is_between_rules(name: str) -> bool:
    """Whether it is as "/----- TIKTOK -----/".

    Each end has its own match: one pattern for both would take hours for 4,000 dashes and a letter.
    """
    before, after = _RULE.match(name), _RULE.match(name[::-1])
    return before is not None and after is not None and before.end() + after.end() <= len(name)


class Flaw(StrEnum):
    """What can't be read or used of an entry of a catalogue.

    All but the limit leave its service out.
    """

    NO_SERVICE = "no_service"  # no object at all
    NO_ID = "no_id"
    RATE = "rate"
    # its rate is in another currency than the account's, which the shop knows
    CURRENCY = "currency"
    REPEATED = "repeated"  # another entry has this id
    LIMIT = "limit"  # min or max: the service is there, without this limit


@dataclass(frozen=True, slots=True)
class Unread:
    """One entry with a flaw.

    The texts are the provider's, redacted and cut: for admins. `said` can't be read.
    """

    flaw: Flaw
    id: str = ""
    name: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Flaws:
    """What a catalogue has that can't be read: how much of it, the first few, and a digest of which
    entries.
    """

    counts: Mapping[Flaw, int] = field(default_factory=dict)
    first: Sequence[Unread] = ()
    digest: str = ""

    @property
    def left_out(self) -> int:
        """How many entries gave no service."""
        return sum(self.counts.values()) - self.counts.get(Flaw.LIMIT, 0)


@dataclass(frozen=True, slots=True)
class Catalogue(Sequence[Service]):
    """The services that a provider lists, in its order, and what could not be read."""

    services: Sequence[Service]
    flaws: Flaws = field(default_factory=Flaws)

    def __getitem__(self, index: Any) -> Any:
        return self.services[index]

    def __len__(self) -> int:
        return len(self.services)


@dataclass(frozen=True, slots=True)
class Balance:
    """The operator's account at the provider."""

    amount: Decimal
    currency: str  # as it is written, also beside the figure; "" when the answer doesn't name it


@dataclass(frozen=True, slots=True)
class Accepted:
    """An order exists. `charge` and `currency` are there on few panels."""

    order: str
    charge: Decimal | None = None
    currency: str | None = None


class State(StrEnum):
    """Of an order. The last four end it, but panels reopen such orders for a while."""

    PENDING = "pending"
    PROCESSING = "processing"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    PARTIAL = "partial"  # ended; `charge` becomes the net amount
    CANCELED = "canceled"  # ended; `charge` becomes 0
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class OrderStatus:
    """`state` None: `text` is unknown to us, and the order is still in work.

    `remains` may be negative, larger than the quantity, or 0 before the start: it never tells
    completion. `runs`, `posts` and `orders` (children; None where there is no list) belong to the
    parents of drip-feeds and subscriptions.
    """

    state: State | None
    text: str
    charge: Decimal | None = None
    start_count: int | None = None
    remains: int | None = None
    currency: str | None = None
    runs: int | None = None
    posts: int | None = None
    orders: tuple[str, ...] | None = None


class Seen(Protocol):
    """What an order's last status said, as it was kept: the state's value, and the charge in plain
    digits.

    Only for an order that is no parent: an answer about runs, posts or orders is never the same.
    """

    @property
    def state(self) -> str: ...
    @property
    def status_text(self) -> str: ...
    @property
    def charge(self) -> str | None: ...
    @property
    def start_count(self) -> int | None: ...
    @property
    def remains(self) -> int | None: ...


class Same(Enum):
    """Stands for an OrderStatus that says what was seen before, and nothing else."""

    SAME = "same"


class RefillState(StrEnum):
    """Of a refill."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    REJECTED = "rejected"  # an ordinary result
    CANCELED = "canceled"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class RefillStatus:
    """`state` None: `text` is unknown to us, and the refill is still in work."""

    state: RefillState | None
    text: str


@dataclass(frozen=True, slots=True)
class CancelRequested:
    """Requested, not canceled: only the status ends the order.

    `text` is what the panel said, such as "1".
    """

    text: str = ""


@dataclass(frozen=True, slots=True)
class ItemError:
    """The provider's error about one id of a multiple call; `text` is redacted, and for admins
    only.
    """

    text: str
    meaning: Meaning


_STATES: dict[State, str] = {
    State.PENDING: "pending awaiting queued submitted 0",
    State.PROCESSING: "processing 1",
    State.IN_PROGRESS: "inprogress active running paused refilling",
    State.COMPLETED: "completed complete done finished success 2",
    State.PARTIAL: "partial partiallycompleted 3",
    State.CANCELED: "canceled cancelled cancel refunded 4 5",
    State.FAILED: "fail failed error",
}
_REFILL_STATES: dict[RefillState, str] = {
    RefillState.PENDING: "pending",
    RefillState.IN_PROGRESS: "inprogress",
    RefillState.COMPLETED: "completed complete",
    RefillState.REJECTED: "rejected",
    RefillState.CANCELED: "canceled cancelled",
    RefillState.ERROR: "error",
}
# Words that only parents use: a subscription is over when its last day is.
_PARENT_STATE_OF = {"expired": State.COMPLETED}
_STATE_OF = {text: state for state, texts in _STATES.items() for text in texts.split()}
_REFILL_STATE_OF = {
    text: state for state, texts in _REFILL_STATES.items() for text in texts.split()
}


_LONGEST_STATE = 64  # characters; every word of the tables is far shorter


def _squeezed(text: str) -> str:
    return _squeezed_anew(text) if len(text) > _LONGEST_STATE else _squeezed_once(text)


def _squeezed_anew(text: str) -> str:
    return re.sub(r"[\s_-]+", "", text).lower()


_squeezed_once = lru_cache(maxsize=256)(_squeezed_anew)


def state_of(text: str, *, parent: bool = False) -> State | None:
    squeezed = _squeezed(text)
    return _STATE_OF.get(squeezed) or (_PARENT_STATE_OF.get(squeezed) if parent else None)


def refill_state_of(text: str) -> RefillState | None:
    return _REFILL_STATE_OF.get(_squeezed(text))
