"""The services on sale, kept as the raw dicts that `services` answers, read when an order needs
them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from playground.provider.refusals import Refusal, Why
from playground.provider.service_types import ServiceType, service_type

Raw = dict[str, Any]
_TRUE = frozenset({"true", "1"})


def is_true(flag: object) -> bool:
    return str(flag).lower() in _TRUE


def _whole(value: object) -> int:
    try:
        return int(Decimal(str(value)))
    except (InvalidOperation, ValueError, OverflowError):
        return 0


@dataclass(frozen=True, slots=True)
class Service:
    """One service as an order sees it.

    `rate` is per 1000, or per package; `maximum` 0: no upper limit.
    """

    id: str
    name: str
    type: ServiceType
    rate: Decimal
    minimum: int
    maximum: int
    refill: bool
    cancel: bool
    dripfeed: bool

    @classmethod
    def read(cls, raw: Raw) -> "Service":
        return cls(
            id=str(raw["service"]),
            name=str(raw.get("name", "")),
            type=service_type(raw.get("type", "")),
            rate=Decimal(str(raw.get("rate", "0"))),
            minimum=_whole(raw.get("min", 0)),
            maximum=_whole(raw.get("max", 0)),
            refill=is_true(raw.get("refill")),
            cancel=is_true(raw.get("cancel")),
            # The documented services carry no flag and take drip-feed: only an explicit no forbids.
            dripfeed=is_true(raw.get("dripfeed", True)),
        )


class Catalogue:
    """Raw services in their order, by the text of their ids."""

    def __init__(self, raw: Iterable[Mapping[str, Any]]) -> None:
        self._raw: dict[str, Raw] = {str(each["service"]): dict(each) for each in raw}

    def __len__(self) -> int:
        return len(self._raw)

    def raw(self) -> list[Raw]:
        return list(self._raw.values())

    def find(self, service_id: str) -> Service:
        """Raises `Refusal` for an id that isn't on sale."""
        raw = self._raw.get(service_id.strip())
        if raw is None:
            raise Refusal(Why.BAD_SERVICE)
        return Service.read(raw)

    def change(self, service_id: str, changes: Mapping[str, Any]) -> None:
        """`removed: true` takes the service off sale; any other key is written into the raw
        service.

        Raises `KeyError` for a service that was never there.
        """
        if changes.get("removed"):
            del self._raw[service_id]
            return
        self._raw[service_id].update(
            {name: value for name, value in changes.items() if name != "removed"}
        )
