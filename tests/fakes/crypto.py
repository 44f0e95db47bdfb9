"""Crypto Pay without a socket."""

import json

import httpx

from playground.crypto import CryptoBot
from playground.crypto.core import REFUSALS
from playground.provider.faults import KINDS, Way
from playground.provider.replacements import replacement
from playground.provider.reply import Reply


def crypto_transport(bot: CryptoBot) -> httpx.MockTransport:
    """Make it answer in process; faults of the connection are lost answers here."""

    async def answer(request: httpx.Request) -> httpx.Response:
        method = request.url.path.rpartition("/")[2]
        token, fields = request.headers["Crypto-Pay-API-Token"], json.loads(request.content)
        fault = bot.received(method)
        if fault is None or fault.kind in REFUSALS:
            return _response(bot.answer(token, method, fields, fault))
        if fault.done:
            bot.answer(token, method, fields)
        if KINDS[fault.kind].way is Way.ANSWER:
            return _response(replacement(fault))
        raise httpx.ReadTimeout("the answer was lost", request=request)

    return httpx.MockTransport(answer)


def _response(reply: Reply) -> httpx.Response:
    return httpx.Response(
        reply.status, content=reply.body, headers={"Content-Type": reply.content_type}
    )
