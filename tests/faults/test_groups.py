"""A bot that somebody puts into a group: no customers, no gifts, no screens."""

from storage.schema.customers import users
from storage.schema.wallets import ledger
from tests.runtime.process import Operator, until

GROUP = -1001


async def test_51_messages_in_a_group_credit_nothing(shop: Operator) -> None:
    bot = await shop.start()
    api = shop.pg.api
    group = api.group(GROUP)
    for number in range(51):
        sender = {"id": 7000 + number, "is_bot": False, "first_name": "Guest"}
        text = "/start@panel_shop_bot" if number % 10 == 0 else "hello there"
        await api.deliver("message", api.new_message(group, sender, {"text": text}))
    anonymous = {
        "id": 1087968824,
        "is_bot": True,
        "first_name": "Group",
        "username": "GroupAnonymousBot",
    }
    await api.deliver(
        "message",
        api.new_message(group, anonymous, {"text": "/start", "sender_chat": group.as_dict()}),
    )
    ann = await shop.person()
    query = {
        "id": api.queries.ask(ann.id, api.clock()),
        "from": ann.as_user(),
        "chat_instance": "1",
        "data": "m:wallet",
        "message": next(iter(group.messages.values())),
    }
    await api.deliver("callback_query", query)
    await until(lambda: bool(ann.answers), "the press is answered")
    assert "private chat only" in ann.toast
    told = [
        message["text"]
        for message in group.messages.values()
        if message["from"]["id"] == api.me["id"]
    ]
    assert len(told) == 1
    assert "private chat only" in told[0]
    assert await shop.rows(users) == await shop.rows(ledger) == []
    await ann.say("/Start")
    await ann.wait_for("Hello")
    assert [row.id for row in await shop.rows(users)] == [ann.id]
    assert await shop.balance(ann.id) == 10_000_000
    await shop.check_money()
    assert await bot.stop() == 0
    assert "Traceback" not in bot.said
