"""What the provider's silence and nonsense lead to, without any crash."""

import asyncio

from storage.enums import OrderState
from storage.queries.facts import Fact
from tests.runtime.process import LINK, Operator, adds, pushes, until

# fault -> does the order exist at the provider?
UNCLEAR = {
    "hang_after": True,
    "drop_after": True,
    "html_after": True,
    "null": False,
    "empty": False,
}


async def _is_decided(shop: Operator) -> bool:
    return not {OrderState.QUEUED, OrderState.SUBMITTING} & set(await shop.states())


async def test_no_answer_is_unknown_and_garbage_after_one_is_none(any_shop: Operator) -> None:
    shop = any_shop
    bot = await shop.start()
    people = [await shop.person(number) for number in range(1, 7)]
    for number, (person, kind) in enumerate(
        zip(people, [*UNCLEAR, "garbage_after"], strict=True), 1
    ):
        shop.pg.provider.fault(kind, "add")
        await shop.place(person, link=f"{LINK}/{kind}")
        await until(lambda number=number: adds(shop) == number, f"the add of {kind}")
        # As if an order had been taken in between: lost in a row, each would wait for longer than
        # the one before.
        await until(lambda: _is_decided(shop), "the order is not being sent any more")
        await shop.change("DELETE FROM facts WHERE name = :name", name=Fact.CLOSED_IN_A_ROW)
    *lost, lucky = people
    await lucky.wait_for("is completed", 15)
    for person in lost:
        await until(lambda person=person: pushes(person), "the push")
        await person.wait_for("Being checked")
        assert [push.split()[0] for push in pushes(person)] == ["🔎"]
    await until(
        lambda: sum("outcome unknown" in view.text for view in shop.admin.from_bot) == 5,
        "five alerts",
    )

    await asyncio.sleep(1)
    assert adds(shop) == 6
    at_provider = {order.link for order in shop.pg.provider.book.orders.values()}
    assert at_provider == {f"{LINK}/{kind}" for kind, there in UNCLEAR.items() if there} | {
        f"{LINK}/garbage_after"
    }
    assert await shop.states() == [str(OrderState.UNKNOWN)] * 5 + [str(OrderState.COMPLETED)]
    price = (await shop.rows())[0].price
    assert [await shop.balance(person.id) for person in people] == [10_000_000 - price] * 6
    await shop.check_money()
    assert "Traceback" not in bot.said
