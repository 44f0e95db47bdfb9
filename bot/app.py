"""The one composition root: everything is put together here, and nowhere else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.fsm.storage.memory import DisabledEventIsolation

import bot.features.schedule as workers_of_the_shop
from bot.features.payments import LanguageOf, PaymentsFeature, open_till
from bot.features.recovery import RecoveryFeature, open_findings
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
from bot.notifications.notifier import Notifier
from bot.notifications.payment_news import PaymentNews
from bot.observability.health import Health
from bot.observability.metrics import CallLimit, Metrics, MetricsPage, ShopCollector
from bot.observability.readiness import DatabaseProbe
from bot.observability.systemd import watchdog_workers
from bot.settings import Settings
from bot.telegram.answer_types import keep_answer_types
from bot.telegram.conflict import ConflictNotice
from bot.telegram.long_texts import Reader
from bot.telegram.menu_commands import MenuCommands
from bot.telegram.ornaments import WithoutOrnaments
from bot.telegram.pacing import Pacing
from bot.telegram.update_inbox import UpdateInbox
from bot.telegram.webhook import Receiver, Webhook, make_webhook, webhook_workers
from bot.workers.leadership import WhileLeading, WorkersBot
from bot.workers.supervisor import Supervisor, Worker
from handlers.routers import ALL
from locales import Texts, Translator
from panel import PanelClient, Profile
from shop.access import Access, Assortment, Billing
from shop.aftercare.bulk import RequestLists
from shop.aftercare.refill_polling import RefillTracker
from shop.aftercare.service import Aftercare
from shop.aftercare.worker import Requester
from shop.bulk.live_messages import LiveMessages
from shop.bulk.orders import MassOrders
from shop.bulk.worker import MassPlacer
from shop.catalogue.browsing import Browser
from shop.catalogue.pricing import HOUSE, Prices
from shop.catalogue.service_types import TypeMappings
from shop.catalogue.sync import Synchroniser
from shop.catalogue.warranty import Warranties
from shop.clock import Clock, utc_now
from shop.cryptopay.client import CryptoPay
from shop.customers.accounts import People
from shop.customers.long_texts import LongTexts
from shop.customers.preferences import Preferences
from shop.customers.privacy import Privacy
from shop.customers.support import Support
from shop.fulfilment.polling import Tracker
from shop.fulfilment.submission import Submitter
from shop.leases import BEAT_SECONDS, LEASE_SECONDS, Leadership
from shop.money import to_units
from shop.operations.provider_account import fingerprint
from shop.ordering.agreement import Agreement
from shop.ordering.favourites import Favourites
from shop.ordering.placement import Ordering
from shop.orders.eligibility import Rules
from shop.orders.history import OrderHistory
from shop.payments.wallet import Wallet
from shop.provider.balance import BalanceWatch
from shop.provider.currencies import CurrencyTerms
from shop.sending import HOLD_ALL_SECONDS
from shop.wakeups import Wakeups
from storage import Database

# More than all who want one at once, chats with news and handlers: nobody waits for one after the
# last look.
_CONNECTIONS = 512
# Transactions on PostgreSQL at once, beside those of senders: other workers', handlers' and news'.
_OTHER_TRANSACTIONS = 12


@dataclass(slots=True)
class App:
    """The parts that somebody outside needs to hold: the run command, and the tests."""

    settings: Settings
    database: Database
    panel: PanelClient
    bot: Bot
    dispatcher: Dispatcher
    supervisor: Supervisor
    running: InFlight
    submitter: Submitter
    tracker: Tracker
    synchroniser: Synchroniser
    watch: BalanceWatch
    notifier: Notifier
    placer: MassPlacer
    requester: Requester
    refills: RefillTracker
    till: PaymentsFeature
    findings: RecoveryFeature
    reader: Reader
    health: Health
    webhook: Webhook | None
    leadership: Leadership

    async def close(self) -> None:
        await self.panel.aclose()
        await self.till.close()
        await self.bot.session.close()
        await self.database.close()


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
    database, bells, texts = _database(settings), Wakeups(), Texts()
    metrics, leadership = Metrics(), Leadership(database, clock)
    leads = leads or leadership.is_held
    panel = panel or PanelClient(_profile(settings), observe=metrics.panel_call, allowed=leads)
    metrics.registry.register(CallLimit(panel.limiter))
    telegram = make_bot(settings, leads, session, pacing, metrics)
    workers_bot = WorkersBot(telegram.token, telegram.session, telegram.default)
    access = Access(settings.admin_ids, settings.allowed_user_ids, settings.billing)
    shared: dict[str, Any] = {"database": database, "bells": bells, "clock": clock}
    asking: dict[str, Any] = shared | {"panel": panel}
    terms = terms_of(settings)
    watch = BalanceWatch(**asking, admins=settings.admin_ids, terms=terms)
    people = _people(settings, database, access, texts, clock)
    prices, assortment = (
        prices_of(settings),
        Assortment(settings.category_allow, settings.category_deny),
    )
    account = account_of(settings)
    agreement = Agreement(
        account=account,
        assortment=assortment,
        prices=prices,
        currency=watch.shop_currency,
        tolerance=settings.cost_tolerance_percent,
        asked_for=timedelta(hours=settings.agree_hours),
    )
    submitter = _submitter(settings, asking, agreement, leadership.owner, watch)
    tracker = Tracker(
        **asking,
        admins=settings.admin_ids,
        interval=settings.status_interval,
        prices=prices,
        account=account,
        currencies=watch.names,
        catch_up=LEASE_SECONDS + 2 * BEAT_SECONDS,
    )
    synchroniser = Synchroniser(
        **asking,
        admins=settings.admin_ids,
        jump=settings.rate_jump_factor,
        currencies=watch.heard_names,
    )
    aftercare = Aftercare(
        **shared, rules=Rules(timedelta(hours=settings.refill_wait_hours), account)
    )
    book, lists = OrderHistory(database, clock, aftercare.rules), RequestLists(aftercare)
    requester, refills = _after_the_sale(
        settings, asking, aftercare.rules, tracker, leadership.owner
    )
    commands = MenuCommands(
        workers_bot, texts, settings.admin_ids, wallet=settings.billing is Billing.WALLET
    )
    ordering = Ordering(
        **shared,
        access=access,
        assortment=assortment,
        prices=prices,
        currency=watch.shop_currency,
        account=account,
        rules=aftercare.rules,
    )
    placer, wallet = MassPlacer(**shared, ordering=ordering), Wallet(database, bells, clock)
    till = open_till(
        settings, shared, access, ordering, workers_bot, _speaks(texts, people), crypto
    )
    findings = open_findings(settings, asking, watch, leadership, account, aftercare)
    notifier = Notifier(
        bot=workers_bot,
        database=database,
        texts=texts,
        people=people,
        watch=watch,
        book=book,
        lists=lists,
        clock=clock,
        news=PaymentNews(
            workers_bot, database, ordering, till.workflow["difference"], wallet, book, watch
        ),
    )
    queue, running = FairQueue(), InFlight()
    once = UpdateInbox(database, leadership.owner, queue, clock)
    workflow = {
        "texts": texts,
        "people": people,
        "access": access,
        "prices": prices,
        "watch": watch,
        "ordering": ordering,
        "book": book,
        "aftercare": aftercare,
        "lists": lists,
        "wallet": wallet,
        "synchroniser": synchroniser,
        **_for_handlers(settings, shared, access, assortment, ordering),
        **till.workflow,
        **findings.workflow,
    }
    dispatcher = make_dispatcher(database, workflow, running, metrics, queue)
    reader = Reader(telegram, dispatcher, workflow["long_texts"])
    supervisor = Supervisor(
        [
            *workers_of_the_shop.all_workers(
                settings,
                bells,
                submitter,
                tracker,
                synchroniser,
                watch,
                notifier,
                commands,
                placer,
                requester,
                refills,
                leadership,
            ),
            *till.workers,
            *findings.workers,
            *webhook_workers(settings, once),
            *watchdog_workers(),
            Worker("long-texts", reader.step, reader.pause, bells.long_texts, everywhere=True),
        ],
        metrics,
        leadership,
    )
    health = Health(
        DatabaseProbe(database, clock),
        supervisor,
        MetricsPage(metrics, ShopCollector(database, watch, clock)),
    )
    webhook = make_webhook(
        settings, Receiver(dispatcher, telegram, settings.webhook_token, once, running, metrics)
    )
    return App(
        settings,
        database,
        panel,
        telegram,
        dispatcher,
        supervisor,
        running,
        submitter,
        tracker,
        synchroniser,
        watch,
        notifier,
        placer,
        requester,
        refills,
        till,
        findings,
        reader,
        health,
        webhook,
        leadership,
    )


def _for_handlers(
    settings: Settings,
    shared: Mapping[str, Any],
    access: Access,
    assortment: Assortment,
    ordering: Ordering,
) -> dict[str, Any]:
    """Make what only handlers need, under the names that they ask for it by."""
    database, clock = shared["database"], shared["clock"]
    return {
        "browser": Browser(database, access, assortment),
        "mass": MassOrders(**shared, ordering=ordering),
        "favourites": Favourites(database, ordering, clock),
        "live": LiveMessages(database, clock),
        "warranties": Warranties(database),
        "types": TypeMappings(database, assortment, clock),
        "preferences": Preferences(**shared),
        "privacy": Privacy(database, ordering.currency, clock),
        "long_texts": LongTexts(**shared),
        "support": Support(**shared, admins=settings.admin_ids, contact=settings.support_contact),
    }


def _database(settings: Settings) -> Database:
    """Open the database; on PostgreSQL each sender has a connection, and the others share some."""
    return Database(
        settings.database_url, connections=settings.submit_workers + _OTHER_TRANSACTIONS
    )


def _people(
    settings: Settings, database: Database, access: Access, texts: Texts, clock: Clock
) -> People:
    return People(
        database=database,
        access=access,
        languages=frozenset(texts.languages),
        clock=clock,
        default_language=settings.default_language,
        welcome_credit=to_units(settings.welcome_credit),
    )


def _speaks(texts: Texts, people: People) -> LanguageOf:
    async def language_of(user_id: int) -> Translator:
        return texts.for_language(await people.language_of(user_id))

    return language_of


def _submitter(
    settings: Settings,
    asking: Mapping[str, Any],
    agreement: Agreement,
    owner: str,
    watch: BalanceWatch,
) -> Submitter:
    """Make what sends orders; `asking` is what everybody has who asks the provider."""
    return Submitter(
        **asking,
        admins=settings.admin_ids,
        timeout=settings.panel_timeout,
        agreement=agreement,
        owner=owner,
        senders=settings.submit_workers,
        # Who looks at the balance more often than that wants to see orders go out as soon after a
        # top-up.
        hold_seconds=min(settings.balance_interval, HOLD_ALL_SECONDS),
        currencies=watch.names,
    )


def _after_the_sale(
    settings: Settings, asking: Mapping[str, Any], rules: Rules, tracker: Tracker, owner: str
) -> tuple[Requester, RefillTracker]:
    """Make the workers of what customers ask for; `asking` is what everybody has who asks the
    provider.
    """
    requester = Requester(
        **asking,
        tracker=tracker,
        rules=rules,
        admins=settings.admin_ids,
        timeout=settings.panel_timeout,
        account=rules.account,
        owner=owner,
    )
    refills = RefillTracker(
        **asking, rules=rules, interval=settings.status_interval, account=rules.account
    )
    return requester, refills


def account_of(settings: Settings) -> str:
    """Tell the provider account of the settings from others."""
    return fingerprint(settings.panel_url, settings.panel_key.get_secret_value())


def terms_of(settings: Settings) -> CurrencyTerms:
    """Return what the settings make of currencies; the house always counts in the provider's."""
    house = settings.billing is Billing.HOUSE
    return CurrencyTerms("" if house else settings.shop_currency, settings.exchange_rate, house)


def prices_of(settings: Settings) -> Prices:
    if settings.billing is Billing.HOUSE:
        return HOUSE
    return Prices(settings.markup_percent, to_units(settings.price_step), settings.exchange_rate)


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
    workflow: Mapping[str, Any],
    running: InFlight,
    metrics: Metrics,
    queue: FairQueue,
) -> Dispatcher:
    """Wire storage, middlewares and routers.

    Fair turns make a person's updates go one after another; a conditional UPDATE is what makes a
    triple tap right.
    """
    isolation = DisabledEventIsolation()  # aiogram's keeps a lock of everybody who ever wrote
    dispatcher = Dispatcher(
        storage=DatabaseStorage(database), events_isolation=isolation, database=database, **workflow
    )
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
    dispatcher.message.outer_middleware(Pieces(workflow["long_texts"]))
    # Who has not written to us, or has gone, is not made a customer by changing an old message.
    dispatcher.edited_message.outer_middleware(ErrorHandler(metrics.apology))
    dispatcher.edited_message.outer_middleware(RenderResponse())
    for router in ALL:
        # Routers are modules' constants; a second dispatcher in one process (a test) takes them
        # over.
        router._parent_router = None  # noqa: SLF001
        dispatcher.include_router(router)
    return dispatcher
