"""A list that Telegram cuts into several messages, sent to a real process."""

import asyncio

import pytest

from playground.telegram.people import Person
from storage.schema.operations import long_texts
from tests.faults.test_the_way_of_an_order import press
from tests.faults.test_webhook import House, address, shared_house
from tests.runtime.process import COMMENTS, LINK, Operator, until

__all__ = ["address", "shared_house"]  # fixtures

WORDS = {
    "en": ("Order", "Send me the link", "Send the comments", "Confirm"),
    "ru": ("Заказать", "Пришлите ссылку", "Пришлите комментарии", "Подтвердить"),
}
TEXT = "\n".join(f"comment-{number:04}-of-somebody" for number in range(400))  # three messages


async def to_comments(shop: Operator, person: Person, language: str = "en") -> None:
    order, link, comments, _ = WORDS[language]
    await person.say(f"/start s_{await shop.service(COMMENTS)}")
    await press(person, order)
    await person.wait_for(link)
    await person.say(f"{LINK}/{person.id}")
    await person.wait_for(comments)


async def comments_of(shop: Operator) -> list[list[str]]:
    return [row.fields["comments"] for row in await shop.rows()]


@pytest.mark.parametrize("language", list(WORDS))
async def test_it_is_one_list(any_shop: Operator, language: str) -> None:
    shop = any_shop
    bot = await shop.start()
    ann = await shop.person(1, "Ann", language)
    await to_comments(shop, ann, language)
    before = len(ann.from_bot)
    await ann.say(TEXT)
    await ann.wait_for("400")
    assert len(ann.from_bot) == before + 1
    await press(ann, WORDS[language][3])
    await until(lambda: len(shop.pg.provider.book.orders) == 1, "the order is at the provider", 15)
    assert await comments_of(shop) == [TEXT.splitlines()]
    (order,) = shop.pg.provider.book.orders.values()
    assert order.quantity == 400
    await shop.check_money()
    assert await bot.stop() == 0
    assert "Traceback" not in bot.said


async def test_a_piece_that_comes_later_is_told_so(shop: Operator) -> None:
    bot = await shop.start()
    ann = await shop.person()
    await to_comments(shop, ann)
    await ann.say(TEXT[:4096])
    await ann.wait_for("lines taken")
    await ann.say(TEXT[4096:8192])
    await ann.wait_for("came too late")
    assert await bot.stop() == 0
    assert await shop.rows() == []
    assert "Traceback" not in bot.said


async def test_a_kill_within_the_two_seconds_loses_nothing(shop: Operator) -> None:
    bot = await shop.start()
    ann = await shop.person()
    await to_comments(shop, ann)
    await ann.say(TEXT)

    async def all_there() -> bool:
        rows = await shop.rows(long_texts)
        return bool(rows) and len(rows[0].pieces) == 3

    await until(all_there, "all pieces are kept")
    await bot.kill()
    assert not ann.sees("lines taken")
    bot = await shop.start()
    await ann.wait_for("400 lines taken", 20)
    await press(ann, "Confirm")
    await until(lambda: len(shop.pg.provider.book.orders) == 1, "the order is at the provider", 15)
    assert await comments_of(shop) == [TEXT.splitlines()]
    assert await bot.stop() == 0


async def test_pieces_may_come_to_two_processes(shared_house: House) -> None:
    house, shop = shared_house, shared_house.shop
    doors = [await house.open(), await house.open()]
    house.address.twice = True
    ann = await shop.person()
    await to_comments(shop, ann)
    before = len(ann.from_bot)
    await ann.say(TEXT)
    await ann.wait_for("400 lines taken", 20)
    await asyncio.sleep(1)
    assert len(ann.from_bot) == before + 1
    await press(ann, "Confirm")
    await until(lambda: len(shop.pg.provider.book.orders) == 1, "the order is at the provider", 15)
    assert await comments_of(shop) == [TEXT.splitlines()]
    assert [await door.bot.stop() for door in doors] == [0, 0]
    assert not any("Traceback" in door.bot.said for door in doors)
