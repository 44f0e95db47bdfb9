"""getUpdates: acknowledging, repeating, waiting, and one poll at a time."""

import asyncio

import pytest

from playground.telegram import BotApi


@pytest.fixture
def api():
    return BotApi()


def poll(api, **params):
    return api.serve(api.token, "getUpdates", params)


async def got(api, **params):
    return [u["update_id"] for u in (await poll(api, **params))[1]["result"]]


async def test_what_is_not_acknowledged_comes_again(api):
    person = api.person(id=1)
    for word in "abc":
        await person.say(word)
    assert await got(api) == [1, 2, 3]
    assert await got(api, offset="2", limit=1) == [2]
    assert await got(api, offset=2) == [2, 3]
    assert await got(api, offset=-1) == [3]
    assert await got(api, offset=4) == []


async def test_a_hundred_at_most(api):
    for number in range(120):
        await api.person(id=1).say(str(number))
    assert len(await got(api, limit=500)) == 100


async def test_a_poll_waits_for_what_comes(api):
    waiting = asyncio.create_task(poll(api, timeout=5))
    await asyncio.sleep(0.02)
    assert not waiting.done()
    await api.person(id=1).say("hello")
    status, body = await asyncio.wait_for(waiting, 1)
    assert status == 200
    assert body["result"][0]["message"]["text"] == "hello"


async def test_a_new_poll_ends_the_old_one(api):
    old = asyncio.create_task(poll(api, timeout=5))
    await asyncio.sleep(0)
    new = asyncio.create_task(poll(api, timeout=5))
    status, body = await asyncio.wait_for(old, 1)
    assert status == 409
    assert body["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot "
        "instance is running"
    )
    await api.person(id=1).say("x")
    assert (await asyncio.wait_for(new, 1))[0] == 200


async def test_allowed_updates_persist(api):
    person = api.person(id=1, started=True)
    await poll(api, allowed_updates='["callback_query"]')
    await person.say("not asked for")
    await person.forge("data")
    assert ["callback_query" in u for u in (await poll(api))[1]["result"]] == [True]
    await poll(api, allowed_updates=[])
    await person.say("asked for")
    person.block()
    kinds = [set(u) - {"update_id"} for u in (await poll(api))[1]["result"]]
    assert kinds == [{"callback_query"}, {"message"}, {"my_chat_member"}]


async def test_no_polling_while_a_webhook_is_set(api):
    waiting = asyncio.create_task(poll(api, timeout=5))
    await asyncio.sleep(0)
    api.call(api.token, "setWebhook", {"url": "https://example.com/hook", "secret_token": "s"})
    assert (await waiting)[1]["description"] == "Conflict: terminated by setWebhook request"
    assert (
        "can't use getUpdates method while webhook is active" in (await poll(api))[1]["description"]
    )
    assert api.call(api.token, "getWebhookInfo")[1]["result"]["url"] == "https://example.com/hook"
    api.call(api.token, "deleteWebhook")
    assert (await poll(api))[0] == 200


async def test_a_refused_poll_is_a_fault_like_any_other(api):
    api.fail_next("getUpdates", 409, "Conflict: somebody else")
    assert (await poll(api))[0] == 409
    assert (await poll(api))[0] == 200
