"""`python -m bot`: the bot, by long polling or by webhook."""

import asyncio
import errno
import gc
import logging
import signal
import socket
from collections.abc import Awaitable, Callable

from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramUnauthorizedError
from sqlalchemy.exc import SQLAlchemyError

from bot.app import App, build
from bot.dotenv import SettingsError
from bot.observability import systemd
from bot.observability.health import Health
from bot.settings import Settings
from bot.telegram.webhook import Webhook
from bot.workers.supervisor import run_until
from shop.operations import own_bot
from shop.operations.provider_account import AccountChangedError, settle
from shop.provider.currencies import CurrencyChangedError
from storage.lock import only_process
from storage.migrate import unusable, upgrade

log = logging.getLogger(__name__)

DRAIN_SECONDS = 19.0  # systemd and containers get impatient after 20 or 30
_LAST_WORDS_SECONDS = 0.5
# under way and waiting, of all people; bot.middlewares.fair_queue.SLOTS of them are at work
_UPDATES_AT_ONCE = 512
_LONGEST_WAIT = 30.0


async def run(settings: Settings) -> None:
    """Run until SIGINT or SIGTERM.

    Raises SettingsError or DatabaseUnusableError when it can't start.
    """
    stop = stop_of_signals()  # from the first moment on: an early SIGTERM ends in order, too
    with only_process(settings.database_url):
        await _run(settings, stop)


async def _run(settings: Settings, stop: asyncio.Event) -> None:
    app = build(settings)
    if app.features.payments.crypto is not None:
        log.warning(
            "Crypto Pay is on. Telegram's terms want Stars for digital goods: it is your decision."
        )
    try:
        await upgrade(app.database)
    except BaseException:
        await app.close()
        raise
    finally:
        # what a start has made stays: the collector leaves it alone, at each of its rounds
        gc.freeze()
        gc.enable()
    await serve(app, stop)


def stop_of_signals() -> asyncio.Event:
    """Return what is set by SIGINT and SIGTERM from now on."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wanted, stop.set)
    return stop


async def serve(app: App, stop: asyncio.Event) -> None:
    """Run workers and handlers until `stop`; then both get 20 s to end.

    The database must be migrated.

    Raises DatabaseUnusableError when it can't be written to at the start.
    """
    try:
        try:
            await _take_over(app)
        # a full disk, or somebody who holds the lock for too long
        except (SQLAlchemyError, OSError) as error:
            raise unusable(error) from error
        if app.settings.health_port is not None:
            await _open(app.health, app.settings.health_host, app.settings.health_port)
        app.supervisor.start()
        systemd.notify(systemd.READY)  # Telegram may be away for long; the shop works
        listening = (
            _poll(app) if app.updates.webhook is None else _receive(app, app.updates.webhook)
        )
        await run_until(stop, listening, end=lambda: _stop_listening(app))
    finally:
        app.health.stopping = True
        systemd.notify(systemd.STOPPING)
        app.deps.panel.limiter.stop()  # what waits in its line would keep the workers from ending
        # Handlers first stop coming, then those that run and the workers end side by side.
        drained, _ = await asyncio.gather(
            app.running.drain(DRAIN_SECONDS), app.supervisor.stop(DRAIN_SECONDS)
        )
        if not drained:
            log.warning("some handlers did not end in time")
        if app.updates.webhook is not None:
            await app.updates.webhook.close()
            await app.running.drain(_LAST_WORDS_SECONDS)  # those cut off give back what they had
        await app.health.stop()
        await app.deps.leadership.stop()
        await app.close()
        log.info("the bot has stopped")


async def _take_over(app: App) -> None:
    """Read what is remembered, and end what whoever ran before has left in between."""
    await _settle(app)
    await app.features.catalogue.services.margins.load()
    # An SQLite file has one process (storage.lock): what is left there by one is left by a dead
    # one, and nobody has to wait until its leases end.
    await app.deps.leadership.start(alone=app.database.is_sqlite)
    left = await app.features.fulfilment.submitter.recover(everything=app.database.is_sqlite)
    if left:
        log.warning("orders that were being sent when the bot stopped, unknown now: %s", left)
    asked = await app.features.aftercare.requester.recover(everything=app.database.is_sqlite)
    if asked:
        log.warning(
            "refills and cancellations that were being sent when the bot stopped, unknown now: %s",
            asked,
        )


async def _settle(app: App) -> None:
    """Hold the settings against the books.

    Raises SettingsError where money would become another, or orders lost.
    """
    settings = app.settings
    try:
        await app.features.provider.services.watch.load()
        await settle(
            app.database,
            app.deps.account,
            settings.panel_changed,
            admins=settings.admin_ids,
            rules=app.deps.rules,
            now=app.features.provider.services.watch.clock(),
        )
        await own_bot.settle(app.database, app.bot.id, app.features.provider.services.watch.clock())
    except (CurrencyChangedError, AccountChangedError) as error:
        raise SettingsError([str(error)]) from None


async def _open(health: Health, host: str, port: int) -> None:
    try:
        await health.start(host, port)
    except OSError as error:
        raise cannot_listen("HEALTH", host, port, error) from None


def cannot_listen(door: str, host: str, port: int, error: OSError) -> SettingsError:
    """Return which setting of a door is wrong: its host, or its port."""
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return SettingsError([f"{door}_HOST is wrong: {host} is no address of this machine."])
    return SettingsError([f"{door}_PORT is wrong: {port} can't be listened on ({error.strerror})."])


async def _stop_listening(app: App) -> bool:
    """End the polling in order; False where there is none to end: a webhook, or Telegram was never
    reached.
    """
    app.health.stopping = True
    if app.updates.webhook is not None:
        app.updates.webhook.refuse()
        return False
    try:
        await app.dispatcher.stop_polling()
    except RuntimeError:
        return False
    return True


async def _poll(app: App) -> None:
    await _until_reached(lambda: _free_to_poll(app))
    app.health.reached = True
    log.info("the bot is running")
    await app.dispatcher.start_polling(
        app.bot,
        allowed_updates=app.dispatcher.resolve_used_update_types(),
        tasks_concurrency_limit=_UPDATES_AT_ONCE,
        handle_signals=False,
        close_bot_session=False,
    )


async def _free_to_poll(app: App) -> None:
    """Remove a webhook that is set: while there is one, polling gets nothing but refusals."""
    await app.bot.me()
    known = await app.bot.get_webhook_info()
    if known.url:
        await app.bot.delete_webhook()
        log.warning("a webhook was set and is removed: this process polls")


async def _receive(app: App, webhook: Webhook) -> None:
    """Answer Telegram's requests until this is cancelled."""
    try:
        await webhook.open()
    except OSError as error:
        settings = app.settings
        raise cannot_listen(
            "WEBHOOK", settings.webhook_host, settings.webhook_port, error
        ) from None
    await _until_reached(webhook.announce)
    app.health.reached = True
    log.info("the bot is running, by webhook")
    await asyncio.Event().wait()


async def _until_reached(ask: Callable[[], Awaitable[None]]) -> None:
    """Wait for Telegram: aiogram's polling would end at the first failure.

    Orders go on meanwhile.
    """
    wait = 1.0
    while True:
        try:
            await ask()
        except TelegramUnauthorizedError:
            raise SettingsError(["BOT_TOKEN is wrong: Telegram does not know it."]) from None
        except TelegramBadRequest as error:
            log.error("Telegram refuses, again in %.0f s: %s", wait, error.message)  # noqa: TRY400 - a sentence
        except TelegramAPIError as error:
            log.warning("Telegram can't be reached, again in %.0f s: %s", wait, error)
        else:
            return
        await asyncio.sleep(wait)
        wait = min(wait * 2, _LONGEST_WAIT)
