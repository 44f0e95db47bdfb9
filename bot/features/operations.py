"""What keeps the process and its database going."""

from datetime import timedelta

from bot.features.backups import backup_workers
from bot.features.deps import Deps, Feature, NoServices
from bot.observability.systemd import watchdog_workers
from bot.settings import Settings
from bot.workers.supervisor import Worker, every
from shop.leases import BEAT_SECONDS
from shop.operations.clock_watch import LOOK_SECONDS, ClockWatch
from shop.operations.pruning import PAUSE_SECONDS, Pruner
from storage.queries.future_times import Longest

_LEASE_MORE = timedelta(minutes=10)  # a hundred requests one by one, and their margin


def open_operations(deps: Deps) -> Feature[NoServices]:
    settings, database = deps.settings, deps.database
    watch = ClockWatch(
        database, Longest(_longest_lease(settings)), deps.admins, deps.wakeups, deps.clock
    )
    pruner = Pruner(
        database,
        timedelta(days=settings.keep_days),
        timedelta(days=settings.keep_history_days),
        deps.clock,
    )
    workers = (
        Worker("presence", deps.leadership.heartbeat, every(BEAT_SECONDS), everywhere=True),
        Worker("clock", watch.step, every(LOOK_SECONDS)),
        Worker("pruner", pruner.step, every(PAUSE_SECONDS)),
        *backup_workers(settings, database, deps.wakeups, deps.clock),
        *watchdog_workers(),
    )
    return Feature(services=NoServices(), workers=workers)


def _longest_lease(settings: Settings) -> timedelta:
    """Return for how long an order, or a call about requests, can be claimed at most."""
    return timedelta(seconds=settings.panel_timeout) * 2 + _LEASE_MORE
