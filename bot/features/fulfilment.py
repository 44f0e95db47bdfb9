"""Sending orders, and following them."""

from dataclasses import dataclass
from datetime import timedelta

from bot.features.deps import Deps, Feature, NoServices
from bot.features.turns import until_next_turn
from bot.workers.supervisor import Worker, every
from shop.fulfilment.polling import Tracker
from shop.fulfilment.submission import Submitter
from shop.leases import BEAT_SECONDS, LEASE_SECONDS
from shop.ordering.agreement import Agreement
from shop.provider.balance import BalanceWatch
from shop.sending import HOLD_ALL_SECONDS

_WRITERS = 2  # of answers, while as many orders as may be are being sent
_RECOVERY_LOOK = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentFeature(Feature[NoServices]):
    submitter: Submitter
    tracker: Tracker


def open_fulfilment(deps: Deps, watch: BalanceWatch) -> FulfilmentFeature:
    settings, submitter = deps.settings, _submitter(deps, watch)
    tracker = Tracker(
        deps.database,
        deps.panel,
        deps.admins,
        settings.status_interval,
        deps.wakeups,
        deps.clock,
        prices=deps.prices,
        account=deps.account,
        currencies=watch.names,
        catch_up=LEASE_SECONDS + 2 * BEAT_SECONDS,
    )
    turns = until_next_turn(submitter)
    workers = (
        *(
            Worker(f"submitter-{number}", submitter.step, turns, deps.wakeups.submit)
            for number in range(1, settings.submit_workers + _WRITERS + 1)
        ),
        Worker("recovery", submitter.recover_lapsed, every(_RECOVERY_LOOK)),
        Worker("tracker", tracker.sweep, every(settings.status_interval)),
    )
    return FulfilmentFeature(
        services=NoServices(), workers=workers, submitter=submitter, tracker=tracker
    )


def _submitter(deps: Deps, watch: BalanceWatch) -> Submitter:
    settings = deps.settings
    agreement = Agreement(
        account=deps.account,
        assortment=deps.assortment,
        prices=deps.prices,
        currency=watch.shop_currency,
        tolerance=settings.cost_tolerance_percent,
        asked_for=timedelta(hours=settings.agree_hours),
    )
    return Submitter(
        deps.database,
        deps.panel,
        deps.admins,
        settings.panel_timeout,
        deps.wakeups,
        deps.clock,
        # Who looks at the balance more often than that wants to see orders go out as soon after a
        # top-up.
        hold_seconds=min(settings.balance_interval, HOLD_ALL_SECONDS),
        agreement=agreement,
        owner=deps.leadership.owner,
        currencies=watch.names,
        senders=settings.submit_workers,
    )
