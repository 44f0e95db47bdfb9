"""A definite no of the provider: some orders wait for better times, others end and give the money
back.
"""

import asyncio
from urllib.parse import quote

from playground.telegram.people import Person
from storage.enums import OrderState
from tests.runtime.process import ADMIN, KEY, LINK, OTHER, STEADY, TOKEN, Operator, adds, until

SECRETS = (KEY, quote(KEY, safe=""), TOKEN.partition(":")[2])


def alerts(shop: Operator, words: str) -> int:
    return sum(words in view.text for view in shop.admin.from_bot)


async def test_without_funds_orders_wait_and_go_out_after_the_top_up(any_shop: Operator) -> None:
    shop = any_shop
    # the operator's account is looked at that often, by an add too
    await shop.start(BALANCE_INTERVAL="1")
    shop.pg.provider.set_balance(0)
    people = [await shop.person(number) for number in (1, 2, 3)]
    await asyncio.gather(*(shop.place(person, link=f"{LINK}/{person.id}") for person in people))
    await shop.admin.wait_for("The balance at the provider is too small")
    await until(lambda: adds(shop) >= 3, "it was tried again", 30)
    assert set(await shop.states()) <= {"queued", "submitting"}
    assert shop.pg.provider.book.orders == {}
    await shop.check_money()
    assert not any("funds" in person.transcript().lower() for person in people)

    shop.pg.provider.set_balance(100)
    for person in people:
        await person.wait_for("is completed", 60)
    assert alerts(shop, "too small") == 1
    assert len(shop.pg.provider.book.orders) == 3
    assert await shop.states() == [str(OrderState.COMPLETED)] * 3
    await shop.check_money()


async def test_a_provider_that_takes_json_is_served(shop: Operator) -> None:
    shop.pg.provider.json_only = True
    bot = await shop.start(PANEL_PARAMETERS="json", LOG_LEVEL="DEBUG")
    ann = await shop.person(1)
    await shop.place(ann)
    await ann.wait_for("is completed", 20)
    assert len(shop.pg.provider.book.orders) == 1
    assert await bot.stop() == 0
    assert KEY not in bot.said


async def refused(shop: Operator, person: Person, text: str) -> None:
    shop.pg.provider.fault("refuse", "add", text=text)
    await shop.place(person, link=f"{LINK}/{person.id}")


async def test_refused_is_refunded_in_our_words_and_no_secret_is_said(shop: Operator) -> None:
    bot = await shop.start(LOG_LEVEL="DEBUG", BALANCE_INTERVAL="2", PANEL_PARAMETERS="both")
    ann, boris, carl = [await shop.person(number) for number in (1, 2, 3)]
    await refused(shop, ann, f"Plan of {KEY} exhausted, ask the reseller")
    push = await ann.wait_for("was not accepted")
    assert "$0.035 is back in your wallet" in push.text
    card = await ann.wait_for("Not accepted")
    assert "The provider did not accept this order." in card.text
    await refused(shop, boris, "Bad link")
    await boris.wait_for("was not accepted")
    await boris.wait_for("The provider can't use this link")
    assert len(shop.pg.provider.book.orders) == 0
    assert adds(shop) == 2

    shop.pg.provider.fault("bad_key", "add", text=f"Invalid API key {KEY}")
    await shop.place(carl, link=f"{LINK}/{carl.id}")
    alert = await shop.admin.wait_for("does not accept the key")
    assert "Invalid API key ***" in alert.text
    await carl.wait_for("is completed", 15)
    shop.pg.provider.fault(
        "refuse", "balance", times=0, text=f"No balance for {KEY} or {quote(KEY, safe='')}"
    )
    await shop.admin.say("/balance")
    answer = await shop.admin.wait_for("did not tell its balance")
    assert "No balance for *** or ***" in answer.text

    orders = await shop.rows()
    assert [row.state for row in orders] == [
        OrderState.REJECTED,
        OrderState.REJECTED,
        OrderState.COMPLETED,
    ]
    assert orders[0].failure == "Plan of *** exhausted, ask the reseller"
    assert [await shop.balance(person.id) for person in (ann, boris)] == [10_000_000] * 2
    await shop.check_money()
    for person in shop.pg.api.people.values():  # admins are told of words that nobody knows
        hidden = SECRETS if person.id == ADMIN else ("reseller", "Bad link", *SECRETS)
        for words in hidden:
            assert words not in person.transcript()
    assert await bot.stop() == 0
    for secret in SECRETS:
        assert secret not in bot.said
    assert "DEBUG" in bot.said


async def test_two_people_and_one_link_go_one_after_another(shop: Operator) -> None:
    bot = await shop.start(PANEL_TIMEOUT="10")
    ann, boris, carl = [await shop.person(number) for number in (1, 2, 3)]
    shop.pg.provider.speed = 5
    shop.pg.provider.fault("slow", "add", seconds=2)
    await shop.place(ann)
    await until(lambda: adds(shop) == 1)
    await shop.place(boris, OTHER)
    await shop.place(carl, STEADY, f"{LINK}/else")
    await until(lambda: adds(shop) == 2, "another link does not wait")
    assert [str(state) for state in await shop.states()][1] == "queued"
    # The provider takes one order of a link and service at a time.
    shop.pg.provider.fault("busy_link", "add")
    await boris.wait_for("Another order for this link is still running.")
    assert adds(shop) == 3
    assert (await shop.rows())[1].waiting == "busy_link"
    shop.pg.provider.speed = 200
    # a minute passes
    await shop.change("UPDATE orders SET not_before = created_at WHERE state = 'queued'")
    for person in (ann, boris, carl):
        await person.wait_for("is completed", 15)
    numbers = [order.link for order in shop.pg.provider.book.orders.values()]
    assert numbers == [LINK, f"{LINK}/else", LINK]
    assert adds(shop) == 4
    assert shop.pg.api.person(ADMIN).from_bot == []
    await shop.check_money()
    assert "Traceback" not in bot.said
