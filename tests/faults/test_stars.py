"""Stars from the invoice to the refund, by the real process: told twice, not told at all, and
killed in between.
"""

from handlers import callbacks
from playground.telegram import Outcome
from playground.telegram.faults import Fault
from playground.telegram.people import Person
from storage.schema.payments import payments
from tests.runtime.process import Operator, until


async def pay(shop: Operator, person: Person, stars: int) -> None:
    """Press for an invoice and pay it."""
    shown = len(person.messages)
    await person.forge(callbacks.AskStars(stars=stars).pack(), 0)
    await until(
        lambda: any("invoice" in view.raw for view in person.messages[shown:]), "the invoice"
    )
    assert (await person.pay()).outcome is Outcome.PAID


async def states(shop: Operator) -> list[str]:
    return [row.state for row in await shop.rows(payments)]


async def test_stars_come_and_go_whatever_gets_lost(shop: Operator) -> None:
    bot = await shop.start()
    ann = await shop.person()
    stars = shop.pg.api.stars
    await ann.say("/wallet")
    await ann.wait_for("$10.00")
    stars.spoil_next("twice")
    await pay(shop, ann, 1_000)
    await ann.wait_for("$13.00 is in your wallet")
    assert await states(shop) == ["credited"]

    stars.spoil_next("lost")
    await pay(shop, ann, 100)
    await bot.kill()
    assert await states(shop) == ["credited"]
    bot = await shop.start()
    told = await ann.wait_for("$1.30 is in your wallet", 20)
    assert "$24.30" in told.text

    # The answer to the refund gets lost: it is asked for again, and Telegram has done it already.
    shop.pg.api.faults.add(Fault("refundStarPayment", drop=True, after=True))
    stars.spoil_next("lost")
    await shop.admin.forge(callbacks.GiveBack(payment=1, sure=1).pack(), 0)
    await until(lambda: stars.balance == 100, "Telegram gives it back")
    await bot.kill()
    bot = await shop.start()
    await ann.wait_for("Your payment was given back", 20)
    await shop.told()
    assert await states(shop) == ["refunded", "credited"]
    assert await shop.balance(ann.id) == 11_300_000
    assert stars.balance == 100
    assert sum("is in your wallet" in view.text for view in ann.from_bot) == 2
    await shop.check_money()
    assert await bot.stop() == 0
    assert "Traceback" not in bot.said
