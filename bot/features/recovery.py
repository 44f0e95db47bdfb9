"""What becomes of orders without an answer, put together: a part of the composition root in
bot/app.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.settings import Settings
from bot.workers.supervisor import Worker, every
from shop.aftercare.service import Aftercare
from shop.catalogue.service_holds import ServiceHolds
from shop.fulfilment.reused_ids import ReusedIds
from shop.leases import Leadership
from shop.provider.balance import BalanceWatch
from shop.provider.currencies import CurrencyChoice
from shop.provider.held_queue import Sending
from shop.recovery.attention import StuckWatch
from shop.recovery.finder import Finder
from shop.recovery.id_check import Checker
from shop.recovery.refund_resolution import RefundVerdicts
from shop.recovery.resolution import Verdicts
from shop.recovery.triage import Triage

_CHECKS_LOOK = 5.0
_STUCK_LOOK = 300.0


@dataclass(frozen=True, slots=True)
class RecoveryFeature:
    """`workflow` is what handlers may ask for by name; `workers` run in the background."""

    finder: Finder
    verdicts: Verdicts
    checker: Checker
    stuck: StuckWatch
    workflow: Mapping[str, Any]
    workers: Sequence[Worker]


def open_findings(
    settings: Settings,
    asking: Mapping[str, Any],
    watch: BalanceWatch,
    leadership: Leadership,
    account: str,
    aftercare: Aftercare,
) -> RecoveryFeature:
    """Put the parts together; `asking` is what everybody has who asks the provider: database,
    bells, clock, panel.

    `account` is the provider account that is asked.
    """
    shared = {name: asking[name] for name in ("database", "bells", "clock")}
    verdicts = Verdicts(**shared, admins=settings.admin_ids)
    finder = Finder(
        **asking,
        watch=watch,
        verdicts=verdicts,
        leads=leadership.held_in,
        admins=settings.admin_ids,
        most=settings.find_most,
        account=account,
    )
    checker = Checker(**asking, admins=settings.admin_ids, account=account)
    stuck = StuckWatch(**shared, admins=settings.admin_ids)
    workers = [
        Worker("finder", finder.step, finder.pause),
        Worker("checker", checker.step, every(_CHECKS_LOOK), asking["bells"].checks),
        Worker("stuck", stuck.step, every(_STUCK_LOOK)),
    ]
    deciding = shared | {"admins": settings.admin_ids}
    workflow = {
        "verdicts": verdicts,
        "checker": checker,
        "triage": Triage(shared["database"], shared["clock"]),
        "holds": ServiceHolds(**deciding),
        "sending": Sending(**deciding),
        "reused_ids": ReusedIds(**deciding, attach=verdicts.attach),
        "currency_choice": CurrencyChoice(**deciding, terms=watch.terms),
        "refund_verdicts": RefundVerdicts(**shared, admins=settings.admin_ids, aftercare=aftercare),
    }
    return RecoveryFeature(finder, verdicts, checker, stuck, workflow, workers)
