"""How a step tells the next one that work has arrived, without waiting for an interval.

A bell only saves time: what is to be done stands in the database, and every worker looks there by
itself too. It rings within one process: for what those of others have written, workers look more
often (bot.workers.supervisor).
"""

import asyncio
from dataclasses import dataclass, field, fields


@dataclass(slots=True)
class Wakeups:
    submit: asyncio.Event = field(default_factory=asyncio.Event)  # an order is queued
    place: asyncio.Event = field(default_factory=asyncio.Event)  # a mass order is confirmed
    # a refill or a cancellation is asked for
    requests: asyncio.Event = field(default_factory=asyncio.Event)
    notify: asyncio.Event = field(default_factory=asyncio.Event)  # a notice is written
    sync: asyncio.Event = field(default_factory=asyncio.Event)  # an admin asked for the catalogue
    # an invoice of Crypto Pay is wanted
    invoices: asyncio.Event = field(default_factory=asyncio.Event)
    refunds: asyncio.Event = field(default_factory=asyncio.Event)  # a payment is to be given back
    balance: asyncio.Event = field(default_factory=asyncio.Event)  # an admin asked for the balance
    # an admin named an id that is to be asked about
    checks: asyncio.Event = field(default_factory=asyncio.Event)
    # a piece of a long text has come
    long_texts: asyncio.Event = field(default_factory=asyncio.Event)

    def ring_all(self) -> None:
        """Have everybody look: what is due has changed."""
        for each in fields(self):
            getattr(self, each.name).set()
