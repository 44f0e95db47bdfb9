"""What an admin finds out about an unknown order: it exists at the provider, or it does not."""

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy.exc import IntegrityError

from shop import notices
from shop.bells import Bells
from shop.clock import Clock, utc_now
from shop.errors import BadAnswerError, NotFoundError
from shop.submitting import end_rejected, move_held
from storage import Database, orders
from storage.engine import Connection
from storage.rows import Order
from storage.states import OrderState
from storage.tables import LONGEST_ID
from storage.wallet import Account


@dataclass(frozen=True, slots=True)
class Verdict:
    """The order as it is now. `ours`: this very verdict settled it; otherwise it was settled before."""

    order: Order
    ours: bool


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Whoever is first settles the order; who comes after changes nothing. Raises NotFoundError for who is no admin."""

    database: Database
    admins: Collection[int]
    bells: Bells = field(default_factory=Bells)
    clock: Clock = utc_now

    async def it_exists(self, order_id: int, provider_order_id: str, actor: int | None) -> Verdict:
        """Let an unknown order go on under the provider's id; without an actor it was found by itself.

        Raises BadAnswerError when another order has this id, or when it is none.
        """
        self._admit(actor)
        if not 0 < len(provider_order_id) <= LONGEST_ID:
            raise BadAnswerError("error-provider-id")
        try:
            async with self.database.write() as connection:
                verdict = await self._attach(connection, order_id, provider_order_id, actor)
        except IntegrityError:  # another order got it in this very moment
            raise BadAnswerError("error-provider-id-taken") from None
        self.bells.notify.set()
        return verdict

    async def _attach(
        self, connection: Connection, order_id: int, provider_order_id: str, actor: int | None
    ) -> Verdict:
        order, now = await _order(connection, order_id), self.clock()
        if await orders.owner_of(connection, provider_order_id) not in {None, order_id}:
            raise BadAnswerError("error-provider-id-taken")
        ours = await orders.move(
            connection, order_id, OrderState.PENDING, now=now, only_from=OrderState.UNKNOWN,
            provider_order_id=provider_order_id, waiting="", failure="",
            look_at=None, note=f"found as {provider_order_id} " + ("by itself" if actor is None else f"by {actor}"),
        )  # fmt: skip
        if ours:
            await move_held(connection, order, Account.SALES, now)
            await notices.tell_owner(connection, order, OrderState.PENDING, now)
        return Verdict(await _order(connection, order_id), ours)

    async def it_does_not(self, order_id: int, actor: int) -> Verdict:
        """End an unknown order and give its money back."""
        self._admit(actor)
        async with self.database.write() as connection:
            order = await _order(connection, order_id)
            ours = await end_rejected(
                connection, order, self.clock(), only_from=OrderState.UNKNOWN, waiting="", failure=order.failure,
                note=f"found by {actor} not to exist",
            )  # fmt: skip
            verdict = Verdict(await _order(connection, order_id), ours)
        self.bells.notify.set()
        return verdict

    def _admit(self, actor: int | None) -> None:
        if actor is not None and actor not in self.admins:
            raise NotFoundError("error-button-old")


async def _order(connection: Connection, order_id: int) -> Order:
    order = await orders.get(connection, order_id)
    if order is None:
        raise NotFoundError("error-order-gone")
    return order
