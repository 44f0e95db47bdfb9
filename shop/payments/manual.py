"""Top-ups by hand: somebody asks, an admin who has seen the money says yes or no."""

from dataclasses import dataclass

from shop import outbox
from shop.clock import Clock
from shop.errors import NotFoundError, ShopError
from shop.limits import DAY, Limited, counted
from shop.money import LARGEST_UNITS
from shop.outbox.payloads import TopUpAskedNotice, TopUpDecidedNotice
from shop.payments.top_ups import TopUps
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.enums import TopUpState
from storage.queries import ledger_keys, top_ups, users, wallet
from storage.queries.wallet import Account
from storage.rows import TopUp, User

MOST_OPEN = 10  # shown to admins at once
_PER_DAY = 10


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a request.

    `ours`: this very press decided; `asked_by` and `decided_by` as far as known.
    """

    top_up: TopUp
    ours: bool
    asked_by: User | None
    decided_by: User | None


@dataclass(frozen=True, slots=True)
class ManualTopUps:
    """Everybody has one open request at most. Only admins decide, and each request once."""

    database: Database
    top_ups: TopUps
    bells: Wakeups
    clock: Clock

    @property
    def note(self) -> str:
        """What the operator wants people to read first; empty for nothing."""
        return self.top_ups.terms.note

    async def open_of(self, user_id: int) -> TopUp | None:
        """Return somebody's open request. Raises NotFoundError for strangers."""
        self._admit(user_id)
        return await self.database.read(top_ups.open_of, user_id)

    async def ask(self, user_id: int, amount: int) -> TopUp:
        """Ask for an amount (millionths) and tell the admins; with an open request, give that one.

        Raises ShopError when somebody asks again and again.
        """
        self._admit(user_id)
        if not 0 < amount <= LARGEST_UNITS:
            raise ShopError("error-amount-too-large")
        now, currency = self.clock(), self.top_ups.currency()

        def transaction(tx: Transaction) -> TopUp:
            users.lock(tx, user_id)
            asked_before = top_ups.asked_since(tx, user_id, now - DAY)
            if len(asked_before) + counted(tx, Limited.TOP_UP, user_id, now) >= _PER_DAY:
                before = top_ups.open_of(tx, user_id)
                if before is None:
                    raise ShopError("error-top-up-requests", most=_PER_DAY)
                return before
            asked = top_ups.ask(tx, user_id=user_id, amount=amount, currency=currency, now=now)
            if asked is None:
                before = top_ups.open_of(tx, user_id)
                if before is None:
                    raise RuntimeError("an open top-up is in the way, and is not there")
                return before
            known = users.get(tx, user_id)
            told = TopUpAskedNotice(
                top_up=asked.id,
                user=str(user_id),
                name=known.first_name if known else "",
                amount=amount,
                currency=currency,
            )
            outbox.notify_admins(tx, self.top_ups.access.admins, told, now)
            return asked

        asked = await self.database.write(transaction)
        self.bells.notify.set()
        return asked

    async def cancel(self, user_id: int, top_up_id: int) -> bool:
        """Take one's own open request back; False when it is not open any more."""
        self._admit(user_id)
        return await self.database.write(
            top_ups.end, top_up_id, TopUpState.CANCELED, self.clock(), only_of=user_id
        )

    async def waiting(self, admin_id: int) -> list[tuple[TopUp, User | None]]:
        """List open requests with who asks, oldest first, at most MOST_OPEN."""
        self._admit_admin(admin_id)

        def transaction(tx: Transaction) -> list[tuple[TopUp, User | None]]:
            found = top_ups.list_open(tx, limit=MOST_OPEN)
            return [(each, users.get(tx, each.user_id)) for each in found]

        return await self.database.read(transaction)

    async def decide(self, admin_id: int, top_up_id: int, *, approve: bool) -> Decision:
        """Credit a request or refuse it, and tell who asked.

        The first admin decides, others are told who it was.

        Raises NotFoundError for people who are no admins, and for requests that never were.
        """
        self._admit_admin(admin_id)
        state, now = TopUpState.APPROVED if approve else TopUpState.REFUSED, self.clock()

        def transaction(tx: Transaction) -> tuple[bool, TopUp, User | None, User | None]:
            ours = top_ups.end(tx, top_up_id, state, now, by=admin_id)
            top_up = top_ups.get(tx, top_up_id)
            if top_up is None:
                raise NotFoundError("error-button-old")
            if ours and approve:
                moved = wallet.move(
                    tx,
                    user_id=top_up.user_id,
                    source=Account.MANUAL,
                    target=Account.WALLET,
                    amount=top_up.amount,
                    key=ledger_keys.topup(top_up.id),
                    reason="top-up",
                    actor_id=admin_id,
                    now=now,
                )
                if not moved:
                    raise RuntimeError(f"top-up {top_up.id} was credited before")
            if ours:
                told = TopUpDecidedNotice(top_up=top_up.id, amount=top_up.amount, state=str(state))
                outbox.notify(tx, top_up.user_id, told, now)
            asked_by = users.get(tx, top_up.user_id)
            decided_by = None if top_up.decided_by is None else users.get(tx, top_up.decided_by)
            return ours, top_up, asked_by, decided_by

        ours, top_up, asked_by, decided_by = await self.database.write(transaction)
        self.bells.notify.set()
        return Decision(top_up, ours, asked_by, decided_by)

    def _admit(self, user_id: int) -> None:
        self.top_ups.admit(user_id)
        if not self.top_ups.access.admins:
            raise NotFoundError("error-nobody-to-ask")

    def _admit_admin(self, user_id: int) -> None:
        self.top_ups.admit(user_id)
        if not self.top_ups.access.is_admin(user_id):
            raise NotFoundError("error-button-old")
