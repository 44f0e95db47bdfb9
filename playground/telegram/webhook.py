"""Webhook delivery: one update after the other, again and again until it is answered with 2xx."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiohttp

from playground.telegram.bot_api import BotApi
from playground.telegram.updates import Update, Webhook

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
AGAIN = 0.5
"""seconds before an update that wasn't taken is tried again"""


@contextlib.asynccontextmanager
async def webhook_courier(api: BotApi) -> AsyncIterator[None]:
    """Delivers for as long as the block lasts."""
    courier = asyncio.create_task(_deliver(api))
    try:
        yield
    finally:
        courier.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await courier


async def _deliver(api: BotApi) -> None:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
        while True:
            seen = api.change.count
            if api.webhook is None or not api.updates.pending:
                await api.change.wait(seen, 60)
                continue
            update = api.updates.pending[0]
            if await _post(session, api.webhook, update):
                api.updates.acknowledge(update["update_id"] + 1)
            else:
                await asyncio.sleep(AGAIN)


async def _post(session: aiohttp.ClientSession, webhook: Webhook, update: Update) -> bool:
    headers = {SECRET_HEADER: webhook.secret} if webhook.secret else {}
    try:
        async with session.post(webhook.url, json=update, headers=headers) as answer:
            return answer.ok
    except (aiohttp.ClientError, TimeoutError):
        return False
