"""Which background work there is, and how often it looks by itself."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.features.backups import backup_workers
from bot.notifications.notifier import Notifier
from bot.settings import Settings
from bot.telegram.menu_commands import MenuCommands
from bot.workers.supervisor import Worker, every
from shop.aftercare.refill_polling import RefillTracker
from shop.aftercare.worker import Requester
from shop.bulk.worker import MassPlacer
from shop.catalogue.sync import Synchroniser
from shop.customers.erasing import LOOK_SECONDS as ERASER_SECONDS
from shop.customers.erasing import Eraser
from shop.fulfilment.polling import Tracker
from shop.fulfilment.submission import Submitter
from shop.leases import BEAT_SECONDS, Leadership
from shop.operations.clock_watch import LOOK_SECONDS, ClockWatch
from shop.operations.pruning import PAUSE_SECONDS, Pruner
from shop.provider.balance import BalanceWatch
from shop.wakeups import Wakeups
from storage.queries.future_times import Longest

_WRITERS = 2  # of answers, while as many orders as may be are being sent
_QUEUE_LOOK, _HELD_LOOK = 5.0, 1.0
_LEASE_MORE = timedelta(minutes=10)  # a hundred requests one by one, and their margin
_RECOVERY_LOOK = 5.0
_CURRENCIES_LOOK = 10.0

Step = Callable[[], Awaitable[None]]


def all_workers(
    settings: Settings,
    bells: Wakeups,
    submitter: Submitter,
    tracker: Tracker,
    synchroniser: Synchroniser,
    watch: BalanceWatch,
    notifier: Notifier,
    commands: MenuCommands,
    placer: MassPlacer,
    requester: Requester,
    refills: RefillTracker,
    leadership: Leadership,
) -> list[Worker]:
    submitters = [
        Worker(f"submitter-{number}", submitter.step, _until_next_turn(submitter), bells.submit)
        for number in range(1, settings.submit_workers + _WRITERS + 1)
    ]
    return [
        Worker("presence", leadership.heartbeat, every(BEAT_SECONDS), everywhere=True),
        Worker(
            "currencies",
            _unless_leading(leadership, watch.follow),
            every(_CURRENCIES_LOOK),
            everywhere=True,
        ),
        Worker(
            "balance", watch.refresh, every(settings.balance_interval), bells.balance, watch.asked
        ),
        Worker(
            "catalogue",
            synchroniser.sync,
            every(settings.catalog_interval),
            bells.sync,
            synchroniser.asked,
        ),
        *submitters,
        Worker("placer", placer.step, every(_QUEUE_LOOK), bells.place),
        Worker("recovery", submitter.recover_lapsed, every(_RECOVERY_LOOK)),
        Worker("tracker", tracker.sweep, every(settings.status_interval)),
        Worker("requester", requester.step, _until_next_turn(requester), bells.requests),
        Worker("request-recovery", requester.recover_lapsed, every(_RECOVERY_LOOK)),
        Worker("refills", refills.step, every(settings.status_interval)),
        Worker("notifier", notifier.step, notifier.pause, bells.notify),
        Worker("commands", commands.step, commands.pause),
        Worker(
            "clock",
            ClockWatch(
                leadership.database,
                Longest(_longest_lease(settings)),
                settings.admin_ids,
                bells,
                leadership.clock,
            ).step,
            every(LOOK_SECONDS),
        ),
        Worker("eraser", Eraser(leadership.database).step, every(ERASER_SECONDS)),
        Worker("pruner", _pruner(settings, leadership).step, every(PAUSE_SECONDS)),
        *backup_workers(settings, leadership.database, bells, leadership.clock),
    ]


def _pruner(settings: Settings, leadership: Leadership) -> Pruner:
    keep, history = timedelta(days=settings.keep_days), timedelta(days=settings.keep_history_days)
    return Pruner(leadership.database, keep, history, leadership.clock)


def _unless_leading(leadership: Leadership, step: Step) -> Step:
    """Do a step only where another process leads: what the leader's workers have learnt is in their
    memory.
    """

    async def stepped() -> None:
        if not leadership.is_held():
            await step()

    return stepped


def _longest_lease(settings: Settings) -> timedelta:
    """Return for how long an order, or a call about requests, can be claimed at most."""
    return timedelta(seconds=settings.panel_timeout) * 2 + _LEASE_MORE


def _until_next_turn(worker: Submitter | Requester) -> Callable[[], Awaitable[float]]:
    async def pause() -> float:
        turn = await worker.next_turn()
        if turn is None:
            return _QUEUE_LOOK
        wait = (turn - worker.clock()).total_seconds()
        # What is due and was not taken waits for something else, such as another order of its link.
        return _HELD_LOOK if wait <= 0 else min(max(wait, 0.2), _QUEUE_LOOK)

    return pause
