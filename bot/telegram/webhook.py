"""The webhook: Telegram's requests instead of ours.

Several processes may stand behind one address.
"""

import asyncio
import json
import logging
import secrets
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlsplit

from aiogram import Bot, Dispatcher
from aiogram.types import Update
from aiogram.types.update import UpdateTypeLookupError
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from pydantic import ValidationError

from bot.middlewares.in_flight import InFlight
from bot.observability.metrics import Metrics
from bot.settings import Settings
from bot.telegram.update_inbox import KEEP_SECONDS, ComeAgainError, UpdateInbox
from bot.workers.supervisor import Worker, every

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
_LARGEST = 1024 * 1024  # bytes; Telegram's own are below 100 kB
_CONNECTIONS = 40  # how many updates Telegram sends at once
_BODY_SECONDS = 10.0  # for the whole of a request's body
_LINGER_SECONDS = 2.0  # for the rest of one that was answered before it had come
# for the next request, or a first one's headers; proxies keep connections for two minutes
_IDLE_SECONDS = 180.0
_CUT_OFF_SECONDS = 0.5  # for requests that a drain has given up


class Receiver(SimpleRequestHandler):
    """Answers 200 when an update is handled, 503 when it is to come again, 401 to a wrong secret,
    400 to what is no JSON, and 408 when the rest of a request does not come.

    Not aiogram's own `feed_webhook_update`: that answers 200 after 55 seconds, whatever becomes of
    the handler.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        bot: Bot,
        secret: str,
        once: UpdateInbox,
        running: InFlight,
        metrics: Metrics,
    ) -> None:
        super().__init__(dispatcher, bot, handle_in_background=False, secret_token=secret)
        self._once, self._running, self._metrics = once, running, metrics

    def verify_secret(self, telegram_secret_token: str, bot: Bot) -> bool:
        del bot
        given, wanted = (
            text.encode("utf-8", "replace")
            for text in (telegram_secret_token, self.secret_token or "")
        )
        return secrets.compare_digest(given, wanted)

    async def handle(self, request: web.Request) -> web.Response:
        status = await self._status(request)
        self._metrics.webhook_answer(status)
        response = web.Response(status=status)
        if status == HTTPStatus.REQUEST_TIMEOUT:
            response.force_close()
        return response

    async def arrive(self) -> None:
        await self._once.arrive()

    def refuse(self) -> None:
        self._once.closed = True

    async def _status(self, request: web.Request) -> int:
        if not self.verify_secret(request.headers.get(SECRET_HEADER, ""), self.bot):
            return 401
        if self._once.closed:
            return 503
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await request.read()
        except TimeoutError:
            return 408
        except web.HTTPRequestEntityTooLarge:
            return 413
        except (web.RequestPayloadError, HttpProcessingError):
            return 400
        return await self._take(body)

    async def _take(self, body: bytes) -> int:
        try:
            update = Update.model_validate(json.loads(body), context={"bot": self.bot})
            kind = update.event_type
        except (ValidationError, UpdateTypeLookupError) as error:
            # It would come again for a day, and hold up what that person sends after it.
            log.error("an update that can't be read: %s", _said(error))  # noqa: TRY400
            return 200
        # the latter: brackets within brackets, thousands of them
        except (ValueError, RecursionError):
            return 400
        log.debug("update %s: %s", update.update_id, kind)
        with self._running.one():
            return await self._handled(update)

    async def _handled(self, update: Update) -> int:
        try:
            await self._once.handle(
                update, lambda place: self.dispatcher.feed_update(self.bot, update, place=place)
            )
        except ComeAgainError:
            return 503
        except Exception:
            log.exception("update %s failed; it comes again", update.update_id)
            return 500
        return 200


def _said(error: ValidationError | UpdateTypeLookupError) -> str:
    """Return what is wrong without what the update says."""
    if isinstance(error, ValidationError):
        return "; ".join(
            f"{'.'.join(map(str, one['loc']))}: {one['type']}" for one in error.errors()
        )
    return str(error)


class Webhook:
    """The server that Telegram's requests come to, behind whatever speaks TLS at WEBHOOK_URL."""

    def __init__(self, settings: Settings, receiver: Receiver) -> None:
        self._settings, self._receiver = settings, receiver
        self._runner: web.AppRunner | None = None

    async def open(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        await self._receiver.arrive()
        app = web.Application(client_max_size=_LARGEST)
        self._receiver.register(app, urlsplit(self._settings.webhook_url).path)
        setup_application(app, self._receiver.dispatcher, bot=self._receiver.bot)
        self._runner = web.AppRunner(
            app,
            access_log=None,
            shutdown_timeout=_CUT_OFF_SECONDS,
            keepalive_timeout=_IDLE_SECONDS,
            lingering_time=_LINGER_SECONDS,
        )
        await self._runner.setup()
        await web.TCPSite(
            self._runner, self._settings.webhook_host, self._settings.webhook_port
        ).start()

    async def announce(self) -> None:
        """Tell Telegram the address; every process says the same. Raises TelegramAPIError."""
        await self._receiver.bot.set_webhook(
            self._settings.webhook_url,
            secret_token=self._settings.webhook_token,
            allowed_updates=self._receiver.dispatcher.resolve_used_update_types(),
            max_connections=_CONNECTIONS,
        )

    def refuse(self) -> None:
        """Begin nothing new: Telegram brings it again, to us or to another process."""
        self._receiver.refuse()

    async def close(self) -> None:
        """Stop listening. Telegram keeps the address: another process may stand behind it."""
        if self._runner is not None:
            await self._runner.cleanup()


def make_webhook(settings: Settings, receiver: Receiver) -> Webhook | None:
    return Webhook(settings, receiver) if settings.webhook_url else None


def webhook_workers(settings: Settings, once: UpdateInbox) -> Sequence[Worker]:
    if not settings.webhook_url:
        return ()
    return (Worker("updates", once.keep, every(KEEP_SECONDS), everywhere=True),)
