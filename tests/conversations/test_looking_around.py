"""Menus, lists, languages: what people see without ordering."""

from storage.schema.messages import notices
from storage.schema.orders import orders
from tests.harness.shop import Shop, open_shop
from tests.harness.walks import open_service, place, tell_all, to_quantity


async def test_categories_are_paged_and_counted(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/order")
    assert "categories to choose from" in ann.last.text
    assert "◀" not in ann.last.labels
    await ann.press("▶")
    assert "◀" in ann.last.labels
    assert "2/9" in ann.last.labels
    await ann.press("◀")
    assert "1/9" in ann.last.labels
    await ann.press("Back")
    assert "New order" in ann.last.labels


async def test_a_service_card_says_what_there_is_to_know(shop: Shop) -> None:
    ann = shop.person()
    await open_service(ann)
    text = ann.last.text
    assert "$1.20 per 1,000" in text
    assert "20 – 50,000" in text
    assert "Refill for 30 days" in text
    assert "🆔 6" in text
    assert any(entity["type"] == "code" for entity in ann.last.raw["entities"])
    assert any(entity["type"] == "expandable_blockquote" for entity in ann.last.raw["entities"])


async def test_an_empty_shop_says_so(tmp_path) -> None:
    async with open_shop(tmp_path) as shop:
        shop.provider.fault("catalogue_empty", "services", times=0)
    async with open_shop(tmp_path / "fresh", provider=shop.provider) as empty:
        ann = empty.person()
        await ann.say("/order")
        assert "catalogue is still empty" in ann.last.text


async def test_my_orders_are_paged_newest_first_and_filtered(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/orders")
    assert "no orders yet" in ann.last.text
    for number in range(8):
        await place(ann, link=f"https://example.com/{number}")
    await shop.work()
    await ann.say("/orders")
    listed = ann.last.id
    assert ann.last.labels[:2] == ["• In work · 8", "Done · 0"]
    assert ann.last.labels[2].startswith("#8 ·")
    await ann.press("▶", message=listed)
    assert ann.last.labels[2].startswith("#2 ·")
    await ann.press("Done ·", message=listed)
    assert "Nothing here" in ann.last.text
    for _ in range(12):
        await shop.work(10)
    await ann.press("Done ·", message=listed)
    (shown,) = [m for m in ann.from_bot if m.id == listed]
    assert "• Done · 8" in shown.labels
    assert "#8 ✅ Completed" in shown.text


async def test_an_order_opened_from_the_list_is_kept_up_to_date(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await shop.work()
    await ann.say("/orders")
    listed = ann.last
    await ann.press("#1", message=listed)
    await shop.work(40)
    message = next(m for m in ann.from_bot if m.id == listed.id)
    assert "In progress" in message.text
    await ann.press("My orders", message=message)
    for _ in range(5):
        await shop.work(10)
    message = next(m for m in ann.from_bot if m.id == listed.id)
    assert "My orders" in message.text  # the list is not drawn over by the card
    (order,) = await shop.rows(orders)
    assert order.state == "completed"


async def test_the_wallet_lists_what_moved(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await shop.work()
    await ann.say("/wallet")
    assert "👛 $9.88" in ann.last.text
    assert "−$0.12 → $9.88 · order #1" in ann.last.text
    assert "+$10.00 → $10.00 · welcome gift" in ann.last.text
    for number in range(9):
        await place(ann, link=f"https://example.com/{number}")
    await ann.say("/wallet")
    await ann.press("▶", message=ann.last)
    assert "welcome gift" in ann.last.text


async def test_people_are_greeted_in_their_language(shop: Shop) -> None:
    boris = shop.person(1002, "Борис", "ru-RU")
    await boris.say("/start")
    assert "Здравствуйте, Борис" in boris.last.text
    assert "Новый заказ" in boris.last.labels
    hans = shop.person(1004, "Hans", "de")
    await hans.say("/start")
    assert "Hello, Hans" in hans.last.text


async def test_the_language_is_chosen_and_kept(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/language")
    assert "✓ English" in ann.last.labels
    await ann.press("Русский")
    assert "Новый заказ" in ann.last.labels
    await ann.say("/help")
    assert "Как это работает" in ann.last.text


async def test_pushes_come_in_the_readers_language(shop: Shop) -> None:
    boris = shop.person(1002, "Борис", "ru")
    await tell_all(boris)
    await to_quantity_in_russian(boris)
    await shop.work()
    assert boris.sees("Заказ #1 принят")


async def to_quantity_in_russian(person) -> None:
    await person.say("/order")
    await person.press("Try these first")
    await person.press("Podcast plays")
    await person.press("Заказать")
    await person.say("example.com/page")
    await person.say("100")
    await person.press("Пропустить")
    await person.press("Подтвердить")


async def test_a_deep_link_opens_a_service(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/start s_6")
    assert "Podcast plays" in ann.last.text
    await ann.say("/start s_999999")
    assert "not available" in ann.last.text
    await ann.say("/start nonsense")
    assert "New order" in ann.last.labels


async def test_the_plain_pages(shop: Shop) -> None:
    ann = shop.person()
    for command in ("/help", "/privacy", "/terms", "/paysupport"):
        await ann.say(command)
        assert "Back" in ann.last.labels
        await ann.press("Back", message=ann.last)
        assert "New order" in ann.last.labels
    assert not any("/sync" in m.text for m in ann.from_bot)
    await shop.admin.say("/help")
    assert "/sync" in shop.admin.last.text


async def test_somebody_who_blocks_the_bot_is_not_written_to(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    ann.block()
    await shop.api.pump()
    await shop.work()
    assert all(row.done_at is not None for row in await shop.rows(notices))
    ann.unblock()
    await ann.say("/start")
    assert ann.last.labels


async def test_a_half_written_order_survives_a_restart(tmp_path) -> None:
    async with open_shop(tmp_path) as shop:
        await to_quantity(shop.person())
        api, provider = shop.api, shop.provider
    async with open_shop(tmp_path, provider=provider) as reopened:
        ann = reopened.person()
        await ann.say("100")
        assert "come in parts" in ann.last.text
        assert api is not reopened.api
