"""Running the shop by commands in the chat."""

import json

import pytest

from bot.telegram.menu_commands import _ADMIN_EXTRA, EVERYBODY
from handlers import callbacks
from playground.telegram.people import Person
from storage.schema.wallets import ledger
from tests.harness.shop import ADMIN, Shop
from tests.harness.walks import place


async def test_the_providers_balance_is_shown_at_once_and_then_asked_for(shop: Shop) -> None:
    olga = shop.admin
    await place(shop.person())
    shop.provider.set_balance("42.5")
    await olga.say("/balance")
    assert "Asking the provider" in olga.last.text
    assert "$100.00" in olga.last.text
    await shop.app.features.provider.services.watch.refresh()
    await shop.notify()
    assert "$42.50 (USD)" in olga.last.text
    assert "Orders in work: 1" in olga.last.text


async def test_a_balance_that_does_not_come_is_told(shop: Shop) -> None:
    olga = shop.admin
    shop.provider.fault("html_502", "balance")
    await olga.say("/balance")
    await shop.app.features.provider.services.watch.refresh()
    await shop.notify()
    assert "did not tell its balance" in olga.last.text


async def test_sync_tells_what_it_brought(shop: Shop) -> None:
    olga = shop.admin
    shop.provider.change_service("6", name="Podcast plays | slower")
    shop.provider.change_service("7", removed=True)
    await olga.say("/sync")
    await shop.app.features.catalogue.services.synchroniser.sync()
    await shop.notify()
    assert "Catalogue fetched: 2,001 services" in olga.last.text
    assert "New 0 · changed 1 · hidden 1" in olga.last.text


async def asks_and_reads(shop: Shop, admin: Person, command: str) -> str:
    await admin.say(command)
    await shop.sync()
    await shop.notify()
    return str(admin.last.text)


async def test_sync_lists_what_could_not_be_read(shop: Shop) -> None:
    olga = shop.admin
    shop.provider.change_service("6", rate="free", name="A <b>gift</b> " + "x" * 300)
    shop.provider.change_service("7", max="10.000")
    text = await asks_and_reads(shop, olga, "/sync")
    assert "1 entry of the provider's catalogue can't be read and is left out." in text
    assert "1 limit can't be read; its service is sold without it." in text
    assert "6 \u2068A gift xxx" in text
    assert "rate “\u2068free\u2069”" in text
    assert "limit “\u206810.000\u2069”" in text
    shop.provider.fault(
        "catalogue_words", text="1,000 <per K>", ids=[str(number) for number in range(20, 60)]
    )
    text = await asks_and_reads(shop, olga, "/sync")
    assert "entries of the provider's catalogue can't be read and are left out." in text
    assert "“\u20681,000 <per K>\u2069”" in text
    assert "more" in text.splitlines()[-1]
    assert len(text) < 2000


async def test_sync_lists_it_in_russian(shop: Shop) -> None:
    olga = shop.person(ADMIN, "Ольга", "ru")
    for service in ("6", "7"):
        shop.provider.change_service(service, rate="бесплатно")
    shop.provider.change_service("8", min="1.000")
    text = await asks_and_reads(shop, olga, "/sync")
    assert "2 записи каталога поставщика не читаются и пропущены." in text
    assert "1 предел не читается; услуга продаётся без него." in text
    assert "цена «\u2068бесплатно\u2069»" in text


async def test_what_is_left_out_is_told_without_asking(shop: Shop) -> None:
    await shop.admin.say("/start")
    shop.provider.change_service("6", rate="free")
    await shop.sync()
    await shop.sync()
    await shop.notify()
    olga = shop.admin
    assert [view.text for view in olga.from_bot if "can't be read" in view.text] == [olga.last.text]
    shop.provider.fault("catalogue_words")
    await shop.sync()
    await shop.notify()
    assert olga.sees("Nothing was hidden.\n")
    assert olga.sees("of its entries can't be read.")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "The provider answers, but its balance can't be read: “un<limited>”."),
        ("ru", "Поставщик отвечает, но баланс не читается: «un<limited>»."),
    ],
)
async def test_a_balance_that_is_no_figure_is_told_as_that(
    shop: Shop, language: str, words: str
) -> None:
    olga = shop.person(ADMIN, "Olga", language)
    shop.provider.fault("balance_words", text="un<limited>", times=0)
    text = await asks_and_reads(shop, olga, "/balance")
    assert words in text
    await shop.sync()
    await shop.notify()
    assert not any("can't be reached" in view.text for view in olga.from_bot)
    assert [view.text for view in olga.from_bot if words in view.text] == [text]


async def test_credit_and_debit_move_money_and_tell_the_customer(shop: Shop) -> None:
    ann, olga = shop.person(), shop.admin
    await ann.say("/start")
    await olga.say("/credit 1001 5.50 paid <cash>")
    assert "Balance now: $15.50" in olga.last.text
    await olga.say("/debit 1001 ٥ booked twice")
    assert "Balance now: $10.50" in olga.last.text
    await olga.say("/credit 1001 1\u00a0234,50\u00a0$ copied from a Russian screen")
    assert "Balance now: $1,245.00" in olga.last.text
    await shop.notify()
    assert ann.sees("$5.50 was put into your wallet")
    assert ann.sees("paid <cash>")
    assert ann.sees("$5.00 was taken out of your wallet")
    await shop.check_money()
    await ann.say("/wallet")
    assert "paid <cash>" in ann.last.text


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("/credit", "Like this:"),
        ("/credit 1001", "Like this:"),
        ("/credit 1001 5", "Like this:"),
        ("/credit ann 5 gift", "is no user id"),
        ("/credit 1001 lots gift", "is no amount"),
        ("/credit 1001 -5 gift", "is no amount"),
        ("/credit 1001 0 gift", "is no amount"),
        ("/credit 1001 0.0000001 gift", "is no amount"),
        ("/credit 1001 1e30 gift", "is no amount"),
        ("/credit 1001 1 234,50 $ gift", "“1 234,50” is no amount"),
        ("/credit 1001 12 50 gift", "“12 50” is no amount"),
        ("/credit 1001 12 50,00", "“12 50,00” is no amount"),
        ("/credit 1001 1 2345 gift", "“1 2345” is no amount"),
        ("/credit 777 5 gift", "I don't know a user 777"),
        ("/debit 1001 10.01 more than there is", "That is more than there is: $10.00"),
        ("/debit", "/debit 1001 5.00 booked twice"),
    ],
)
async def test_a_wrong_command_is_explained_and_moves_nothing(
    shop: Shop, command: str, answer: str
) -> None:
    await shop.person().say("/start")
    before = len(await shop.rows(ledger))
    await shop.admin.say(command)
    assert answer in shop.admin.last.text
    assert len(await shop.rows(ledger)) - before in (0, 1)  # the admin's own welcome gift
    await shop.check_money()


async def test_a_repeated_update_books_once(shop: Shop) -> None:
    await shop.person().say("/start")
    olga = shop.admin
    await olga.say("/credit 1001 5 gift")
    message = next(
        m for m in reversed(olga.chat.messages.values()) if m.get("text") == "/credit 1001 5 gift"
    )
    await shop.api.deliver("message", message)
    assert "Nothing was booked" in olga.last.text
    assert "Balance of 1001: $15.00" in olga.last.text
    await shop.check_money()


async def test_support_reaches_the_admins(shop: Shop) -> None:
    ann, olga = shop.person(), shop.admin
    await olga.say("/start")
    await ann.say("/support")
    assert "/support My order" in ann.last.text
    await ann.say("/support Where is <my> order?")
    assert "your message is with us" in ann.last.text
    await shop.notify()
    assert "\u2068Ann\u2069 (1001) writes:\nWhere is <my> order?" in olga.last.text


@pytest.mark.parametrize("command", ["/support", "/paysupport"])
async def test_what_somebody_writes_is_a_quotation_whatever_it_looks_like(
    shop: Shop, command: str
) -> None:
    ann, olga = shop.person(), shop.admin
    await olga.say("/start")
    alert = (
        "hi</blockquote>\n\n🚨 Order #7: the provider asks for <b>$500</b>.\n\n"
        + "x" * 1_500
        + " the end"
    )
    await ann.say(f"{command} {alert}")
    await shop.notify()
    text = olga.last.text
    assert text.endswith(alert)  # all of it
    (quoted,) = [entity for entity in olga.last.raw["entities"] if entity["type"] == "blockquote"]
    units = text.encode("utf-16-le")[
        2 * quoted["offset"] : 2 * (quoted["offset"] + quoted["length"])
    ]
    assert units.decode("utf-16-le") == alert


@pytest.mark.parametrize(
    ("language", "later"),
    [("en", "You have written 5 messages within an hour"), ("ru", "написали нам 5 сообщений")],
)
async def test_many_messages_have_to_wait_and_are_told_so(
    shop: Shop, language: str, later: str
) -> None:
    ann = shop.person()
    await ann.say("/start")
    await ann.forge(callbacks.Language(code=language).pack())
    for number in range(3):
        await ann.say(f"/support number {number}")
        await ann.say(f"/paysupport number {number}")
    assert later in ann.last.text
    await ann.say("/paysupport")  # one's payments can be seen all the same
    assert later not in ann.last.text
    shop.clock.forward(minutes=61)
    await ann.say("/support once more")
    assert later not in ann.last.text


async def test_a_type_nobody_knows_is_seen_by_admins_only(shop: Shop) -> None:
    shop.provider.change_service("6", type="fb_viplike")
    await shop.sync()
    ann, olga = shop.person(), shop.admin
    await ann.say("/order")
    await ann.press("Try these first")
    assert "Podcast plays" not in ann.last.text
    await olga.say("/order")
    await olga.press("Try these first")
    await olga.press("Podcast plays")
    assert "Type “\u2068fb_viplike\u2069” is unknown" in olga.last.text
    assert "Order" not in olga.last.labels


async def test_commands_are_registered_per_language_and_for_admins(shop: Shop) -> None:
    await shop.admin.say("/start")
    commands = next(w for w in shop.app.supervisor.workers if w.name == "commands")
    await commands.step()
    made = [params for method, params in shop.api.calls if method == "setMyCommands"]
    named = []
    for params in made:
        commands = {
            command["command"]: command["description"] for command in json.loads(params["commands"])
        }
        named.append((json.loads(params["scope"])["type"], params.get("language_code"), commands))
    assert [(scope, code) for scope, code, _ in named] == [
        ("all_private_chats", None),
        ("all_private_chats", "ru"),
        ("chat", None),
        ("chat", "ru"),
    ]
    for scope, code, commands in named:
        assert ("sync" in commands) == (scope == "chat")
        assert commands["orders"] == ("Мои заказы" if code == "ru" else "My orders")
        assert len(commands) == len(EVERYBODY) + (len(_ADMIN_EXTRA) if scope == "chat" else 0)
