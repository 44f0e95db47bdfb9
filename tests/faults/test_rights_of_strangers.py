"""Who may see what, over the real process: words, menus and forged buttons."""

import asyncio

from handlers import callbacks
from playground.telegram.people import Person
from shop.catalogue.pricing import HOUSE
from storage.schema.orders import drafts
from tests.runtime.process import LINK, STUCK, Operator, adds, pushes, until

FORGED = (
    callbacks.Menu(to="home"),
    callbacks.Menu(to="orders"),
    callbacks.Menu(to="wallet"),
    callbacks.Categories(page=0),
    callbacks.Services(category=1, page=0),
    callbacks.ServiceCard(service=1, page=0),
    callbacks.StartOrder(service=1),
    callbacks.AnswerChoice(draft=1, step="quantity", value=100),
    callbacks.Skip(draft=1),
    callbacks.StepBack(draft=1),
    callbacks.Confirm(draft=1),
    callbacks.CancelDraft(draft=1),
    callbacks.Orders(done=0, page=0),
    callbacks.OrderCard(order=1),
    callbacks.Again(order=1),
    callbacks.WalletPage(page=0),
)
COMMANDS = (
    "/start",
    "/order",
    "/orders",
    "/wallet",
    "/balance",
    "/sync",
    "/credit 5009 5 gift",
    "/start s_1",
    LINK,
)


async def knock(eve: Person) -> None:
    """Try every word and every button there is, and wait for an answer to each."""
    for words in COMMANDS:
        await eve.say(words)
    for data in FORGED:
        await eve.forge(data.pack(), 0)
    await until(lambda: len(eve.answers) == len(FORGED), "every press is answered", 60)
    await until(lambda: len(eve.from_bot) >= len(COMMANDS), "every word is answered", 60)


def nothing_is_shown(eve: Person) -> bool:
    said = "\n".join([view.text for view in eve.from_bot] + [answer.text for answer in eve.answers])
    labels = " ".join(label for view in eve.from_bot for label in view.labels)
    return not any(
        word in said + labels
        for word in ("$", "👛", "Followers", "Photo likes", "Order #", "New order", "per 1,000")
    )


async def test_the_house_pays_for_the_team_only(shop: Operator) -> None:
    team = await shop.person(1)
    bot = await shop.start(BILLING="house", ALLOWED_USER_IDS=f"{team.id}")
    eve = await shop.person(9, "Eve")
    shop.prices = HOUSE
    asked = shop.pg.provider.calls["balance"]
    await shop.place(team, STUCK)
    await asyncio.gather(knock(eve), team.wait_for("Accepted", 15))
    assert eve.sees("This shop is open to invited people only")
    assert nothing_is_shown(eve), eve.transcript()
    assert shop.pg.provider.calls["balance"] == asked
    assert len(await shop.rows()) == len(await shop.rows(drafts)) == adds(shop) == 1
    assert not team.sees("👛")
    await team.say("/wallet")
    await team.wait_for("There are no wallets in this shop")

    await shop.admin.say("/balance")
    answer = await shop.admin.wait_for("Balance at the provider")
    assert "499.99" in answer.text
    assert "USD" in answer.text
    assert "Orders in work: 1" in answer.text
    assert shop.pg.provider.calls["balance"] == asked + 1
    assert (await shop.rows())[0].billing == "house"
    await shop.check_money()
    assert "Traceback" not in bot.said


async def test_a_customers_balance_is_their_own(shop: Operator) -> None:
    await shop.start()
    ann = await shop.person()
    asked = shop.pg.provider.calls["balance"]
    await ann.say("/balance")
    await ann.wait_for("Your balance: $10.00")
    await ann.say("/sync")
    await ann.wait_for("I didn't get that")
    assert shop.pg.provider.calls["balance"] == asked
    assert shop.pg.provider.calls["services"] == 1
    assert pushes(ann) == []


async def test_one_customers_buttons_are_no_good_to_another(shop: Operator) -> None:
    await shop.start()
    ann, eve = await shop.person(1), await shop.person(9, "Eve")
    summary = await shop.summary(ann)
    for data in (
        callbacks.Confirm(draft=1),
        callbacks.Skip(draft=1),
        callbacks.CancelDraft(draft=1),
    ):
        await eve.forge(data.pack(), 0)
    await until(lambda: len(eve.answers) == 3, "every press is answered")
    assert all(
        answer.text == "This order form is closed. Please start a new one."
        for answer in eve.answers
    )
    assert await shop.rows() == []
    await ann.press("Confirm", message=summary)
    await ann.wait_for("Accepted")
    answered = len(eve.answers)
    for data in (callbacks.OrderCard(order=1), callbacks.Again(order=1)):
        await eve.forge(data.pack(), 0)
    await until(lambda: len(eve.answers) == answered + 2, "every press is answered")
    assert LINK not in eve.transcript()
    assert adds(shop) == 1
