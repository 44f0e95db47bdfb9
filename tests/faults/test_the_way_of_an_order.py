"""From /start to the push that the order is completed, by a process that was started as an operator
starts it.
"""

import asyncio

from playground.telegram.people import Person
from storage.enums import OrderState
from tests.runtime.process import COMMENTS, LINK, PACKAGE, Launcher, Operator, adds, pushes, until

ENGLISH = (
    "New order",
    "Try these first",
    "Podcast plays",
    "Order",
    "Send me the link",
    "How many?",
    "Skip",
    "Confirm",
)
RUSSIAN = (
    "Новый заказ",
    "Try these first",
    "Podcast plays",
    "Заказать",
    "Пришлите ссылку",
    "Сколько?",
    "Пропустить",
    "Подтвердить",
)


async def press(person: Person, label: str) -> None:
    """Press a button once it is there."""
    await until(
        lambda: any(label in shown for shown in person.buttons),
        f"{label}\n{person.transcript()}",
        20,
    )
    await person.press(label)


async def walk(person: Person, words: tuple[str, ...]) -> None:
    new, category, service, order, link, quantity, skip, confirm = words
    await person.say("/start")
    for label in (new, category, service, order):
        await press(person, label)
    await person.wait_for(link, 20)
    await person.say(f"{LINK}/{person.id}")
    await person.wait_for(quantity, 20)
    await press(person, "100 ·")
    await press(person, skip)
    await press(person, confirm)


async def order_comments(shop: Operator, person: Person, *, as_file: bool) -> None:
    await person.say(f"/start s_{await shop.service(COMMENTS)}")
    await press(person, "Order")
    await person.wait_for("Send me the link")
    await person.say(f"{LINK}/{person.id}")
    await person.wait_for("Send the comments")
    if as_file:
        await person.send_file("reviews.txt", "\ufeffGreat!\r\nLoved it, 10/10\r\n".encode())
    else:
        await person.say("Great!\nLoved it, 10/10")
    await press(person, "Confirm")


async def test_five_people_order_and_are_told_until_the_end(shop: Operator, cold: Launcher) -> None:
    bot = await shop.start(launcher=cold)
    ann, boris = await shop.person(1), await shop.person(2, "Борис", "ru")
    packer, writer, filer = [await shop.person(number) for number in (3, 4, 5)]
    await asyncio.gather(
        walk(ann, ENGLISH),
        walk(boris, RUSSIAN),
        order_comments(shop, writer, as_file=False),
        order_comments(shop, filer, as_file=True),
        packer.say("/start"),
    )
    await packer.wait_for("Hello")
    await shop.admin.say("/start")
    await shop.admin.wait_for("Hello")
    await shop.admin.say(f"/credit {packer.id} 5 for the package")
    await packer.wait_for("was put into your wallet")
    await shop.place(packer, PACKAGE, f"{LINK}/{packer.id}")

    for person, completed in (
        (ann, "is completed"),
        (boris, "выполнен"),
        (packer, "is completed"),
        (writer, "is completed"),
        (filer, "is completed"),
    ):
        push = await person.wait_for(completed, 30)
        await shop.told()  # the card is drawn right behind the push
        card = next(view for view in person.from_bot if view.id == push.reply_to)
        assert card.edited
        assert ("Выполнен" if person is boris else "Completed") in card.text
        assert f"{LINK}/{person.id}" in card.text
    assert pushes(ann)[-1].startswith("✅")
    assert not shop.admin.sees("outcome unknown")

    at_provider = {order.link: order for order in shop.pg.provider.book.orders.values()}
    assert adds(shop) == len(at_provider) == 5
    assert at_provider[f"{LINK}/{ann.id}"].quantity == 100
    assert (
        at_provider[f"{LINK}/{writer.id}"].quantity
        == at_provider[f"{LINK}/{filer.id}"].quantity
        == 2
    )
    assert at_provider[f"{LINK}/{packer.id}"].quantity == 1
    assert await shop.states() == [str(OrderState.COMPLETED)] * 5
    comments = [row.fields["comments"] for row in await shop.rows() if "comments" in row.fields]
    assert comments == [["Great!", "Loved it, 10/10"]] * 2
    # 0.12 for the plays, 0.018 for two lines, 12.50 of 15 for the package.
    assert [await shop.balance(one.id) for one in (ann, boris, writer, filer, packer)] == [
        9_880_000,
        9_880_000,
        9_982_000,
        9_982_000,
        2_500_000,
    ]
    await shop.check_money()
    assert await bot.stop() == 0
    assert "Traceback" not in bot.said


async def test_what_is_delivered_in_part_is_paid_in_part(shop: Operator) -> None:
    bot = await shop.start()
    ann = await shop.person()
    await shop.place(ann, "3")
    push = await ann.wait_for("was delivered in part", 15)
    assert "is back in your wallet" in push.text
    (order,) = await shop.rows()
    assert 0 < order.refunded < order.price
    assert await shop.balance(ann.id) == 10_000_000 - order.price + order.refunded
    await shop.check_money()
    assert await bot.stop() == 0
    assert "Traceback" not in bot.said
