"""500 lines through the real process, and a kill in the middle: every line is ordered and sent
exactly once.
"""

from collections import Counter

import pytest

from playground.telegram.people import Person
from storage.enums import OrderState
from storage.schema.orders import mass_lines, mass_orders
from storage.schema.wallets import ledger
from tests.runtime.process import LINK, OTHER, PACKAGE, STEADY, Operator, adds, until

RICH = {"WELCOME_CREDIT": "1000", "SUBMIT_WORKERS": "8"}
MANY = 240  # lines, more than are placed before anybody can kill the bot twice
QUICK = 1000  # each order is done by its second look: how it gets there is tested elsewhere
LOST = {OrderState.UNKNOWN, OrderState.SUBMITTING}  # their answer, with the process


def table(count: int) -> bytes:
    return b"Service;Link;Quantity\r\n" + b"".join(
        f"{STEADY if number % 2 else OTHER};{LINK}/{number};{100 + number}\r\n".encode()
        for number in range(count)
    )


async def confirm(shop: Operator, person: Person, count: int) -> None:
    """Send a file and agree to it."""
    await person.say("/mass")
    await person.wait_for("Many orders at once")
    await person.send_file("orders.csv", table(count))
    await person.wait_for("Is this right?", 20)
    await person.press(f"Confirm {count}")
    await until(lambda: has_begun(shop), "it is confirmed")


async def has_begun(shop: Operator) -> bool:
    return [row.state for row in await shop.rows(mass_orders)] in (["placing"], ["placed"])


async def check_each_line_once(shop: Operator, count: int) -> None:
    """Each line is one order with one debit; what has its answer was received once, the rest at
    most once.
    """
    rows = [row for row in await shop.rows() if row.mass_id is not None]
    assert sorted(row.order_id for row in await shop.rows(mass_lines)) == [row.id for row in rows]
    assert Counter(row.quantity for row in rows) == {100 + number: 1 for number in range(count)}
    held = Counter(row.order_id for row in await shop.rows(ledger) if row.target == "hold")
    assert [held[row.id] for row in rows] == [1] * count
    received = Counter(order.quantity for order in shop.pg.provider.book.orders.values())
    lost = {row.quantity for row in rows if row.state in LOST}
    assert all(received[row.quantity] == 1 for row in rows if row.quantity not in lost)
    assert all(received[quantity] <= 1 for quantity in lost)
    assert adds(shop) <= len(await shop.rows())
    await shop.check_money()


async def ended(shop: Operator) -> bool:
    return set(await shop.states()) <= {OrderState.COMPLETED, *LOST}


async def placed(shop: Operator, least: int) -> bool:
    return len(await shop.rows()) >= least


async def test_500_lines_of_a_file_are_500_adds(shop: Operator) -> None:
    shop.brisk = False
    shop.pg.provider.speed = QUICK
    await shop.start(**RICH)
    ann, boris = await shop.person(1), await shop.person(2, "Boris")
    await confirm(shop, ann, 500)
    # somebody else is served meanwhile
    await shop.place(boris, link=f"{LINK}/boris", quantity="50")
    await boris.wait_for("is completed", 30)
    push = await ann.wait_for("Mass order #1 is done", 120)
    assert "Completed: 500" in push.text
    live = await ann.wait_for("Done 500 of 500", 20)
    assert [view.id for view in ann.from_bot if "Mass order" in view.text] == [live.id, push.id]
    assert adds(shop) == 501
    sent = sorted(await shop.rows(), key=lambda row: row.submitted_at)
    assert next(place for place, row in enumerate(sent) if row.mass_id is None) < 250
    assert set(await shop.states()) == {"completed"}
    await check_each_line_once(shop, 500)


async def test_a_kill_in_the_middle_of_placing(any_shop: Operator) -> None:
    shop = any_shop
    shop.brisk = False  # the live message is drawn anew no more often than a chat takes it
    shop.pg.provider.speed = QUICK
    bot = await shop.start(**RICH)
    ann = await shop.person()
    await confirm(shop, ann, MANY)
    for least in (10, 40):
        await until(lambda least=least: placed(shop, least), f"{least} lines are placed", 30)
        await bot.kill()
        await shop.lapse()
        assert len(await shop.rows()) < MANY
        bot = await shop.start(**RICH)
    await until(lambda: placed(shop, MANY), "all lines are placed", 40)
    await until(lambda: ended(shop), "all that is known has ended", 90)
    assert len([state for state in await shop.states() if state in LOST]) <= 2 * int(
        RICH["SUBMIT_WORKERS"]
    )
    await check_each_line_once(shop, MANY)
    (row,) = await shop.rows(mass_orders)
    assert row.state == "placed"
    if any(state in LOST for state in await shop.states()):
        assert row.told_at is None
    else:
        await ann.wait_for("Mass order #1 is done")


@pytest.mark.parametrize("dialect", ["snake", "numeric"])
async def test_a_small_one_in_other_dialects(shop: Operator, dialect: str) -> None:
    shop.pg.provider.dialect = dialect
    await shop.start(**RICH)
    ann = await shop.person()
    await ann.say("/start")
    await ann.wait_for("Hello")
    await ann.say(f"{STEADY} | {LINK}/1 | 100\n{OTHER} | {LINK}/2 | 101\n{PACKAGE} | {LINK}/3")
    await ann.wait_for("Good lines: 3")
    await ann.press("Confirm 3")
    push = await ann.wait_for("Mass order #1 is done", 40)
    assert "Completed: 3" in push.text
    assert adds(shop) == len(shop.pg.provider.book.orders) == 3
    await shop.check_money()
