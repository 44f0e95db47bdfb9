"""Small facts that outlive a restart: the provider's currency, the last catalogue's size, alerts
given.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NewType

from sqlalchemy import delete, or_, select

from storage.engine import Transaction, built_once, insert_into
from storage.schema.messages import facts

# The name of a fact about something, as Fact.of makes it.
FactName = NewType("FactName", str)


class Fact(StrEnum):
    """What is remembered. The values are stored, and never change."""

    # whom these books are of
    OWN_BOT = "bot"
    PROVIDER_ACCOUNT = "provider-account"
    RESTORED = "restored"  # when the copy was made that these books are from
    CURRENCIES = "currencies"  # the shop's and the provider's
    CURRENCY_DIFFERS = "currency-differs"  # as long as nothing is sold
    CURRENCY_SAME = "currency-same"  # names that an admin has said to be the provider's mistakes
    # sending
    BRAKE = "sending-brake"
    CLOSED_IN_A_ROW = "closed-in-a-row"  # how often the brake was, since an order was taken
    REFUSED_IN_A_ROW = "refused-in-a-row"
    REFUSAL_KNOWN = "refusal-known"  # of a hash of the words: an admin says that they end an order
    PAUSED = "sending-paused"  # of the provider account
    FUNDS_REFUSED = "funds-refused"
    FUNDS_KNOWN = "funds-known"
    # what the provider has said
    BALANCE = "provider-balance"
    BALANCES = "provider-balances"  # the last readings
    BALANCE_REQUEST = "balance-request"  # of the admin who asked
    CATALOGUE_SHORT = "catalogue"  # the size of an answer that was too short
    CATALOGUE_FLAWS = "catalogue-flaws"  # the digest of what could not be read last time
    SYNC_REQUEST = "sync-request"  # of the admin who asked
    REFILLS_LOOKED = "refills-looked"
    NUMBERS_ANEW = "numbers-anew"  # of the provider account
    # orders without a definite answer
    FINDING = "finding"  # of the order: what was asked for it already
    FOUND = "found"  # of the order: it is being attached, and the admins are to be told
    CHECK = "check"  # of the admin and the order: what the provider is to be asked
    # customers
    SALT = "gift-salt"
    INVITATIONS = "invitations"  # their terms
    INVITED = "invited"  # of a person's hash
    COUPONS = "coupons"  # whether they are used
    # the program itself
    STARS = "stars"  # of the bot: how far Telegram's statement was read; without one, from before
    STARS_STATED = "stars-stated"  # for which bot it was read, and until when as a time
    AUDIT = "audit"  # when it was done last
    ALERT = "alert"  # of the kind, and of a hash of what it is about
    PRUNED_DRAFTS = "pruned-drafts"  # {"id": up to which drafts were looked at}
    PRUNED_ORDERS = "pruned-orders"  # {state: [when the last looked at had changed, its number]}
    READY = "ready"  # when a process last wrote to find out

    def of(self, *about: object) -> FactName:
        """Return the name of the fact about these."""
        return FactName(":".join(map(str, (self, *about))))

    def prefix(self, *about: object) -> str:
        """Return how the names begin of all facts about these and something more."""
        return f"{self.of(*about)}:"


Name = Fact | FactName

_BY_NAME = built_once(lambda name: select(facts.c.value, facts.c.at).where(facts.c.name == name))


def get(tx: Transaction, name: Name) -> tuple[dict[str, Any], datetime] | None:
    """Return the fact and when it was written, or None."""
    row = tx.execute(*_BY_NAME(name)).first()
    return None if row is None else (row.value, row.at)


def hold(tx: Transaction, name: Name, *, wait: bool = True) -> bool:
    """Have whoever else asks this wait for the end of the transaction, if there is the fact.

    On SQLite all do.

    False where there is none, or where somebody else holds it and this is not to `wait`.
    """
    held = select(facts.c.name).where(facts.c.name == name).with_for_update(skip_locked=not wait)
    return tx.scalar(held) is not None


def several(tx: Transaction, names: Collection[FactName]) -> dict[FactName, dict[str, Any]]:
    """Return those of these facts that there are."""
    found = tx.execute(select(facts.c.name, facts.c.value).where(facts.c.name.in_(names)))
    return {row.name: row.value for row in found}


def starting_with(tx: Transaction, fact: Fact, *about: object) -> dict[str, dict[str, Any]]:
    """Return all facts of this name, about these where some are named, by the rest of their names;
    the oldest first.
    """
    prefix = fact.prefix(*about)
    found = tx.execute(
        select(facts.c.name, facts.c.value)
        .where(facts.c.name.startswith(prefix, autoescape=True))
        .order_by(facts.c.at, facts.c.name),
    )
    return {str(row.name).removeprefix(prefix): row.value for row in found}


def named_user(value: Mapping[str, Any] | None) -> int | None:
    """Return the person whom a value names as its `user`, by a number or one that is written as
    text.
    """
    named = str((value or {}).get("user", ""))
    return int(named) if named.removeprefix("-").isdecimal() else None


def put(tx: Transaction, name: Name, value: Mapping[str, Any], now: datetime) -> None:
    values = {"value": dict(value), "at": now, "about_user_id": named_user(value)}
    statement = insert_into(tx, facts).values(name=name, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def touch(tx: Transaction, name: Name, now: datetime, *, older_than: float) -> bool:
    """Write `now` as the time of a fact without a value; False, and no write, where that is newer
    than `older_than` seconds.

    A time that lies ahead is no reason to wait for it.
    """
    stale = or_(facts.c.at <= now - timedelta(seconds=older_than), facts.c.at > now)
    statement = insert_into(tx, facts).values(name=name, value={}, at=now)
    result = tx.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_={"at": now}, where=stale),
    )
    return result.rowcount == 1


def setdefault(tx: Transaction, name: Name, value: Mapping[str, Any], now: datetime) -> bool:
    """Write the fact unless it stands already; True for the one who wrote it."""
    about = named_user(value)
    statement = insert_into(tx, facts).values(
        name=name, value=dict(value), at=now, about_user_id=about
    )
    result = tx.execute(statement.on_conflict_do_nothing(index_elements=["name"]))
    return result.rowcount == 1


def remove(tx: Transaction, name: Name, *, written_before: datetime | None = None) -> bool:
    statement = delete(facts).where(facts.c.name == name)
    if written_before is not None:
        statement = statement.where(facts.c.at < written_before)
    return tx.execute(statement).rowcount == 1


def pop_prefix(tx: Transaction, fact: Fact, *about: object) -> list[str]:
    """Remove all facts of this name, about these where some are named; return the rest of their
    names.
    """
    prefix = fact.prefix(*about)
    begun = facts.c.name.startswith(prefix, autoescape=True)
    found = tx.execute(delete(facts).where(begun).returning(facts.c.name))
    return sorted(str(row.name).removeprefix(prefix) for row in found)
