"""How updates come in: texts in pieces, and Telegram's requests where there is a webhook."""

from dataclasses import dataclass

from aiogram import Bot, Dispatcher

from bot.features.deps import Deps, Feature, NoServices
from bot.middlewares.fair_queue import FairQueue
from bot.middlewares.in_flight import InFlight
from bot.observability.metrics import Metrics
from bot.telegram.long_texts import Reader
from bot.telegram.update_inbox import UpdateInbox
from bot.telegram.webhook import Receiver, Webhook, make_webhook, webhook_workers
from bot.workers.supervisor import Worker
from shop.customers.long_texts import LongTexts


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatesFeature(Feature[NoServices]):
    reader: Reader
    webhook: Webhook | None


def open_updates(
    deps: Deps,
    bot: Bot,
    dispatcher: Dispatcher,
    long_texts: LongTexts,
    queue: FairQueue,
    running: InFlight,
    metrics: Metrics,
) -> UpdatesFeature:
    settings = deps.settings
    inbox = UpdateInbox(deps.database, deps.leadership.owner, queue, deps.clock)
    receiver = Receiver(dispatcher, bot, settings.webhook_token, inbox, running, metrics)
    reader = Reader(bot, dispatcher, long_texts)
    workers = (
        Worker("long-texts", reader.step, reader.pause, deps.wakeups.long_texts, everywhere=True),
        *webhook_workers(settings, inbox),
    )
    return UpdatesFeature(
        services=NoServices(),
        workers=workers,
        reader=reader,
        webhook=make_webhook(settings, receiver),
    )
