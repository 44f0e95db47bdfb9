"""`make demo`: the real bot against an embedded provider and an embedded chat page.

No token, no key.
"""

import tempfile
from decimal import Decimal
from pathlib import Path

from pydantic import SecretStr

from bot.app import build
from bot.observability.logs import configure
from bot.run import serve, stop_of_signals
from bot.settings import Settings
from playground.demo import Playground, start_playground
from storage.lock import only_process
from storage.migrate import upgrade

_HELLO = """
  The shop is open:  {url}

  You are Ann, a customer. Press Start, choose New order, pick a service from
  "Try these first", send any link, choose a quantity, and Confirm. A minute
  later the chat tells you that the order is completed.

  Then try:
   - be Boris (Russian), or Olga, the admin: /balance, /sync, /credit 1001 5 gift
   - Wallet, Top up: pay with pretend Stars; order for more than you have
   - as Olga: /margins, /coupons, /payments
   - make trouble on the right: lose the next answer, refuse the next order
   - the provider's side of every order, beside the chat

  Nothing leaves this machine. Ctrl+C ends it and forgets everything.
"""


async def demo(host: str, port: int, speed: float = 1.0) -> None:
    """Run until interrupted; the database lives in a folder that goes with the process.

    `speed` is how many times faster than usual the provider delivers.
    """
    stop = stop_of_signals()
    with tempfile.TemporaryDirectory(prefix="shop-demo-") as folder:
        async with start_playground(host, port, speed) as playground:
            settings = demo_settings(playground, Path(folder))
            configure("WARNING", settings.secrets)
            with only_process(settings.database_url):
                app = build(settings)
                await upgrade(app.database)
                print(_HELLO.format(url=playground.url), flush=True)  # noqa: T201 - the operator's console
                await serve(app, stop)


def demo_settings(playground: Playground, folder: Path) -> Settings:
    """Make the settings of a small shop that reacts quickly."""
    return Settings(
        _env_file=None,
        bot_token=playground.token,
        telegram_api_url=playground.bot_api_url,
        admin_ids=frozenset({playground.admin_id}),
        allowed_user_ids=frozenset(),
        panel_url=playground.panel_url,
        panel_key=playground.key,
        database_url=f"sqlite+aiosqlite:///{folder}/shop.db",
        markup_percent=Decimal(25),
        welcome_credit=Decimal(5),
        status_interval=2,
        refill_wait_hours=0,
        catalog_interval=60,
        balance_interval=30,
        panel_timeout=10,
        crypto_pay_token=SecretStr(playground.crypto_token),
        crypto_pay_url=playground.crypto_url,
        webhook_url="",
    )
