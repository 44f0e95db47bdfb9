"""Invitations: who brings somebody new gets a share of what those spend.

Sharing is a step of its own, after the orders' transactions: it pays another person than those do,
and two transactions that pay the same two people in different orders would wait for each other for
ever. What a person has spent counts by difference: more than was shared is shared. Of what orders
give back, or a payment that was taken back had paid for, the share is taken back as far as the
inviter's wallet has it; the rest is written off, and never taken later.
"""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import floor

from shop.access import Access, Billing
from shop.clock import Clock
from shop.errors import NotFoundError, ShopError
from shop.money import LARGEST_UNITS, share
from shop.outbox import notify
from shop.outbox.payloads import EarnedBackNotice, EarnedNotice, Payload
from shop.user_hash import pseudonym
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.queries import facts, ledger_keys, wallet
from storage.queries import invitations as statements
from storage.queries.facts import Fact
from storage.queries.invitations import Spending
from storage.queries.wallet import Account

log = logging.getLogger(__name__)

# longer than any transaction: what it changed is seen by the next look
_OVERLAP = timedelta(minutes=10)
MOST_PERCENT = 50


@dataclass(frozen=True, slots=True)
class InvitationTerms:
    """The inviter gets `percent` of what is spent, at most `cap` millionths for each invited
    person.
    """

    on: bool = False
    percent: Decimal = Decimal(5)
    cap: int = 20_000_000

    def share(self, found: Spending) -> int:
        """Return the inviter's millionths of what was not looked at yet, rounded down."""
        if not self.on or found.inviter_id < 0:  # who was erased earns nothing
            return 0
        return max(min(self._of(found.spent - found.counted), self.cap - found.earned), 0)

    def owed_back(self, found: Spending, gone: int) -> int:
        """Return what of the inviter's share was for `gone` millionths, which were given back,
        rounded down.

        Whether each was shared by the terms of today nobody knows: it is the same part of what they
        have of all. Where the cap has held more back, what is left may still be worth it.
        """
        owed = share(found.earned, gone, found.counted)
        if found.earned >= self.cap:
            owed = min(owed, max(found.earned - self._of(found.kept), 0))
        return owed

    def _of(self, spent: int) -> int:
        return floor(spent * self.percent / 100)


@dataclass(frozen=True, slots=True)
class InvitationSummary:
    """Somebody's link and what came of it; `earned` in millionths."""

    terms: InvitationTerms
    code: str
    came: int
    earned: int


class _OvertakenError(Exception):
    """Somebody else has looked at this spending meanwhile."""


def terms_of(tx: Transaction) -> InvitationTerms:
    """Read what an admin has decided; off before that."""
    found = facts.get(tx, Fact.INVITATIONS)
    if found is None:
        return InvitationTerms()
    return InvitationTerms(
        found[0]["on"] is True, Decimal(found[0]["percent"]), int(found[0]["cap"])
    )


def bind(tx: Transaction, user_id: int, code: str, now: datetime) -> bool:
    """Note in the transaction that adds somebody whose link they came by; False where that counts
    for nothing.

    Once for each person: who has themselves erased and comes back was invited before.
    """
    if not terms_of(tx).on:
        return False
    inviter = statements.user_id_by_code(tx, code)
    if inviter is None or inviter == user_id or inviter < 0:
        return False
    if not facts.setdefault(tx, Fact.INVITED.of(pseudonym(tx, user_id, now)), {}, now):
        return False
    statements.add(tx, user_id, inviter, now)
    return True


@dataclass(slots=True)
class Invitations:
    """`currency` is asked at each use, as in shop.ordering.placement."""

    database: Database
    access: Access
    currency: Callable[[], str]
    bells: Wakeups
    clock: Clock
    _since: datetime | None = None

    def admit(self) -> None:
        """Raise NotFoundError where people do not pay themselves."""
        if self.access.billing is not Billing.WALLET:
            raise NotFoundError("error-no-wallet")

    async def all(self) -> tuple[InvitationTerms, tuple[int, int]]:
        """Return the terms, how many were invited in all, and what their inviters have earned
        (millionths).
        """
        return await self.database.read(lambda tx: (terms_of(tx), statements.totals(tx)))

    def _are_on(self, tx: Transaction) -> bool:
        """Return whether anybody can invite: an admin has turned it on, and people pay
        themselves.
        """
        return self.access.billing is Billing.WALLET and terms_of(tx).on

    async def standing(self, user_id: int) -> InvitationSummary:
        """Return somebody's own link, which is made now if they had none.

        Raises ShopError where there are none.
        """
        self.access.admit(user_id)

        def transaction(tx: Transaction) -> tuple[InvitationTerms, str, int, int]:
            if not self._are_on(tx):
                raise NotFoundError("error-invitations-off")
            terms = terms_of(tx)
            code = statements.code_of(tx, user_id, secrets.token_urlsafe(9))
            came, earned = statements.totals(tx, user_id)
            return terms, code, came, earned

        terms, code, came, earned = await self.database.write(transaction)
        return InvitationSummary(terms, code, came, earned)

    async def owns(self, user_id: int, code: str) -> bool | None:
        """Return whether a link is somebody's own; None where nobody can invite."""
        return await self.database.read(
            lambda tx: statements.user_id_by_code(tx, code) == user_id if self._are_on(tx) else None
        )

    async def choose(
        self, *, on: bool | None = None, percent: Decimal | None = None, cap: int | None = None
    ) -> InvitationTerms:
        """Change the terms; what is None stays. What was spent before is shared by the old ones.

        Raises ShopError for a percentage or a cap (millionths) that can't be.
        """
        self.admit()
        if percent is not None and not 0 < percent <= MOST_PERCENT:
            raise ShopError("error-invitations-percent", most=MOST_PERCENT)
        if cap is not None and not 0 < cap <= LARGEST_UNITS:
            raise ShopError("error-invitations-cap")
        await self.share_all()

        def transaction(tx: Transaction) -> InvitationTerms:
            before = terms_of(tx)
            terms = InvitationTerms(
                before.on if on is None else on, percent or before.percent, cap or before.cap
            )
            fact = {"on": terms.on, "percent": str(terms.percent), "cap": terms.cap}
            facts.put(tx, Fact.INVITATIONS, fact, self.clock())
            return terms

        return await self.database.write(transaction)

    async def step(self) -> None:
        """Share what the invited have spent since the last look; the first look is at
        everything.
        """
        now = self.clock()
        if self._since is not None and self._since > now:  # the clock was ahead
            self._since = None
        await self._look(self._since)
        self._since = now - _OVERLAP

    async def share_all(self) -> None:
        """Share everything that was not shared yet."""
        await self._look(None)

    async def _look(self, since: datetime | None) -> None:
        found = await self.database.read(statements.unsettled, since)
        for spending in found:
            try:
                await self.database.write(self._share, spending)
            except _OvertakenError:
                log.info("what one of the invited has spent was shared by somebody else meanwhile")
        if found:
            self.bells.notify.set()

    def _share(self, tx: Transaction, found: Spending) -> None:
        """Pay the inviter, or take back; then note it.

        So everybody locks a person, their wallet, and then the rest.
        """
        terms = terms_of(tx)
        if found.spent > found.counted:
            earned = terms.share(found)
            if earned:
                self._move(tx, found, Account.BONUS, Account.WALLET, earned)
            settled = {"counted": found.spent, "earned": found.earned + earned, "written_off": 0}
        else:
            settled = self._take_back(tx, found, terms)
        if not statements.settle(tx, found, **settled):
            raise _OvertakenError

    def _take_back(
        self, tx: Transaction, found: Spending, terms: InvitationTerms
    ) -> dict[str, int]:
        """Take the share of what was given back out of the wallet, never below zero; return what
        counts now.
        """
        gone = found.counted - found.written_off - found.kept
        owed = terms.owed_back(found, gone)
        taken = min(owed, max(wallet.lock(tx, found.inviter_id), 0))
        if taken:
            self._move(tx, found, Account.WALLET, Account.BONUS, taken)
        lost = gone - share(gone, taken, owed) if owed else 0
        return {
            "counted": found.counted - gone + lost,
            "earned": found.earned - taken,
            "written_off": found.written_off + lost,
        }

    def _move(
        self,
        tx: Transaction,
        found: Spending,
        source: Account,
        target: Account,
        amount: int,
    ) -> None:
        now, gives = self.clock(), target is Account.WALLET
        person = pseudonym(tx, found.invited_id, now)
        moved = wallet.move(
            tx,
            user_id=found.inviter_id,
            source=source,
            target=target,
            amount=amount,
            now=now,
            key=ledger_keys.invite(person, found.shares, found.counted, back=not gives),
            reason="invitation" if gives else "invitation back",
        )
        if not moved:
            raise _OvertakenError
        told: Payload
        if gives:
            told = EarnedNotice(amount=amount, currency=self.currency())
        else:
            told = EarnedBackNotice(amount=amount, currency=self.currency())
        notify(tx, found.inviter_id, told, now)
