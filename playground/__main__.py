"""`python -m playground [port]`: the playground alone, for a bot started by hand."""

import asyncio
import contextlib
import sys

from playground.demo import start_playground

TEXT = """\
Chat page        {url}/
Bot API base     {bot_api_url}   (token {token})
Provider API v2  {panel_url}   (key {key})
Crypto Pay       {crypto_url}   (token {crypto_token})
Admin            {admin_id}; customers {customer_ids}
Stop with Ctrl+C."""


async def main(port: int) -> None:
    async with start_playground(port=port) as pg:
        names = (
            *("url", "bot_api_url", "token", "panel_url", "key"),
            *("crypto_url", "crypto_token", "admin_id", "customer_ids"),
        )
        sys.stdout.write(TEXT.format(**{name: getattr(pg, name) for name in names}) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 8090))
