"""The provider: its answers, and what an operator may switch while it runs. No sockets here."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from playground.provider.actions import ACTIONS, find_order
from playground.provider.faults import Fault
from playground.provider.life import Nature
from playground.provider.money import plain
from playground.provider.orders import Order, Remains
from playground.provider.refusals import Refusal, Why
from playground.provider.reply import Reply
from playground.provider.state import ProviderState
from playground.provider.wanted import number

SHOWN_ORDERS = 100
_REFUSALS = {"bad_key": Why.BAD_KEY, "no_funds": Why.NO_FUNDS, "busy_link": Why.BUSY_LINK}


class Provider(ProviderState):
    """What a client sees of it, and what the control page and tests do to it."""

    def received(self, fields: Mapping[str, str]) -> Fault | None:
        """Counts a request and takes the fault that it has to meet, if any."""
        action = fields.get("action", "")
        self.calls[action] += 1
        many = bool(fields.get("orders", fields.get("refills", "")).strip())
        return self.faults.take(action, multi=many and self.voice.takes_many)

    def answer(
        self, fields: Mapping[str, str], fault: Fault | None = None, *, method: str = "POST"
    ) -> Reply:
        """Does what the parameters ask and says so in the dialect of the day.

        `fault` shapes or refuses the answer; what a fault does on the wire is the web layer's.
        """
        self.catch_up()
        try:
            if fault:
                self._refuse_on_order(fault)
            return self.voice.reply(self._do(fields, fault, method))
        except Refusal as refusal:
            status, body = self.voice.error(refusal)
            return self.voice.reply(body, status, _headers(status, fault))

    def _do(self, fields: Mapping[str, str], fault: Fault | None, method: str) -> Any:
        if method != "POST":
            raise Refusal(Why.BAD_METHOD)
        if fields.get("key") != self.key:
            raise Refusal(Why.BAD_KEY)
        action = fields.get("action", "")
        if action not in self.voice.actions:
            raise Refusal(Why.BAD_ACTION)
        return ACTIONS[action](self, fields, fault)

    def _refuse_on_order(self, fault: Fault) -> None:
        if fault.kind in _REFUSALS:
            raise Refusal(_REFUSALS[fault.kind], text=fault.text)
        if fault.kind == "refuse":
            raise Refusal(Why.OUT_OF_ORDER, text=fault.text)
        if fault.kind in {"rate_limit_200", "rate_limit_429"}:
            raise Refusal(Why.RATE_LIMIT, text=fault.text, http=int(fault.kind[-3:]))

    # What the control page does, and tests directly.

    def fault(self, kind: str, action: str = "*", **how: Any) -> Fault:
        """`how`: times, seconds, text, ids, done, delay. See `faults.KINDS`."""
        return self.faults.add(kind, action, **how)

    def clear_faults(self) -> None:
        self.faults.clear()

    def force_order(
        self,
        order_id: object,
        status: str,
        *,
        remains: Remains = None,
        start_count: int | None = None,
    ) -> None:
        """Raises `KeyError` for an unknown order."""
        self.catch_up()
        order = self.order(order_id)
        self.book.force(order, status, self.now, remains=remains, start_count=start_count)

    def force_refill(self, refill_id: object, status: str) -> None:
        """Raises `KeyError` for an unknown refill."""
        self.catch_up()
        try:
            self.refills.force(number(str(refill_id).removeprefix("rfl_")), status)
        except Refusal:
            raise KeyError(refill_id) from None

    def set_balance(self, balance: object) -> None:
        self.catch_up()
        self.account.balance = Decimal(str(balance))

    def change_service(self, service_id: object, **changes: Any) -> None:
        """`removed=True`, `nature="partial"`, or raw values.

        Raises `KeyError`, `ValueError` (nature).
        """
        if "nature" in changes:
            self.natures[str(service_id)] = Nature(changes.pop("nature"))
        self.catalogue.change(str(service_id), changes)

    def order(self, order_id: object) -> Order:
        """By the id of any dialect. Raises `KeyError`."""
        try:
            return find_order(self, str(order_id))
        except Refusal:
            raise KeyError(order_id) from None

    def state(self) -> dict[str, Any]:
        self.catch_up()
        newest = list(self.book.orders.values())[: -SHOWN_ORDERS - 1 : -1]
        return {
            "balance": plain(self.account.balance),
            "currency": self.account.currency,
            "dialect": self.dialect,
            "speed": self.speed,
            "orders": [self._shown(order) for order in newest],
            "calls": dict(self.calls),
            "faults": self.faults.state(),
        }

    def _shown(self, order: Order) -> dict[str, Any]:
        snapshot = order.snapshot(self.now)
        return {
            "id": self.voice.order_id(order.number),
            "service": order.service.id,
            "service_name": order.service.name,
            "link": order.link,
            "quantity": order.quantity,
            "charge": plain(snapshot.charge),
            "status": snapshot.status,
            "start_count": snapshot.start_count,
            "remains": snapshot.remains,
            "created": order.created,
            "parent": self.voice.order_id(order.parent.number) if order.parent else None,
        }


def _headers(status: int, fault: Fault | None) -> dict[str, str]:
    if status != 429:
        return {}
    return {"Retry-After": str(max(1, round(fault.seconds or 1)) if fault else 1)}
