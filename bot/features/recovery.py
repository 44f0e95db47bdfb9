"""What becomes of orders without an answer, and of stuck ones."""

from dataclasses import dataclass

from bot.features.deps import Deps, Feature
from bot.workers.supervisor import Worker, every
from shop.aftercare.service import Aftercare
from shop.fulfilment.reused_ids import ReusedIds
from shop.provider.balance import BalanceWatch
from shop.recovery.attention import StuckWatch
from shop.recovery.finder import Finder
from shop.recovery.id_check import Checker
from shop.recovery.refund_resolution import RefundVerdicts
from shop.recovery.resolution import Verdicts
from shop.recovery.triage import Triage

_CHECKS_LOOK = 5.0
_STUCK_LOOK = 300.0


@dataclass(frozen=True, slots=True)
class RecoveryServices:
    verdicts: Verdicts
    checker: Checker
    triage: Triage
    reused_ids: ReusedIds
    refund_verdicts: RefundVerdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryFeature(Feature[RecoveryServices]):
    finder: Finder
    stuck: StuckWatch


def open_recovery(deps: Deps, watch: BalanceWatch, aftercare: Aftercare) -> RecoveryFeature:
    database, admins, wakeups, clock = deps.database, deps.admins, deps.wakeups, deps.clock
    verdicts = Verdicts(database, admins, wakeups, clock)
    services = RecoveryServices(
        verdicts=verdicts,
        checker=Checker(database, deps.panel, admins, wakeups, clock, account=deps.account),
        triage=Triage(database, clock),
        reused_ids=ReusedIds(database, admins, verdicts.attach, wakeups, clock),
        refund_verdicts=RefundVerdicts(database, admins, aftercare, wakeups, clock),
    )
    finder = Finder(
        database,
        deps.panel,
        watch,
        verdicts,
        deps.leadership.held_in,
        admins,
        deps.settings.find_most,
        wakeups,
        clock,
        account=deps.account,
    )
    stuck = StuckWatch(database, admins, wakeups, clock)
    workers = (
        Worker("finder", finder.step, finder.pause),
        Worker("checker", services.checker.step, every(_CHECKS_LOOK), wakeups.checks),
        Worker("stuck", stuck.step, every(_STUCK_LOOK)),
    )
    return RecoveryFeature(services=services, workers=workers, finder=finder, stuck=stuck)
