"""From /start to the push that the order is completed, in one process."""

from tests.support.shop import Shop


async def walk_to_quantity(person, service: str = "Website visits", link: str = "https://example.com/page") -> None:
    await person.say("/start")
    await person.press("New order")
    await person.press("Try these first")
    await person.press(service)
    await person.press("Order")
    await person.say(link)


async def test_an_order_is_placed_tracked_and_told(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/start")
    print(ann.transcript())
    await ann.press("New order")
    await ann.press("Try these first")
    print(ann.transcript())
    await ann.press("Podcast plays")
    await ann.press("Order")
    await ann.say("example.com/page")
    print(ann.transcript())
    await ann.press("100 ·")
    await ann.press("Skip")
    print(ann.transcript())
    await ann.press("Confirm")
    print(ann.transcript())
    for _ in range(10):
        await shop.work(10)
    print(ann.transcript())
    assert ann.sees("is completed")
    await shop.check_money()
    assert len(shop.provider.book.orders) == 1
