"""The world with everything that money can come by and go by, and what its balances must be,
without the ledger.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from shop.access import Access
from shop.payments.manual import ManualTopUps
from shop.payments.service import Payments, Receipt
from shop.payments.top_ups import TopUps, TopUpTerms
from shop.payments.wallet import Wallet
from shop.promotions.coupons import Coupons
from shop.promotions.invitations import Invitations
from shop.recovery.refund_resolution import RefundVerdicts
from shop.recovery.resolution import Verdicts
from storage.enums import Method, PaymentState, TopUpState
from storage.queries import coupons as coupon_statements
from storage.queries import invitations as invitation_statements
from tests.harness.world import ADMINS, DOLLAR, World, add_customer

ANN, BOB = 501, 502
START = 350_000  # an order costs 300,000 before anything happens


class Till:
    """Ann is a customer, Bob is another, whom she has invited."""

    def __init__(self, world: World) -> None:
        self.world, self.database = world, world.database
        shared = {"database": world.database, "bells": world.bells, "clock": world.clock}
        self.access = Access(admins=frozenset(ADMINS))
        self.terms = TopUpTerms(
            star_value=13_000, crypto=True, stars_per_day=10**9, crypto_per_day=10**15
        )
        self.top_ups = TopUps(
            **shared,
            access=self.access,
            currency=self.currency,
            terms=self.terms,
            fiats=frozenset({"USD"}),
        )
        self.payments = Payments(
            **shared, ordering=world.ordering, top_ups=self.top_ups, admins=ADMINS
        )
        self.manual = ManualTopUps(**shared, top_ups=self.top_ups)
        self.coupons = Coupons(**shared, access=self.access, currency=self.currency)
        self.invitations = Invitations(**shared, access=self.access, currency=self.currency)
        self.wallet = Wallet(world.database, world.bells, world.clock)
        self.verdicts = Verdicts(**shared, admins=ADMINS)
        self.refund_verdicts = RefundVerdicts(**shared, admins=ADMINS, aftercare=world.aftercare)

    @staticmethod
    def currency() -> str:
        return "USD"

    async def open(self) -> None:
        """Let two customers in, with a little money, coupons and an invitation."""
        now = self.world.clock()
        for user in (ANN, BOB):
            await add_customer(self.database, user, START)
        await self.coupons.turn(on=True)
        await self.invitations.choose(on=True, percent=Decimal(10), cap=DOLLAR)

        def transaction(tx):
            for code, percent, amount in (("OFF", Decimal(25), None), ("GIFT", None, 700_000)):
                coupon_statements.create(
                    tx,
                    code,
                    percent=percent,
                    amount=amount,
                    per_user=3,
                    total=4,
                    expires_at=None,
                    created_by=ADMINS[0],
                    now=now,
                )
            invitation_statements.add(tx, BOB, ANN, now)

        await self.database.write(transaction)


def expected(seen: Mapping[str, Sequence[Any]], by_hand: Mapping[int, int]) -> dict[int, int]:
    """Say what everybody must have, by what has happened and not by the ledger.

    `by_hand`: admins' corrections.
    """
    sums = Counter({user: START + by_hand.get(user, 0) for user in (ANN, BOB)})
    for row in seen["payments"]:
        sums[row.user_id] += row.amount if row.state == PaymentState.CREDITED else 0
    for row in seen["top_ups"]:
        sums[row.user_id] += row.amount if row.state == TopUpState.APPROVED else 0
    for row in seen["coupon_uses"]:
        sums[row.user_id] += row.amount if row.order_id is None else 0
    for row in seen["invitations"]:
        sums[row.inviter_id] += row.earned
    for row in seen["orders"]:
        sums[row.user_id] -= row.price - row.refunded
    return dict(sums)


def stars_paid(user: int, charge: str, at: datetime, invoice_id: int | None, stars: int) -> Receipt:
    return Receipt(user, Method.STARS, charge, at, invoice_id, stars=stars)


def crypto_paid(
    user: int, charge: str, at: datetime, invoice_id: int | None, amount: int
) -> Receipt:
    return Receipt(
        user,
        Method.CRYPTO,
        f"crypto:{charge}",
        at,
        invoice_id,
        amount=amount,
        paid=Decimal("1.5"),
        asset="TON",
    )
