"""Mass orders: from pasted lines to a table with prices, one Confirm, and what became of it all.

A worker turns the confirmed lines into orders; see shop.bulk.worker.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shop.access import Billing
from shop.bulk import parsing
from shop.bulk.parsing import CheckedLine, WrittenLine
from shop.catalogue.pricing import Quote
from shop.clock import Clock
from shop.errors import BadAnswerError, NotFoundError, TooLittleMoneyError
from shop.money import Money
from shop.ordering.overlaps import overlapping
from shop.ordering.placement import Ordering, quote_of
from shop.outbox import notify
from shop.outbox.payloads import MassDoneNotice
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.enums import DONE, MassState, OrderState
from storage.queries import bulk_orders, catalogue, wallet
from storage.queries.bulk_orders import Mass, MassLine, StateTally
from storage.queries.notices import begin as begin_notices
from storage.rows import ServiceRow

_LATEST = 3
_BAD_LINES = 10


@dataclass(frozen=True, slots=True)
class MassTable:
    """A page of a mass order's lines, and the totals of all of them; money in millionths.

    `repeats` has, by a line's number, the earlier line with the same service and link. `states` are
    of the lines that are orders. `changed`: prices are not what the table had shown, so nothing was
    ordered. `overlaps`: before Confirm, how many good lines have a link that an order is in work
    on.
    """

    mass: Mass
    lines: Sequence[MassLine]
    services: Mapping[int, ServiceRow]
    repeats: Mapping[int, int]
    states: Mapping[int, OrderState]
    page: int
    pages: int
    good: int
    bad: int
    total: int
    balance: int
    pays_from_wallet: bool
    changed: bool = False
    overlaps: int = 0


@dataclass(frozen=True, slots=True)
class MassProgress:
    """How far a confirmed mass order is: its orders by state, and the first lines with a
    problem.
    """

    mass: Mass
    waiting: int  # good lines that are no orders yet
    bad: int
    tallies: Sequence[StateTally]
    bad_lines: Sequence[MassLine]

    @property
    def placed(self) -> int:
        return sum(tally.orders for tally in self.tallies)

    @property
    def done(self) -> int:
        return sum(tally.orders for tally in self.tallies if tally.state in DONE)

    @property
    def spent(self) -> int:
        return sum(tally.price for tally in self.tallies)

    @property
    def refunded(self) -> int:
        return sum(tally.refunded for tally in self.tallies)

    def count(self, *states: OrderState) -> int:
        return sum(tally.orders for tally in self.tallies if tally.state in states)


def progress_of(tx: Transaction, found: Mass) -> MassProgress:
    bad, waiting = bulk_orders.line_counts(tx, found.id)
    shown = bulk_orders.bad_lines(tx, found.id, limit=_BAD_LINES) if bad else []
    return MassProgress(found, waiting, bad, bulk_orders.tally(tx, found.id), shown)


async def follow(
    database: Database, mass_id: int, notice_ids: Sequence[int], now: datetime
) -> MassProgress:
    """Look how far it is, for a live message that is about to be drawn; write the push when all has
    ended.
    """

    def transaction(tx: Transaction) -> None:
        begin_notices(tx, notice_ids)
        if bulk_orders.end(tx, mass_id, now):
            ended = progress_of(tx, known(tx, mass_id))
            told = MassDoneNotice(
                mass=mass_id,
                bad=ended.bad,
                spent=ended.spent,
                refunded=ended.refunded,
                orders={str(tally.state): tally.orders for tally in ended.tallies},
            )
            notify(tx, ended.mass.user_id, told, now)

    await database.write(transaction)
    return await database.read(lambda tx: progress_of(tx, known(tx, mass_id)))


def known(tx: Transaction, mass_id: int) -> Mass:
    """Return a mass order that a notice tells of."""
    found = bulk_orders.get(tx, mass_id)
    if found is None:
        raise RuntimeError(f"mass order {mass_id} is not there")
    return found


@dataclass(frozen=True, slots=True)
class MassOrders:
    """The customer's side. Lines are held against the same rules and prices as single orders."""

    database: Database
    ordering: Ordering
    bells: Wakeups
    clock: Clock

    async def latest(self, user_id: int) -> list[Mass]:
        """List the newest confirmed ones. Raises NotFoundError for strangers."""
        self.ordering.access.admit(user_id)
        return await self.database.read(bulk_orders.latest, user_id, limit=_LATEST)

    async def read(self, user_id: int, text: str) -> Mass:
        """Keep the lines of a text, each with its price or its problem.

        Raises BadAnswerError where there are none.
        """
        self.ordering.access.admit(user_id)
        written = parsing.read_lines(text)
        if len(written) > parsing.MOST_LINES:
            raise BadAnswerError("mass-too-many", got=len(written), most=parsing.MOST_LINES)
        if not any(line.cells for line in written):
            raise BadAnswerError("mass-nothing")

        def transaction(tx: Transaction) -> Mass:
            services = catalogue.by_provider_ids(
                tx, {line.service for line in written if line.cells}
            )
            rows = [self._row(line, services) for line in written]
            mass_id = bulk_orders.create(tx, user_id, rows, self.clock())
            return self._found(tx, user_id, mass_id)

        return await self.database.write(transaction)

    async def page(
        self, user_id: int, mass_id: int, *, page: int, size: int
    ) -> MassTable | MassProgress:
        """Return a page of one of theirs; of a confirmed one the progress stands before its table's
        pages.

        Raises NotFoundError for somebody else's, and for one that was thrown away.
        """
        self.ordering.access.admit(user_id)

        def transaction(tx: Transaction) -> MassTable | MassProgress:
            found = self._found(tx, user_id, mass_id)
            if found.state is MassState.DRAFT:
                return self._table(tx, found, page=page, size=size)
            return (
                self._table(tx, found, page=page - 1, size=size) if page else progress_of(tx, found)
            )

        return await self.database.read(transaction)

    async def table(
        self, user_id: int, mass_id: int, *, page: int, size: int, changed: bool = False
    ) -> MassTable:
        self.ordering.access.admit(user_id)
        return await self.database.read(
            lambda tx: self._table(
                tx, self._found(tx, user_id, mass_id), page=page, size=size, changed=changed
            )
        )

    def _table(
        self, tx: Transaction, found: Mass, *, page: int, size: int, changed: bool = False
    ) -> MassTable:
        lines = bulk_orders.lines(tx, found.id)
        pages = -(-len(lines) // size)
        number = min(page, pages - 1)
        shown = lines[number * size : (number + 1) * size]
        services = catalogue.several(
            tx, sorted({line.service_id for line in shown if line.service_id is not None})
        )
        good = [line for line in lines if line.problem is None]
        return MassTable(
            mass=found,
            lines=shown,
            services={service.id: service for service in services},
            repeats=_repeats(lines),
            states=bulk_orders.states_of(
                tx, [line.order_id for line in shown if line.order_id is not None]
            ),
            page=number,
            pages=pages,
            good=len(good),
            bad=len(lines) - len(good),
            total=sum(line.price or 0 for line in good),
            balance=wallet.balance(tx, found.user_id),
            pays_from_wallet=self._pays_from_wallet,
            changed=changed,
            overlaps=_overlaps(tx, good) if found.state is MassState.DRAFT else 0,
        )

    async def progress(self, user_id: int, mass_id: int) -> MassProgress:
        self.ordering.access.admit(user_id)
        return await self.database.read(
            lambda tx: progress_of(tx, self._found(tx, user_id, mass_id))
        )

    async def confirm(self, user_id: int, mass_id: int, *, message_id: int | None) -> int | None:
        """Have the good lines placed, once: a second Confirm finds it done and gives None too.

        Where prices or limits are no longer what the table showed, nothing is ordered: the lines
        get what is true now, and the place (from 0) of the first such line is given. Raises
        TooLittleMoneyError when the wallet has too little. `message_id` is the message that will
        show the progress.
        """
        self.ordering.access.admit(user_id)

        def transaction(tx: Transaction) -> int | None:
            bulk_orders.lock(tx, mass_id)
            found = self._found(tx, user_id, mass_id)
            if found.state is not MassState.DRAFT:
                return None
            lines = bulk_orders.lines(tx, mass_id)
            changed = self._check_again(tx, lines)
            if changed is not None:
                return changed
            self._check_money(tx, user_id, lines)
            bulk_orders.move(
                tx,
                mass_id,
                MassState.DRAFT,
                MassState.PLACING,
                confirmed_at=self.clock(),
                message_id=message_id,
            )
            return None

        changed = await self.database.write(transaction)
        self.bells.place.set()
        return changed

    async def cancel(self, user_id: int, mass_id: int) -> bool:
        """Throw the lines away; False when they are confirmed already."""
        self.ordering.access.admit(user_id)

        def transaction(tx: Transaction) -> bool:
            self._found(tx, user_id, mass_id)
            return bulk_orders.move(tx, mass_id, MassState.DRAFT, MassState.CANCELED)

        return await self.database.write(transaction)

    def _check_again(self, tx: Transaction, lines: Sequence[MassLine]) -> int | None:
        """Hold the good lines against the catalogue of now; write what differs and give the first
        one's place.
        """
        good = [(place, line) for place, line in enumerate(lines) if line.problem is None]
        if not good:
            raise BadAnswerError("mass-none-good")
        ids = sorted({line.service_id for _, line in good if line.service_id is not None})
        services = {service.id: service for service in catalogue.several(tx, ids)}
        rows, first = [], None
        for place, line in good:
            service = services.get(line.service_id or 0)
            now = parsing.check_again(
                service, line.fields, self.ordering.assortment, self.ordering.prices
            )
            agreed = self._agreed(service, now)
            holds = not (line.agreed and agreed) or Quote(**line.agreed).holds(Quote(**agreed))
            if holds and (now.price, now.quantity) == (line.price, line.quantity):
                continue
            first = place if first is None else first
            row = {
                "line_id": line.id,
                "quantity": now.quantity,
                "price": now.price,
                "problem": now.problem,
            }
            rows.append(
                row | {"was": line.price if now.problem is None else None, "agreed": agreed}
            )
        bulk_orders.reprice(tx, rows)
        return first

    def _check_money(self, tx: Transaction, user_id: int, lines: Sequence[MassLine]) -> None:
        total = sum(line.price or 0 for line in lines if line.problem is None)
        balance = wallet.balance(tx, user_id)
        if self._pays_from_wallet and balance < total:
            missing = Money(total - balance, self.ordering.currency())
            raise TooLittleMoneyError("error-too-little-money", missing=missing)

    def _found(self, tx: Transaction, user_id: int, mass_id: int) -> Mass:
        found = bulk_orders.get(tx, mass_id, user_id)
        if found is None or found.state is MassState.CANCELED:
            raise NotFoundError("error-mass-gone")
        return found

    def _row(self, line: WrittenLine, services: Mapping[str, ServiceRow]) -> dict[str, Any]:
        checked: CheckedLine = parsing.check(
            line, services, self.ordering.assortment, self.ordering.prices
        )
        service = next((one for one in services.values() if one.id == checked.service_id), None)
        return {
            "number": line.number,
            "text": line.text,
            "service_id": checked.service_id,
            "fields": checked.fields,
            "quantity": checked.quantity,
            "price": checked.price,
            "problem": checked.problem,
            "agreed": self._agreed(service, checked),
        }

    def _agreed(self, service: ServiceRow | None, line: CheckedLine) -> dict[str, Any] | None:
        """Return what a good line's Confirm is held to; None for a line with a problem."""
        if service is None or line.price is None or line.problem is not None:
            return None
        return quote_of(service, line.price, self.ordering.currency()).as_json()

    @property
    def _pays_from_wallet(self) -> bool:
        return self.ordering.access.billing is Billing.WALLET


def _overlaps(tx: Transaction, lines: Sequence[MassLine]) -> int:
    links = [str(line.fields.get("link")) for line in lines]
    running = overlapping(tx, set(links))
    return sum(link in running for link in links)


def _repeats(lines: Sequence[MassLine]) -> dict[int, int]:
    """Find lines with the service and the link of an earlier one: number -> the earlier one's
    number.
    """
    first: dict[tuple[int | None, str], int] = {}
    repeats = {}
    for line in lines:
        if line.problem is not None:
            continue
        earlier = first.setdefault((line.service_id, str(line.fields.get("link"))), line.number)
        if earlier != line.number:
            repeats[line.number] = earlier
    return repeats
