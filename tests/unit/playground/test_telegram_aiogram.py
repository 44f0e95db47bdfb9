"""A real aiogram bot against the emulator, over both of its faces."""

import asyncio
import contextlib

import aiohttp
import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.filters import CommandStart
from aiogram.methods import SendDice
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LabeledPrice,
    Message,
    ReplyParameters,
    Update,
)
from aiohttp import web
from aiohttp.test_utils import TestServer

from playground.telegram import BotApi
from playground.telegram.http import bot_api_app
from playground.telegram.session import EmulatorSession

HTML = DefaultBotProperties(parse_mode="HTML", link_preview_is_disabled=True)
MARKUP = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="New order", callback_data="new", style="primary")]]
)


@pytest.fixture
def api():
    api = BotApi()
    api.person(id=1001, first_name="Ann", started=True)
    return api


@contextlib.asynccontextmanager
async def over_http(api, token=None):
    async with TestServer(
        bot_api_app(api), handler_cancellation=True, shutdown_timeout=0.1
    ) as server:
        base = TelegramAPIServer.from_base(str(server.make_url("")).rstrip("/"))
        async with Bot(token or api.token, session=AiohttpSession(api=base), default=HTML) as bot:
            yield bot


@contextlib.asynccontextmanager
async def in_process(api, token=None):
    async with Bot(token or api.token, session=EmulatorSession(api), default=HTML) as bot:
        yield bot


@pytest.fixture(params=[over_http, in_process])
def connect(request):
    return request.param


async def test_sending_editing_and_replying(api, connect):
    ann = api.person(id=1001)
    async with connect(api) as bot:
        sent = await bot.send_message(
            1001, "<b>Hello</b> &amp; <code>42</code>", reply_markup=MARKUP
        )
        assert sent.html_text == "<b>Hello</b> &amp; <code>42</code>"
        edited = await sent.edit_text("Bye", reply_markup=MARKUP)
        assert edited.reply_markup.model_dump() == MARKUP.model_dump()
        with pytest.raises(TelegramBadRequest, match="message is not modified"):
            await bot.edit_message_text(
                "Bye", chat_id=1001, message_id=sent.message_id, reply_markup=MARKUP
            )
        reply = ReplyParameters(message_id=sent.message_id, allow_sending_without_reply=True)
        answer = await bot.send_message(1001, "about that", reply_parameters=reply)
        assert answer.reply_to_message.text == "Bye"
        assert await bot.delete_message(1001, answer.message_id)
    assert [(view.text, view.edited) for view in ann.messages] == [("Bye", True)]


async def test_files_up_and_down(api, connect):
    ann = api.person(id=1001)
    async with connect(api) as bot:
        sent = await bot.send_document(
            1001, BufferedInputFile(b"a;b\n" * 40_000, "orders.csv"), caption="<i>all</i>"
        )
        assert sent.document.file_name == "orders.csv"
        assert ann.last.document.content == b"a;b\n" * 40_000
        await bot.send_photo(1001, BufferedInputFile(b"picture", "chart.png"))
        await bot.send_document(1001, sent.document.file_id)
        await ann.send_file("links.txt", b"https://example.com")
        received = (await bot.get_updates())[0].message.document
        assert (await bot.download(received)).read() == b"https://example.com"


async def test_exceptions(api, connect):
    async with connect(api) as bot:
        with pytest.raises(TelegramBadRequest, match="Unsupported start tag"):
            await bot.send_message(1001, "<x>")
        api.fail_next("sendMessage", 429, retry_after=9)
        with pytest.raises(TelegramRetryAfter) as caught:
            await bot.send_message(1001, "x")
        assert caught.value.retry_after == 9
        api.person(id=1001).block()
        with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
            await bot.send_message(1001, "x")
        api.person(id=1001).unblock()
        api.fail_next("sendMessage", drop=True, after=True)
        with pytest.raises(TelegramNetworkError):
            await bot.send_message(1001, "delivered")
        assert api.person(id=1001).sees("delivered")
        with pytest.raises(TelegramNotFound):
            await bot(SendDice(chat_id=1001))
    async with connect(api, "42:wrong") as bot:
        with pytest.raises(TelegramUnauthorizedError):
            await bot.me()


async def test_two_polls(api, connect):
    async with connect(api) as bot:
        first = asyncio.create_task(bot.get_updates(timeout=5))
        await asyncio.sleep(0.1)
        second = asyncio.create_task(bot.get_updates(timeout=1))
        with pytest.raises(TelegramConflictError, match="terminated by other getUpdates"):
            await first
        assert await second == []


async def test_answers_validate(api, connect):
    async with connect(api) as bot:
        assert (await bot.me()).is_bot
        assert (await bot.get_chat(1001)).first_name == "Ann"
        scope = BotCommandScopeChat(chat_id=1001)
        assert await bot.set_my_commands([BotCommand(command="new", description="New")], scope)
        assert [c.command for c in await bot.get_my_commands(scope)] == ["new"]
        assert (await bot.get_webhook_info()).url == ""
        assert await bot.send_chat_action(1001, "typing")
        await bot.set_my_description("Orders", language_code="en")
        assert (await bot.get_my_description("en")).description == "Orders"


def small_bot():
    dispatcher = Dispatcher()

    @dispatcher.message(CommandStart())
    async def start(message: Message) -> None:
        await message.answer("Welcome", reply_markup=MARKUP)

    @dispatcher.callback_query(F.data == "new")
    async def press(query: CallbackQuery) -> None:
        await query.answer("A new order")
        await query.message.edit_text("Which service?")

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.reply(message.html_text)

    return dispatcher


async def test_a_conversation_in_process(api):
    dispatcher, ann = small_bot(), api.person(id=1001)
    async with in_process(api) as bot:

        async def pump(raw):
            await dispatcher.feed_update(bot, Update.model_validate(raw, context={"bot": bot}))

        api.on_update = pump
        await ann.say("/start")
        await ann.press("New")
        assert (ann.toast, ann.last.text, ann.buttons) == ("A new order", "Which service?", [])
        await ann.say("<b>")
        assert (ann.last.text, ann.last.reply_to) == ("<b>", ann.messages[-2].id)


async def test_a_conversation_by_polling(api):
    dispatcher, ann = small_bot(), api.person(id=1001)
    async with over_http(api) as bot:
        polling = asyncio.create_task(
            dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False)
        )
        await ann.say("/start")
        await ann.wait_for("Welcome")
        await ann.press("New order")
        await ann.wait_for("Which service?")
        await dispatcher.stop_polling()
        await polling


async def test_a_webhook_delivers_until_it_is_taken(api):
    got = []

    async def hook(request):
        got.append(
            (
                request.headers["X-Telegram-Bot-Api-Secret-Token"],
                (await request.json())["update_id"],
            )
        )
        return web.Response(status=500 if len(got) == 1 else 200)

    app = web.Application()
    app.router.add_post("/hook", hook)
    async with TestServer(app) as receiver, over_http(api) as bot:
        url = str(receiver.make_url("/hook"))
        await bot.set_webhook(url, secret_token="s3cret")
        await api.person(id=1001).say("one")
        async with asyncio.timeout(5):
            while api.updates.pending:
                await asyncio.sleep(0.02)
    assert got == [("s3cret", 1), ("s3cret", 1)]


async def test_plain_http(api):
    async with TestServer(bot_api_app(api)) as server, aiohttp.ClientSession() as session:
        url = server.make_url(f"/bot{api.token}/sendMessage")
        async with session.get(url, params={"chat_id": 1001, "text": "query"}) as answer:
            assert (await answer.json())["result"]["text"] == "query"
        async with session.post(url, json={"chat_id": 1001, "text": "json"}) as answer:
            assert (await answer.json())["result"]["text"] == "json"
        async with session.post(
            url, data="{", headers={"Content-Type": "application/json"}
        ) as answer:
            assert answer.status == 400
        api.fail_next("sendMessage", 429, retry_after=3)
        async with session.post(url, data={"chat_id": 1001, "text": "form"}) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (429, "3")
        async with session.get(server.make_url(f"/file/bot{api.token}/documents/none")) as answer:
            assert answer.status == 404


async def test_stars_validate(api, connect):
    async with connect(api) as bot:
        price = [LabeledPrice(label="Stars", amount=50)]
        sent = await bot.send_invoice(
            1001, "Top-up", "50 Stars", "7", "XTR", price, start_parameter="top"
        )
        assert sent.invoice.total_amount == 50
        await api.person(id=1001).checkout()
        query = (await bot.get_updates())[0].pre_checkout_query
        await bot.answer_pre_checkout_query(query.id, ok=True)
        paid = (await bot.get_updates(offset=2))[0].message.successful_payment
        assert await bot.refund_star_payment(1001, paid.telegram_payment_charge_id)
        transactions = (await bot.get_star_transactions()).transactions
        assert [t.receiver is None for t in transactions] == [True, False]
        assert (await bot.get_my_star_balance()).amount == 0
