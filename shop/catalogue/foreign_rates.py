"""Rates that stand in another currency than the account's: ₹12.50 is no 12.50 of ours, and is not
sold as that.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256

from panel import Flaw, Flaws, Service
from panel.models import Unread
from shop.currencies import fits

_SHOWN, _LONGEST = 10, 60


@dataclass(frozen=True, slots=True)
class Apart:
    """A catalogue without what can't be sold by its rates; `foreign` are the ids of that, which
    `flaws` counts too.
    """

    listed: Sequence[Service]
    foreign: frozenset[str]
    flaws: Flaws


def set_apart(listed: Sequence[Service], flaws: Flaws, account: Collection[str]) -> Apart:
    """Look at what stands beside rates.

    `account`: names of the account's currency; none while nobody knows it.
    """
    others = [
        one
        for one in listed
        if account and one.currency and not any(fits(one.currency, to) for to in account)
    ]
    if not others:
        return Apart(listed, frozenset(), flaws)
    foreign = frozenset(one.id for one in others)
    which = "\n".join([flaws.digest, *sorted(foreign)])
    shown = [
        Unread(Flaw.CURRENCY, one.id, one.name[:_LONGEST], f"{one.rate:f} {one.currency}")
        for one in others
    ]
    told = Flaws(
        {**flaws.counts, Flaw.CURRENCY: len(others)},
        tuple([*shown, *flaws.first][:_SHOWN]),
        sha256(which.encode("utf-8", "replace")).hexdigest(),
    )
    return Apart([one for one in listed if one.id not in foreign], foreign, told)
