"""What the bot says by itself: news, and the menu of its commands."""

from dataclasses import dataclass

from bot.features.aftercare import AftercareServices
from bot.features.deps import Deps, Feature, NoServices
from bot.features.ordering import OrderingServices
from bot.features.payments import PaymentServices
from bot.notifications.notifier import Notifier
from bot.notifications.payment_news import PaymentNews
from bot.telegram.menu_commands import MenuCommands
from bot.workers.supervisor import Worker
from shop.access import Billing
from shop.customers.accounts import People
from shop.provider.balance import BalanceWatch


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationsFeature(Feature[NoServices]):
    notifier: Notifier


def open_notifications(
    deps: Deps,
    people: People,
    watch: BalanceWatch,
    ordering: OrderingServices,
    aftercare: AftercareServices,
    payments: PaymentServices,
) -> NotificationsFeature:
    notifier = Notifier(
        bot=deps.telegram,
        database=deps.database,
        texts=deps.texts,
        people=people,
        watch=watch,
        book=ordering.book,
        lists=aftercare.lists,
        news=PaymentNews(
            deps.telegram,
            deps.database,
            ordering.ordering,
            payments.difference,
            payments.wallet,
            ordering.book,
            watch,
        ),
        clock=deps.clock,
    )
    commands = MenuCommands(
        deps.telegram, deps.texts, deps.admins, wallet=deps.settings.billing is Billing.WALLET
    )
    workers = (
        Worker("notifier", notifier.step, notifier.pause, deps.wakeups.notify),
        Worker("commands", commands.step, commands.pause),
    )
    return NotificationsFeature(services=NoServices(), workers=workers, notifier=notifier)
