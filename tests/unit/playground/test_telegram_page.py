"""The chat page's endpoints, and the whole playground on one port."""

import json
import socket

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from playground.demo import start_playground
from playground.telegram import BotApi
from playground.telegram.page import FILES, page_app


@pytest.fixture
def api():
    api = BotApi()
    api.person(id=1001, first_name="Ann")
    api.person(id=1003, first_name="Olga", language_code="ru")
    return api


@pytest.fixture
async def page(api):
    server = TestServer(
        page_app(api, "/provider", admin_ids=frozenset({1003})), shutdown_timeout=0.1
    )
    async with TestClient(server) as client:
        yield client


async def state(page, person=1001):
    async with page.get("/chat/state", params={"person": person}) as answer:
        return await answer.json()


async def act(page, name, **body):
    async with page.post(f"/chat/{name}", json={"person": 1001, **body}) as answer:
        return answer.status, await answer.json()


async def test_the_page_loads_nothing_from_outside(page):
    for path in ("/", *(f"/{name}" for name in FILES)):
        async with page.get(path) as answer:
            assert answer.status == 200
            text = await answer.text()
        assert "innerHTML" not in text
        assert 'src="http' not in text
        assert 'href="http' not in text
    async with page.get("/") as answer:
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


async def test_saying_pressing_and_reading(api, page):
    assert (await act(page, "say", text=" /start "))[0] == 200
    markup = {
        "inline_keyboard": [[{"text": "Go", "callback_data": "go"}, {"text": "No", "disabled": {}}]]
    }
    api.call(api.token, "sendMessage", {"chat_id": 1001, "text": "Hi", "reply_markup": markup})
    shown = await state(page)
    assert [message["text"] for message in shown["messages"]] == ["/start", "Hi"]
    assert shown["people"][0]["unread"] == 1
    newest = shown["messages"][-1]["message_id"]
    await act(page, "read", message=newest)
    status, pressed = await act(page, "press", message=newest, text="Go", data="go")
    shown = await state(page)
    assert status == 200
    assert shown["people"][0]["unread"] == 0
    assert shown["waiting"] == [pressed["result"]]
    answer = {"callback_query_id": pressed["result"], "text": "Going", "show_alert": True}
    api.call(api.token, "answerCallbackQuery", answer)
    assert (await state(page))["answers"] == [
        {"number": 1, "text": "Going", "alert": True, "url": ""}
    ]
    assert (await act(page, "press", message=newest, text="Gone", data="go"))[0] == 409
    assert (await act(page, "press", message=newest, text="No", data=None))[0] == 409


async def test_paying_and_trouble_with_it(api, page):
    seen = []

    async def pump(update):
        seen.append(update)
        if query := update.get("pre_checkout_query"):
            answer = {"pre_checkout_query_id": query["id"], "ok": True}
            api.call(api.token, "answerPreCheckoutQuery", answer)

    await act(page, "say", text="/start")
    price = {"currency": "XTR", "prices": [{"label": "Stars", "amount": 50}]}
    params = {
        "chat_id": 1001,
        "title": "Top-up",
        "description": "50 Stars",
        "payload": "7",
        **price,
    }
    number = api.call(api.token, "sendInvoice", params)[1]["result"]["message_id"]
    api.on_update = pump
    assert (await act(page, "pay", message=number))[1]["result"] == "paid"
    assert (await state(page))["stars"] == {"balance": 50, "spoilt": [], "returnable": 1}
    await act(page, "spoil", kind="lost")
    await act(page, "spoil", kind="twice")
    await act(page, "spoil", kind="lost")
    assert (await state(page))["stars"]["spoilt"] == ["twice"]
    seen.clear()
    assert (await act(page, "charge_back", told=False))[0] == 200
    assert (await act(page, "charge_back", told=True))[0] == 409
    assert seen == []
    assert (await state(page))["stars"] == {"balance": 0, "spoilt": ["twice"], "returnable": 0}
    assert (await act(page, "pay", message=number + 100))[0] == 409


async def test_language_blocking_and_mistakes(page):
    await act(page, "language", language="ru")
    assert (await state(page))["language"] == "ru"
    await act(page, "block", blocked=True)
    assert (await state(page))["blocked"]
    assert (await act(page, "say", text="x"))[0] == 409
    assert (await act(page, "say"))[0] == 400
    for path, status in (("/chat/state?person=5", 404), ("/chat/files/none", 404)):
        async with page.get(path) as answer:
            assert answer.status == status
    async with page.post("/chat/say", data={"person": "1001", "text": "from a form"}) as answer:
        assert answer.status == 404


async def test_files_both_ways(api, page):
    form = aiohttp.FormData()
    form.add_field("caption", "links")
    form.add_field("file", b"<script>", filename="a.html", content_type="text/html")
    async with page.post(
        "/chat/upload?person=1001", data=form, headers={"X-Playground": "1"}
    ) as answer:
        assert answer.status == 200
    message = (await state(page))["messages"][0]
    assert (message["caption"], message["document"]["file_name"]) == ("links", "a.html")
    async with page.get(f"/chat/files/{message['document']['file_id']}") as answer:
        assert await answer.read() == b"<script>"
        assert answer.content_type == "application/octet-stream"


async def test_events_stream_whole_pictures(api, page):
    async with page.get("/chat/events", params={"person": 1003}) as stream:

        async def picture():
            line = (await stream.content.readuntil(b"\n\n")).decode()
            return json.loads(line.removeprefix("data: "))

        first = await picture()
        assert (first["person"], first["language"], first["provider"]) == (1003, "ru", "/provider")
        await api.people[1003].say("hello")
        second = await picture()
        while not second["messages"]:
            second = await picture()
        assert second["messages"][0]["text"] == "hello"


async def test_one_port_for_everything():
    async with start_playground(speed=100) as pg, aiohttp.ClientSession() as session:
        async with session.get(f"{pg.bot_api_url}/bot{pg.token}/getMe") as answer:
            assert (await answer.json())["result"]["is_bot"]
        async with session.post(pg.panel_url, data={"key": pg.key, "action": "balance"}) as answer:
            assert "balance" in await answer.text()
        async with session.get(f"{pg.url}/provider/control/state") as answer:
            assert (await answer.json())["orders"] == []
        async with session.get(f"{pg.url}/chat/state") as answer:
            people = (await answer.json())["people"]
    assert [each["id"] for each in people if each["admin"]] == [pg.admin_id]
    assert [each["id"] for each in people if not each["admin"]] == list(pg.customer_ids)


async def test_a_taken_port_gives_way_to_the_next_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with start_playground(port=port) as pg:
            assert int(pg.url.rpartition(":")[2]) > port
