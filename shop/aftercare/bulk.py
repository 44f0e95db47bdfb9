"""Refills, cancellations and looks at many orders, by pasted numbers, with one answer that lists
each one's result.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shop.aftercare.service import Aftercare
from shop.errors import NotFoundError, ShopError
from shop.orders.eligibility import (
    Ineligibility,
    IneligibilityReason,
    RequestDecision,
    check_eligibility,
)
from shop.parsing import plain_digits
from storage.engine import Transaction
from storage.enums import RequestKind
from storage.queries import orders, requests
from storage.queries.requests import RequestList
from storage.rows import Order, Request

MOST = 500  # orders of one message
# of their numbers: the answer has to name each of them, and to fit into a message
_MOST_CHARACTERS = 3_500
_LARGEST = 2**53


@dataclass(frozen=True, slots=True)
class Item:
    """One number of the message. `order` is None where there is no such order of theirs."""

    text: str
    order: Order | None
    obstacle: Ineligibility | None = None
    taken_back: bool = False
    request: Request | None = None


@dataclass(frozen=True, slots=True)
class BulkRequests:
    id: int
    kind: RequestKind
    items: Sequence[Item]
    message_id: int | None


def numbers_in(text: str) -> list[str]:
    """Read order numbers however they are parted (`12, 15 #19`); each once, without leading zeros.

    Raises ShopError for more than an answer can list.
    """
    found = [number.lstrip("0") or "0" for number in re.findall(r"\d+", plain_digits(text))]
    once = list(dict.fromkeys(found))
    if len(once) > MOST or len(" ".join(once)) > _MOST_CHARACTERS:
        raise ShopError("error-too-many-numbers", most=MOST)
    return once


@dataclass(frozen=True, slots=True)
class RequestLists:
    """Many orders at once, by the same rules as one."""

    aftercare: Aftercare

    async def ask(self, user_id: int, kind: RequestKind, numbers: Sequence[str]) -> BulkRequests:
        """Ask for what can be asked for, in one transaction; the rest has its reason."""
        care, now = self.aftercare, self.aftercare.clock()
        ids = {text: int(text) for text in numbers if len(text) < len(str(_LARGEST))}

        def transaction(tx: Transaction) -> tuple[dict[int, RequestDecision], int]:
            verdicts = check_eligibility(tx, care.rules, user_id, kind, list(ids.values()), now)
            items = [_written(text, verdicts.get(ids.get(text, 0))) for text in numbers]
            list_id = requests.add_list(tx, user_id, kind, items, now)
            asked = [order_id for order_id, verdict in verdicts.items() if verdict.asks]
            requests.add(tx, asked, user_id=user_id, kind=kind, now=now, list_id=list_id)
            return verdicts, list_id

        verdicts, list_id = await care.database.write(transaction)
        care.ring(verdicts)
        return await self.listing(user_id, list_id)

    async def listing(self, user_id: int, list_id: int) -> BulkRequests:
        """Return the list as it stands, if it is theirs."""

        def transaction(
            tx: Transaction,
        ) -> tuple[RequestList, dict[int, Request], dict[int, Order]]:
            found = requests.get_list(tx, list_id, user_id)
            if found is None:
                raise NotFoundError("error-order-gone")
            asked = {request.order_id: request for request in requests.of_list(tx, list_id)}
            named = [
                int(item["number"])
                for item in found.items
                if item.get("why") != IneligibilityReason.NO_ORDER
            ]
            known = orders.get_many(tx, named)
            return found, asked, known

        found, asked, known = await self.aftercare.database.read(transaction)
        items = [_read(item, known, asked) for item in found.items]
        return BulkRequests(found.id, found.kind, items, found.message_id)


def _written(text: str, verdict: RequestDecision | None) -> dict[str, Any]:
    """Put what was decided at once into the list's row."""
    obstacle = Ineligibility(IneligibilityReason.NO_ORDER) if verdict is None else verdict.obstacle
    item: dict[str, Any] = {"number": text}
    if obstacle is not None:
        item["why"] = str(obstacle.why)
        item["at"] = None if obstacle.at is None else int(obstacle.at.timestamp())
    if verdict is not None and verdict.taken_back:
        item["taken_back"] = True
    return item


def _read(
    item: Mapping[str, Any], known: Mapping[int, Order], asked: Mapping[int, Request]
) -> Item:
    obstacle = None
    if "why" in item:
        at = item.get("at")
        obstacle = Ineligibility(
            IneligibilityReason(item["why"]),
            None if at is None else datetime.fromtimestamp(at, UTC),
        )
    if obstacle is not None and obstacle.why is IneligibilityReason.NO_ORDER:
        return Item(item["number"], None, obstacle)
    number = int(item["number"])
    return Item(
        item["number"], known.get(number), obstacle, bool(item.get("taken_back")), asked.get(number)
    )
