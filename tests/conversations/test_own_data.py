"""A person's own data in the chat: the file of it, and its end."""

import json
import re

import pytest

from storage.schema.base import metadata
from storage.schema.customers import users
from storage.schema.messages import fsm, notices
from storage.schema.orders import drafts, orders
from tests.harness.shop import ADMIN, Shop
from tests.harness.walks import CANCELED, place, to_summary

LINK = "https://example.com/only-of-Ann"


async def erase(person) -> None:
    await person.say("/delete_me")
    await person.press("Delete everything")


async def to_the_end(shop: Shop) -> None:
    """Let the provider end what it has: before that nobody is erased."""
    for _ in range(40):
        await shop.work(600)


async def said_anywhere(shop: Shop, words: str) -> list[str]:
    """Name the tables in which these words stand: not as a part of a longer number, which may be
    chance.
    """
    tables = [
        table for table in metadata.sorted_tables if table.name not in ("services", "categories")
    ]
    whole = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")
    return [table.name for table in tables if whole.search(repr(await shop.rows(table)))]


async def test_the_file(shop: Shop) -> None:
    ann = shop.person()
    await place(ann, link=LINK)
    await shop.work()
    await ann.say("/support Where is it?")
    await ann.say("/mydata")
    document = ann.last.document
    assert document is not None
    assert document.name == "my-data-2026-11-22.json"
    assert "Everything we keep about you" in ann.last.raw["caption"]
    found = json.loads(document.content)
    assert found["users"][0]["id"] == 1001
    assert found["orders"][0]["link"] == LINK
    assert found["orders"][0]["price"] == "0.12 USD"
    assert found["messages_to_us"][0]["text"] == "Where is it?"
    await ann.say("/mydata")
    assert "ask again in a minute" in ann.last.text
    shop.clock.forward(minutes=1)
    await ann.say("/mydata")
    assert ann.last.document is not None


async def test_nothing_is_erased_by_a_command_alone(shop: Shop) -> None:
    ann = shop.person()
    await place(ann, link=LINK)
    await to_the_end(shop)
    await ann.say("/delete_me")
    for words in ("Goes for good", "Stays", "$9.88 in your wallet would be lost", "/mydata"):
        assert words in ann.last.text
    await ann.press("Keep everything")
    assert "New order" in ann.last.labels
    assert (await shop.rows())[0].link == LINK


async def test_everything_goes_and_the_order_is_settled_first(shop: Shop) -> None:
    ann = shop.person(name="Annabella-Zoe")
    await place(ann, CANCELED, link=LINK)
    await to_the_end(shop)
    await ann.say("/support My name is Annabella-Zoe")
    await to_summary(ann, link=LINK + "2")
    await erase(ann)
    assert "Everything about you is deleted" in ann.last.text
    assert not ann.last.labels
    seen = len(ann.messages)
    for _ in range(40):
        await shop.work(600)
    (order,) = await shop.rows()
    assert order.state == "canceled"
    assert order.refunded == order.price
    await shop.check_money()
    assert len(ann.messages) == seen
    for words in ("Annabella", "only-of-Ann", "1001"):
        assert await said_anywhere(shop, words) == [], words
    assert [row for row in await shop.rows(notices) if row.done_at is None] == []


async def test_while_an_order_waits_one_is_told_what_to_do(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await ann.say("/delete_me")
    assert "Not yet: #1 must reach the provider first" in ann.last.text
    await ann.forge(f"dm:{int(shop.clock().timestamp())}")
    assert "Not yet: #1" in ann.toast
    await shop.work()
    await ann.say("/delete_me")
    assert "Not yet: #1 is still with the provider" in ann.last.text
    await ann.say("/language")
    await ann.press("Русский")
    await ann.say("/delete_me")
    assert "Пока нельзя: #1 ещё у поставщика" in ann.last.text
    await ann.forge("t:en")
    await to_the_end(shop)
    await erase(ann)
    assert "is deleted" in ann.last.text


async def test_the_question_is_old_after_ten_minutes(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/delete_me")
    question = ann.last
    shop.clock.forward(minutes=10, seconds=1)
    await ann.press("Delete everything", message=question)
    assert "too old" in ann.toast
    assert (await shop.rows(users))[-1].first_name == "Ann"
    for forged in ("dm:0", "dm:9007199254740992", f"dm:{int(shop.clock().timestamp()) + 600}"):
        await ann.forge(forged)
        assert "too old" in ann.toast, forged


async def test_three_taps_leave_one_pseudonym(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await to_the_end(shop)
    await ann.say("/delete_me")
    question = ann.last
    data = question.buttons[0][0].value
    for _ in range(3):
        await ann.forge(data, question)
        assert "is deleted" in ann.last.text
    assert len([row for row in await shop.rows(users) if row.id < 0]) == 1
    assert [row for row in await shop.rows(users) if row.id == 1001] == []


async def test_old_buttons_meet_a_stranger(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    card = ann.last
    await to_the_end(shop)
    await to_summary(ann)
    summary = ann.last
    await erase(ann)
    await ann.press("Confirm", message=summary)
    assert "This order form is closed" in ann.toast
    await ann.press("Refresh", message=card)
    assert "There is no such order" in ann.toast
    await ann.say("what was asked")  # no answer is awaited any more
    assert "Is this right" not in ann.last.text
    await ann.say("/start")
    assert "Hello, Ann" in ann.last.text
    await ann.say("/orders")
    assert "no orders yet" in ann.last.text


async def test_coming_back_is_no_second_gift(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/balance")
    assert "$10.00" in ann.last.text
    await erase(ann)
    await ann.say("/balance")
    assert "$0.00" in ann.last.text
    await shop.check_money()


async def test_an_admin_stays_an_admin(shop: Shop) -> None:
    olga = shop.admin
    await olga.say(f"/credit {ADMIN} 5 for me")
    await shop.notify()
    await erase(olga)
    assert await said_anywhere(shop, str(ADMIN)) == []
    await olga.say("/sync")
    assert "catalogue" in olga.last.text
    await shop.check_money()


async def test_settings_are_forgotten_and_chosen_anew(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/settings")
    await ann.forge("qp:digest")
    assert [row.state for row in await shop.rows(fsm)] == ["Telling:clock"]
    await erase(ann)
    assert await shop.rows(fsm) == []
    await ann.say("/settings")
    assert "results only" in ann.last.text


async def test_the_house_s_people_can_go_too(house: Shop) -> None:
    ann = house.person()
    await place(ann, link=LINK)
    await to_the_end(house)
    await ann.say("/delete_me")
    assert "would be lost" not in ann.last.text
    await ann.press("Delete everything")
    assert (await house.rows())[0].state == "completed"
    assert (await house.rows(drafts))[0].fields == {}


@pytest.mark.parametrize("command", ["/mydata", "/delete_me"])
async def test_it_is_offered_with_the_privacy_page(shop: Shop, command: str) -> None:
    ann = shop.person()
    for page in ("/privacy", "/help"):
        await ann.say(page)
        assert command in ann.last.text


async def test_a_push_on_its_way_does_not_reach_the_pseudonym(shop: Shop) -> None:
    """The notifier has read its rows before the person is erased, and their order after it."""
    ann = shop.person()
    await place(ann)
    await shop.submit()

    def transaction(tx):
        tx.execute(
            users.insert().values(id=-77, first_name="—", language="en", created_at=shop.clock()),
        )
        tx.execute(orders.update().values(user_id=-77))

    await shop.app.database.write(transaction)
    sent = len(shop.api.calls)
    await shop.notify()
    assert {int(params.get("chat_id", 0)) for _, params in list(shop.api.calls)[sent:]} <= {0}
