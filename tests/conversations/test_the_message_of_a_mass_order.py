"""The live message of a mass order: what it shows, where it leads, and what happens to it."""

from storage.schema.orders import mass_lines, mass_orders
from tests.factories.mass import PACKAGE, URL, lines, preview, seen, to_the_end
from tests.harness.shop import Shop
from tests.harness.walks import place


async def test_all_lines_with_what_became_of_them(shop: Shop) -> None:
    ann = shop.person()
    await preview(ann, f"{lines(11)}\n??? | x")
    live = ann.last
    await ann.press("Confirm 11")
    await shop.work()
    await ann.press("All lines")
    assert "Mass order #1: its lines" in seen(ann.last)
    assert "🔗 https://example.com/1\n#1 📨 Accepted" in seen(ann.last)
    assert ann.last.labels == ["1/2", "▶", "Back"]
    await ann.press("▶")
    assert "11. " in seen(ann.last)
    assert "There is no service ??? for sale here" in seen(ann.last)
    assert ann.last.labels == ["◀", "2/2", "Back"]
    await shop.work(30)  # it is not drawn over
    assert ann.last.labels == ["◀", "2/2", "Back"]
    await ann.press("Back")
    assert ann.last.id == live.id
    assert "Done 0 of 11" in seen(ann.last)
    await to_the_end(shop)
    assert "Done 11 of 11" in next(view for view in ann.from_bot if view.id == live.id).text


async def test_the_message_leads_elsewhere_and_comes_back(shop: Shop) -> None:
    ann = shop.person()
    await preview(ann, lines(2))
    await ann.press("Confirm 2")
    await shop.work()
    await ann.press("My orders")
    assert "In work · 2" in ann.last.labels[0]
    await shop.work(30)
    assert "My orders" in seen(ann.last)  # not drawn over
    await ann.press("#2 ·")
    card = ann.last
    assert card.text.startswith("Order #2 – 🚀 In progress")
    for _ in range(12):
        await shop.work(10)
    assert next(view for view in ann.from_bot if view.id == card.id).text.startswith(
        "Order #2 – ✅ Completed"
    )
    assert not ann.sees("Order #2 is completed")  # the card is drawn, nothing is pushed
    await ann.say("/mass")
    await ann.press("Mass order #1")
    assert "Done 2 of 2" in seen(ann.last)


async def test_a_message_that_was_removed_is_sent_anew(shop: Shop) -> None:
    ann = shop.person()
    await preview(ann, lines(2))
    live = ann.last
    await ann.press("Confirm 2")
    await shop.notify()
    del ann.chat.messages[live.id]
    await shop.work()
    anew = ann.last
    assert anew.id != live.id
    assert "📨 Accepted: 2" in anew.text
    await to_the_end(shop)
    assert "Done 2 of 2" in next(view for view in ann.from_bot if view.id == anew.id).text
    (row,) = await shop.rows(mass_orders)
    assert row.message_id == anew.id


async def test_money_that_is_gone_at_placing_is_told_in_the_message(shop: Shop) -> None:
    ann = shop.person()
    await preview(ann, f"{PACKAGE} | {URL}\n{lines(2)}")
    await shop.credit(1001, "3")
    await ann.press("Confirm 3")
    await place(ann, link=f"{URL}/other", quantity="2000")
    await shop.work()
    live = next(view for view in ann.from_bot if "Mass order #1" in view.text)
    assert (
        "1. 7 | https://example.com\n⚠️ Your wallet is $1.90 short. Please top it up first: /wallet"
        in seen(live)
    )
    assert "Lines that were not ordered: 1" in seen(live)
    assert next(row.order_id for row in await shop.rows(mass_lines)) is None
    await shop.check_money()
