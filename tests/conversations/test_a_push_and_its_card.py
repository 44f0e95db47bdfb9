"""A push and the card of its order go out together; a card of which nothing is told waits behind
all news.
"""

import asyncio

import pytest

from bot.notifications import notifier, places
from playground.telegram.people import Person
from shop.outbox import Kind
from storage.queries import notices as outbox
from storage.schema.messages import notices
from tests.harness.shop import Shop
from tests.harness.walks import place, tell_all


async def completed(shop: Shop, *people: Person, each: int = 1) -> None:
    """Have orders completed, and their customers not told yet."""
    for person in people:
        for number in range(each):
            await place(person, link=f"https://example.com/{person.id}/{number}")
    await shop.work()
    for _ in range(12):
        shop.pass_time(6)
        await shop.app.features.fulfilment.tracker.sweep()
    shop.api.calls.clear()


def calls(shop: Shop, person: Person) -> list[str]:
    return [name for name, params in shop.api.calls if int(params.get("chat_id", 0)) == person.id]


def cards(person: Person, state: str = "Completed") -> int:
    return sum(
        view.text.startswith("Order #") and state in view.text.splitlines()[0]
        for view in person.from_bot
    )


async def open_rows(shop: Shop) -> list:
    return [row for row in await shop.rows(notices) if row.done_at is None]


async def card_notices(shop: Shop) -> int:
    return sum(row.kind == Kind.CARD for row in await shop.rows(notices))


async def test_the_push_goes_first_and_its_card_right_behind(shop: Shop) -> None:
    ann, bob = shop.person(), shop.person(1002, "Bob")
    await completed(shop, ann, bob)
    before = await card_notices(shop)
    await shop.notify()
    for person in (ann, bob):
        assert calls(shop, person) == ["sendMessage", "editMessageText"]
        assert person.sees("is completed")
        assert cards(person) == 1
    assert await card_notices(shop) == before
    assert await open_rows(shop) == []


async def test_a_429_on_the_card_repeats_no_push_and_holds_up_nobody_else(shop: Shop) -> None:
    people = [shop.person(), shop.person(1002, "Bob")]
    await completed(shop, *people)
    shop.api.fail_next("editMessageText", 429, retry_after=30)
    await shop.notify()
    assert all(person.sees("is completed") for person in people)
    assert sum(cards(person) for person in people) == 1
    assert {row.outcome for row in await open_rows(shop)} == {"begun"}
    shop.clock.forward(seconds=31)
    await shop.notify()
    assert [cards(person) for person in people] == [1, 1]
    assert sum(name == "sendMessage" for name, _ in shop.api.calls) == 2
    assert await open_rows(shop) == []


async def test_who_was_told_and_then_chose_the_digest_is_not_told_again(shop: Shop) -> None:
    ann = shop.person()
    await completed(shop, ann)
    shop.api.fail_next("editMessageText", 429, retry_after=30)
    await shop.notify()
    shop.clock.forward(seconds=31)
    await ann.forge("qp:digest")
    await shop.notify()
    assert cards(ann) == 1
    assert await open_rows(shop) == []  # not even what was on the way and older


async def test_a_change_that_comes_before_the_card_is_drawn_is_told(shop: Shop) -> None:
    ann = shop.person()
    await tell_all(ann)
    await place(ann)
    await shop.submit()
    shop.api.fail_next("editMessageText", 429, retry_after=30)
    await shop.notify()
    assert ann.sees("is accepted")
    for _ in range(12):
        shop.pass_time(6)
        await shop.app.features.fulfilment.tracker.sweep()
    await shop.notify()
    assert sum("is accepted" in view.text for view in ann.from_bot) == 1
    assert ann.sees("is completed")
    assert cards(ann) == 1
    assert await open_rows(shop) == []


@pytest.mark.parametrize("at_once", [1, 2])
async def test_three_at_once_are_told_before_their_cards_are_drawn(
    shop: Shop, monkeypatch, at_once: int
) -> None:
    # the others when it was looked for news
    monkeypatch.setattr(notifier, "_CARDS_AT_ONCE", at_once)
    ann = shop.person()
    await completed(shop, ann, each=3)
    await shop.notify()
    assert calls(shop, ann) == ["sendMessage"] * 3 + ["editMessageText"] * 3
    assert cards(ann) == 3


async def test_a_list_has_its_cards_drawn_right_behind_it(shop: Shop) -> None:
    ann = shop.person()
    await completed(shop, ann, each=5)
    before = await card_notices(shop)
    await shop.notify()
    assert calls(shop, ann) == ["sendMessage"] + ["editMessageText"] * 5
    assert cards(ann) == 5
    assert await card_notices(shop) == before
    assert await open_rows(shop) == []


async def test_a_list_of_what_was_held_draws_no_card_again(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/settings")
    for choice in ("qc:1440", "qh:12:20"):
        await ann.forge(choice)
    await completed(shop, ann, each=5)
    await shop.notify()
    assert cards(ann) == 5
    shop.api.calls.clear()
    shop.clock.forward(hours=8)
    await shop.notify()
    assert calls(shop, ann) == ["sendMessage"]
    assert ann.sees("News · 5 orders")


@pytest.mark.parametrize("each", [1, 5])
async def test_in_a_crowd_cards_wait_behind_all_news(shop: Shop, monkeypatch, each: int) -> None:
    monkeypatch.setattr(places, "_CROWD", 0)
    ann, bob = shop.person(), shop.person(1002, "Bob")
    await completed(shop, ann, bob, each=each)
    before = await card_notices(shop)
    await shop.notify()
    assert [cards(person) for person in (ann, bob)] == [each, each]
    assert await card_notices(shop) - before == 2 * each
    assert {row.outcome for row in await shop.rows(notices) if row.kind == Kind.ORDER} == {
        "said",
        "quiet",
    }
    assert await open_rows(shop) == []


async def test_what_was_begun_before_a_crowd_came_waits_as_well(shop: Shop, monkeypatch) -> None:
    ann = shop.person()
    await place(ann)
    await shop.work()
    shop.api.calls.clear()
    await shop.app.database.write(
        outbox.add,
        user_id=ann.id,
        kind=Kind.ORDER,
        order_id=1,
        payload={"state": "completed", "refund": 0},
        now=shop.clock(),
    )
    shop.api.fail_next("editMessageText", 429, retry_after=30)
    await shop.notify()
    assert ann.sees("is completed")
    monkeypatch.setattr(places, "_CROWD", 0)
    shop.clock.forward(seconds=31)
    before = await card_notices(shop)
    await shop.notify()
    assert await card_notices(shop) == before + 1
    assert calls(shop, ann) == ["sendMessage", "editMessageText"]  # what met the 429 is not in it
    assert sum(name == "sendMessage" for name, _ in shop.api.calls) == 1
    assert await open_rows(shop) == []


async def test_cards_of_which_nothing_is_told_share_few_places(shop: Shop, monkeypatch) -> None:
    monkeypatch.setattr(places, "_FOR_CARDS", 1)
    people = [shop.person(1001 + number, f"P{number}") for number in range(2)]
    for person in people:
        await place(person, link=f"https://example.com/{person.id}")
    await shop.submit()
    serve = shop.api.serve

    async def slow(token, method, params=None, files=None):
        await asyncio.sleep(0.3)
        return await serve(token, method, params, files)

    monkeypatch.setattr(shop.api, "serve", slow)
    await shop.notify()
    assert [cards(person, "Accepted") for person in people] == [1, 1]
    assert not any(person.sees("is accepted") for person in people)
    outcomes = sorted((row.kind, row.outcome) for row in await shop.rows(notices))
    assert outcomes[-2:] == [(Kind.ORDER, "quiet")] * 2
    # who had no place has a notice that goes behind all news
    assert (Kind.CARD, "said") in outcomes
    assert await open_rows(shop) == []
