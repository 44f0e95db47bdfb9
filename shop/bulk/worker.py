"""From the confirmed lines of a mass order to queued orders, a few in each transaction.

A line's order, its money and the line's own mark move in one transaction: whoever is killed in
between, the next one goes on with the line after.
"""

import logging
from dataclasses import dataclass

from shop import outbox
from shop.bulk import parsing
from shop.clock import Clock
from shop.errors import ShopError
from shop.ordering.placement import Ordering
from shop.provider.currencies import is_stopped
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.enums import MassState
from storage.queries import bulk_orders
from storage.queries.bulk_orders import Mass, MassLine

log = logging.getLogger(__name__)

CHUNK = 20  # lines; SQLite has one writer, and somebody else wants to order meanwhile


@dataclass(frozen=True, slots=True)
class MassPlacer:
    """Several may run at once: a mass order belongs to one transaction at a time."""

    database: Database
    ordering: Ordering
    bells: Wakeups
    clock: Clock

    async def step(self) -> bool:
        """Place some lines of each mass order that has any; True when there may be more."""
        waiting = await self.database.read(
            lambda tx: [] if is_stopped(tx) else bulk_orders.being_placed(tx)
        )
        more = False
        for mass_id in waiting:
            try:
                more |= await self._some_lines(mass_id)
            except Exception:  # the others are not to wait for it
                log.exception("lines of mass order %s could not be placed this time", mass_id)
        return more

    async def _some_lines(self, mass_id: int) -> bool:
        def transaction(tx: Transaction) -> bool:
            found = bulk_orders.take(tx, mass_id)
            if found is None:
                return False
            lines = bulk_orders.to_place(tx, mass_id, limit=CHUNK)
            for line in lines:
                self._place(tx, found, line)
            if len(lines) < CHUNK:
                bulk_orders.move(
                    tx,
                    mass_id,
                    MassState.PLACING,
                    MassState.PLACED,
                    placed_at=self.clock(),
                )
            outbox.notify_bulk_order(tx, found.user_id, mass_id, self.clock())
            return len(lines) == CHUNK

        more = await self.database.write(transaction)
        self.bells.submit.set()
        self.bells.notify.set()
        return more

    def _place(self, tx: Transaction, found: Mass, line: MassLine) -> None:
        """Make the line an order, or note why it can't be one any more."""
        if line.service_id is None or line.price is None:
            raise RuntimeError(f"line {line.id} is good and has no service or price")
        try:
            with tx.begin_nested():  # an order that can't be paid is taken back, the others stay
                order = self.ordering.place_line(
                    tx,
                    found.user_id,
                    line.service_id,
                    line.fields,
                    price=line.price,
                    mass_id=found.id,
                    agreed=line.agreed,
                )
                if not bulk_orders.note_order(tx, line.id, order.id):
                    raise RuntimeError(f"line {line.id} is an order already")
        except ShopError as error:
            bulk_orders.note_problem(tx, line.id, parsing.as_problem(error))
