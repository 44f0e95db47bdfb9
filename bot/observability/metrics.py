"""What the process counts, and how the shop stands, in Prometheus' words; docs/operator.md has the
list.
"""

import asyncio
import logging
import time
from collections.abc import Iterator

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from panel import RateLimiter
from shop.clock import Clock
from shop.money import to_decimal
from shop.outbox import Kind, alerts_told
from shop.provider.balance import BalanceWatch, ProviderBalance
from storage import Database
from storage.engine import Transaction
from storage.enums import IN_WORK, OrderState
from storage.queries import metrics as metrics_statements
from storage.queries.metrics import Figures, Group

log = logging.getLogger(__name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_FRESH_SECONDS = 5.0  # several who look at once cost the database one look
_LOOK_SECONDS = 4.0
_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_AGES = (OrderState.QUEUED, OrderState.SUBMITTING, OrderState.UNKNOWN)


class Metrics:
    """The own figures of this process. A registry of its own: a test may build many of these."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)

        def counter(name: str, about: str, *labels: str) -> Counter:
            return Counter(name, about, labels, registry=self.registry)

        self._calls = counter("panel_calls", "Requests to the provider.", "action", "outcome")
        self._seconds = Histogram(
            "panel_call_seconds",
            "How long the provider took.",
            ["action"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._updates = counter("telegram_updates", "Updates that were handled, or tried.", "type")
        self._errors = counter("telegram_errors", "Calls that Telegram did not do.", "error")
        self._answers = counter("webhook_answers", "Answers to Telegram's requests.", "code")
        self._apologies = counter(
            "apologies", "People told that something went wrong, with a number of the log."
        )
        self._failures = counter("worker_failures", "Steps of workers that raised.", "worker")
        self._steps = Gauge(
            "worker_last_step_timestamp_seconds",
            "When a worker's step last ended well.",
            ["worker"],
            registry=self.registry,
        )

    def panel_call(self, action: str, outcome: str, seconds: float) -> None:
        self._calls.labels(action, outcome).inc()
        self._seconds.labels(action).observe(seconds)

    def update(self, kind: str) -> None:
        self._updates.labels(kind).inc()

    def telegram_error(self, error: str) -> None:
        self._errors.labels(error).inc()

    def webhook_answer(self, code: int) -> None:
        self._answers.labels(str(code)).inc()

    def apology(self) -> None:
        self._apologies.inc()

    def worked(self, worker: str) -> None:
        self._steps.labels(worker).set(time.time())

    def failed(self, worker: str) -> None:
        self._failures.labels(worker).inc()


class ShopCollector(Collector):
    """How the shop stands by its database: read before a scrape, which itself may not wait."""

    def __init__(self, database: Database, watch: BalanceWatch, clock: Clock) -> None:
        self._database, self._watch, self._clock = database, watch, clock
        self._looking = asyncio.Lock()
        self._looked = float("-inf")
        self._found: tuple[Figures, int, ProviderBalance | None] | None = None

    async def look(self) -> None:
        """Read the figures unless they are fresh.

        Never raises: without a database there are none.
        """
        async with self._looking:
            if time.monotonic() - self._looked < _FRESH_SECONDS:
                return
            try:
                async with asyncio.timeout(_LOOK_SECONDS):

                    def transaction(tx: Transaction) -> tuple[Figures, int]:
                        found = metrics_statements.look(tx)
                        stuck = len(alerts_told(tx, Kind.STUCK_ORDER))
                        return found, stuck

                    found, stuck = await self._database.read(transaction)
                    self._found = found, stuck, await self._watch.last()
            except (SQLAlchemyError, OSError) as error:  # a TimeoutError is one of the latter
                log.warning("no figures of the shop: %s", type(error).__name__)
                self._found = None
            self._looked = time.monotonic()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield _gauge(
            "shop_database_up", "Whether the database has answered.", float(self._found is not None)
        )
        if self._found is None:
            return
        found, stuck, balance = self._found
        yield self._orders(found)
        yield self._ages(found)
        yield _gauge(
            "shop_stuck_orders", "Orders at the provider that admins were told are stuck.", stuck
        )
        yield _gauge("shop_notices_waiting", "Messages that are not said yet.", found.notices.count)
        yield _gauge(
            "shop_notices_oldest_seconds", "Age of the oldest of them.", self._age(found.notices)
        )
        yield _gauge(
            "shop_wallets_total",
            "What customers have in their wallets.",
            float(to_decimal(found.owed)),
        )
        if balance is not None:
            yield _gauge(
                "shop_provider_balance",
                "Our last known balance at the provider.",
                float(balance.amount),
            )

    @staticmethod
    def _orders(found: Figures) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "shop_orders", "Orders that have not ended, by state.", labels=["state"]
        )
        for state in sorted(IN_WORK):
            family.add_metric([state], found.orders.get(state, Group()).count)
        return family

    def _ages(self, found: Figures) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "shop_oldest_seconds", "Age of the oldest order in a state.", labels=["state"]
        )
        for state in _AGES:
            family.add_metric([state], self._age(found.orders.get(state, Group())))
        return family

    def _age(self, group: Group) -> float:
        """Return the seconds since the oldest came; 0 when there is none."""
        return (
            0.0
            if group.oldest is None
            else max((self._clock() - group.oldest).total_seconds(), 0.0)
        )


class CallLimit(Collector):
    """How many calls a minute the provider gets."""

    def __init__(self, limiter: RateLimiter) -> None:
        self._limiter = limiter

    def collect(self) -> Iterator[GaugeMetricFamily]:
        known = self._limiter
        if (limit := known.limit) is not None:
            yield _gauge("panel_calls_per_minute", "The calls that a minute may have now.", limit)
        yield _gauge(
            "panel_calls_lowered",
            "Whether the provider has refused calls as too many.",
            known.is_lowered,
        )
        yield _gauge("panel_calls_last_minute", "The calls of the last minute.", known.called)
        yield _gauge(
            "panel_calls_waiting", "Calls that wait until a minute may have more.", known.waiting
        )


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, value)


class MetricsPage:
    """The text that Prometheus reads."""

    def __init__(self, metrics: Metrics, standing: ShopCollector) -> None:
        self._registry, self._standing = metrics.registry, standing
        self._registry.register(standing)

    async def text(self) -> bytes:
        await self._standing.look()
        return generate_latest(self._registry)
