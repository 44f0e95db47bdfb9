"""Everything that the provider's actions act on."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from playground.provider.account import Account
from playground.provider.book import Book
from playground.provider.catalogue import NATURES, demo_catalogue
from playground.provider.dialects import DIALECTS, Documented
from playground.provider.faults import FaultBook
from playground.provider.life import Nature
from playground.provider.refills import Refills
from playground.provider.services import Catalogue
from playground.provider.simulated_clock import SimulatedClock


class ProviderState:
    """`clock` gives seconds (any origin), `unix` the time of day.

    `catalogue` replaces the demo's services.

    `query_only` holds the actions whose parameters (key and action aside) are read from the query
    string alone; `json_only` takes a JSON body and nothing else; a request whose User-Agent
    contains `blocked_agent` meets a firewall's page.
    """

    def __init__(
        self,
        *,
        key: str = "demo-key",
        balance: str = "100.00",
        currency: str = "USD",
        dialect: str = "documented",
        speed: float = 1.0,
        catalogue: Iterable[Mapping[str, Any]] | None = None,
        seed: int = 1,
        clock: Callable[[], float] = time.monotonic,
        unix: Callable[[], float] = time.time,
    ) -> None:
        self.key = key
        self.dialect = dialect
        self.catalogue = Catalogue(demo_catalogue(seed) if catalogue is None else catalogue)
        self.natures = dict(NATURES) if catalogue is None else {}
        self.account = Account(Decimal(balance), currency)
        self.book = Book(self.account, seed=seed, nature_of=self._nature_of, unix=unix)
        self.refills = Refills(seed)
        self.faults = FaultBook()
        self.calls: Counter[str] = Counter()
        # calls that nobody waits for any more: answered, hung up, left
        self.ended: Counter[str] = Counter()
        self.query_only: frozenset[str] = frozenset()
        self.json_only = False
        self.blocked_agent: str | None = None
        self._clock = SimulatedClock(clock, speed)
        self.now = 0.0  # simulated seconds, as of the last `catch_up`

    @property
    def dialect(self) -> str:
        return self.voice.name

    @dialect.setter
    def dialect(self, name: str) -> None:
        if name not in DIALECTS:
            raise ValueError(f"unknown dialect: {name}")
        self.voice: Documented = DIALECTS[name]

    @property
    def speed(self) -> float:
        return self._clock.speed

    @speed.setter
    def speed(self, factor: float) -> None:
        self._clock.speed = factor

    @property
    def balance(self) -> Decimal:
        self.catch_up()
        return self.account.balance

    def catch_up(self) -> None:
        """Lets everything happen that was due until now; `now` stays put until the next call."""
        self.now = self._clock.now()
        self.book.agenda.run_until(self.now)

    def _nature_of(self, service_id: str) -> Nature:
        return self.natures.get(service_id, Nature.USUAL)
