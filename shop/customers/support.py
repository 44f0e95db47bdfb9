"""What users write to the admins."""

from collections.abc import Collection
from dataclasses import dataclass

from shop.clock import Clock
from shop.errors import ShopError
from shop.limits import Allowance, Limited
from shop.outbox import notify_admins
from shop.outbox.payloads import SupportNotice
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction

LONGEST = 2_000
MESSAGES = Allowance(Limited.SUPPORT, each=5)  # of one person within an hour


@dataclass(frozen=True, slots=True)
class Support:
    """`contact` is where people can write besides, such as `@name`; empty for nowhere."""

    database: Database
    admins: Collection[int]
    contact: str
    bells: Wakeups
    clock: Clock

    async def write(self, user_id: int, name: str, text: str) -> None:
        """Pass a message on.

        Raises ShopError when somebody has written many within the last hour.
        """
        now = self.clock()

        def transaction(tx: Transaction) -> None:
            if not MESSAGES.left(tx, user_id, now):
                raise ShopError("error-support-later", most=MESSAGES.each)
            MESSAGES.use(tx, user_id, now)
            told = SupportNotice(user=user_id, name=name, text=text)
            notify_admins(tx, self.admins, told, now)

        await self.database.write(transaction)
        self.bells.notify.set()
