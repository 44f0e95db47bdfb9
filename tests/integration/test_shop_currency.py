"""Amounts have a currency: what the provider names is held against the books before anything is
counted in it.
"""

import asyncio
import json
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from shop.currencies import code_of, fits
from shop.errors import NotFoundError, ShopError
from shop.outbox import Kind
from shop.provider.balance import BalanceWatch
from shop.provider.currencies import CurrencyChangedError, CurrencyChoice, CurrencyTerms
from storage.queries import facts
from storage.queries.facts import Fact
from storage.schema.orders import orders
from tests.harness.world import ADMINS, CATALOGUE, CUSTOMER, PLAYS, World


def watching(world: World, **terms) -> BalanceWatch:
    watch = BalanceWatch(
        world.database,
        world.panel,
        ADMINS,
        terms=CurrencyTerms(**terms),
        bells=world.bells,
        clock=world.clock,
    )
    object.__setattr__(world.ordering, "currency", watch.shop_currency)
    return watch


async def test_a_process_that_runs_no_workers_hears_of_what_the_provider_has_named(
    database,
) -> None:
    world = World(database)
    leader, other = watching(world), watching(world)
    await leader.load()
    await other.load()
    says(world, "EUR")
    await leader.refresh()
    assert (leader.currency, other.currency, other.heard_names()) == ("EUR", "USD", frozenset())
    await other.follow()
    assert (other.currency, other.shop_currency(), other.heard_names()) == ("EUR", "EUR", {"EUR"})
    await world.panel.aclose()


async def test_a_process_that_runs_no_workers_hears_of_a_mistake(world: World) -> None:
    leader, other = watching(world), watching(world)
    await leader.load()
    await world.order()
    says(world, "INR")
    await leader.refresh()
    found = await world.database.read(facts.get, Fact.CURRENCY_DIFFERS)
    assert found
    assert await choice(world).it_is_a_mistake(ADMINS[0], found[0]["asked"])
    await other.follow()
    assert (other.currency, other.names()) == ("USD", {"USD", "INR"})


def choice(world: World, **terms) -> CurrencyChoice:
    return CurrencyChoice(world.database, ADMINS, CurrencyTerms(**terms), world.bells, world.clock)


def says(world: World, currency: str, amount: str = "996") -> None:
    world.line.says["balance"] = f'{{"balance": "{amount}", "currency": "{currency}"}}'


CODES = {
    "USD": ["USD", "usd", "U S D", "$", "US$", "US Dollar", "USDT"],
    "EUR": [" eur ", "€"],
    "INR": ["₹", "INR (₹)", "Rs. INR"],
    "RUB": ["руб.", "RUR", "рублей"],
    "TRY": ["TL"],
    "BRL": ["R$"],
    "CAD": ["CA$", "CAD $", "$ (CAD)"],
    None: [
        "",
        "   ",
        "Coins",
        "points",
        "US",
        "Rs",
        "Rupees",
        "¥",
        "RD$",
        "USD/EUR",
        "12",
        "USD" * 50,
        "<b>",
        "'; --",
    ],
}


@pytest.mark.parametrize(
    ("written", "code"), [(text, code) for code, texts in CODES.items() for text in texts]
)
def test_codes_of_currencies(written: str, code: str | None) -> None:
    assert code_of(written) == code


@pytest.mark.parametrize(
    ("written", "code", "may_be"),
    [
        ("$", "CAD", True),
        ("RD$", "DOP", True),
        ("Dollars", "AUD", True),
        ("Rs.", "PKR", True),
        ("kr", "SEK", True),
        ("¥", "JPY", True),
        ("£", "EGP", True),
        ("֏", "AMD", True),
        ("Coins", "coins", True),
        ("R$", "USD", False),
        ("$", "EUR", False),
        ("Rs", "USD", False),
        ("Coins", "USD", False),
        ("", "USD", False),
    ],
)
def test_a_sign_may_stand_for_several_currencies(written: str, code: str, may_be: bool) -> None:
    assert fits(written, code) is may_be


async def test_before_there_are_books_the_provider_says_what_it_counts_in(database) -> None:
    from tests.harness.world import World as Bare

    world = Bare(database)
    try:
        watch = watching(world)
        await watch.load()
        says(world, "inr")
        await watch.refresh()
        assert (watch.currency, watch.shop_currency()) == ("INR", "INR")
        says(world, "eur")
        await watch.refresh()
        assert watch.shop_currency() == "EUR"
    finally:
        await world.panel.aclose()


async def test_another_currency_stops_the_selling_and_is_no_other_money(world: World) -> None:
    watch = watching(world)
    await watch.load()
    says(world, "USD")
    await watch.refresh()
    waiting = await world.order()
    draft = await world.draft()
    says(world, "INR")
    for _ in range(3):
        await watch.refresh()
    assert (watch.currency, watch.shop_currency()) == ("USD", "USD")
    assert await world.told_admins() == ["currency_differs"]
    with pytest.raises(ShopError, match="error-not-selling-now"):
        await world.ordering.submit(CUSTOMER, draft)
    await world.submit()
    assert (await world.look(waiting)).state == "queued"
    assert world.line.count("add") == 0
    assert (await watch.last()).currency == "INR"  # 996 of them, and no dollars

    says(world, "USD")
    await watch.refresh()
    assert await world.told_admins() == ["currency_differs", "alert_over"]
    await world.ordering.submit(CUSTOMER, draft)
    await world.submit()
    assert (await world.look(waiting)).state == "pending"


async def test_a_mass_order_that_is_confirmed_waits_as_well(world: World) -> None:
    watch = watching(world)
    await watch.load()
    found = await world.mass.read(CUSTOMER, f"{PLAYS} | https://example.com | 100")
    await world.mass.confirm(CUSTOMER, found.id, message_id=None)
    says(world, "INR")
    await watch.refresh()
    await world.place()
    assert await world.rows(orders) == []
    await choice(world).it_is_a_mistake(ADMINS[0], await world.asked(Kind.CURRENCY_DIFFERS))
    await world.place()
    assert len(await world.rows(orders)) == 1


async def test_an_admin_calls_it_a_mistake(world: World) -> None:
    watch = watching(world)
    await watch.load()
    await world.accepted()
    says(world, "INR")
    await watch.refresh()
    asked = choice(world)
    assert (await asked.stopped(ADMINS[0]))["named"] == "INR"
    with pytest.raises(NotFoundError):
        await asked.it_is_a_mistake(CUSTOMER, await world.asked(Kind.CURRENCY_DIFFERS))
    question = await world.asked(Kind.CURRENCY_DIFFERS)
    assert await asked.it_is_a_mistake(ADMINS[0], question)
    assert not await asked.it_is_a_mistake(ADMINS[1], question)
    await watch.refresh()  # it goes on naming it so
    assert watch.shop_currency() == "USD"
    assert await world.told_admins() == ["currency_differs", "alert_over"]
    assert (await world.accepted(link="https://example.com/2")).state == "pending"
    world.submitter.currencies = watch.names
    world.line.says["add"] = '{"order": 777, "charge": "0.19", "currency": "INR"}'
    # and so are its charges
    assert (await world.accepted(link="https://example.com/3")).charge == Decimal("0.19")
    world.line.says["add"] = '{"order": 778, "charge": "0.19", "currency": "EUR"}'
    assert (await world.accepted(link="https://example.com/4")).charge is None
    assert await world.told_admins() == ["currency_differs", "alert_over", "charge_currency"]
    says(world, "EUR")  # another one is another question
    await watch.refresh()
    assert (await world.told_admins())[-1] == "currency_differs"


async def test_a_real_change_needs_the_settings_to_say_what_it_is_worth(world: World) -> None:
    watch = watching(world)
    await watch.load()
    await world.accepted()
    says(world, "INR")
    await watch.refresh()
    assert not await choice(world).it_is_real(ADMINS[0], await world.asked(Kind.CURRENCY_DIFFERS))
    # started again without a word about the shop's currency
    for terms in ({}, {"exchange": Decimal("0.5")}):
        again = watching(world, **terms)
        await again.load()
        assert (again.currency, again.shop_currency()) == ("USD", "USD")
        assert (await choice(world).stopped(ADMINS[0])) is not None
    right = watching(world, own="USD", exchange=Decimal("0.012"))
    await right.load()
    assert (right.currency, right.shop_currency()) == ("INR", "USD")
    assert await choice(world).stopped(ADMINS[0]) is None
    await right.refresh()
    assert await world.told_admins() == ["currency_differs", "alert_over"]


async def test_in_the_house_a_real_change_needs_a_word_only(database) -> None:
    from tests.harness.world import open_world

    async with open_world(database, billing="house") as world:
        await world.customer(9001, dollars=0)
        watch = watching(world, house=True)
        await watch.load()
        await world.order(user_id=9001)
        says(world, "INR")
        await watch.refresh()
        asked = choice(world, house=True)
        assert await asked.it_is_real(ADMINS[0], await world.asked(Kind.CURRENCY_DIFFERS))
        await watch.refresh()
        assert watch.shop_currency() == "INR"


@pytest.mark.parametrize(
    ("before", "after"),
    [({}, {"own": "EUR"}), ({"own": "EUR"}, {}), ({"own": "EUR"}, {"own": "GBP"})],
)
async def test_settings_that_would_turn_wallets_into_another_currency_are_refused(
    world: World, before, after
) -> None:
    first = watching(world, **before)
    await first.load()
    says(world, "USD")
    await first.refresh()
    await world.accepted()
    with pytest.raises(CurrencyChangedError, match=f"SHOP_CURRENCY={first.shop_currency()}"):
        await watching(world, **after).load()
    same = watching(world, **before)
    await same.load()
    assert same.shop_currency() == first.shop_currency()


async def test_a_shop_from_before_knows_its_currency_by_its_books(world: World) -> None:
    await world.accepted()
    await world.database.write(lambda tx: tx.execute(update(orders).values(currency="EUR")))
    with pytest.raises(CurrencyChangedError, match="SHOP_CURRENCY=EUR"):
        await watching(world).load()
    watch = watching(world, own="EUR")
    await watch.load()
    assert watch.shop_currency() == "EUR"


@pytest.mark.parametrize(
    "named", ["Coins", "a very long name of a currency that no column takes" * 20, "🪙"]
)
async def test_what_is_no_currency_is_told_once_and_changes_nothing(
    world: World, named: str
) -> None:
    watch = watching(world)
    await watch.load()
    await world.accepted()
    says(world, named)
    for _ in range(3):
        await watch.refresh()
    assert watch.shop_currency() == "USD"
    assert await world.told_admins() == ["currency_odd"]
    assert (await world.accepted(link="https://example.com/2")).state == "pending"


async def test_two_admins_at_once_settle_it_once(world: World) -> None:
    watch = watching(world)
    await watch.load()
    await world.accepted()
    says(world, "INR")
    await watch.refresh()
    question = await world.asked(Kind.CURRENCY_DIFFERS)
    settled = await asyncio.gather(
        *(choice(world).it_is_a_mistake(admin, question) for admin in ADMINS)
    )
    assert sorted(settled) == [False, True]


async def test_an_answer_is_about_the_name_that_was_asked_about(world: World) -> None:
    watch = watching(world)
    await watch.load()
    await world.accepted()
    says(world, "UDS")
    await watch.refresh()
    question = await world.asked(Kind.CURRENCY_DIFFERS)
    says(world, "USD")
    await watch.refresh()
    world.pass_time(86_400)
    says(world, "INR")
    await watch.refresh()
    assert not await choice(world).it_is_a_mistake(ADMINS[0], question)
    assert not await choice(world, house=True).it_is_real(ADMINS[0], question)
    assert (await choice(world).stopped(ADMINS[0]))["named"] == "INR"
    assert await choice(world).it_is_a_mistake(ADMINS[0], await world.asked(Kind.CURRENCY_DIFFERS))


OTHERS = [
    {"currency": "Rs"},
    {"currency": "Rs."},
    {"currency": "INR (₹)"},
    {"currency": "Rupees"},
    {"currency": "рублей"},
    {"currency": "Coins"},
    {"balance": "₹996.00"},
    {"balance": "996 INR"},
    {"balance": "₹996.00", "currency": ""},
    {"balance": "₹996.00", "currency": None},
    {"balance": "₹996.00", "currency": "USD"},
    {"balance": "996 kr"},
]


@pytest.mark.parametrize("answer", OTHERS, ids=str)
async def test_another_currency_stops_the_selling_however_it_is_named(
    world: World, answer: dict[str, Any]
) -> None:
    watch = watching(world)
    await watch.load()
    says(world, "USD", "100")
    await watch.refresh()
    draft = await world.draft()
    world.line.says["balance"] = json.dumps({"balance": "996"} | answer)
    for _ in range(3):
        await watch.refresh()
    assert await world.told_admins() == ["currency_differs"]
    with pytest.raises(ShopError, match="error-not-selling-now"):
        await world.ordering.submit(CUSTOMER, draft)
    there = await watch.last()
    assert (there.amount, there.currency == "USD") == (996, False)

    # it goes on naming it so
    await choice(world).it_is_a_mistake(ADMINS[0], await world.asked(Kind.CURRENCY_DIFFERS))
    await watch.refresh()
    await world.ordering.submit(CUSTOMER, draft)
    assert await world.told_admins() == ["currency_differs", "alert_over"]
    assert (await watch.last()).currency == "USD"


@pytest.mark.parametrize(
    "answer",
    [{"balance": "$996"}, {"balance": "996 USD", "currency": "usd"}, {"currency": "$"}, {}],
    ids=str,
)
@pytest.mark.parametrize("known", ["USD", "CAD"])
async def test_a_sign_that_may_mean_the_same_stops_nothing(
    world: World, known: str, answer: dict[str, Any]
) -> None:
    watch = watching(world, own=known)
    watch.currency = known
    await watch.load()
    world.line.says["balance"] = (
        json.dumps({"balance": "996"} | answer).replace("USD", known).replace("usd", known)
    )
    await watch.refresh()
    assert await world.told_admins() == []
    assert ((await watch.last()).currency, watch.currency) == (known, known)


async def test_a_name_from_the_start_that_is_no_code_goes_on_as_before(world: World) -> None:
    watch = watching(world)
    await watch.load()
    says(world, "Coins")
    await watch.refresh()
    for named in ("USD", "Coins", "USD", "Coins"):
        says(world, named)
        await watch.refresh()
    assert await world.told_admins() == ["currency_odd"]
    assert (await watch.last()).currency == "USD"


async def test_in_the_house_a_real_change_may_be_to_a_name_without_a_code(database) -> None:
    from tests.harness.world import open_world

    async with open_world(database, billing="house") as world:
        await world.customer(9001, dollars=0)
        watch = watching(world, house=True)
        await watch.load()
        await world.order(user_id=9001)
        says(world, "USD")
        await watch.refresh()
        says(world, "Rs")
        await watch.refresh()
        assert await choice(world, house=True).it_is_real(
            ADMINS[0], await world.asked(Kind.CURRENCY_DIFFERS)
        )
        await watch.refresh()
        assert watch.shop_currency() == "Rs"
        says(world, "A very long name of one")
        await watch.refresh()
        assert not await choice(world, house=True).it_is_real(
            ADMINS[0], await world.asked(Kind.CURRENCY_DIFFERS)
        )


@pytest.mark.parametrize("rate", ["₹12.50", "€0.05", "0.05 EUR", "0,05 ₽"])
async def test_a_rate_in_another_currency_is_not_sold_and_told(world: World, rate: str) -> None:
    watch = watching(world)
    await watch.load()
    says(world, "USD")
    await watch.refresh()
    world.synchroniser.currencies = watch.heard_names
    world.line.says["services"] = json.dumps(
        [
            service | {"rate": rate if str(service["service"]) == PLAYS else f"${service['rate']}"}
            for service in CATALOGUE
        ]
    )
    found = await world.synchroniser.sync()
    assert (found.hidden, found.short, found.flaws.left_out) == (1, False, 1)
    assert found.flaws.first[0].flaw == "currency"
    assert await world.told_admins() == ["left_out"]
    with pytest.raises(NotFoundError):
        await world.draft()
    await world.synchroniser.sync()
    assert await world.told_admins() == ["left_out"]
    del world.line.says["services"]
    await world.synchroniser.sync()
    await world.draft()


async def test_where_every_rate_is_in_another_currency_nothing_is_sold(world: World) -> None:
    watch = watching(world)
    await watch.load()
    says(world, "USD")
    await watch.refresh()
    world.synchroniser.currencies = watch.heard_names
    world.line.says["services"] = json.dumps(
        [service | {"rate": f"₹{service['rate']}"} for service in CATALOGUE]
    )
    found = await world.synchroniser.sync()
    assert (found.hidden, found.short) == (len(CATALOGUE), False)
    assert await world.told_admins() == ["left_out"]
