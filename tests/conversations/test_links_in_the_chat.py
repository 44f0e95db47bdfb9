"""Links that can't be delivered to are explained before anybody pays."""

import pytest

from tests.harness.shop import Shop
from tests.harness.walks import to_quantity

STEADY = 6  # Podcast plays, as its card shows it
TWO = "https://example.com/a,https://example.com/b"
PRIVATE = "https://t.me/c/1234567890/55"
INVITATION = "https://t.me/+AbCdEf12"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "Order",
                "more than one link",
                "Only members can open this link",
                "How many?",
                "Skip",
                "an invitation to a private channel",
            ),
        ),
        (
            "ru",
            (
                "Заказать",
                "больше одной ссылки",
                "могут открыть только участники",
                "Сколько?",
                "Пропустить",
                "приглашение в закрытый канал",
            ),
        ),
    ],
)
async def test_each_link_that_does_not_work_has_its_sentence(
    shop: Shop, language: str, words: tuple[str, ...]
) -> None:
    order, several, private, how_many, skip, invitation = words
    ann = shop.person(1001, "Ann", language)
    await ann.say(f"/start s_{STEADY}")
    await ann.press(order, message=ann.last)
    await ann.say(TWO)
    assert several in ann.last.text
    await ann.say(PRIVATE)
    assert private in ann.last.text
    await ann.say(INVITATION)
    assert how_many in ann.last.text
    await ann.say("100")
    await ann.press(skip, message=ann.last)
    assert invitation in ann.last.text
    assert INVITATION in ann.last.text


async def test_what_was_sent_is_ordered_byte_for_byte(shop: Shop) -> None:
    ann = shop.person()
    await to_quantity(ann, link="https://www.facebook.com/search?q=%EF%F0%E8&fbclid=1")
    await ann.say("100")
    await ann.press("Skip", message=ann.last)
    await ann.press("Confirm", message=ann.last)
    await shop.work()
    assert [row.link for row in await shop.rows()] == [
        "https://www.facebook.com/search?q=%EF%F0%E8"
    ]
    assert [order.link for order in shop.provider.book.orders.values()] == [
        "https://www.facebook.com/search?q=%EF%F0%E8"
    ]
