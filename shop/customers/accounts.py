"""People: who they are to the shop, and what they are greeted with."""

from dataclasses import dataclass
from datetime import datetime

from shop.access import Access, Billing
from shop.clock import Clock
from shop.customers.erasing import finish
from shop.errors import ShopError
from shop.promotions.invitations import bind
from shop.user_hash import pseudonym
from storage import Database
from storage.engine import Transaction
from storage.queries import ledger_keys, users
from storage.queries.ledger_keys import EntryKey
from storage.queries.wallet import Account, move
from storage.rows import User


@dataclass(frozen=True, slots=True)
class CurrentUser:
    """Somebody who writes to the bot, with their rights as of this moment."""

    id: int
    first_name: str
    language: str
    is_admin: bool
    may_shop: bool
    invited: bool = False  # has come just now, by somebody's invitation


@dataclass(frozen=True, slots=True)
class People:
    """`welcome_credit` in millionths, given once to everybody who may shop, where people pay
    themselves.
    """

    database: Database
    access: Access
    languages: frozenset[str]
    default_language: str
    clock: Clock
    welcome_credit: int = 0

    async def get_or_create(
        self,
        user_id: int,
        *,
        first_name: str,
        username: str | None,
        language_code: str | None,
        invite: str | None = None,
        known: User | None = None,
    ) -> CurrentUser:
        """Find the person, or make their acquaintance: they get their own language where we speak
        it.

        `known` is what was just read of them. `invite` is the code of the invitation that they come
        with; it counts for somebody new only. Whoever is being erased is somebody new when that has
        ended. Raises ShopError where it can't end yet.
        """
        invited = False
        # a process was killed while it erased them
        if known is not None and known.heir_id is not None:
            if not await finish(self.database, user_id):
                raise ShopError("error-erase-busy")
            known = None
        if known is None:
            known, invited = await self._welcome(
                user_id, first_name, username, language_code, invite
            )
        if (known.first_name, known.username) != (
            first_name,
            username,
        ) or known.gone_at is not None:
            await self.database.write(
                users.rename, user_id, first_name=first_name, username=username
            )
        return self._person(user_id, first_name, known.language, invited=invited)

    async def _welcome(
        self,
        user_id: int,
        first_name: str,
        username: str | None,
        code: str | None,
        invite: str | None,
    ) -> tuple[User, bool]:
        """Add the person, with their gift and who invited them; say whether somebody did."""
        spoken = (code or "").split("-")[0].lower()
        language = spoken if spoken in self.languages else self.default_language
        now = self.clock()

        def transaction(tx: Transaction) -> tuple[bool, User | None]:
            created = users.create(
                tx,
                user_id,
                first_name=first_name,
                username=username,
                language=language,
                now=now,
            )
            new = (
                created and self.access.billing is Billing.WALLET and self.access.may_shop(user_id)
            )
            invited = new and invite is not None and bind(tx, user_id, invite, now)
            if new and self.welcome_credit:
                move(
                    tx,
                    user_id=user_id,
                    source=Account.BONUS,
                    target=Account.WALLET,
                    now=now,
                    amount=self.welcome_credit,
                    key=gift_key(tx, user_id, now),
                    reason="welcome",
                )
            known = users.get(tx, user_id)
            return invited, known

        invited, known = await self.database.write(transaction)
        if known is None:
            raise RuntimeError("a user just written is not there")
        return known, invited

    def _person(
        self, user_id: int, first_name: str, language: str, *, invited: bool
    ) -> CurrentUser:
        return CurrentUser(
            id=user_id,
            first_name=first_name,
            language=language,
            is_admin=self.access.is_admin(user_id),
            may_shop=self.access.may_shop(user_id),
            invited=invited,
        )

    async def choose_language(self, user_id: int, language: str) -> bool:
        """Keep the person's choice; False for a language we don't speak."""
        if language not in self.languages:
            return False
        await self.database.write(users.set_language, user_id, language)
        return True

    async def gone(self, user_id: int) -> None:
        """Remember that the person can't be reached any more."""
        await self.database.write(users.set_gone, user_id, self.clock())

    async def language_of(self, user_id: int) -> str:
        known = await self.database.read(users.get, user_id)
        return known.language if known else self.default_language


def gift_key(tx: Transaction, user_id: int, now: datetime) -> EntryKey:
    """Return the ledger's key of somebody's welcome gift.

    It stays when they are erased, so it must not name them.
    """
    return ledger_keys.welcome(pseudonym(tx, user_id, now))
