"""Refills and cancellations."""

from dataclasses import dataclass

from bot.features.deps import Deps, Feature
from bot.features.turns import until_next_turn
from bot.workers.supervisor import Worker, every
from shop.aftercare.bulk import RequestLists
from shop.aftercare.refill_polling import RefillTracker
from shop.aftercare.service import Aftercare
from shop.aftercare.worker import Requester
from shop.fulfilment.polling import Tracker

_RECOVERY_LOOK = 5.0


@dataclass(frozen=True, slots=True)
class AftercareServices:
    aftercare: Aftercare
    lists: RequestLists


@dataclass(frozen=True, slots=True, kw_only=True)
class AftercareFeature(Feature[AftercareServices]):
    requester: Requester
    refills: RefillTracker


def open_aftercare(deps: Deps, tracker: Tracker) -> AftercareFeature:
    database, wakeups, clock, settings = deps.database, deps.wakeups, deps.clock, deps.settings
    aftercare = Aftercare(database, deps.rules, wakeups, clock)
    requester = Requester(
        database,
        deps.panel,
        tracker,
        deps.rules,
        deps.admins,
        settings.panel_timeout,
        wakeups,
        clock,
        account=deps.account,
        owner=deps.leadership.owner,
    )
    refills = RefillTracker(
        database,
        deps.panel,
        deps.rules,
        settings.status_interval,
        wakeups,
        clock,
        account=deps.account,
    )
    workers = (
        Worker("requester", requester.step, until_next_turn(requester), wakeups.requests),
        Worker("request-recovery", requester.recover_lapsed, every(_RECOVERY_LOOK)),
        Worker("refills", refills.step, every(settings.status_interval)),
    )
    return AftercareFeature(
        services=AftercareServices(aftercare=aftercare, lists=RequestLists(aftercare)),
        workers=workers,
        requester=requester,
        refills=refills,
    )
