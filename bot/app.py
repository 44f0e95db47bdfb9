"""The one composition root: everything is put together here and in bot.features, nowhere else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.fsm.storage.memory import DisabledEventIsolation

from bot.features.deps import Deps, make_deps, services_by_name
from bot.features.shop import Features, open_features
from bot.features.updates import UpdatesFeature, open_updates
from bot.middlewares.arrival import Arrive
from bot.middlewares.checkout import BypassIsolation, CheckingOut
from bot.middlewares.commands import SmallLetters, known_commands
from bot.middlewares.counting import CountErrors, CountUpdates
from bot.middlewares.fair_queue import FairQueue
from bot.middlewares.fair_turns import FairTurns
from bot.middlewares.fsm_storage import DatabaseStorage
from bot.middlewares.in_flight import InFlight
from bot.middlewares.load_user import LoadUser
from bot.middlewares.long_texts import Pieces
from bot.middlewares.private_chats import PrivateOnly
from bot.middlewares.render_response import ErrorHandler, RenderResponse
from bot.observability.health import Health
from bot.observability.metrics import CallLimit, Metrics, MetricsPage, ShopCollector
from bot.observability.readiness import DatabaseProbe
from bot.settings import Settings
from bot.telegram.answer_types import keep_answer_types
from bot.telegram.conflict import ConflictNotice
from bot.telegram.ornaments import WithoutOrnaments
from bot.telegram.pacing import Pacing
from bot.workers.leadership import WhileLeading, WorkersBot
from bot.workers.supervisor import Supervisor
from handlers.routers import ALL
from panel import PanelClient, Profile
from shop.clock import Clock, utc_now
from shop.cryptopay.client import CryptoPay
from shop.customers.long_texts import LongTexts
from shop.leases import Leadership
from storage import Database

# More than all who want one at once, chats with news and handlers: nobody waits for one after the
# last look.
_CONNECTIONS = 512
# Transactions on PostgreSQL at once, beside those of senders: other workers', handlers' and news'.
_OTHER_TRANSACTIONS = 12


@dataclass(frozen=True, slots=True)
class App:
    """The parts that somebody outside needs to hold: the run command, and the tests."""

    deps: Deps
    features: Features
    updates: UpdatesFeature
    bot: Bot
    dispatcher: Dispatcher
    supervisor: Supervisor
    running: InFlight
    health: Health

    @property
    def settings(self) -> Settings:
        return self.deps.settings

    @property
    def database(self) -> Database:
        return self.deps.database

    async def close(self) -> None:
        await self.deps.panel.aclose()
        await self.features.payments.close()
        await self.bot.session.close()
        await self.deps.database.close()


def build(
    settings: Settings,
    *,
    session: BaseSession | None = None,
    panel: PanelClient | None = None,
    crypto: CryptoPay | None = None,
    pacing: Pacing | None = None,
    clock: Clock = utc_now,
    leads: Callable[[], bool] | None = None,
) -> App:
    """Put the program together.

    What is optional is replaced by tests that need no sockets and no waiting.

    `leads` says for the workers' requests whether this process leads, where its workers are not run
    by the supervisor.
    """
    metrics, database = Metrics(), _database(settings)
    leadership = Leadership(database, clock)
    leads = leads or leadership.is_held
    panel = panel or PanelClient(_profile(settings), observe=metrics.panel_call, allowed=leads)
    metrics.registry.register(CallLimit(panel.limiter))
    bot = make_bot(settings, leads, session, pacing, metrics)
    deps = make_deps(
        settings,
        database=database,
        clock=clock,
        panel=panel,
        telegram=WorkersBot(bot.token, bot.session, bot.default),
        leadership=leadership,
    )
    features = open_features(deps, crypto)
    queue, running = FairQueue(), InFlight()
    long_texts = features.customers.services.long_texts
    services = services_by_name(*(feature.services for feature in features))
    dispatcher = make_dispatcher(database, services, long_texts, running, metrics, queue)
    updates = open_updates(deps, bot, dispatcher, long_texts, queue, running, metrics)
    workers = [worker for feature in (*features, updates) for worker in feature.workers]
    supervisor = Supervisor(workers, metrics, leadership)
    standing = ShopCollector(database, features.provider.services.watch, clock)
    health = Health(DatabaseProbe(database, clock), supervisor, MetricsPage(metrics, standing))
    return App(deps, features, updates, bot, dispatcher, supervisor, running, health)


def _database(settings: Settings) -> Database:
    """Open the database; on PostgreSQL each sender has a connection, and the others share some."""
    return Database(
        settings.database_url, connections=settings.submit_workers + _OTHER_TRANSACTIONS
    )


def _profile(settings: Settings) -> Profile:
    profile = Profile(
        url=settings.panel_url,
        key=settings.panel_key.get_secret_value(),
        timeout=settings.panel_timeout,
        parameters=settings.panel_parameters,
        calls_per_minute=settings.panel_calls_per_minute,
        add_connections=settings.submit_workers,
    )
    return (
        replace(profile, user_agent=settings.panel_user_agent)
        if settings.panel_user_agent
        else profile
    )


def make_bot(
    settings: Settings,
    leads: Callable[[], bool],
    session: BaseSession | None = None,
    pacing: Pacing | None = None,
    metrics: Metrics | None = None,
) -> Bot:
    keep_answer_types()
    session = session or AiohttpSession(
        api=TelegramAPIServer.from_base(settings.telegram_api_url), limit=_CONNECTIONS
    )
    session.middleware(pacing or Pacing())
    session.middleware(WithoutOrnaments())
    session.middleware(ConflictNotice())
    session.middleware(CountErrors(metrics or Metrics()))
    session.middleware(WhileLeading(leads))
    defaults = DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview_is_disabled=True)
    return Bot(settings.bot_token.get_secret_value(), session=session, default=defaults)


def make_dispatcher(
    database: Database,
    services: Mapping[str, Any],
    long_texts: LongTexts,
    running: InFlight,
    metrics: Metrics,
    queue: FairQueue,
) -> Dispatcher:
    """Wire storage, middlewares and routers; handlers get `services` by name.

    Fair turns make a person's updates go one after another; a conditional UPDATE is what makes a
    triple tap right.
    """
    isolation = DisabledEventIsolation()  # aiogram's keeps a lock of everybody who ever wrote
    dispatcher = Dispatcher(storage=DatabaseStorage(database), events_isolation=isolation)
    dispatcher.workflow_data.update(services, database=database)
    # aiogram's own comes last: it reads the row.
    dispatcher.update.outer_middleware.unregister(dispatcher.fsm)
    commands = known_commands(ALL)
    dispatcher["known_commands"] = commands
    for middleware in (
        running,
        CountUpdates(metrics),
        PrivateOnly(),
        FairTurns(queue),
        SmallLetters(commands),
        Arrive(),
        BypassIsolation(dispatcher.fsm),
    ):
        dispatcher.update.outer_middleware(middleware)
    dispatcher.pre_checkout_query.outer_middleware(CheckingOut())
    for observer in (dispatcher.message, dispatcher.callback_query):
        observer.outer_middleware(ErrorHandler(metrics.apology))
        observer.outer_middleware(LoadUser())
        observer.outer_middleware(RenderResponse())
    dispatcher.message.outer_middleware(Pieces(long_texts))
    # Who has not written to us, or has gone, is not made a customer by changing an old message.
    dispatcher.edited_message.outer_middleware(ErrorHandler(metrics.apology))
    dispatcher.edited_message.outer_middleware(RenderResponse())
    for router in ALL:
        # Routers are modules' constants; a second dispatcher in one process (a test) takes them
        # over.
        router._parent_router = None  # noqa: SLF001
        dispatcher.include_router(router)
    return dispatcher
