"""Everything a stranger needs to try the shop: a messenger, a Bot API, a provider and Crypto Pay,
on one port.
"""

import contextlib
import errno
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from playground.crypto import CryptoBot, crypto_app
from playground.provider import Provider, provider_app
from playground.telegram import BotApi
from playground.telegram.bot_api import DEFAULT_TOKEN
from playground.telegram.http import add_bot_api
from playground.telegram.page import page_app

DEFAULT_KEY = "playground-key"
ADMIN = (1003, "Olga", "olga", "en")
CUSTOMERS = ((1001, "Ann", "ann", "en"), (1002, "Борис", "boris", "ru"))
PORTS_TRIED = 50
STRANGE = 2002
"""the demo catalogue's last service gets a type that nobody knows, as real catalogues have them"""


@dataclass(frozen=True)
class Playground:
    """What is running.

    `url` is the page and the Bot API's base, `panel_url` the provider's API address.
    """

    url: str
    api: BotApi
    provider: Provider
    key: str
    crypto: CryptoBot
    admin_id: int
    customer_ids: tuple[int, ...]

    @property
    def token(self) -> str:
        return self.api.token

    @property
    def bot_api_url(self) -> str:
        """For `TelegramAPIServer.from_base`."""
        return self.url

    @property
    def panel_url(self) -> str:
        return f"{self.url}/provider/api/v2"

    @property
    def crypto_url(self) -> str:
        """The base address of Crypto Pay, where the real one has https://pay.crypt.bot."""
        return f"{self.url}/crypto"

    @property
    def crypto_token(self) -> str:
        return self.crypto.token


@contextlib.asynccontextmanager
async def start_playground(
    host: str = "127.0.0.1",
    port: int = 0,
    speed: float = 1.0,
    token: str | None = None,
    key: str | None = None,
    catalogue: Any = None,
) -> AsyncIterator[Playground]:
    """Runs until the block ends. Port 0: any free one; a port that is taken: the next free one.

    `speed` is how many times faster than real the provider delivers; `catalogue` goes to the
    provider.
    """
    api = BotApi(token or DEFAULT_TOKEN)
    provider = _provider(key or DEFAULT_KEY, speed, catalogue)
    crypto = CryptoBot()
    for person in (*CUSTOMERS, ADMIN):
        api.person(*person)
    app = page_app(api, "/provider", admin_ids=frozenset({ADMIN[0]}))
    add_bot_api(app, api)
    app.add_subapp("/provider", provider_app(provider))
    app.add_subapp("/crypto", crypto_app(crypto))
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=1.0, access_log=None)
    await runner.setup()
    try:
        listening = _listen(host, port)
        await web.SockSite(runner, listening).start()
        playground = Playground(
            url=f"http://{_shown(host)}:{listening.getsockname()[1]}",
            api=api,
            provider=provider,
            key=key or DEFAULT_KEY,
            crypto=crypto,
            admin_id=ADMIN[0],
            customer_ids=tuple(person[0] for person in CUSTOMERS),
        )
        crypto.pay_page = f"{playground.crypto_url}/pay/"
        yield playground
    finally:
        await runner.cleanup()


def _provider(key: str, speed: float, catalogue: Any) -> Provider:
    given = {"catalogue": catalogue} if catalogue is not None else {}
    provider = Provider(key=key, balance="500.00", currency="USD", speed=speed, **given)
    if catalogue is None:
        provider.change_service(STRANGE, type="Special")
    return provider


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket on the first free port from this one on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for wanted in range(port, port + PORTS_TRIED if port else 1):
        listening = socket.socket(family)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, wanted))
        except OSError as error:
            listening.close()
            if error.errno != errno.EADDRINUSE:
                raise
        else:
            return listening
    raise OSError(errno.EADDRINUSE, f"no free port from {port} to {port + PORTS_TRIED - 1}")


def _shown(host: str) -> str:
    if host in {"", "0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
