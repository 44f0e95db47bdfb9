"""What is said to who sends more than can be kept for them, and what is never refused."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.dispatcher.middlewares.user_context import UserContextMiddleware
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import AnswerCallbackQuery, SendMessage, TelegramMethod
from aiogram.types import Message, Update

from bot.middlewares.fair_queue import MOST, FairQueue, Share
from bot.middlewares.fair_turns import FairTurns
from locales import Texts
from shop.customers.long_texts import MOST as CHARACTERS
from tests.runtime.stepped import SteppedLoop

ANN, BORIS = 501, 502
ORDINARY, PIECES = MOST[Share.ORDINARY], MOST[Share.PIECE]
SENTENCE = {
    language: Texts().for_language(language).plain("one-moment") for language in ("en", "ru")
}


class Wire(BaseSession):
    """Takes everything; `refuses` is what it takes nothing of."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[TelegramMethod[Any]] = []
        self.refuses: type[TelegramMethod[Any]] | None = None

    async def make_request(
        self, bot: Bot, method: TelegramMethod[Any], timeout: int | None = None
    ) -> Any:
        if type(method) is self.refuses:
            raise TelegramBadRequest(method=method, message="query is too old")
        self.said.append(method)
        return True

    async def close(self) -> None: ...

    async def stream_content(self, *args: Any, **kwargs: Any) -> Any: ...

    @property
    def messages(self) -> list[str]:
        return [method.text for method in self.said if isinstance(method, SendMessage)]

    @property
    def toasts(self) -> list[str | None]:
        return [method.text for method in self.said if isinstance(method, AnswerCallbackQuery)]


class People:
    def __init__(self, language: str) -> None:
        self.language = language

    async def language_of(self, user_id: int) -> str:
        return self.language


class LongTexts:
    def __init__(self, *, waited_for: bool) -> None:
        self.waited_for = waited_for
        self.spoilt: list[tuple[int, int, list[int]]] = []
        self.handled: list[int] = []

    async def spoil(self, user_id: int, message_id: int, text: str) -> bool:
        self.spoilt.append((user_id, message_id, list(self.handled)))
        return self.waited_for


class House:
    """A bot whose handlers take a second."""

    def __init__(self, language: str = "en", *, waited_for: bool = False) -> None:
        self.wire = Wire()
        self.bot = Bot("42:TEST", session=self.wire)
        self.queue = FairQueue()
        self.turns = FairTurns(self.queue)
        self.long_texts = LongTexts(waited_for=waited_for)
        self.handled = self.long_texts.handled
        self.at: dict[int, float] = {}
        self.data = {"texts": Texts(), "people": People(language), "long_texts": self.long_texts}

    async def handler(self, event: Any, data: dict[str, Any]) -> None:
        await asyncio.sleep(1)
        self.handled.append(event.update_id)
        self.at[event.update_id] = asyncio.get_running_loop().time()

    async def feed(self, *raws: dict[str, Any], **data: Any) -> None:
        updates = [Update.model_validate(raw, context={"bot": self.bot}) for raw in raws]
        await asyncio.gather(
            *(self.turns(self.handler, update, {**self.data, **data}) for update in updates)
        )


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner(loop_factory=SteppedLoop) as opened:
        yield opened


def user(user_id: int) -> dict[str, Any]:
    return {"id": user_id, "is_bot": False, "first_name": "Ann", "language_code": "en"}


def message(number: int, user_id: int = ANN, **what: Any) -> dict[str, Any]:
    said = {
        "message_id": 1000 + number,
        "date": 1,
        "chat": {"id": user_id, "type": "private"},
        "from": user(user_id),
    }
    return {"update_id": number, "message": said | (what or {"text": "hello"})}


def press(number: int) -> dict[str, Any]:
    query = {"id": str(number), "from": user(ANN), "chat_instance": "1", "data": "z"}
    return {"update_id": number, "callback_query": query}


def payment(number: int, kind: str) -> dict[str, Any]:
    names = (
        "currency",
        "invoice_payload",
        "telegram_payment_charge_id",
        "provider_payment_charge_id",
    )
    return message(number, **{kind: dict.fromkeys(names, "XTR") | {"total_amount": 1}})


def checkout(number: int) -> dict[str, Any]:
    query = {
        "id": "1",
        "from": user(ANN),
        "currency": "XTR",
        "total_amount": 1,
        "invoice_payload": "1",
    }
    return {"update_id": number, "pre_checkout_query": query}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_hundred_messages_get_one_sentence_in_their_language(
    runner: asyncio.Runner, language: str
) -> None:
    house = House(language)
    runner.run(house.feed(*(message(number) for number in range(100)), message(100, BORIS)))
    assert house.at[100] == 1
    assert [number for number in house.handled if number < 100] == [*range(ORDINARY)]
    assert house.wire.messages == [SENTENCE[language]]
    assert len(house.queue) == 0


def test_every_press_is_answered(runner: asyncio.Runner) -> None:
    house = House()
    runner.run(house.feed(*(press(number) for number in range(40))))
    assert house.handled == [*range(ORDINARY)]
    assert house.wire.toasts == [SENTENCE["en"]] * (40 - ORDINARY)
    assert house.wire.messages == []
    assert all(len(sentence) <= 200 for sentence in SENTENCE.values())


def test_what_can_not_be_said_keeps_nothing_back(runner: asyncio.Runner) -> None:
    house = House()
    house.wire.refuses = AnswerCallbackQuery
    runner.run(house.feed(*(press(number) for number in range(40))))
    assert house.handled == [*range(ORDINARY)]


@pytest.mark.parametrize("kind", ["successful_payment", "refunded_payment"])
def test_a_payment_is_next_whatever_else_there_is(runner: asyncio.Runner, kind: str) -> None:
    house = House()
    runner.run(
        house.feed(*(message(number) for number in range(60)), payment(60, kind), payment(61, kind))
    )
    assert house.handled[:4] == [0, 60, 61, 1]


def test_a_checkout_waits_for_nobody(runner: asyncio.Runner) -> None:
    house = House()
    everybody = (message(number, 1000 + number) for number in range(64))
    runner.run(
        house.feed(*everybody, *(message(number) for number in range(64, 100)), checkout(100))
    )
    assert house.at[100] == 1


def test_who_blocks_the_bot_is_heard(runner: asyncio.Runner) -> None:
    house = House()
    member = {"user": user(42), "status": "member"}
    change = {
        "chat": {"id": ANN, "type": "private"},
        "from": user(ANN),
        "date": 1,
        "old_chat_member": member,
    }
    blocked = {
        "update_id": 60,
        "my_chat_member": change | {"new_chat_member": {**member, "status": "left"}},
    }
    runner.run(house.feed(*(message(number) for number in range(60)), blocked))
    assert house.handled == [*range(ORDINARY), 60]


def test_an_album_is_kept(runner: asyncio.Runner) -> None:
    house = House()
    photo = [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]
    runner.run(
        house.feed(*(message(number, media_group_id="1", photo=photo) for number in range(10)))
    )
    assert house.handled == [*range(10)]
    assert house.wire.said == []


@pytest.mark.parametrize("size", [4096, 3000], ids=["full", "cut at a line's end"])
def test_the_longest_text_is_kept_whole_beside_a_lot_else(
    runner: asyncio.Runner, size: int
) -> None:
    house = House()
    pieces = [message(number, text="x" * size) for number in range(20, 20 + CHARACTERS // size)]
    last = message(20 + len(pieces), text="the last bit of it")
    runner.run(house.feed(*(message(number) for number in range(ORDINARY - 1)), *pieces, last))
    assert house.handled == [*range(ORDINARY - 1), *range(20, 21 + len(pieces))]
    assert house.wire.said == []
    assert house.long_texts.spoilt == []


@pytest.mark.parametrize("waited_for", [True, False])
def test_a_long_text_with_a_hole_is_spoilt_before_what_follows_is_read(
    runner: asyncio.Runner, *, waited_for: bool
) -> None:
    house = House(waited_for=waited_for)

    async def all_day() -> None:
        burst = asyncio.create_task(
            house.feed(*(message(n, text="x" * 4000) for n in range(PIECES + 20)))
        )
        await asyncio.sleep(10.5)
        await asyncio.gather(burst, house.feed(message(500, text="an answer")))

    runner.run(all_day())
    assert house.long_texts.spoilt == [(ANN, 1000 + PIECES, [*range(PIECES)])]
    assert house.handled == [*range(PIECES), 500]
    late = [text for text in house.wire.messages if "too late" in text]
    assert len(late) == waited_for
    assert len(house.wire.messages) == 1 + waited_for


def test_a_text_put_together_takes_its_turn_and_is_never_refused(runner: asyncio.Runner) -> None:
    house = House()

    async def all_day() -> None:
        burst = asyncio.create_task(house.feed(*(message(number) for number in range(5, 60))))
        await asyncio.sleep(0.5)
        await asyncio.gather(burst, house.feed(message(0, text="long"), long_text=object()))

    runner.run(all_day())
    assert house.handled[:3] == [5, 0, 6]


def test_by_webhook_the_place_comes_with_it(runner: asyncio.Runner) -> None:
    house = House()

    async def all_day() -> None:
        with house.queue.join(ANN, 1) as place:
            await place.turn()
            await house.feed(message(1), place=place)
        assert len(house.queue) == 0

    runner.run(all_day())
    assert house.handled == [1]


def test_what_is_no_update_passes(runner: asyncio.Runner) -> None:
    house = House()
    raw = message(1)["message"]

    async def handler(event: Any, data: dict[str, Any]) -> str:
        return "passed"

    async def all_day() -> None:
        assert await house.turns(handler, Message.model_validate(raw), {}) == "passed"

    runner.run(all_day())
    assert (
        UserContextMiddleware.resolve_event_context(Update.model_validate(message(1))).user_id
        == ANN
    )
