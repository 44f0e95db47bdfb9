"""`python -m bot`: the bot, by long polling."""

import asyncio
import logging
import signal

from aiogram.exceptions import TelegramAPIError, TelegramUnauthorizedError

from bot.app import App, build
from bot.health import Health
from bot.settings import Settings, SettingsError
from bot.supervisor import run_until
from storage.migrate import upgrade

log = logging.getLogger(__name__)

DRAIN_SECONDS = 19.0  # systemd and containers get impatient after 20 or 30
_UPDATES_AT_ONCE = 64
_LONGEST_WAIT = 30.0


async def run(settings: Settings) -> None:
    """Run until SIGINT or SIGTERM. Raises SettingsError or DatabaseUnusableError when it can't start."""
    app = build(settings)
    if app.till.crypto is not None:
        log.warning("Crypto Pay is on. Telegram's terms want Stars for digital goods: it is your decision.")
    try:
        await upgrade(app.database)
    except BaseException:
        await app.close()
        raise
    await serve(app)


async def serve(app: App) -> None:
    """Run workers and polling until a signal; then both get 20 s to end. The database must be migrated."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wanted, stop.set)
    health = Health(app.database, app.supervisor)
    try:
        await app.watch.load()
        await app.till.margins.load()
        left = await app.submitter.recover(everything=app.database.is_sqlite)
        if left:
            log.warning("orders that were being sent when the bot stopped, unknown now: %s", left)
        asked = await app.requester.recover(everything=app.database.is_sqlite)
        if asked:
            log.warning("refills and cancellations that were being sent when the bot stopped, unknown now: %s", asked)
        if app.settings.health_port is not None:
            await _open(health, app.settings.health_port)
        app.supervisor.start()
        await run_until(stop, _poll(app), end=lambda: _stop_polling(app))
    finally:
        # Handlers first stop coming, then those that run and the workers end side by side.
        drained, _ = await asyncio.gather(app.running.drain(DRAIN_SECONDS), app.supervisor.stop(DRAIN_SECONDS))
        if not drained:
            log.warning("some handlers did not end in time")
        await health.stop()
        await app.close()
        log.info("the bot has stopped")


async def _open(health: Health, port: int) -> None:
    try:
        await health.start(port)
    except OSError as error:
        raise SettingsError([f"HEALTH_PORT is wrong: {port} can't be listened on ({error.strerror})."]) from None


async def _stop_polling(app: App) -> bool:
    """End the polling in order; False when it has not begun, because Telegram was never reached."""
    try:
        await app.dispatcher.stop_polling()
    except RuntimeError:
        return False
    return True


async def _poll(app: App) -> None:
    await _until_reached(app)
    log.info("the bot is running")
    await app.dispatcher.start_polling(
        app.bot,
        allowed_updates=app.dispatcher.resolve_used_update_types(),
        tasks_concurrency_limit=_UPDATES_AT_ONCE,
        handle_signals=False,
        close_bot_session=False,
    )


async def _until_reached(app: App) -> None:
    """Wait for Telegram: aiogram's polling would end at the first failure. Orders go on meanwhile."""
    wait = 1.0
    while True:
        try:
            await app.bot.me()
        except TelegramUnauthorizedError:
            raise SettingsError(["BOT_TOKEN is wrong: Telegram does not know it."]) from None
        except TelegramAPIError as error:
            log.warning("Telegram can't be reached, again in %.0f s: %s", wait, error)
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)
        else:
            return
