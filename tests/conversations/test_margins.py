"""An admin sets what comes on top: seen on real services first, and counted from then on."""

from decimal import Decimal

import pytest

from handlers import callbacks
from playground.provider.orders import Fixed
from playground.telegram.people import Person
from storage.schema.catalogue import margins
from tests.harness.shop import Shop, open_shop
from tests.harness.walks import STEADY, open_service, place, to_summary

PLAYS = "6"  # $1.20 at the provider


async def to_numbers(olga: Person, scope: str, about: str = "") -> None:
    await olga.say("/margins")
    await olga.press("Add a rule", message=olga.last)
    await olga.press(scope, message=olga.last)
    if about:
        await olga.say(about)


async def price_of(person: Person) -> str:
    await person.say(f"/start s_{PLAYS}")
    return next(line for line in person.last.text.splitlines() if line.startswith("💵"))


async def test_a_rule_for_a_service_is_previewed_and_saved(shop: Shop) -> None:
    olga, ann = shop.admin, shop.person()
    await to_numbers(olga, "For one service", "no such service")
    assert "I don't know a service “no such service”" in olga.last.text
    await olga.say(PLAYS)
    assert "The provider charges $1.20 per 1,000" in olga.last.text
    await olga.say("25")
    assert "25 of what? Write 25% or +25" in olga.last.text
    await olga.say("25% + 0.10 min 0.20")
    assert "25\u00a0% + $0.10, at least $0.20" in olga.last.text
    assert "Rate $1.20, price $1.20 → $1.60 per 1,000, you earn $0.40" in olga.last.text
    assert await price_of(ann) == "💵 $1.20 per 1,000"
    preview = olga.last
    await olga.say("50%")  # another thought
    await olga.press("Save", message=preview)
    assert "This preview is over" in olga.toast
    assert await price_of(ann) == "💵 $1.20 per 1,000"
    await olga.press("Save", message=olga.last)
    assert "Saved" in olga.toast
    assert f"1. \u2068Podcast plays | steady | R30\u2069 {PLAYS}: 50\u00a0%" in olga.last.text
    assert await price_of(ann) == "💵 $1.80 per 1,000"
    await olga.say(f"/margins {PLAYS}")
    assert "Its own rule: 50\u00a0%\n$1.20 + $0.60 → $1.80 per 1,000" in olga.last.text
    assert "Cost $1.20, margin $0.60" not in ann.transcript()
    assert await price_of(olga) == "💵 $1.80 per 1,000"
    assert "Cost $1.20, margin $0.60" in olga.last.text


async def test_rules_for_categories_and_for_everything_are_changed_and_removed(shop: Shop) -> None:
    olga, ann = shop.admin, shop.person()
    await to_numbers(olga, "For categories by name", "nothing like this")
    assert "No category for sale is like “nothing like this”" in olga.last.text
    await olga.say("try*")
    assert "It fits one category: \u2068Try these first\u2069" in olga.last.text
    await olga.press("25", message=olga.last)
    assert "services that are for sale, among them:" in olga.last.text
    await olga.press("Save", message=olga.last)
    await to_numbers(olga, "For everything else")
    await olga.say("+1")
    await olga.press("Save", message=olga.last)
    assert (
        "1. Categories like \u2068try*\u2069: 25\u00a0%\n2. Everything else: $1.00"
        in olga.last.text
    )
    assert await price_of(ann) == "💵 $1.50 per 1,000"
    await olga.press("1. try*", message=olga.last)
    await olga.press("Change", message=olga.last)
    await olga.say("30%")
    await olga.press("Save", message=olga.last)
    assert await price_of(ann) == "💵 $1.56 per 1,000"
    await olga.press("1. try*", message=olga.last)
    await olga.press("Remove", message=olga.last)
    assert "Remove this rule?" in olga.last.text
    await olga.press("No, keep it", message=olga.last)
    await olga.press("Remove", message=olga.last)
    asked = olga.last
    await olga.press("Yes, remove it", message=asked)
    assert "Removed" in olga.toast
    assert await price_of(ann) == "💵 $2.20 per 1,000"
    await olga.forge(callbacks.MarginRule(margin=1, act="remove").pack())
    assert "not there any more" in olga.toast
    assert len(await shop.rows(margins)) == 1


async def test_what_was_awaited_before_is_awaited_again(shop: Shop) -> None:
    olga = shop.admin
    await open_service(olga)
    await olga.press("Order", message=olga.last)
    await to_numbers(olga, "For one service")
    await olga.say("/help")
    await olga.say(PLAYS)
    assert "How much is to come on top?" in olga.last.text
    await olga.say("/cancel")
    assert "Add a rule" in olga.last.labels
    await olga.say("https://example.com/page")
    assert "How many" in olga.last.text


async def test_a_rule_that_changes_between_summary_and_confirm_is_shown(shop: Shop) -> None:
    olga, ann = shop.admin, shop.person()
    await to_summary(ann, STEADY, quantity="1000")
    await to_numbers(olga, "For everything else")
    await olga.press("100", message=olga.last)
    await olga.press("Save", message=olga.last)
    await ann.press("Confirm", message=ann.last)
    assert await shop.rows() == []
    assert "$1.20" in ann.last.text
    assert "$2.40" in ann.last.text
    await ann.press("Confirm", message=ann.last)
    (order,) = await shop.rows()
    assert order.price == 2_400_000
    await shop.check_money()


async def test_margins_are_for_admins(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/margins")
    assert "I didn't get that" in ann.last.text
    for data in (callbacks.MarginsPage(page=0), callbacks.AddMargin(scope="global", service=0)):
        await ann.forge(data.pack())
        assert "older version" in ann.toast


async def test_where_the_house_pays_there_are_no_margins(house: Shop) -> None:
    for text in ("/margins", f"/margins {PLAYS}"):
        await house.admin.say(text)
        assert "there are no margins" in house.admin.last.text
    await house.admin.forge(callbacks.AddMargin(scope="service", service=1).pack())
    assert "there are no margins" in house.admin.toast
    await open_service(house.admin)
    assert "Cost" not in house.admin.last.text


@pytest.mark.parametrize(
    "data",
    [
        callbacks.MarginPercent(percent=10),
        callbacks.SaveMargin(key=1),
        callbacks.MarginRule(margin=5, act="show"),
        callbacks.MarginRule(margin=5, act="edit"),
        callbacks.AddMargin(scope="service", service=99_999),
    ],
    ids=lambda data: data.pack(),
)
async def test_an_old_button_changes_nothing(shop: Shop, data) -> None:
    await shop.admin.say("/margins")
    await shop.admin.forge(data.pack())
    assert shop.admin.toast
    assert await shop.rows(margins) == []


async def test_an_order_below_its_cost_is_told_with_the_way_to_its_margin(shop: Shop) -> None:
    olga = shop.admin
    await olga.say("/start")
    await place(shop.person(), quantity="1000")
    await shop.work()
    (order,) = await shop.rows()
    held = shop.provider.book.orders[int(order.provider_order_id)]
    held.net, held.fixed = Decimal("1.50"), Fixed("In progress", 100)
    await shop.work(60)
    assert "Order #1 cost more than it brought" in olga.last.text
    assert "Paid $1.20, cost $1.50: $0.30 lost." in olga.last.text
    assert "MARKUP_PERCENT is 0\u00a0%" in olga.last.text
    await olga.press("Set its margin", message=olga.last)
    await olga.press("50", message=olga.last)
    await olga.press("Save", message=olga.last)
    assert await price_of(olga) == "💵 $1.80 per 1,000"


async def test_a_shop_with_a_currency_of_its_own(tmp_path) -> None:
    given = {"shop_currency": "EUR", "exchange_rate": Decimal("0.9"), "markup_percent": 50}
    async with open_shop(tmp_path, **given) as shop:
        ann, olga = shop.person(), shop.admin
        assert await price_of(ann) == "💵 €1.62 per 1,000"
        await place(ann, quantity="1000")
        await ann.say("/wallet")
        assert "€8.38" in ann.last.text
        assert "$" not in ann.transcript()
        await shop.work()
        await shop.work(6_000)
        (order,) = await shop.rows()
        assert (order.currency, order.exchange, order.booked_cost) == (
            "EUR",
            Decimal("0.9"),
            1_080_000,
        )
        await olga.say("/balance")
        await shop.app.features.provider.services.watch.refresh()
        await shop.notify()
        assert "Balance at the provider: $" in olga.last.text
        await olga.say(f"/margins {PLAYS}")
        assert "charges $1.20 per 1,000\n× 0.9 = €1.08 of cost" in olga.last.text
        assert "€1.08 + €0.54 → €1.62 per 1,000" in olga.last.text
        await olga.press("All margins", message=olga.last)
        assert "$1.00 of the provider's is €0.90 here" in olga.last.text
        await shop.check_money()
