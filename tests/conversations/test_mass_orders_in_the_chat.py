"""Mass orders in the chat: lines sent, a table to agree to, one message that follows them, one push
at the end.
"""

import pytest

from storage.schema.catalogue import services
from storage.schema.orders import mass_lines, mass_orders
from tests.factories.mass import COMMENTS, PACKAGE, PLAYS, URL, lines, preview, seen, to_the_end
from tests.harness.shop import Shop


async def test_from_the_menu_to_the_push_that_all_is_done(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/start")
    await ann.press("Mass order")
    assert "a line for each order" in seen(ann.last)
    assert "Up to 500 lines" in seen(ann.last)
    good = f"#{PLAYS} | example.com/a | 1k\n{PLAYS} | example.com/b | 100"
    await ann.say(f"{good}\n\n{PACKAGE} | {URL}/c | 3\nfoo | x | 3")
    table = ann.last
    assert "Is this right?" in seen(table)
    assert "1. Photo likes | 30 days refill ♻️ · 1,000 · $0.35\n🔗 https://example.com/a" in seen(
        table
    )
    assert (
        "4. 7 | https://example.com/c | 3\n⚠️ This is a package: leave the quantity out."
    ) in seen(table)
    assert "5. foo | x | 3\n⚠️ There is no service foo for sale here." in seen(table)
    assert "Good lines: 2 · with a problem: 2" in seen(table)
    assert "Total: $0.385" in seen(table)
    assert "Wallet: $10.00 → $9.615" in seen(table)
    assert table.labels == ["Confirm 2", "Cancel"]
    assert await shop.rows() == []

    await ann.press("Confirm 2")
    assert ann.last.id == table.id
    assert "Mass order #1" in seen(ann.last)
    assert "Placed 0 of 2" in seen(ann.last)
    before = len(ann.from_bot)
    await shop.place()
    await shop.notify()
    assert "Done 0 of 2" in seen(ann.last)
    assert "🕓 Queued: 2" in seen(ann.last)
    await shop.work()
    assert "📨 Accepted: 2" in seen(ann.last)
    assert "💵 Spent: $0.385" in seen(ann.last)
    assert "Lines that were not ordered: 2" in seen(ann.last)
    assert len(ann.from_bot) == before  # one message, and no push of any order
    await to_the_end(shop)
    assert len(ann.from_bot) == before + 1
    assert ann.last.text.startswith(
        "🏁 Mass order #1 is done.\n✅ Completed: 2\n⚠️ Lines that were not ordered: 2"
    )
    live = next(view for view in ann.from_bot if view.id == table.id)
    assert "▰▰▰▰▰▰▰▰▰▰▰▰ 100 %\nDone 2 of 2" in seen(live)
    await shop.work(10_000)
    assert len(ann.from_bot) == before + 1
    await shop.check_money()


async def test_in_russian(shop: Shop) -> None:
    boris = shop.person(1002, "Борис", "ru")
    await boris.say("/mass")
    assert "Много заказов сразу" in boris.last.text
    bad = f"{PLAYS} | {URL}/b | 5\n{COMMENTS} | {URL}/b | 5\n{PLAYS} | ??? | 100\nну"
    await boris.say(f"{PLAYS} | {URL}/a | 1000\n{bad}")
    text = seen(boris.last)
    assert "1. Photo likes | 30 days refill ♻️ · 1\u202f000 · 0,35\u00a0$" in text
    assert "⚠️ 5 – слишком мало: можно от 10." in text
    assert "⚠️ Этой услуге мало ссылки и количества: закажите её отдельно." in text
    assert "⚠️ Не получается прочесть это как ссылку." in text
    assert "⚠️ Здесь нужно услуга | ссылка | количество, через |." in text
    assert "Годных строк: 1 · с ошибкой: 4" in text
    await boris.press("Подтвердить 1")
    assert "Оформлено 0 из 1" in boris.last.text
    await to_the_end(shop)
    assert boris.last.text.startswith("🏁 Массовый заказ #1 завершён.\n✅ Выполнен: 1")


async def test_the_table_is_turned_page_by_page(shop: Shop) -> None:
    ann = shop.person()
    await preview(ann, lines(23, 10))
    assert ann.last.labels == ["1/3", "▶", "Confirm 23", "Cancel"]
    assert "10. " in seen(ann.last)
    assert "11. " not in seen(ann.last)
    await ann.press("▶")
    await ann.press("▶")
    assert "23. " in seen(ann.last)
    assert ann.last.labels == ["◀", "3/3", "Confirm 23", "Cancel"]
    assert "Total: $0.0805" in seen(ann.last)
    await ann.forge("mp:1:99999")
    assert "23. " in seen(ann.last)
    await ann.press("◀")
    assert "11. " in seen(ann.last)


async def test_lines_that_repeat_are_pointed_out_and_allowed(shop: Shop) -> None:
    ann = shop.person()
    await preview(
        ann, f"{PLAYS} | {URL} | 100\n{PLAYS} | {URL}/b | 100\n{PLAYS} | example.com | 300"
    )
    assert "3. Photo likes | 30 days refill ♻️ · 300 · $0.105\n🔗 https://example.com\n🔁" in seen(
        ann.last
    )
    assert "The same service and link as line 1" in seen(ann.last)
    assert "Lines that repeat an earlier one: 1" in seen(ann.last)
    await ann.press("Confirm 3")
    await shop.place()
    assert len(await shop.rows()) == 3


async def test_as_a_file(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/mass")
    table = f'Service;Link;Quantity\r\n{PLAYS};{URL}/a;100\r\n{PLAYS};"{URL}/b;c";200\r\n'
    await ann.send_file("orders.csv", table.encode("utf-8-sig"))
    assert "2. " in seen(ann.last)
    assert "3. " in seen(ann.last)
    assert f"{URL}/b;c" in seen(ann.last)
    assert ann.last.labels == ["Confirm 2", "Cancel"]
    for name, content in (
        ("orders.CSV", table.encode()),  # nobody has asked for these two
        ("orders.csv", table.encode("utf-16")),
    ):
        await ann.send_file(name, content)
        assert ann.last.labels == ["Confirm 2", "Cancel"]
    await ann.say("/mass")
    await ann.send_file("orders.txt", f"{PLAYS},{URL}/a,100".encode())
    assert ann.last.labels == ["Confirm 1", "Cancel"]


async def test_a_spreadsheets_empty_rows_and_its_note_are_no_lines(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/mass")
    table = (
        f"sep=;\r\nService;Link;Quantity\r\n{PLAYS};{URL}/a;100\r\n;;\r\n{PLAYS};{URL}/b;100\r\n"
        + ";;;\r\n" * 900
    )
    await ann.send_file("orders.csv", table.encode("utf-8-sig"))
    assert ann.last.labels == ["Confirm 2", "Cancel"]
    assert "Good lines: 2 · with a problem: 0" in seen(ann.last)
    await ann.say("/mass")
    await ann.send_file("orders.csv", b";;;\r\n;;;\r\n")
    assert "Confirm" not in ann.last.labels[0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("orders.xlsx", b"PK\x03\x04"),
        ("orders.csv", "24;https://example.com/é;100".encode("latin-1")),
        ("orders.csv", b"24;https://example.com;100\n" * 12_000),
        ("orders.csv", b"\xff\xfea"),
    ],
)
async def test_another_file_is_refused_and_the_right_one_is_still_awaited(
    shop: Shop, name: str, content: bytes
) -> None:
    ann = shop.person()
    await ann.say("/mass")
    await ann.send_file(name, content)
    assert "I can read only .csv and .txt files in UTF-8, up to 256 kB" in seen(ann.last)
    await ann.send_photo()
    assert "Please send it as text." in seen(ann.last)
    await ann.say("no idea")
    assert "I found no lines like" in seen(ann.last)
    await ann.say(f"{PLAYS} | {URL} | 100")
    assert ann.last.labels == ["Confirm 1", "Cancel"]
    assert await shop.rows(mass_orders) != []


async def test_more_than_500_lines_are_refused_with_their_number(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/mass")
    await ann.send_file("orders.csv", lines(501).encode())
    assert "These are 501 lines, but 500 is the most in one go." in seen(ann.last)
    assert await shop.rows(mass_orders) == []
    await ann.send_file("orders.csv", (lines(500, 10) + "\n\n").encode())
    assert ann.last.labels == ["1/50", "▶", "Confirm 500", "Cancel"]


async def test_lines_are_understood_without_being_asked_for(shop: Shop) -> None:
    ann = shop.person()
    await ann.say(lines(2))
    assert ann.last.labels == ["Confirm 2", "Cancel"]
    await ann.say("podcast | plays")  # a single line is none
    assert "Confirm" not in ann.last.labels[0]


async def test_an_open_question_comes_first(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/order")
    await ann.press("Try these first")
    await ann.press("Podcast plays")
    await ann.press("Order")
    await ann.say(lines(2))
    assert "I see more than one link here." in seen(ann.last)
    await ann.send_file("orders.csv", lines(2).encode())
    assert "I can read only .txt files" in seen(ann.last)
    assert await shop.rows(mass_orders) == []


async def test_without_enough_money_it_says_how_much_is_missing(poor_shop: Shop) -> None:
    ann = poor_shop.person()
    await preview(ann, lines(3))
    assert "You are $0.105 short." in seen(ann.last)
    assert ann.last.labels == ["Confirm 3", "Wallet", "Cancel"]
    await ann.press("Confirm 3")
    assert ann.toast == "Your wallet is $0.105 short. Please top it up first: /wallet"
    await poor_shop.place()
    assert await poor_shop.rows() == []
    await poor_shop.credit(1001, "1")
    await ann.press("Confirm 3")
    await poor_shop.place()
    assert len(await poor_shop.rows()) == 3


async def test_a_changed_price_shows_the_table_again(shop: Shop) -> None:
    ann = shop.person()
    await preview(ann, f"{PACKAGE} | {URL}\n" * 9 + lines(3))
    await shop.credit(1001, "200")
    shop.provider.change_service(int(PLAYS), rate="0.70")
    await shop.sync()
    await ann.press("Confirm 12")
    assert "Something has changed since you looked" in seen(ann.last)
    assert "10. Photo likes | 30 days refill ♻️ · 100 · $0.07 ❗️ $0.035" in seen(ann.last)
    await ann.press("▶")
    assert "12. Photo likes | 30 days refill ♻️ · 100 · $0.07 ❗️ $0.035" in seen(ann.last)
    await shop.place()
    assert await shop.rows() == []
    await ann.press("Confirm 12")
    await shop.place()
    assert [row.price for row in await shop.rows()][-3:] == [70_000] * 3


async def test_nothing_good_is_sent_again(shop: Shop) -> None:
    ann = shop.person()
    await preview(ann, "foo | bar | 1\nx | y | z")
    assert ann.last.labels == ["Send again", "Cancel"]
    await ann.forge("mo:1")
    assert (
        ann.toast == "None of these lines can be ordered. Please correct them and send them again."
    )
    await ann.press("Send again")
    await ann.say(lines(1))
    assert ann.last.labels == ["Confirm 1", "Cancel"]


async def test_cancel_throws_the_lines_away(shop: Shop) -> None:
    ann = shop.person()
    await preview(ann, lines(2))
    table = ann.last
    await ann.press("Cancel")
    assert "The lines are thrown away. Nothing was ordered." in seen(ann.last)
    for data in ("mo:1", "mp:1:0", "mx:1"):
        await ann.forge(data, table)
        assert ann.toast == "These lines are not there any more. Please send them again."
    await shop.place()
    assert await shop.rows() == []


async def test_stopping_to_wait_for_lines(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/mass")
    await ann.say("/cancel")
    assert "Nothing was ordered" in seen(ann.last)
    await ann.say("podcast plays")
    assert "services found" in seen(ann.last)
    await ann.say("/mass")
    await ann.press("Back")
    assert "New order" in ann.last.labels
    await ann.say("podcast plays")
    assert "services found" in seen(ann.last)
    await ann.say("/cancel")
    assert "nothing to cancel" in seen(ann.last)


async def test_a_second_confirm_and_a_late_cancel_show_the_same_message(shop: Shop) -> None:
    ann = shop.person()
    await preview(ann, lines(2))
    table = ann.last
    for _ in range(3):
        await ann.forge("mo:1", table)
        assert "Mass order #1" in seen(ann.last)
    await ann.forge("mx:1", table)
    assert ann.toast == "It is confirmed already: its orders are on their way."
    await shop.work()
    await ann.forge("mo:1", table)
    assert len(await shop.rows()) == 2
    assert shop.provider.calls["add"] == 2


async def test_somebody_elses_lines_are_none(shop: Shop) -> None:
    ann, eve = shop.person(), shop.person(1009, "Eve")
    await preview(ann, lines(2))
    await eve.say("/start")
    for data in ("mo:1", "mp:1:0", "mx:1"):
        await eve.forge(data)
        assert eve.toast == "These lines are not there any more. Please send them again."
    await shop.place()
    assert await shop.rows() == []


async def test_strangers_are_refused(house: Shop) -> None:
    eve = house.person(1009, "Eve")
    for text in ("/mass", "/favourites", lines(2)):
        await eve.say(text)
        assert "This shop is open to invited people only." in eve.last.text
    for data in (
        "ms",
        "mp:1:0",
        "mo:1",
        "mx:1",
        "fl:0",
        "fv:1:0:1",
        "ps:1",
        "pn:1:1",
        "pu:1",
        "pd:1",
    ):
        await eve.forge(data)
        assert eve.toast == "This shop is open to invited people only."


async def test_the_house_pays(house: Shop) -> None:
    ann = house.person()
    await preview(ann, lines(2))
    assert "Paid by the house." in seen(ann.last)
    await ann.press("Confirm 2")
    await to_the_end(house)
    assert "Mass order #1 is done" in seen(ann.last)
    assert len(await house.rows()) == 2


async def test_lines_of_html_and_other_scripts_are_shown_as_written(shop: Shop) -> None:
    ann = shop.person()
    await preview(
        ann,
        "1<b>x | & | </code>\n\u202eabc | \u0645\u0631\u062d\u0628\u0627 | 5\n" + "y" * 600 + "|z",
    )
    assert "1. 1<b>x | & | </code>" in seen(ann.last)
    assert "There is no service 1<b>x for sale here." in seen(ann.last)
    (line, *_) = [row for row in await shop.rows(mass_lines) if row.number == 3]
    assert len(line.text) == 512


async def test_a_service_that_shows_its_number_takes_it(shop: Shop) -> None:
    """What the card calls 🆔 is what the lines are written with."""
    ann = shop.person()
    row = next(one for one in await shop.rows(services) if one.provider_id == PLAYS)
    await ann.say(f"/start s_{row.id}")
    number = ann.last.text.split("🆔 ")[1].split()[0]
    await preview(ann, f"{number} | {URL} | 100")
    assert ann.last.labels == ["Confirm 1", "Cancel"]
