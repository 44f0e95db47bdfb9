"""What was agreed, the brake, accounts and currencies, with the real process between the
emulators.
"""

import asyncio

from playground.telegram.people import Person
from storage.schema.catalogue import services
from tests.runtime.process import LINK, OTHER, STEADY, STUCK, Operator, adds, until

BAD_GATEWAY = "html_502"


async def people(shop: Operator, many: int) -> list[Person]:
    return [await shop.person(number) for number in range(1, many + 1)]


async def test_a_bad_gateway_loses_no_more_orders_than_there_are_senders(
    any_shop: Operator,
) -> None:
    shop = any_shop
    await shop.start(SUBMIT_WORKERS="4", BALANCE_INTERVAL="1")
    shop.pg.provider.fault(BAD_GATEWAY, "add", times=0)
    shop.pg.provider.fault(BAD_GATEWAY, "balance", times=0)
    everybody = await people(shop, 12)
    await asyncio.gather(*(shop.place(person, link=f"{LINK}/{person.id}") for person in everybody))
    await shop.admin.wait_for("Nothing is sent for the moment")
    await asyncio.sleep(3)
    assert adds(shop) <= 4
    lost = (await shop.states()).count("unknown")
    assert 1 <= lost <= 4
    shop.pg.provider.clear_faults()
    await shop.admin.wait_for("Orders are sent again", 70)
    await until(lambda: adds(shop) == lost + (12 - lost), "all the others were sent")
    # edited in place
    assert sum("Nothing is sent" in view.text for view in shop.admin.from_bot) == 0
    await shop.check_money()


async def test_a_service_that_costs_more_by_the_time_it_is_sent_waits_for_its_customer(
    any_shop: Operator,
) -> None:
    shop = any_shop
    await shop.start(CATALOG_INTERVAL="1", BALANCE_INTERVAL="1")
    shop.pg.provider.fault("no_funds", "add", times=0)
    ann = await shop.person(1)
    await shop.place(ann)
    await shop.admin.wait_for("The balance at the provider is too small")
    rate = shop.pg.provider.catalogue.find(STEADY).rate
    shop.pg.provider.change_service(STEADY, rate=str(rate * 4))

    async def is_seen() -> bool:
        return any(
            row.provider_id == STEADY and row.rate == rate * 4 for row in await shop.rows(services)
        )

    await until(is_seen, "the new rate is seen", 20)
    shop.pg.provider.clear_faults()
    shop.pg.provider.set_balance(1_000)
    push = await ann.wait_for("has changed since you ordered", 90)
    assert shop.pg.provider.book.orders == {}
    await ann.press("Look at it again", message=push)
    await ann.wait_for("Takes the place of order #1")
    await ann.press("Confirm")
    await ann.wait_for("is completed", 40)
    assert len(shop.pg.provider.book.orders) == 1
    assert await shop.states() == ["canceled", "completed"]
    await shop.check_money()


async def test_another_account_with_open_orders_is_refused_until_the_operator_has_said_what_it_is(
    any_shop: Operator,
) -> None:
    shop = any_shop
    bot = await shop.start()
    ann = await shop.person(1)
    shop.pg.provider.fault("no_funds", "add", times=0)
    await shop.place(ann)
    await shop.admin.wait_for("The balance at the provider is too small")
    assert await bot.stop() == 0

    other = shop.run(PANEL_URL=shop.pg.panel_url.replace("127.0.0.1", "localhost"))
    assert await other.ended() == 2
    (sentence,) = other.said.splitlines()[-1:]
    assert "1 order is open" in sentence
    assert "PANEL_CHANGED=follow" in sentence
    assert "Traceback" not in other.said

    shop.pg.provider.clear_faults()
    await shop.start(
        PANEL_URL=shop.pg.panel_url.replace("127.0.0.1", "localhost"), PANEL_CHANGED="follow"
    )
    await ann.wait_for("is completed", 90)
    await shop.check_money()


async def test_what_is_left_at_a_former_account_waits_for_an_admin(any_shop: Operator) -> None:
    shop = any_shop
    bot = await shop.start()
    ann = await shop.person(1)
    await shop.place(ann, STUCK)
    await shop.reached("pending")
    assert await bot.stop() == 0
    other = shop.pg.panel_url.replace("127.0.0.1", "localhost")
    await shop.start(PANEL_URL=other, PANEL_CHANGED="new", STATUS_INTERVAL="1")
    await shop.admin.wait_for("This is another provider account than before")
    await shop.admin.say("/triage")
    await shop.admin.wait_for("It is at a provider account that has not been asked since")
    await shop.admin.press("#1: A part …")
    await shop.admin.say("25 %")
    await shop.admin.wait_for("The order ends as delivered in part")
    await shop.admin.press("Yes, book it")
    await ann.wait_for("was delivered in part")
    (row,) = await shop.rows()
    assert (row.state, row.refunded) == ("partial", row.price // 4)
    await shop.place(ann, link=f"{LINK}/2")
    await ann.wait_for("is completed", 40)
    await shop.check_money()


async def test_rupees_are_no_dollars(shop: Operator) -> None:
    await shop.start(BALANCE_INTERVAL="1")
    ann = await shop.person(1)
    await shop.place(ann)
    await ann.wait_for("is completed", 30)
    shop.pg.provider.account.currency = "INR"
    await shop.admin.wait_for("the provider names INR")
    summary = await shop.summary(ann, OTHER, f"{LINK}/2")
    await ann.press("Confirm", message=summary)
    await until(
        lambda: "paused for a moment" in ann.toast + ann.last.text, "it says that nothing is sold"
    )
    assert len(await shop.states()) == 1
    await shop.admin.press("the provider's mistake")
    await shop.admin.wait_for("Count on in USD?")
    await shop.admin.press("Yes, I'm sure")
    await shop.admin.wait_for("Counted on in USD")
    await shop.place(ann, service=OTHER, link=f"{LINK}/3")
    await until(lambda: adds(shop) == 2, "it is sold again")
    await shop.check_money()


async def test_four_that_can_not_be_paid_for_stop_nobody(shop: Operator) -> None:
    await shop.start(SUBMIT_WORKERS="1", BALANCE_INTERVAL="1")
    everybody = await people(shop, 6)
    shop.pg.provider.set_balance("0.05")
    rich, others = everybody[:2], everybody[2:]
    for person in rich:
        await shop.place(person, link=f"{LINK}/{person.id}", quantity="5000")
    await shop.admin.wait_for("The balance at the provider is too small")
    shop.pg.provider.set_balance("0.50")
    await asyncio.gather(*(shop.place(person, link=f"{LINK}/{person.id}") for person in others))
    for person in others:
        await person.wait_for("is completed", 40)
    assert (await shop.states())[2:] == ["completed"] * 4
    assert set((await shop.states())[:2]) <= {"queued", "submitting"}
    await shop.check_money()
