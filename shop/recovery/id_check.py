"""Asking the provider about an id that an admin has named for an order.

A row first: no handler waits for an answer.
"""

import logging
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from panel import Meaning, OrderStatus, PanelClient, PanelError, Priority, Rejected
from shop import outbox
from shop.clock import Clock
from shop.errors import BadAnswerError, NotFoundError
from shop.fulfilment.evidence import EvidenceKind
from shop.outbox.payloads import CheckedOrderNotice
from shop.parsing import plain_digits
from shop.recovery.attention import case_of
from shop.recovery.matching import match_status
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.queries import attention, evidence, facts, orders
from storage.queries.facts import Fact, FactName
from storage.rows import Evidence, Order
from storage.schema.base import LONGEST_ID

log = logging.getLogger(__name__)


# Why an id can't be the order's, beside shop.recovery.matching.Why.
TAKEN = "taken"  # another order of ours has it
STRANGE = "strange"  # the provider does not know it
NO_ANSWER = "no_answer"  # the provider did not say
ELSEWHERE = "elsewhere"  # the order is at an account that is not asked any more
SETTLED = "settled"  # the order does not wait for an id any more

_SAID = 300
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]*")


@dataclass(frozen=True, slots=True)
class Checker:
    """What the provider says is kept as evidence, and told to the admin who has asked."""

    database: Database
    panel: PanelClient
    admins: Collection[int]
    bells: Wakeups
    clock: Clock
    account: str = ""

    async def request(self, admin_id: int, order_id: int, text: str) -> str:
        """Have an id checked, as an admin wrote it; return it as it was read.

        Raises BadAnswerError for what is no id, NotFoundError where the order does not wait for
        one.
        """
        provider_order_id = read_id(text)
        await self._ask(admin_id, order_id, provider_order_id)
        return provider_order_id

    async def request_known(self, admin_id: int, order_id: int, evidence_id: int) -> str:
        """Have an id checked that stands in the evidence; 0 is the one that the order has."""

        def transaction(tx: Transaction) -> tuple[Order | None, Evidence | None]:
            order = orders.get(tx, order_id)
            found = evidence.get(tx, evidence_id) if evidence_id else None
            return order, found

        order, found = await self.database.read(transaction)
        known = order.provider_order_id if order is not None and not evidence_id else None
        if found is not None and found.order_id == order_id:
            known = found.payload.get("id")
        if not known:
            raise NotFoundError("error-button-old")
        await self._ask(admin_id, order_id, str(known))
        return str(known)

    async def _ask(self, admin_id: int, order_id: int, provider_order_id: str) -> None:
        now = self.clock()

        def transaction(tx: Transaction) -> None:
            if case_of(tx, order_id, now) is None:
                raise NotFoundError("triage-not-open", id=str(order_id))
            asked = {"admin": admin_id, "order": order_id, "id": provider_order_id}
            facts.put(tx, Fact.CHECK.of(admin_id, order_id), asked, now)

        await self.database.write(transaction)
        self.bells.checks.set()

    async def step(self) -> None:
        """Answer everything that admins have asked."""
        asked = await self.database.read(facts.starting_with, Fact.CHECK)
        for about, request in asked.items():
            await self._answer(Fact.CHECK.of(about), request)

    async def _answer(self, name: FactName, request: dict[str, Any]) -> None:
        def transaction(tx: Transaction) -> tuple[Order | None, int | None]:
            order = orders.get(tx, request["order"])
            account = self.account if order is None else order.account
            holder = attention.holder_of(tx, request["id"], account)
            return order, holder

        order, holder = await self.database.read(transaction)
        if order is None:
            found = {"fits": False, "why": SETTLED}
        elif holder is not None and (
            holder != order.id or order.provider_order_id != request["id"]
        ):
            found = {"fits": False, "why": TAKEN, "other": holder}
        elif order.account != self.account:
            # nobody else can say it: the admin's word counts
            found = {"fits": True, "why": ELSEWHERE}
        else:
            found = await self._look(order, request["id"])
        await self.database.write(self._record, name, request, found)
        self.bells.notify.set()

    async def _look(self, order: Order, provider_order_id: str) -> dict[str, Any]:
        """Return what the provider says of an id, and whether it can be this order's."""
        try:
            answer = await self.panel.status(provider_order_id, priority=Priority.PERSON)
        except Rejected as refusal:
            why = STRANGE if refusal.meaning is Meaning.ORDER_ID else NO_ANSWER
            return {"fits": False, "why": why, "said": refusal.text[:_SAID]}
        except PanelError as error:
            return {"fits": False, "why": NO_ANSWER, "said": str(error)[:_SAID]}
        return _said(answer) | _judged(order, provider_order_id, answer)

    def _record(
        self, tx: Transaction, name: FactName, request: dict[str, Any], found: dict[str, Any]
    ) -> None:
        """Keep and tell an answer; another process may have been first, or the admin has asked for
        another id.
        """
        now, admin, order_id = self.clock(), request["admin"], request["order"]
        taken = attention.take_request(tx, name)
        if taken != request:
            if taken is not None:
                facts.put(tx, name, taken, now)
            return
        if admin not in self.admins:
            return
        if case_of(tx, order_id, now) is None:
            found = {"fits": False, "why": SETTLED}
        payload = {"id": request["id"]} | found
        if found["why"] != SETTLED:
            payload["evidence"] = evidence.add(
                tx, order_id, EvidenceKind.CHECKED, payload, now, actor_id=admin
            )
        log.info(
            "order %s: admin %s asked about %r: %s",
            order_id,
            admin,
            request["id"],
            found["why"] or "it fits",
        )
        told = CheckedOrderNotice.from_json(payload)
        outbox.notify_admins(tx, [admin], told, now, order_id=order_id)


def read_id(text: str) -> str:
    """Read a provider's id as a person writes it.

    Raises BadAnswerError with the reason where it is none.
    """
    words = plain_digits(text).split()
    if not words:
        raise BadAnswerError("triage-id-none")
    if len(words) > 1:
        raise BadAnswerError("triage-id-words")
    provider_order_id = words[0].lstrip("#№")
    if len(provider_order_id) > LONGEST_ID:
        raise BadAnswerError("triage-id-long")
    if not _ID.fullmatch(provider_order_id):
        raise BadAnswerError("triage-id-none")
    return provider_order_id


def _said(answer: OrderStatus) -> dict[str, Any]:
    return {
        "status": answer.text[:128],
        "charge": None if answer.charge is None else format(answer.charge, "f"),
        "remains": answer.remains,
        "currency": answer.currency or "",
    }


def _judged(order: Order, provider_order_id: str, answer: OrderStatus) -> dict[str, Any]:
    """An order's own id needs no comparison.

    What says nothing at all contradicts nothing: the admin decides.
    """
    if order.provider_order_id == provider_order_id:
        return {"fits": True, "why": ""}
    found = match_status(order, answer)
    return {"fits": found.possible, "why": str(found.why)}
