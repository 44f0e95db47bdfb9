"""Whether an order of ours still runs where another is about to go: overlaps are delivered short,
without a refund.
"""

from collections.abc import Collection
from dataclasses import dataclass

from shop.ordering.links import same_page
from storage.engine import Transaction
from storage.queries import orders


@dataclass(frozen=True, slots=True)
class Overlap:
    """An order is in work on a link.

    `own` is the newest of the reader's; of anybody else's no more is told.
    """

    own: int | None


def overlap(tx: Transaction, user_id: int, link: str, *, but: int | None = None) -> Overlap | None:
    """Look for an order in work on a link, other than the one that the new order is to take the
    place of.
    """
    links = same_page(link)
    if not orders.is_in_work_on(tx, links, but=but):
        return None
    return Overlap(orders.own_in_work_on(tx, user_id, links, but=but))


def overlapping(tx: Transaction, links: Collection[str]) -> set[str]:
    """Return those of these links that an order is in work on."""
    written = {link: same_page(link) for link in links}
    every = {variant for variants in written.values() for variant in variants}
    running = orders.links_in_work(tx, every)
    return {link for link, variants in written.items() if not running.isdisjoint(variants)}
