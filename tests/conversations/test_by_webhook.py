"""What Telegram's requests are answered with."""

import asyncio
import json
import os
import signal
import socket
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from bot.run import serve, stop_of_signals
from bot.telegram.webhook import SECRET_HEADER
from storage.migrate import DatabaseUnusableError
from storage.schema.operations import updates
from tests.harness.shop import Shop, open_shop

SECRET = "a-secret_of-this-test"


@pytest.fixture
async def shop(tmp_path) -> AsyncIterator[Shop]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    given = {"webhook_url": "https://shop.example/hook", "webhook_secret": SECRET}
    async with open_shop(tmp_path, **given, webhook_host="127.0.0.1", webhook_port=port) as opened:
        opened.person().chat.started = True
        await opened.app.updates.webhook.open()
        yield opened
        await opened.app.updates.webhook.close()


async def post(shop: Shop, body: Any, secret: str | None = SECRET, path: str = "/hook") -> int:
    headers = [] if secret is None else [(SECRET_HEADER.encode(), secret.encode())]
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        url = f"http://127.0.0.1:{shop.app.settings.webhook_port}{path}"
        return (await client.post(url, content=content, headers=headers)).status_code


def said(number: int, text: str = "/start") -> dict[str, Any]:
    ann = {"id": 1001, "is_bot": False, "first_name": "Ann"}
    chat = {"id": 1001, "type": "private", "first_name": "Ann"}
    return {
        "update_id": number,
        "message": {"message_id": 1, "date": 1, "from": ann, "chat": chat, "text": text},
    }


async def test_an_update_is_handled_once(shop: Shop) -> None:
    ann = shop.person()
    assert [await post(shop, said(1)) for _ in range(2)] == [200, 200]
    assert len([view for view in ann.from_bot if "Hello" in view.text]) == 1


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "ключ"])
async def test_whoever_does_not_know_the_secret(shop: Shop, secret: str | None) -> None:
    assert await post(shop, said(1), secret) == 401
    assert shop.person().from_bot == []


async def test_another_path(shop: Shop) -> None:
    assert await post(shop, said(1), path="/") == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff", 400),
        (b"[1]", 200),
        ({"update_id": "x"}, 200),
        ({"message": {}}, 200),
    ],
)
async def test_what_is_no_update(shop: Shop, body: Any, status: int) -> None:
    """What can't be read would come again for a day; so it is logged and let go."""
    assert await post(shop, body) == status
    assert await post(shop, said(1)) == 200


async def test_an_update_of_a_kind_that_nobody_knows(shop: Shop) -> None:
    assert await post(shop, {"update_id": 5, "telepathy": {"from": 1}}) == 200


async def test_what_is_too_large(shop: Shop) -> None:
    assert await post(shop, said(1, "x" * 1_100_000)) == 413
    assert await post(shop, said(1, "x" * 100_000), "wrong") == 401


async def test_what_failed_comes_again(shop: Shop, monkeypatch, caplog) -> None:
    def broken(*_args: Any) -> None:
        raise OSError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr("storage.queries.fsm.load", broken)
        assert await post(shop, said(1)) == 500
    assert "update 1 failed; it comes again" in caplog.text
    assert await post(shop, said(1)) == 200
    assert "Hello" in shop.person().last.text


async def test_who_was_told_that_something_went_wrong_is_not_told_twice(shop: Shop) -> None:
    shop.api.fail_next("sendMessage", 500)
    assert [await post(shop, said(1)) for _ in range(2)] == [200, 200]
    assert len(shop.person().from_bot) == 1


async def test_a_stop_refuses_what_is_new(shop: Shop) -> None:
    shop.app.updates.webhook.refuse()
    assert await post(shop, said(1)) == 503
    assert await post(shop, said(1), "wrong") == 401
    assert shop.person().from_bot == []


async def test_telegram_is_told_the_address_and_what_we_want(shop: Shop) -> None:
    await shop.app.updates.webhook.announce()
    assert (shop.api.webhook.url, shop.api.webhook.secret) == ("https://shop.example/hook", SECRET)
    assert {"message", "callback_query", "pre_checkout_query", "my_chat_member"} <= set(
        shop.api.updates.allowed
    )


async def test_all_processes_of_a_bot_know_the_same_secret(tmp_path) -> None:
    async with open_shop(tmp_path, webhook_url="https://shop.example/hook") as one:
        first = one.app.settings.webhook_token
        again = one.app.settings.model_copy().webhook_token
        assert first == again
        assert len(first) == 64
        assert first in one.app.settings.secrets
        assert one.app.settings.bot_token.get_secret_value().partition(":")[2] not in first


async def test_a_handler_that_never_ends_is_cut_off_and_its_update_comes_again(
    tmp_path, monkeypatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setattr("bot.run.DRAIN_SECONDS", 0.3)
    begun = asyncio.Event()

    async def hangs(*_args: Any, **_named: Any) -> None:
        begun.set()
        await asyncio.Event().wait()

    given = {
        "webhook_url": "https://shop.example/hook",
        "webhook_secret": SECRET,
        "webhook_host": "127.0.0.1",
    }
    async with open_shop(tmp_path, **given, webhook_port=port) as shop:
        monkeypatch.setattr("shop.customers.accounts.People.get_or_create", hangs)
        serving = asyncio.create_task(serve(shop.app, stop_of_signals()))
        async with asyncio.timeout(40):
            while shop.api.webhook is None:
                await asyncio.sleep(0.01)
        posting = asyncio.create_task(post(shop, said(1)))
        async with asyncio.timeout(40):
            await begun.wait()
        assert len(await shop.rows(updates)) == 1
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(40):
            await serving
        assert isinstance(
            (await asyncio.gather(posting, return_exceptions=True))[0], httpx.TransportError
        )
        assert await shop.rows(updates) == []
        assert shop.api.webhook is not None


async def test_a_database_that_takes_nothing_at_the_start_is_said_in_a_line(
    tmp_path, monkeypatch
) -> None:
    def full(*_args: Any, **_given: Any) -> None:
        raise OperationalError("INSERT INTO leases", {}, OSError("database or disk is full"))

    async with open_shop(tmp_path) as shop:
        monkeypatch.setattr("storage.queries.leases.take", full)
        with pytest.raises(DatabaseUnusableError, match="disk is full"):
            await serve(shop.app, asyncio.Event())
