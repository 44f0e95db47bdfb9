"""What admins see and say of orders that are not sent because the brake is closed."""

from collections.abc import Collection
from dataclasses import dataclass

from shop.clock import Clock
from shop.errors import NotFoundError
from shop.provider import brake
from shop.wakeups import Wakeups
from storage import Database


@dataclass(frozen=True, slots=True)
class Sending:
    """Raises NotFoundError for who is no admin."""

    database: Database
    admins: Collection[int]
    bells: Wakeups
    clock: Clock

    async def go_on(self, actor: int, asked: int) -> bool:
        """Send all that waits for an answer to this question; False where it does not wait any
        more.
        """
        if actor not in self.admins:
            raise NotFoundError("error-button-old")
        released = await self.database.write(brake.let_go, self.clock(), self.admins, asked=asked)
        self.bells.notify.set()
        self.bells.submit.set()
        return released
