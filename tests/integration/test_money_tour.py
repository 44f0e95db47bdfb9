"""One walk past everything that can happen to money, in an order that people could choose.

The state machine of test_money_machine.py makes sequences of the same steps: this shows that they
lead everywhere.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from storage.enums import PaymentState
from tests.harness.till import ANN, BOB
from tests.integration.test_money_machine import ADMIN, MoneyMachine

# What all this must be able to lead to: a proof that never gets there proves nothing of it.
MUST_REACH = {
    *(f"order {state}" for state in ("unknown", "rejected", "canceled", "partial", "completed")),
    *(f"payment {state}" for state in PaymentState),
    *(f"top-up {state}" for state in ("open", "approved", "refused")),
    "a debt",
    "a refund of a part",
    "a discount",
    "a use given back",
    "a share",
    "a share taken back or written off",
    "a charge that changed",
    "a late answer",
    "an order given up",
    "an answer of an admin",
    "a refund taken back",
}


class Tour:
    """Takes one step after another; the books must agree after each."""

    def __init__(self, machine: MoneyMachine) -> None:
        self.machine, self.reached = machine, set[str]()

    def then(self, step: Callable[..., Any], *given: Any) -> None:
        step(*given)
        self.machine.the_books_agree()
        self.reached |= self.machine.what_was_seen()

    def act(self, work: Callable[[], Any]) -> None:
        self.then(self.machine.act, work, None)

    def last(self, table: str) -> Any:
        return self.machine.seen[table][-1]


def test_everything_that_can_happen_to_money_happens(migrated: str, tmp_path: Path) -> None:
    machine = MoneyMachine(migrated, tmp_path)
    tour, till = Tour(machine), machine.till
    try:
        of_ann, of_bob = machine.seen["orders"]
        for answer in ("refused", "lost after", "lost before"):
            tour.then(machine.pay, ANN, 60, "stars", None)
            tour.then(machine.redeem, ANN, "OFF", None)
            tour.then(machine.order, ANN, 100, True, None)
            placed = tour.last("orders")
            tour.then(machine.send, answer, None)
            if answer != "refused":
                tour.then(machine._find_out, placed, None)
        for answer in ("late", "late and refused"):
            tour.then(machine.order, ANN, 50, False, None)
            tour.then(machine.send, answer, None)
        tour.then(machine.pay, ANN, 60, "stars", None)
        tour.then(machine.order, ANN, 50, False, None)
        tour.then(machine.send, "taken", None)
        tour.then(machine._give_up_on, tour.last("orders"), None)
        for said in (
            ("Partial", 40, "net"),
            ("In progress", 40, "whole"),
            ("Canceled", 40, "absurd"),
            ("Canceled", 100, "net"),
        ):
            tour.then(machine._hear, of_ann, [said], None)
        tour.then(machine._hear, of_bob, [("Partial", 0, "absurd")], None)
        tour.then(machine._answer, of_bob, 30, None)
        tour.then(machine._hear, of_bob, [("Completed", 0, "whole")], None)
        tour.then(machine._take_back, of_bob, None)
        tour.act(till.invitations.share_all)
        tour.then(machine._hear, of_bob, [("Partial", 60, "net")], None)
        tour.then(machine.share, None)
        tour.then(machine.spend_a_payment_that_is_taken_back, None)
        for approve in (True, False):
            tour.act(lambda: till.manual.ask(BOB, 500_000))
            tour.act(partial(till.manual.decide, ADMIN, tour.last("top_ups").id, approve=approve))
        tour.act(lambda: till.manual.ask(BOB, 500_000))
        tour.then(machine._decide, tour.last("top_ups"), True, None)  # two at once: either may win
        tour.then(machine.pay, ANN, 20, "stars", None)
        paid = tour.last("payments")
        tour.act(lambda: till.payments.ask_refund(paid.id, ADMIN))
        tour.act(lambda: till.payments.taken_back(paid.charge_id))
    finally:
        machine.teardown()
    assert MUST_REACH - tour.reached == set()
