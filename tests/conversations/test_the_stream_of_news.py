"""News goes out chat by chat: whoever is slow, or can't be told, keeps nobody else waiting."""

import asyncio

import pytest

from bot.notifications.notifier import Notifier
from shop.outbox import Kind
from storage.queries import notices
from storage.schema.messages import notices as table
from tests.harness.shop import Shop
from tests.runtime.process import until

ANN, BOB = 1001, 1002


async def news(shop: Shop, chat: int) -> None:
    payload = {"amount": 1_000_000, "reason": "test", "balance": 1_000_000}
    await shop.app.database.write(
        notices.add, user_id=chat, kind=Kind.CREDITED, payload=payload, now=shop.clock()
    )


@pytest.fixture(autouse=True)
async def _known(shop: Shop) -> None:
    await shop.person(ANN).say("/start")
    await shop.person(BOB, "Bob").say("/start")


async def open_chats(shop: Shop) -> list[int]:
    return [row.user_id for row in await shop.rows(table) if row.done_at is None]


async def test_a_slow_chat_keeps_nobody_back(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    serve, go_on = Notifier._serve_chat, asyncio.Event()

    async def slowly(self, chat: int) -> bool:
        if chat == ANN:
            await go_on.wait()
        return await serve(self, chat)

    monkeypatch.setattr(Notifier, "_serve_chat", slowly)
    await news(shop, ANN)
    step = asyncio.create_task(shop.app.features.notifications.notifier.step())
    await asyncio.sleep(0.05)
    await news(shop, BOB)  # written while the first one is being told
    await until(lambda: shop.person(BOB, "Bob").sees("1.00"), "the other one is told", 5)
    assert await open_chats(shop) == [ANN]
    go_on.set()
    await step
    assert await open_chats(shop) == []


async def test_a_fault_in_one_chat_lets_the_others_end(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve = Notifier._serve_chat

    async def badly(self, chat: int) -> bool:
        if chat == ANN:
            raise ZeroDivisionError
        await asyncio.sleep(0.05)
        return await serve(self, chat)

    monkeypatch.setattr(Notifier, "_serve_chat", badly)
    await news(shop, ANN)
    await news(shop, BOB)
    with pytest.raises(ZeroDivisionError):
        await shop.app.features.notifications.notifier.step()
    assert await open_chats(shop) == [ANN]


async def test_a_stop_cancels_what_is_being_told(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_self, _chat: int) -> bool:
        await asyncio.Event().wait()
        return True

    monkeypatch.setattr(Notifier, "_serve_chat", never)
    await news(shop, ANN)
    step = asyncio.create_task(shop.app.features.notifications.notifier.step())
    await asyncio.sleep(0.05)
    step.cancel()
    with pytest.raises(asyncio.CancelledError):
        await step
    assert await open_chats(shop) == [ANN]
