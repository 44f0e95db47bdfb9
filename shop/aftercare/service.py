"""Asking for refills and cancellations: a row each, which the worker sends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shop.clock import Clock
from shop.errors import NotFoundError
from shop.orders.eligibility import (
    IneligibilityReason,
    NotNowError,
    RequestDecision,
    Rules,
    check_eligibility,
)
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.enums import AT_PROVIDER, RequestKind
from storage.queries import orders, requests


def ask_to_cancel_all(tx: Transaction, rules: Rules, user_id: int, now: datetime) -> int:
    """Ask for a cancellation of all that the provider has of somebody, where that can be asked for;
    say of how many.

    The orders are held until the end of the transaction; nobody may have the wallet before.
    """
    there = orders.ids_in(tx, user_id, AT_PROVIDER)
    verdicts = check_eligibility(tx, rules, user_id, RequestKind.CANCEL, there, now)
    asked = [order_id for order_id, verdict in verdicts.items() if verdict.asks]
    requests.add(tx, asked, user_id=user_id, kind=RequestKind.CANCEL, now=now)
    return len(asked)


@dataclass(frozen=True, slots=True)
class Aftercare:
    """The customer's side of one order."""

    database: Database
    rules: Rules
    bells: Wakeups
    clock: Clock

    async def ask(
        self, user_id: int, order_id: int, kind: RequestKind, *, card_message_id: int | None = None
    ) -> RequestDecision:
        """Ask for a refill or a cancellation, or take a queued order back.

        `card_message_id` will show its card.

        Raises NotFoundError when the order is not theirs, NotNowError with the reason otherwise.
        """
        now = self.clock()

        def transaction(tx: Transaction) -> RequestDecision:
            verdict = (check_eligibility(tx, self.rules, user_id, kind, [order_id], now))[order_id]
            if verdict.asks:
                requests.add(tx, [order_id], user_id=user_id, kind=kind, now=now)
            if card_message_id is not None:
                orders.show_on(tx, user_id, card_message_id, order_id)
            return verdict

        verdict = await self.database.write(transaction)
        if verdict.obstacle is not None and verdict.obstacle.why is IneligibilityReason.NO_ORDER:
            raise NotFoundError("error-order-gone")
        if verdict.obstacle is not None:
            raise NotNowError(kind, verdict.obstacle)
        self.ring({order_id: verdict})
        return verdict

    def ring(self, verdicts: Mapping[int, RequestDecision]) -> None:
        """Tell the workers what there is to do after these."""
        if any(verdict.asks for verdict in verdicts.values()):
            self.bells.requests.set()
        if any(verdict.taken_back for verdict in verdicts.values()):
            self.bells.notify.set()
            self.bells.submit.set()  # the link may be free for the next one
