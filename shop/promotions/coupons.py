"""Coupons: an amount into the wallet, or a percentage off the next order.

Off until an admin turns them on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shop import outbox
from shop.access import Access, Billing
from shop.clock import Clock
from shop.errors import BadAnswerError, NotFoundError, ShopError
from shop.limits import Allowance, Limited
from shop.outbox import Kind
from shop.outbox.payloads import CouponGuessesNotice
from shop.promotions import discounts
from shop.promotions.coupon_syntax import is_code, read_code, read_coupon
from shop.user_hash import pseudonym
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.queries import coupons as statements
from storage.queries import facts, ledger_keys, wallet
from storage.queries.facts import Fact
from storage.queries.wallet import Account
from storage.rows import Coupon

# Wrong codes within an hour. A right one in between ends nothing: whoever guesses may know one.
GUESSES = Allowance(Limited.COUPON, each=10, everybody=200)


@dataclass(frozen=True, slots=True)
class Redeemed:
    """`balance` (millionths) is the wallet's now; `instead_of` is the coupon that the next order
    was to use.
    """

    coupon: Coupon
    balance: int
    instead_of: Coupon | None = None


@dataclass(frozen=True, slots=True)
class CouponDetails:
    """A coupon as an admin sees it; `given` millionths in all, `is_open` while somebody can use it.

    `on`: coupons are used at all.
    """

    coupon: Coupon
    given: int
    is_open: bool
    on: bool = True


@dataclass(frozen=True, slots=True)
class CouponListing:
    """A page of coupons, whether another follows, and whether coupons are used at all."""

    on: bool
    coupons: list[Coupon]
    more: bool
    at: datetime


@dataclass(slots=True)
class Coupons:
    """Redeeming them, and the admins' side.

    What they take off an order is in shop.promotions.discounts.
    """

    database: Database
    access: Access
    currency: Callable[[], str]
    bells: Wakeups
    clock: Clock

    async def are_on(self) -> bool:
        """Return whether anybody can use coupons: an admin has turned them on, and people pay
        themselves.
        """
        if self.access.billing is not Billing.WALLET:
            return False
        return await self.database.read(discounts.are_on)

    def _admit(self, tx: Transaction, user_id: int) -> None:
        """Raise ShopError for who may not shop, and where coupons are not used."""
        self.access.admit(user_id)
        if self.access.billing is not Billing.WALLET or not discounts.are_on(tx):
            raise ShopError("error-coupons-off")

    async def waiting(self, user_id: int) -> Coupon | None:
        """Return the coupon that somebody's next order is to use.

        Raises ShopError as `redeem` does.
        """

        def transaction(tx: Transaction) -> Coupon | None:
            self._admit(tx, user_id)
            coupon = statements.remembered(tx, user_id)
            return (
                coupon if coupon is not None and discounts.is_open(coupon, self.clock()) else None
            )

        return await self.database.read(transaction)

    async def redeem(self, user_id: int, text: str) -> Redeemed:
        """Take a code: money into the wallet at once, or a percentage remembered for the next
        order.

        Raises ShopError with the reason where it can't be used; who guesses too often has to wait.
        """
        code = read_code(text)

        def transaction(tx: Transaction) -> Redeemed | None:
            self._admit(tx, user_id)
            # One try after another: those that are made at once must not all be the last one that
            # is left.
            facts.hold(tx, Fact.COUPONS)
            found = self._look_up(tx, user_id, code)
            return None if found is None else self._take(tx, user_id, found)

        redeemed = await self.database.write(transaction)
        if redeemed is None:  # after the try was written
            self.bells.notify.set()
            raise BadAnswerError("error-coupon-unknown", code=code[:32])
        return redeemed

    def _look_up(self, tx: Transaction, user_id: int, code: str) -> Coupon | None:
        """Return the coupon; None, and a try less, where there is none of this code."""
        now = self.clock()
        if not GUESSES.left(tx, user_id, now):
            raise ShopError("error-coupon-later")
        coupon = statements.by_code(tx, code) if is_code(code) else None
        if coupon is None:
            GUESSES.use(tx, user_id, now)
            self._watch(tx, now)
        return coupon

    def _watch(self, tx: Transaction, now: datetime) -> None:
        """Tell the admins once when the whole shop has no try left: nobody can redeem anything for
        a while.
        """
        wrong = GUESSES.used(tx, now)
        if wrong == 1:  # the first for an hour
            outbox.clear_alert(tx, Kind.COUPON_GUESSES)
        if wrong == GUESSES.everybody:
            outbox.alert_once(tx, self.access.admins, CouponGuessesNotice(wrong=wrong), now)

    def _take(self, tx: Transaction, user_id: int, coupon: Coupon) -> Redeemed:
        now = self.clock()
        _check(coupon, now)
        person = pseudonym(tx, user_id, now)
        if statements.uses(tx, coupon.id, person) >= coupon.per_user:
            raise ShopError("error-coupon-yours", code=coupon.code)
        before = statements.remembered(tx, user_id)
        if coupon.amount is None:
            statements.remember(tx, user_id, coupon.id)
        else:
            self._pay(tx, user_id, person, coupon, coupon.amount)
            before = None
        balance = wallet.balance(tx, user_id)
        instead_of = before if before is not None and before.id != coupon.id else None
        return Redeemed(coupon, balance, instead_of)

    def _pay(self, tx: Transaction, user_id: int, person: str, coupon: Coupon, amount: int) -> None:
        """Credit first, then take the coupon: that is everybody's order of locks.

        A refusal takes it all back.
        """
        now = self.clock()
        use = statements.add_use(
            tx,
            coupon.id,
            user_id=user_id,
            person=person,
            amount=amount,
            now=now,
        )
        wallet.move(
            tx,
            user_id=user_id,
            source=Account.BONUS,
            target=Account.WALLET,
            amount=amount,
            key=ledger_keys.coupon(use),
            reason="coupon",
            now=now,
        )
        if not statements.take(tx, coupon.id, person, now):
            _check(statements.get(tx, coupon.id) or coupon, now)
            raise ShopError("error-coupon-yours", code=coupon.code)

    # Admins

    async def turn(self, *, on: bool) -> None:
        """Let coupons be used, or not; those that people have remembered wait."""
        if self.access.billing is not Billing.WALLET:
            raise NotFoundError("error-no-wallet")
        await self.database.write(facts.put, Fact.COUPONS, {"on": on}, self.clock())

    async def listing(self, *, page: int, size: int) -> CouponListing:
        if self.access.billing is not Billing.WALLET:
            raise NotFoundError("error-no-wallet")

        def transaction(tx: Transaction) -> tuple[list[Coupon], bool]:
            found = statements.page(tx, limit=size + 1, offset=page * size)
            on = discounts.are_on(tx)
            return found, on

        found, on = await self.database.read(transaction)
        return CouponListing(on, found[:size], len(found) > size, self.clock())

    async def sheet(self, coupon_id: int) -> CouponDetails:
        def transaction(tx: Transaction) -> CouponDetails:
            coupon = statements.get(tx, coupon_id)
            if coupon is None:
                raise NotFoundError("error-no-such-coupon")
            on = self.access.billing is Billing.WALLET and discounts.are_on(tx)
            given = statements.given(tx, coupon_id)
            return CouponDetails(coupon, given, discounts.is_open(coupon, self.clock()), on)

        return await self.database.read(transaction)

    async def create(self, admin_id: int, line: str) -> Coupon:
        """Make the coupon that a line describes.

        Raises BadAnswerError where it can't be read or the code is taken.
        """
        if self.access.billing is not Billing.WALLET:
            raise NotFoundError("error-no-wallet")
        now = self.clock()
        wanted = read_coupon(line, today=now.date())
        made = await self.database.write(
            statements.create,
            wanted.code,
            percent=wanted.percent,
            amount=wanted.amount,
            per_user=wanted.per_user,
            total=wanted.total,
            expires_at=wanted.expires_at,
            created_by=admin_id,
            now=now,
            most=wanted.most,
            below_cost=wanted.below_cost,
        )
        if made is None:
            raise BadAnswerError("coupon-line-taken", code=wanted.code)
        return made

    async def end(self, coupon_id: int) -> bool:
        """End a coupon for good; False when it was ended before."""
        return await self.database.write(statements.end, coupon_id, self.clock())


def _check(coupon: Coupon, now: datetime) -> None:
    """Raise ShopError for a coupon that nobody can use any more."""
    if coupon.ended_at is not None:
        raise ShopError("error-coupon-ended", code=coupon.code)
    if discounts.is_expired(coupon, now):
        raise ShopError("error-coupon-expired", code=coupon.code)
    if discounts.is_used_up(coupon):
        raise ShopError("error-coupon-used-up", code=coupon.code)
