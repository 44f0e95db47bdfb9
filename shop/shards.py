"""Which orders this process asks for: they are divided into shards, of which each process holds its share."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from zlib import crc32

from shop.leases import Leases
from storage.engine import Transaction

SHARDS = 16
_PREFIX = "sweep:"


def shard_of(order_id: int) -> int:
    return order_id % SHARDS


@dataclass(slots=True)
class Shards:
    leases: Leases
    _held: set[int] = field(default_factory=set)

    async def hold(self) -> tuple[set[int], set[int]]:
        """Hold this process's share: give the shards that it had before, and those that it has taken over now.

        What is too much is given up; what somebody else has too much of is theirs to give up.
        """
        had = {shard for shard in self._held if self.leases.sure(_name(shard))}
        share = -(-SHARDS // await self.leases.processes())
        taken: set[int] = set()
        if len(had) > share:
            given = sorted(had)[share:]
            await self.leases.release([_name(shard) for shard in given])
            had -= set(given)
        elif len(had) < share:
            taken = await self._take_up_to(share - len(had), without=had)
        self._held = had | taken
        return had, taken

    async def _take_up_to(self, most: int, *, without: set[int]) -> set[int]:
        others = await self.leases.of_others(_PREFIX)
        # Who starts at the same moment begins somewhere else.
        first = crc32(self.leases.owner.encode()) % SHARDS
        turns = [(first + step) % SHARDS for step in range(SHARDS)]
        free = [shard for shard in turns if shard not in without and _name(shard) not in others]
        taken = await self.leases.take(_name(shard) for shard in free[:most]) if free else set()
        return {shard for shard in free if _name(shard) in taken}

    def still_mine(self, tx: Transaction, order_ids: Iterable[int]) -> set[int]:
        """Give, in the transaction of a write, those of the orders whose shards this process still holds."""
        ids = set(order_ids)
        mine = self.leases.mine(tx, {_name(shard_of(order_id)) for order_id in ids})
        return {order_id for order_id in ids if _name(shard_of(order_id)) in mine}


def _name(shard: int) -> str:
    return f"{_PREFIX}{shard}"
