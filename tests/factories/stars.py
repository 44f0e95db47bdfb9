"""Telegram's books of Stars as a test writes them, and the till that reads them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shop.payments.service import Payments, Receipt
from shop.payments.stars import (
    NANO,
    Reconciler,
    Refunder,
    RefundRefusedError,
    StarsUnreachableError,
    StarTransaction,
)
from shop.payments.top_ups import TopUps, TopUpTerms
from storage.enums import Method
from tests.harness.world import ADMINS, CUSTOMER, World


@dataclass
class Books:
    """What Telegram knows.

    `fails`: what the next calls of `refund` raise, or None for those that go well.
    """

    lines: list[StarTransaction] = field(default_factory=list)
    asked: list[tuple[int, int]] = field(default_factory=list)
    fails: list[Exception | None] = field(default_factory=list)
    given_back: list[str] = field(default_factory=list)
    extra: int = 0
    unreachable: bool = False

    async def transactions(self, *, offset: int, limit: int) -> Sequence[StarTransaction]:
        if self.unreachable:
            raise StarsUnreachableError("no route to host")
        self.asked.append((offset, limit))
        return self.lines[offset : offset + limit]

    async def balance(self) -> int:
        return sum(line.nano for line in self.lines) + self.extra

    async def refund(self, user_id: int, charge_id: str) -> None:
        failure = self.fails.pop(0) if self.fails else None
        if failure is not None:
            raise failure
        assert user_id > 0
        self.given_back.append(charge_id)

    def pay(
        self,
        charge_id: str,
        at: datetime,
        stars: int = 100,
        *,
        payload: str = "",
        user_id: int = CUSTOMER,
    ) -> None:
        self.lines.append(
            StarTransaction(charge_id, at, stars * NANO, user_id, "Ann", stars, payload)
        )

    def take_back(
        self, charge_id: str, at: datetime, stars: int = 100, *, user_id: int = CUSTOMER
    ) -> None:
        self.lines.append(StarTransaction(charge_id, at, -stars * NANO, user_id, "Ann", stars))


class StarsTill:
    """Everything about Stars on top of a world. A Star is $0.01."""

    def __init__(self, world: World) -> None:
        self.world, self.books = world, Books()
        shared = {"database": world.database, "bells": world.bells, "clock": world.clock}
        self.top_ups = TopUps(
            **shared,
            access=world.access,
            currency=lambda: "USD",
            terms=TopUpTerms(star_value=10_000),
        )
        self.payments = Payments(
            **shared, ordering=world.ordering, top_ups=self.top_ups, admins=ADMINS
        )
        self.reconciler = Reconciler(world.database, self.books, self.payments, ADMINS, world.clock)
        self.refunder = Refunder(world.database, self.books, self.payments)

    def receipt(
        self, charge_id: str, stars: int = 100, *, invoice_id: int | None = None
    ) -> Receipt:
        return Receipt(
            CUSTOMER,
            Method.STARS,
            charge_id,
            self.world.clock(),
            invoice_id,
            stars,
            first_name="Ann",
        )

    async def refused(self, why: str = "BALANCE_TOO_LOW") -> None:
        self.books.fails.append(RefundRefusedError(why))
        await self.refunder.step()
