"""`python -m bot`: the bot, by long polling."""

import logging

from aiogram.dispatcher.event.handler import HandlerObject

from bot.app import App, build
from bot.health import Health
from bot.settings import Settings
from storage.migrate import upgrade

log = logging.getLogger(__name__)

DRAIN_SECONDS = 20.0
_UPDATES_AT_ONCE = 64


async def run(settings: Settings) -> None:
    """Run until SIGINT or SIGTERM; then running handlers and workers get 20 s to end."""
    app = build(settings)
    await upgrade(app.database)
    await serve(app)


async def serve(app: App) -> None:
    """Start the workers and poll. The database must be migrated. Closes the app at the end."""
    health = Health(app.database, app.supervisor)
    app.dispatcher.shutdown.handlers.insert(0, _drain(app))
    try:
        await app.watch.load()
        left = await app.submitter.recover(everything=app.database.is_sqlite)
        if left:
            log.warning("%s orders were being sent when the bot stopped; they are unknown now", left)
        if app.settings.health_port is not None:
            await health.start(app.settings.health_port)
        app.supervisor.start()
        log.info("the bot is running")
        await app.dispatcher.start_polling(
            app.bot,
            allowed_updates=app.dispatcher.resolve_used_update_types(),
            tasks_concurrency_limit=_UPDATES_AT_ONCE,
            close_bot_session=False,
        )
    finally:
        await app.supervisor.stop(DRAIN_SECONDS)
        await health.stop()
        await app.close()
        log.info("the bot has stopped")


def _drain(app: App) -> HandlerObject:
    """Make the hook that lets running handlers end: aiogram would cut them off."""

    async def drain() -> None:
        if not await app.running.drain(DRAIN_SECONDS):
            log.warning("some handlers did not end in time")

    return HandlerObject(drain)
