"""The catalogue: browsing it, and following the provider's."""

import asyncio
import logging
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from panel import Flaw, Flaws, PanelClient, PanelError, Priority
from panel import Service as ListedService
from shop import outbox
from shop.catalogue.foreign_rates import set_apart
from shop.catalogue.markup import without_tags
from shop.catalogue.service_holds import JUMP, Held, judged, notify_of_jumps
from shop.catalogue.service_types import LONGEST_LABEL, notify_of_unknown, type_of
from shop.clock import Clock
from shop.outbox import Kind
from shop.outbox.payloads import (
    LeftOutNotice,
    Payload,
    ShortCatalogueNotice,
    SyncedNotice,
    SyncFailedNotice,
    UnreadEntry,
)
from shop.parsing import visible
from shop.wakeups import Wakeups
from storage import Database
from storage.engine import Transaction
from storage.queries import catalogue, facts, type_mappings
from storage.queries.facts import Fact
from storage.rows import ServiceRow
from storage.schema.base import LONGEST_ID

log = logging.getLogger(__name__)

_RATE_DIGITS = 12
_LARGEST = 2**53  # of a quantity; some write "no limit" as a number
_MOST_OF_A_NAME, _MOST_OF_A_DESCRIPTION = 4_096, 20_000  # characters that are read, markup included
_CLEANED_AT_ONCE = 50  # services whose texts are cleaned before the event loop gets its turn
_SLICE = 500  # rows prepared before the event loop gets its turn


def clean_name(text: str) -> str:
    """Make a name readable: no markup, no ornamental alphabets, one line.

    At most 256 characters.
    """
    plain = unicodedata.normalize("NFKC", visible(without_tags(text[:_MOST_OF_A_NAME])))
    return " ".join(plain.split())[:256].rstrip()


def clean_description(text: str) -> str:
    """Make a description readable: its lines stay, markup goes. At most 3,000 characters."""
    plain = visible(without_tags(text[:_MOST_OF_A_DESCRIPTION].replace("\r\n", "\n")))
    lines = [" ".join(line.split()) for line in plain.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:3_000].rstrip()


@dataclass(frozen=True, slots=True)
class Synced:
    """What a look at the provider's catalogue brought."""

    listed: int
    added: int = 0
    changed: int = 0
    hidden: int = 0
    short: bool = False
    flaws: Flaws = field(default_factory=Flaws)


@dataclass(slots=True)
class Synchroniser:
    """Follows the provider's catalogue. A short or empty answer never empties the shop.

    A rate that changes by more than the factor `jump` in one look is held (service_holds).
    `currencies` gives the names of the account's currency, none while nobody knows it: what has a
    rate in another is hidden at once.
    """

    database: Database
    panel: PanelClient
    admins: Collection[int]
    bells: Wakeups
    clock: Clock
    jump: Decimal = JUMP
    currencies: Callable[[], Collection[str]] = tuple

    async def request(self, admin_id: int) -> None:
        """Ask for a look now, on behalf of an admin who is told of the result."""
        await self.database.write(facts.put, Fact.SYNC_REQUEST.of(admin_id), {}, self.clock())
        self.bells.sync.set()

    async def asked(self) -> bool:
        """Return whether an admin waits for an answer."""
        return bool(await self.database.read(facts.starting_with, Fact.SYNC_REQUEST))

    async def sync(self) -> Synced | None:
        """Fetch and compare; None when the provider gave no catalogue.

        Tells the admin who asked, if any.
        """
        try:
            listed = await self.panel.services(
                priority=Priority.PERSON if await self.asked() else Priority.SWEEP
            )
        except PanelError as error:
            log.warning("no catalogue this time: %s", error)
            await self._answer(SyncFailedNotice(text=str(error)))
            return None
        found = await self.store(listed, listed.flaws)
        log.info("catalogue: %s", found)
        is_whole = not found.flaws.counts
        await self._answer(
            SyncedNotice(
                listed=found.listed,
                added=found.added,
                changed=found.changed,
                hidden=found.hidden,
                left_out=None if is_whole else found.flaws.left_out,
                limits=None if is_whole else found.flaws.counts.get(Flaw.LIMIT, 0),
                lines=_unread(found.flaws),
            )
        )
        return found

    async def store(self, listed: Sequence[ListedService], flaws: Flaws | None = None) -> Synced:
        """Write what differs from what we know, in one transaction.

        `flaws`: what of the answer could not be read.
        """
        now, apart = self.clock(), set_apart(listed, flaws or Flaws(), self.currencies())
        listed, flaws = apart.listed, apart.flaws
        cleaned = await _cleaned(listed)

        def transaction(tx: Transaction) -> tuple[Synced, bool]:
            known = catalogue.everything(tx)
            mappings = type_mappings.everything(tx)
            names = list(dict.fromkeys(one.category for one in cleaned))
            category_ids = catalogue.name_categories(tx, names)
            diff = _compare(cleaned, known, category_ids, mappings, now, self.jump)
            for start in range(0, len(diff.added), _SLICE):
                catalogue.add_services(tx, diff.added[start : start + _SLICE])
            for start in range(0, len(diff.changed), _SLICE):
                catalogue.change_services(tx, diff.changed[start : start + _SLICE])
            catalogue.note_changes(tx, diff.notes)
            told = notify_of_unknown(tx, self.admins, listed, mappings, now)
            told |= notify_of_jumps(tx, diff.held, self.admins, now)
            there = {key: service.id for key, service in known.items() if service.hidden_at is None}
            missing = {key: service_id for key, service_id in there.items() if key not in diff.seen}
            foreign = [service_id for key, service_id in missing.items() if key in apart.foreign]
            catalogue.hide(tx, foreign, now)
            gone = [service_id for key, service_id in missing.items() if key not in apart.foreign]
            if not gone:
                self._whole(tx)
            short = bool(gone) and not self._plausible(
                tx, len(diff.seen) + len(apart.foreign), flaws, now
            )
            if gone and not short:
                catalogue.hide(tx, gone, now)
            told = self._note_flaws(tx, flaws, now) or bool(told)
            hidden = len(foreign) + (0 if short else len(gone))
            return Synced(
                len(diff.seen), len(diff.added), diff.services_changed, hidden, short, flaws
            ), short or told

        synced, news = await self.database.write(transaction)
        if news:
            self.bells.notify.set()
        return synced

    def _plausible(self, tx: Transaction, size: int, flaws: Flaws, now: datetime) -> bool:
        """Believe an answer with at least half of the last size, or the second short one in a row.

        Never an empty one, nor one of which at least half can't be read, as when a provider writes
        its rates in a new way: it says nothing of what is not sold any more.
        """
        visible_now = catalogue.visible_count(tx)
        # those have been
        read = flaws.counts.get(Flaw.REPEATED, 0) + flaws.counts.get(Flaw.CURRENCY, 0)
        left_out = flaws.left_out - read
        unread = bool(left_out) and left_out >= size
        if not unread and (
            size * 2 >= visible_now or (size and facts.get(tx, Fact.CATALOGUE_SHORT) is not None)
        ):
            self._whole(tx)
            return True
        if size and not unread:
            facts.put(tx, Fact.CATALOGUE_SHORT, {"short": size}, now)
        told = ShortCatalogueNotice(listed=size, known=visible_now, left_out=left_out)
        outbox.alert_once(tx, self.admins, told, now)
        return False

    def _note_flaws(self, tx: Transaction, flaws: Flaws, now: datetime) -> bool:
        """Tell the admins what can't be read, when it is not what it was; True if they are told.

        Who has asked for this look reads it in the answer.
        """
        known = facts.get(tx, Fact.CATALOGUE_FLAWS)
        if flaws.digest == (known[0]["digest"] if known else ""):
            return False
        if not flaws.digest:
            facts.remove(tx, Fact.CATALOGUE_FLAWS)
            return False
        facts.put(tx, Fact.CATALOGUE_FLAWS, {"digest": flaws.digest}, now)
        asked = facts.starting_with(tx, Fact.SYNC_REQUEST)
        others = [admin for admin in self.admins if str(admin) not in asked]
        told = LeftOutNotice(
            left_out=flaws.left_out, limits=flaws.counts.get(Flaw.LIMIT, 0), lines=_unread(flaws)
        )
        outbox.notify_admins(tx, others, told, now)
        return True

    def _whole(self, tx: Transaction) -> None:
        """Note that an answer was whole: the next short one is a first one again."""
        facts.remove(tx, Fact.CATALOGUE_SHORT)
        outbox.clear_alert(tx, Kind.SHORT_CATALOGUE)

    async def _answer(self, told: Payload) -> None:
        now = self.clock()

        def transaction(tx: Transaction) -> None:
            asked = facts.pop_prefix(tx, Fact.SYNC_REQUEST)
            outbox.notify_admins(tx, [int(admin) for admin in asked], told, now)

        await self.database.write(transaction)
        self.bells.notify.set()


def _unread(flaws: Flaws) -> tuple[UnreadEntry, ...]:
    """Return the first few entries that can't be read, for a notice."""
    return tuple(
        UnreadEntry(flaw=str(one.flaw), id=one.id, name=clean_name(one.name), said=one.said)
        for one in flaws.first
    )


@dataclass(frozen=True, slots=True)
class _Cleaned:
    """A service, and its texts as they are kept."""

    service: ListedService
    category: str
    name: str
    description: str


async def _cleaned(listed: Sequence[ListedService]) -> list[_Cleaned]:
    """Clean all texts, a few at a time: in the transaction that would hold up PostgreSQL's loop for
    all of them.
    """
    found: list[_Cleaned] = []
    for number, service in enumerate(listed):
        if number % _CLEANED_AT_ONCE == 0:
            await asyncio.sleep(0)
        category = clean_name(service.category) or "—"
        found.append(
            _Cleaned(
                service, category, clean_name(service.name), clean_description(service.description)
            )
        )
    return found


@dataclass(slots=True)
class _Diff:
    seen: set[str] = field(default_factory=set)
    added: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)

    @property
    def services_changed(self) -> int:
        """Count the services that differ in what a customer sees; a new place in the list is none
        of it.
        """
        return len({note["service_id"] for note in self.notes})


def _compare(
    listed: Sequence[_Cleaned],
    known: Mapping[str, ServiceRow],
    category_ids: Mapping[str, int],
    mappings: Mapping[str, str],
    now: datetime,
    jump: Decimal,
) -> _Diff:
    diff, last = _Diff(), -1
    for one in listed:
        service = one.service
        if service.id in diff.seen or len(service.id) > LONGEST_ID:
            continue
        diff.seen.add(service.id)
        columns = _columns(one, category_ids[one.category], type_of(service, mappings))
        mine = known.get(service.id)
        # Positions only have to rise: what goes away leaves a gap, and the rest stays unwritten.
        last = mine.position if mine is not None and mine.position > last else last + 1
        if mine is None:
            row = {
                "provider_id": service.id,
                "position": last,
                "first_seen_at": now,
                "changed_at": now,
            }
            diff.added.append(columns | row)
            continue
        held = judged(mine, columns["rate"], sold=columns["sold"], factor=jump, now=now)
        if held["held_rate"] is not None and held["held_rate"] != mine.held_rate:
            diff.held.append(Held(mine.id, mine.name, mine.rate, held["held_rate"]))
        columns["rate"] = held.pop("rate")
        notes = _notes(mine, columns, now)
        is_news = any(getattr(mine, name) != value for name, value in held.items())
        if notes or is_news or mine.hidden_at is not None or mine.position != last:
            row = {"service_id": mine.id, "position": last, "changed_at": now, "hidden_at": None}
            diff.changed.append(columns | held | row)
        diff.notes += notes
    return diff


def _notes(mine: ServiceRow, columns: Mapping[str, Any], now: datetime) -> list[dict[str, Any]]:
    """Return what changed of a service; a return to the shop is a change too."""
    changes = {
        name: (getattr(mine, name), value)
        for name, value in columns.items()
        if getattr(mine, name) != value
    }
    if mine.hidden_at is not None:
        changes["hidden_at"] = (mine.hidden_at, "")
    return [
        {"service_id": mine.id, "field": name, "old": str(old), "new": str(new), "at": now}
        for name, (old, new) in changes.items()
    ]


def _columns(cleaned: _Cleaned, category_id: int, type_key: str | None) -> dict[str, Any]:
    service, name = cleaned.service, cleaned.name
    return {
        "category_id": category_id,
        "name": name or f"#{service.id}",
        "description": cleaned.description,
        "type_label": service.type_label[:LONGEST_LABEL],
        "type": type_key,
        "rate": round(service.rate, _RATE_DIGITS),
        "min": min(max(service.min, 0), _LARGEST),
        "max": min(max(service.max, 0), _LARGEST),
        "refill": service.refill,
        "cancel": service.cancel,
        "dripfeed": service.dripfeed,
        "sold": service.sold and bool(name),
    }
