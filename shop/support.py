"""What users write to the admins."""

from collections.abc import Collection
from dataclasses import dataclass, field

from shop.bells import Bells
from shop.clock import Clock, utc_now
from shop.notices import Kind, tell_admins
from storage import Database

LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Support:
    """`contact` is where people can write besides, such as `@name`; empty for nowhere."""

    database: Database
    admins: Collection[int]
    contact: str = ""
    bells: Bells = field(default_factory=Bells)
    clock: Clock = utc_now

    async def write(self, user_id: int, name: str, text: str) -> None:
        async with self.database.write() as connection:
            await tell_admins(connection, self.admins, Kind.SUPPORT, self.clock(), user=user_id, name=name, text=text)
        self.bells.notify.set()
