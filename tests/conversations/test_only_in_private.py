"""The shop is between a person and the bot: groups, channels, bots and service messages stay
outside.
"""

from typing import Any

import pytest

from playground.telegram.people import Person
from storage.schema.customers import users
from storage.schema.messages import fsm
from storage.schema.wallets import ledger
from tests.harness.shop import ADMIN, Shop
from tests.harness.walks import place, to_quantity

GROUP = {"id": -100, "type": "supergroup", "title": "Staff"}
CHANNEL = {"id": -200, "type": "channel", "title": "News"}
ANN = {"id": 1001, "is_bot": False, "first_name": "Ann", "language_code": "en"}
BORIS = {"id": 1002, "is_bot": False, "first_name": "Борис", "language_code": "ru"}
ANONYMOUS = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
BEHIND_A_CHANNEL = {
    "id": 136817688,
    "is_bot": True,
    "first_name": "Channel",
    "username": "Channel_Bot",
}
TELEGRAM = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
OTHER_BOT = {"id": 555, "is_bot": True, "first_name": "Helper", "username": "helper_bot"}


def message(
    number: int, chat: dict[str, Any], sender: dict[str, Any] | None, **content: Any
) -> dict[str, Any]:
    sent = {"message_id": number, "date": 1, "chat": chat, **content}
    return sent if sender is None else {**sent, "from": sender}


def private(user: dict[str, Any]) -> dict[str, Any]:
    return {"id": user["id"], "type": "private", "first_name": user["first_name"]}


async def nobody_came(shop: Shop) -> None:
    assert await shop.rows(users) == []
    assert await shop.rows(ledger) == []
    assert await shop.rows(fsm) == []


def said(shop: Shop) -> list[str]:
    return [params.get("text", "") for name, params in shop.api.calls if name == "sendMessage"]


async def test_a_busy_group_makes_no_customer(shop: Shop) -> None:
    shop.api.group(GROUP["id"])
    for number in range(51):
        sender = {**ANN, "id": 2000 + number}
        await shop.api.deliver(
            "message", message(number + 1, GROUP, sender, text="hello 100 @somebody")
        )
    await nobody_came(shop)
    assert said(shop) == []


@pytest.mark.parametrize(
    ("chat", "sender", "more"),
    [
        (GROUP, ANONYMOUS, {"sender_chat": GROUP}),
        (GROUP, BEHIND_A_CHANNEL, {"sender_chat": CHANNEL}),
        (GROUP, TELEGRAM, {"sender_chat": CHANNEL, "is_automatic_forward": True}),
        (GROUP, OTHER_BOT, {}),
        (GROUP, None, {}),
        ({"id": -300, "type": "group", "title": "Old"}, ANN, {}),
        (CHANNEL, None, {"sender_chat": CHANNEL}),
        (private(OTHER_BOT), OTHER_BOT, {}),
        (private(TELEGRAM), TELEGRAM, {}),
        (private(ANN), BORIS, {}),
    ],
)
@pytest.mark.parametrize(
    "text", ["hello", "24 | https://example.com | 100\n24 | https://example.com/b | 100"]
)
async def test_who_is_no_person_in_their_own_chat_is_nobody(
    shop: Shop, chat: dict[str, Any], sender: dict[str, Any] | None, more: dict[str, Any], text: str
) -> None:
    await shop.api.deliver("message", message(1, chat, sender, text=text, **more))
    await nobody_came(shop)
    assert said(shop) == []


@pytest.mark.parametrize(
    ("sender", "line"), [(ANN, "in a private chat only"), (BORIS, "только в личном чате")]
)
async def test_a_command_in_a_group_is_answered_with_one_line(
    shop: Shop, sender: dict[str, Any], line: str
) -> None:
    shop.api.group(GROUP["id"])
    for number, text in enumerate(("/start", "/order", "/start@panel_shop_bot", "/start r_ABC")):
        await shop.api.deliver("message", message(number + 1, GROUP, sender, text=text))
    (told,) = said(shop)
    assert line in told
    await nobody_came(shop)


@pytest.mark.parametrize("text", ["/start@helper_bot", "/", " ", "look: /start"])
async def test_what_is_meant_for_others_is_not_answered(shop: Shop, text: str) -> None:
    shop.api.group(GROUP["id"])
    await shop.api.deliver("message", message(1, GROUP, ANN, text=text))
    assert said(shop) == []


async def test_a_group_where_the_bot_may_not_write_is_no_trouble(shop: Shop) -> None:
    shop.api.group(GROUP["id"])
    shop.api.fail_next(
        "sendMessage", 400, "Bad Request: not enough rights to send text messages to the chat"
    )
    await shop.api.deliver("message", message(1, GROUP, ANN, text="/start"))
    await nobody_came(shop)


def press(person: Person, data: str, **where: Any) -> dict[str, Any]:
    query_id = person.api.queries.ask(person.id, person.api.clock())
    return {"id": query_id, "from": person.as_user(), "chat_instance": "1", "data": data, **where}


@pytest.mark.parametrize(
    ("language", "line"), [("en", "in a private chat only"), ("ru", "только в личном чате")]
)
@pytest.mark.parametrize("where", ["group", "channel", "inline", "others"])
async def test_a_button_outside_of_the_own_chat_does_nothing_but_say_so(
    shop: Shop, where: str, language: str, line: str
) -> None:
    zoe = shop.person(1009, "Zoe", language)
    chat = {"group": GROUP, "channel": CHANNEL, "others": private(ANN)}.get(where)
    shown = message(5, chat, shop.api.me, text="Menu") if chat else None
    for data in ("m:wallet", "m:orders", "c:0", "zzz"):
        at = {"message": shown} if shown else {"inline_message_id": "abc"}
        await shop.api.deliver("callback_query", press(zoe, data, **at))
        assert line in zoe.toast
    await nobody_came(shop)
    assert said(shop) == []


async def test_an_admins_buttons_are_none_in_a_group(shop: Shop) -> None:
    await place(shop.person())
    before = await shop.rows()
    shown = message(5, GROUP, shop.api.me, text="Triage")
    for data in ("xb:1", "xf:1:0:1", "cy:1"):
        await shop.api.deliver("callback_query", press(shop.admin, data, message=shown))
        assert "private chat only" in shop.admin.toast
    assert await shop.rows() == before
    assert shop.person(ADMIN).from_bot == []


async def test_an_old_message_of_the_own_chat_still_counts(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/start")
    gone = {"message_id": 3, "chat": ann.chat.as_dict(), "date": 0}
    await shop.api.deliver("callback_query", press(ann, "m:help", message=gone))
    assert "private chat" not in ann.toast
    assert ann.last.labels


async def test_being_thrown_out_of_a_group_marks_nobody(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/start")
    kicked = {"user": shop.api.me, "status": "kicked", "until_date": 0}
    member = {"user": shop.api.me, "status": "member"}
    for chat in (GROUP, CHANNEL, {**GROUP, "id": 1001}):
        change = {
            "chat": chat,
            "from": ANN,
            "date": 1,
            "old_chat_member": member,
            "new_chat_member": kicked,
        }
        await shop.api.deliver("my_chat_member", change)
    (row,) = await shop.rows(users)
    assert row.gone_at is None
    ann.block()
    await shop.api.pump()
    (row,) = await shop.rows(users)
    assert row.gone_at is not None


SERVICE: list[dict[str, Any]] = [
    {"pinned_message": message(1, private(ANN), ANN, text="100")},
    {"pinned_message": {"message_id": 1, "chat": private(ANN), "date": 0}},
    {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
    {"users_shared": {"request_id": 1, "users": [{"user_id": 5}]}},
    {"chat_shared": {"request_id": 1, "chat_id": -5}},
    {"write_access_allowed": {}},
    {"connected_website": "example.com"},
    {"video_chat_started": {}},
    {"video_chat_ended": {"duration": 5}},
    {"new_chat_title": "100"},
    {"delete_chat_photo": True},
    {"new_chat_members": [ANN]},
    {"left_chat_member": ANN},
    {"boost_added": {"boost_count": 1}},
    {"proximity_alert_triggered": {"traveler": ANN, "watcher": BORIS, "distance": 5}},
    {"forum_topic_closed": {}},
    {"web_app_data": {"data": "100", "button_text": "100"}},
]


@pytest.mark.parametrize("content", SERVICE, ids=lambda content: next(iter(content)))
async def test_a_service_message_is_no_answer(shop: Shop, content: dict[str, Any]) -> None:
    ann = shop.person()
    await to_quantity(ann)
    before, asked = len(ann.from_bot), ann.last
    await shop.api.deliver("message", message(900, ann.chat.as_dict(), ann.as_user(), **content))
    assert len(ann.from_bot) == before
    await ann.say("100")
    assert ann.last.id != asked.id
    assert "come in parts" in ann.last.text


async def test_a_service_message_makes_no_customer(shop: Shop) -> None:
    for content in SERVICE:
        await shop.api.deliver("message", message(900, private(ANN), ANN, **content))
    await nobody_came(shop)


@pytest.mark.parametrize(
    ("language", "order", "line"),
    [
        ("en", "Order", "Please send it anew."),
        ("ru", "Заказать", "Пришлите его, пожалуйста, заново."),
    ],
)
async def test_a_change_during_a_form_is_answered(
    shop: Shop, language: str, order: str, line: str
) -> None:
    ann = shop.person(1001, "Ann", language)
    await ann.say("/start s_6")
    await ann.press(order, message=ann.last)
    await ann.say("https://example.com/page")
    await ann.say("10")
    before = len(ann.from_bot)
    await ann.edit("100")
    assert line in ann.last.text
    assert len(ann.from_bot) == before + 1
    await ann.say("100")
    assert len(ann.from_bot) == before + 2
    assert await shop.rows() == []


async def test_other_changes_are_nobodys_business(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/start")
    before = len(ann.from_bot)
    await ann.edit("/orders")
    assert len(ann.from_bot) == before
    await shop.api.deliver("edited_message", message(7, GROUP, ANN, text="hello", edit_date=2))
    await shop.api.deliver(
        "edited_message", message(8, private(BORIS), BORIS, text="hello", edit_date=2)
    )
    assert [row.id for row in await shop.rows(users)] == [1001]


async def test_a_place_on_the_move_is_not_answered_at_each_step(shop: Shop) -> None:
    ann = shop.person()
    await to_quantity(ann)
    before = len(ann.from_bot)
    place_now = {"latitude": 1.0, "longitude": 2.0, "live_period": 900}
    moved = message(900, ann.chat.as_dict(), ann.as_user(), location=place_now, edit_date=2)
    await shop.api.deliver("edited_message", moved)
    assert len(ann.from_bot) == before
