"""Favourites and presets: kept from cards, found in one list, ordered again with a link."""

import pytest
from sqlalchemy import update

from playground.telegram.people import Person
from playground.telegram.views import MessageView
from storage.schema.catalogue import favourites, services
from storage.schema.orders import drafts, presets
from tests.harness.shop import Shop
from tests.harness.walks import COMMENTS, PACKAGE, open_service, place, to_summary

URL = "https://example.com/page"


def seen(view: MessageView) -> str:
    """Give a message's text without the marks that keep directions apart."""
    return view.text.replace("\u2068", "").replace("\u2069", "")


async def withdraw(shop: Shop, name: str) -> None:
    """Let the provider stop selling whatever has this in its name."""
    await shop.app.database.write(
        lambda tx: tx.execute(
            update(services).where(services.c.name.contains(name)).values(sold=False)
        )
    )


async def save(person: Person, name: str | None = None) -> None:
    """Save the newest order card as a preset."""
    await person.press("Save as preset")
    if name is None:
        await person.press(person.last.labels[0])
    else:
        await person.say(name)


async def test_a_service_is_kept_listed_and_let_go(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/favourites")
    assert "Nothing here yet." in ann.last.text
    assert "Press ☆ on a service's card" in ann.last.text
    assert ann.last.labels == ["New order", "Back"]
    await open_service(ann)
    await ann.press("☆ Keep")
    assert ann.toast == "⭐️ Kept among your favourites."
    assert "Podcast plays" in ann.last.text
    assert "★ Kept" in ann.last.labels
    await ann.say("/start")
    await ann.press("Favourites")
    assert "1. Podcast plays | steady | R30 · $1.20 per 1,000" in seen(ann.last)
    await ann.press("1. Podcast plays")
    assert ann.last.labels[:2] == ["Order", "★ Kept"]
    await ann.press("★ Kept")
    assert ann.toast == "Removed from your favourites."
    assert "☆ Keep" in ann.last.labels
    await ann.say("/favourites")
    assert "Nothing here yet." in ann.last.text


async def test_keeping_twice_and_letting_go_twice_changes_nothing(shop: Shop) -> None:
    ann = shop.person()
    await open_service(ann)
    card = ann.last
    number = ann.find_button("☆ Keep")[1].value.split(":")[1]
    for _ in range(2):
        await ann.forge(f"fv:{number}:0:1", card)
        assert len(await shop.rows(favourites)) == 1
    for _ in range(2):
        await ann.forge(f"fv:{number}:0:0", card)
        assert await shop.rows(favourites) == []
    await ann.forge("fv:99999:0:1", card)
    assert ann.toast == "This service is not available any more. Please choose another one."


async def test_what_is_no_longer_sold_is_said_and_can_be_removed(shop: Shop) -> None:
    ann = shop.person()
    await open_service(ann)
    await ann.press("☆ Keep")
    await withdraw(shop, "Podcast plays | steady")
    await ann.say("/favourites")
    assert "1. Podcast plays | steady | R30 · no longer sold" in seen(ann.last)
    assert ann.last.labels == ["✖ Remove 1", "Back"]
    await ann.press("✖ Remove 1")
    assert ann.toast == "Removed from your favourites."
    assert "Nothing here yet." in ann.last.text


async def test_many_are_turned_page_by_page_presets_first(shop: Shop) -> None:
    ann = shop.person()
    for row in (await shop.rows(services))[:20]:
        await ann.say("/start")
        await ann.forge(f"fv:{row.id}:0:1")
    kept = len(await shop.rows(favourites))
    await place(ann, quantity="100")
    for number in range(1, 11):
        await ann.forge("ps:1")
        await ann.say(f"Number {number}")
    await ann.say("/favourites")
    assert "8. 🔖 Number 8 · 100 · $0.12" in seen(ann.last)
    assert f"1/{-(-(kept + 10) // 8)}" in ann.last.labels
    await ann.press("▶")
    text = seen(ann.last)
    assert "9. 🔖 Number 9" in text
    assert "10. 🔖 Number 10" in text
    assert "11. " in text
    assert "🔖" not in text.split("11. ")[1]
    shown = 16
    while "▶" in ann.last.labels:
        await ann.press("▶")
        shown += sum(label[0].isdigit() and "/" not in label for label in ann.last.labels)
    assert shown == kept + 10
    await ann.forge("fl:100000")
    assert f"{kept + 10}. " in ann.last.text


async def test_a_preset_asks_only_for_the_link(shop: Shop) -> None:
    ann = shop.person()
    await place(ann, quantity="250")
    await ann.press("Save as preset")
    assert "What shall the preset be called?" in ann.last.text
    assert ann.last.labels == ["Podcast plays | steady | R30 · 250", "Back"]
    await ann.press("Podcast plays | steady | R30 · 250")
    assert ann.toast == "🔖 Saved: Podcast plays | steady | R30 · 250"
    assert "1. 🔖 Podcast plays | steady | R30 · 250 · 250 · $0.30" in seen(ann.last)
    assert ann.last.labels == ["1. Podcast plays | steady | R30 · 250", "✖ 1", "Back"]
    await ann.press("1. Podcast plays")
    assert "Send me the link" in ann.last.text
    await ann.say("example.com/other")
    assert "Is this right?" in ann.last.text
    assert "https://example.com/other" in ann.last.text
    assert "$0.30" in ann.last.text
    await ann.press("Confirm")
    _, second = await shop.rows()
    assert (second.link, second.quantity) == ("https://example.com/other", 250)
    given = {name: value for name, value in second.fields.items() if value is not None}
    assert given == {"link": second.link, "quantity": 250}


async def test_a_preset_keeps_everything_but_the_link(shop: Shop) -> None:
    ann = shop.person()
    await to_summary(ann, quantity="100")
    await ann.press("Back")  # to the quantity: the parts were skipped
    await ann.say("100")
    await ann.say("3")
    await ann.say("60")
    await ann.press("Confirm")
    await save(ann, "  Weekly\n boost ")
    assert "🔖 Weekly boost · 300" in seen(ann.last)
    await ann.press("1. Weekly boost")
    await ann.say(URL)
    assert "Is this right?" in ann.last.text
    await ann.press("Confirm")
    first, second = await shop.rows()
    assert (second.quantity, second.price, second.fields) == (
        first.quantity,
        first.price,
        first.fields,
    )


@pytest.mark.parametrize(("service", "answer"), [(PACKAGE, None), (COMMENTS, "one\ntwo")])
async def test_presets_of_packages_and_comments(
    shop: Shop, service: str, answer: str | None
) -> None:
    ann = shop.person()
    await open_service(ann, service)
    await shop.credit(1001, "50")
    await ann.press("Order", message=ann.last)
    await ann.say(URL)
    if answer:
        await ann.say(answer)
    await ann.press("Confirm")
    await save(ann)
    await ann.press("1. ")
    await ann.say("https://example.com/b")
    assert "Is this right?" in ann.last.text
    await ann.press("Confirm")
    first, second = await shop.rows()
    assert (second.quantity, second.price) == (first.quantity, first.price)
    assert second.fields.get("comments") == first.fields.get("comments")


async def test_names_are_checked_and_the_question_stays(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await ann.press("Save as preset")
    for bad in ("x" * 65, "\u200b\u2060"):
        await ann.say(bad)
        assert "I need a name of 1 to 64 characters" in ann.last.text
    await ann.send_sticker()
    assert "I need a name of 1 to 64 characters" in ann.last.text
    assert await shop.rows(presets) == []
    await ann.say("<b>My & preset</b>")
    assert "1. 🔖 <b>My & preset</b> · 100 · $0.12" in seen(ann.last)
    await ann.say("podcast plays")
    assert "services found" in ann.last.text  # the name is no longer awaited


async def test_leaving_the_question_saves_nothing(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await ann.press("Save as preset")
    await ann.press("Back")
    assert ann.last.text.startswith("Order #1")
    await ann.say("podcast plays")
    assert "services found" in ann.last.text
    await ann.press("Save as preset")
    await ann.say("/cancel")
    assert ann.last.text == "No preset was saved."
    assert await shop.rows(presets) == []


async def test_saving_the_same_twice_keeps_one(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    for _ in range(2):
        await ann.forge("pn:1:1")
        assert len(await shop.rows(presets)) == 1


async def test_fifty_presets_are_the_most(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    for number in range(50):
        await shop.app.dispatcher["favourites"].save(1001, 1, f"Number {number}")
    await save(ann, "One more")
    assert "You have 50 presets, which is the most." in ann.last.text
    assert len(await shop.rows(presets)) == 50
    await ann.say("/favourites")
    await ann.press("✖ 1", message=ann.last)
    assert ann.toast == "The preset is removed."
    await ann.forge("ps:1")
    await ann.say("One more")
    assert len(await shop.rows(presets)) == 50


async def test_a_preset_whose_service_is_gone_says_so(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await save(ann, "Mine")
    kept = ann.last
    await withdraw(shop, "Podcast plays | steady")
    await ann.press("1. Mine", message=kept)
    assert ann.toast == "This service is not available any more. Please choose another one."
    await ann.say("/favourites")
    assert "1. 🔖 Mine · no longer sold" in seen(ann.last)
    assert ann.last.labels == ["✖ 1", "Back"]
    await ann.forge("ps:1")
    assert ann.toast == "This service is not available any more. Please choose another one."
    await ann.press("✖ 1")
    assert "Nothing here yet." in ann.last.text
    await ann.forge("pu:1")
    assert ann.toast == "This preset is not there any more."


async def test_a_quantity_that_is_no_longer_sold_is_asked_again(shop: Shop) -> None:
    ann = shop.person()
    await place(ann, quantity="20")
    await save(ann, "Mine")
    await shop.app.database.write(lambda tx: tx.execute(update(services).values(min=100)))
    await ann.press("1. Mine")
    await ann.say(URL)
    assert "20 is too few: the least is 100." in ann.last.text
    await ann.say("100")
    assert "Is this right?" in ann.last.text


async def test_other_peoples_presets_and_orders_are_none(shop: Shop) -> None:
    ann, eve = shop.person(), shop.person(1009, "Eve")
    await place(ann)
    await save(ann, "Mine")
    await eve.say("/start")
    for data in ("ps:1", "pn:1:1", "pn:1:0"):
        await eve.forge(data)
        assert eve.toast == "There is no such order."
    await eve.forge("pu:1")
    assert eve.toast == "This preset is not there any more."
    await eve.forge("pd:1")
    assert len(await shop.rows(presets)) == 1
    assert len(await shop.rows(drafts)) == 1


async def test_in_russian(shop: Shop) -> None:
    boris = shop.person(1002, "Борис", "ru")
    await boris.say("/favourites")
    assert "Здесь пока пусто." in boris.last.text
    await boris.say("/order")
    await boris.press("Try these first")
    await boris.press("Podcast plays")
    await boris.press("☆ В избранное")
    assert boris.toast == "⭐️ Добавлено в избранное."
    await boris.press("Заказать")
    await boris.say(URL)
    await boris.say("1000")
    await boris.press("Пропустить")
    await boris.press("Подтвердить")
    await boris.press("В заготовки")
    assert "Как назвать заготовку?" in boris.last.text
    await boris.say("Каждую неделю")
    assert "1. 🔖 Каждую неделю · 1\u202f000 · 1,20\u00a0$" in seen(boris.last)
    assert "2. Podcast plays | steady | R30 · 1,20\u00a0$ за 1000" in seen(boris.last)
