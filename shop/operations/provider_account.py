"""Which account at the provider orders belong to: what was agreed with one is never sent to
another, nor asked of it.

An account is told from others by its endpoint and its key. Only a hash of them is kept.
"""

import hashlib
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from shop import outbox
from shop.aftercare.results import notify
from shop.orders.eligibility import Rules
from shop.outbox.payloads import AccountChangedNotice
from storage import Database
from storage.engine import Transaction
from storage.enums import REQUEST_OPEN, RequestState
from storage.queries import accounts, facts, requests
from storage.queries.facts import Fact

log = logging.getLogger(__name__)

_NOTE = "the provider account has changed: the answer can't be asked for any more"


class Changed(StrEnum):
    """What the operator says of another account than the one before."""

    NOTHING = ""
    FOLLOW = "follow"  # the same account, under a new address or key: everything goes on there
    NEW = "new"  # another account: what is open at the old one is not tracked any more


class AccountChangedError(Exception):
    """Orders are open at another account than that of the settings; the text is a sentence for the
    operator.
    """


@dataclass(frozen=True, slots=True)
class Settled:
    """`left`: how many orders stay behind at the account before; 0 where that is none, or was
    followed.
    """

    left: int = 0
    followed: int = 0


def fingerprint(url: str, key: str) -> str:
    """Tell an account from others: 32 hexadecimal digits of a hash of its endpoint and key.

    A query changes nothing: a key is one account's, whatever else an endpoint is asked with.
    """
    parts = urlsplit(url.strip())
    endpoint = f"{parts.scheme.lower()}://{parts.netloc.lower()}{parts.path.rstrip('/')}?"
    return hashlib.sha256(f"{endpoint}\n{key.strip()}".encode()).hexdigest()[:32]


async def settle(
    database: Database,
    account: str,
    changed: Changed,
    *,
    admins: Collection[int],
    rules: Rules,
    now: datetime,
) -> Settled:
    """Compare with the account before, at a start.

    Orders from before there were accounts are this one's.

    Raises AccountChangedError, and writes nothing, where orders are open at another account and
    nobody has said what is to become of them.
    """

    def transaction(tx: Transaction) -> Settled:
        known = accounts.current(tx)
        before = "" if known is None else known[0]
        if known is None:
            accounts.follow(tx, "", account)
        settled = Settled()
        if known is not None and before != account:
            settled = _change(tx, before, account, changed, admins, rules, now)
        if before != account:
            facts.put(tx, Fact.PROVIDER_ACCOUNT, {"account": account}, now)
        return settled

    return await database.write(transaction)


def _change(
    tx: Transaction,
    before: str,
    account: str,
    changed: Changed,
    admins: Collection[int],
    rules: Rules,
    now: datetime,
) -> Settled:
    left = accounts.count_open(tx, before)
    if changed is Changed.FOLLOW:
        if accounts.share_ids(tx, before, account):
            raise AccountChangedError(
                "PANEL_CHANGED=follow can't be: orders of both have the same numbers, so "
                "they are two accounts. "
                "Set PANEL_CHANGED=new.",
            )
        followed = accounts.follow(tx, before, account)
        log.warning("the provider account has a new address or key: %s orders follow", followed)
        return Settled(followed=followed)
    if left and changed is Changed.NOTHING:
        are_open = "1 order is open" if left == 1 else f"{left} orders are open"
        raise AccountChangedError(
            f"PANEL_URL and PANEL_KEY lead to another account than the one where {are_open}: set "
            "PANEL_CHANGED=follow if it is the same provider account under a new address "
            "or key, or PANEL_CHANGED=new "
            "if it is another one (they are not tracked any more then, and wait in /triage).",
        )
    if left:
        log.warning("another provider account: %s open orders stay behind at the one before", left)
        _let_go(tx, before, rules, now)
        outbox.notify_admins(tx, admins, AccountChangedNotice(count=left), now)
    return Settled(left=left)


def _let_go(tx: Transaction, account: str, rules: Rules, now: datetime) -> None:
    """End what was asked for orders of an account that nobody asks any more."""
    found = accounts.open_requests(tx, account)
    for request_id in found:
        requests.move(
            tx, request_id, RequestState.UNKNOWN, sources=REQUEST_OPEN, now=now, failure=_NOTE
        )
    notify(tx, rules, found, now)
