"""Topping up by Telegram Stars: the way there, what is refused, and what an admin may give back."""

import asyncio
from datetime import timedelta

import pytest
from aiogram import F, Router
from aiogram.types import Message

from handlers import callbacks
from playground.telegram import Outcome
from playground.telegram.people import Person
from shop.payments.service import Receipt
from storage.enums import Method
from storage.schema.orders import requests
from storage.schema.payments import invoices, payments
from storage.schema.wallets import ledger
from tests.harness.shop import Shop
from tests.harness.walks import place, to_quantity, to_summary


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """Telegram's clock is the shop's."""
    shop.api.clock = lambda: shop.clock().timestamp()
    return shop


async def to_stars(person: Person) -> None:
    await person.say("/wallet")
    await person.press("Top up", message=person.last)
    await person.press("Telegram Stars", message=person.last)


async def pay(shop: Shop, person: Person, stars: int = 250) -> None:
    await person.say("/wallet")
    await person.forge(callbacks.AskStars(stars=stars).pack())
    assert (await person.pay()).outcome is Outcome.PAID
    await shop.notify()


async def test_a_preset_is_paid_and_told(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/start")
    await ann.press("Wallet")
    assert ann.last.labels[0] == "Top up"
    await to_stars(ann)
    assert "One Star puts $0.013 into your wallet" in ann.last.text
    assert "250 ⭐ · $3.25" in ann.last.labels
    await ann.press("250 ⭐ · $3.25")
    invoice = ann.last.raw["invoice"]
    assert (invoice["title"], invoice["total_amount"], invoice["currency"]) == (
        "Wallet top-up",
        250,
        "XTR",
    )
    assert invoice["start_parameter"]
    assert "$3.25" in invoice["description"]
    assert (await ann.pay()).outcome is Outcome.PAID
    await shop.notify()
    assert ann.last.text == "✅ $3.25 is in your wallet.\n👛 Your balance: $13.25"
    await ann.press("Wallet", message=ann.last)
    assert "+$3.25 → $13.25 · ⭐ top-up" in ann.last.text
    assert "+$10.00 → $10.00 · welcome gift" in ann.last.text
    await shop.check_money()


async def test_an_amount_is_typed_and_what_is_none_is_asked_again(shop: Shop) -> None:
    ann = shop.person()
    for said, stars in (("12.50", 962), ("300 stars", 300)):
        await to_stars(ann)
        await ann.say(said)
        assert ann.last.raw["invoice"]["total_amount"] == stars
    await to_stars(ann)
    for said, why in (("many", "can't read that"), ("10,001 stars", "over 10,000 ⭐ at most")):
        await ann.say(said)
        assert why in ann.last.text
        assert "100 ⭐ · $1.30" in ann.last.labels
    await ann.send_sticker()
    assert "can't read that" in ann.last.text
    await ann.say("1.30")
    assert ann.last.raw["invoice"]["total_amount"] == 100


async def test_a_form_that_was_open_goes_on_after_the_amount(shop: Shop) -> None:
    ann = shop.person()
    await to_quantity(ann)
    await to_stars(ann)
    await ann.say("/help")  # a command is one in any question
    assert "How it works" in ann.last.text
    await ann.say("1.30")
    assert "invoice" in ann.last.raw
    await ann.say("100")
    assert "come in parts" in ann.last.text
    await to_stars(ann)
    await ann.press("Back", message=ann.last)
    assert "How would you like to pay" in ann.last.text
    await ann.say("0")
    assert "invoice" not in ann.last.raw


async def test_news_of_a_payment_answer_no_open_question(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/wallet")
    await ann.forge(callbacks.AskStars(stars=100).pack())
    await to_stars(ann)
    said = len(ann.from_bot)
    await ann.pay()
    assert len(ann.from_bot) == said
    assert (await shop.rows(payments))[0].amount == 1_300_000


async def test_in_russian(shop: Shop) -> None:
    vera = shop.person(1002, "Vera", "ru")
    await vera.say("/wallet")
    await vera.press("Пополнить")
    await vera.press("Telegram Stars", message=vera.last)
    assert "250 ⭐ · 3,25\xa0$" in vera.last.labels
    await vera.say("300 звёзд")
    await vera.pay()
    await shop.notify()
    assert vera.last.text.startswith("✅ 3,90\xa0$ в вашем кошельке.")
    await vera.say("/paysupport")
    assert "300 ⭐ → 3,90\xa0$ · в кошельке" in vera.last.text
    await vera.pay(next(view for view in vera.messages if "invoice" in view.raw))
    assert "уже оплачен" in vera.toast


async def test_checkouts_are_refused_in_words(shop: Shop) -> None:
    ann, bob = shop.person(), shop.person(1002, "Bob")
    await pay(shop, ann, 9_000)
    assert (await ann.pay()).refusal.startswith("This invoice is paid already")
    await ann.forge(callbacks.AskStars(stars=1_000).pack())
    copy = ann.last
    await bob.say("/start")
    assert "not for you" in (await bob.pay(copy)).refusal
    await ann.forge(callbacks.AskStars(stars=1_001).pack())
    assert "0 ⭐ are left" in ann.toast  # the one that can still be paid counts
    await shop.app.features.payments.services.payments.credit(
        Receipt(1001, Method.STARS, "from elsewhere", shop.clock(), None, stars=1, first_name="Ann")
    )
    assert "999 ⭐ are left" in (await ann.pay(copy)).refusal
    shop.pass_time(timedelta(hours=25).total_seconds())
    assert "too old" in (await ann.pay(copy)).refusal
    assert [row.stars for row in await shop.rows(payments)] == [9_000, 1]


async def test_a_forwarded_invoice_leads_to_topping_up(shop: Shop) -> None:
    bob = shop.person(1002, "Bob")
    await bob.say("/start topup")
    assert "How would you like to pay" in bob.last.text


async def test_a_checkout_is_answered_while_a_handler_of_that_person_hangs(
    shop: Shop, monkeypatch
) -> None:
    ann = shop.person()
    await ann.say("/wallet")
    await ann.forge(callbacks.AskStars(stars=100).pack())
    entered, leave = asyncio.Event(), asyncio.Event()
    slow = Router(name="slow")

    @slow.message(F.text == "/slow")
    async def hang(message: Message) -> None:
        entered.set()
        await leave.wait()

    monkeypatch.setattr(
        shop.app.dispatcher, "sub_routers", [slow, *shop.app.dispatcher.sub_routers]
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(ann.say("/slow"))
        await entered.wait()
        paying = group.create_task(ann.checkout())
        async with asyncio.timeout(5):
            while shop.api.stars.balance == 0:
                await asyncio.sleep(0)
        # the line is kept for everything else: now for the news of the payment
        assert not paying.done()
        assert await shop.rows(payments) == []
        leave.set()
    assert len(await shop.rows(payments)) == 1


async def test_a_checkout_that_fails_is_refused_with_a_number(
    shop: Shop, monkeypatch, caplog
) -> None:
    ann = shop.person()
    await ann.say("/wallet")
    await ann.forge(callbacks.AskStars(stars=100).pack())

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(type(shop.app.dispatcher["top_ups"]), "check_out", broken)
    refusal = (await ann.pay()).refusal
    number = refusal.rpartition(" ")[2]
    assert "something went wrong" in refusal
    assert f"error {number}" in caplog.text
    assert await shop.rows(payments) == []


async def test_a_duplicate_update_counts_once(shop: Shop) -> None:
    ann = shop.person()
    shop.api.stars.spoil_next("twice")
    await pay(shop, ann)
    assert len(await shop.rows(payments)) == 1
    assert sum("is in your wallet" in view.text for view in ann.from_bot) == 1


async def test_a_lost_update_is_found_by_reconciliation(shop: Shop) -> None:
    ann = shop.person()
    await shop.app.features.payments.reconciler.step()
    shop.api.stars.spoil_next("lost")
    await pay(shop, ann)
    assert await shop.rows(payments) == []
    await shop.app.features.payments.reconciler.step()
    await shop.app.features.payments.reconciler.step()
    await shop.notify()
    assert ann.last.text.startswith("✅ $3.25 is in your wallet.")
    assert len(await shop.rows(payments)) == 1
    await shop.check_money()


async def test_an_admin_gives_a_payment_back(shop: Shop) -> None:
    ann, olga = shop.person(), shop.admin
    await pay(shop, ann)
    await olga.say("/payments 1001")
    assert "#1 · 250 ⭐ → $3.25" in olga.last.text
    await olga.press("Give back #1")
    assert "There is $13.25 now" in olga.last.text
    await olga.press("Yes, give it back")
    assert "being given back" in olga.last.text
    assert "Telegram is asked" in olga.toast
    await olga.forge(callbacks.GiveBack(payment=1, sure=1).pack())
    assert "was given back, or is about to be" in olga.toast
    await shop.app.features.payments.refunder.step()
    await shop.notify()
    assert "Your payment was given back" in ann.last.text
    assert "250 ⭐" in ann.last.text
    assert "Your balance: $10.00" in ann.last.text
    assert shop.api.stars.balance == 0
    await ann.say("/wallet")
    assert "−$3.25 → $10.00 · payment given back" in ann.last.text
    await shop.check_money()


async def test_what_is_spent_can_not_be_given_back(shop: Shop) -> None:
    ann, olga = shop.person(), shop.admin
    await pay(shop, ann)
    await olga.say("/debit 1001 12 bought something")
    await olga.say("/payments")
    await olga.press("Give back #1")
    assert "already spent" in olga.last.text
    assert "Yes, give it back" not in olga.last.labels
    await olga.forge(callbacks.GiveBack(payment=1, sure=1).pack())
    assert "only $1.25" in olga.toast
    await shop.check_money()


async def test_customers_can_not_see_or_give_back_payments(shop: Shop) -> None:
    ann, bob = shop.person(), shop.person(1002, "Bob")
    await pay(shop, ann)
    await bob.say("/payments")
    assert "I didn't get that" in bob.last.text
    for sure in (0, 1):
        await bob.forge(callbacks.GiveBack(payment=1, sure=sure).pack())
        assert "older version" in bob.toast
    await bob.forge(callbacks.PaymentsPage(user=1001, page=0).pack())
    assert "older version" in bob.toast
    await bob.say("/paysupport")
    assert "250" not in bob.last.text
    assert (await shop.rows(payments))[0].state == "credited"


async def test_a_chargeback_stops_orders_until_it_is_paid_in_again(shop: Shop) -> None:
    ann, olga = shop.person(), shop.admin
    await olga.say("/start")
    await pay(shop, ann, 250)
    await to_summary(ann, "Newsletter launch package")
    await olga.say("/debit 1001 12 bought something")
    await ann.charge_back()
    await shop.notify()
    assert ann.sees("Telegram has taken a payment of yours back")
    assert olga.sees("$3.25 of 1001, whose balance is −$2.00 now")
    await ann.say("/wallet")
    assert "👛 −$2.00" in ann.last.text
    assert "Orders wait until it is 0 again" in ann.last.text
    await ann.forge(callbacks.Confirm(draft=1).pack())
    assert "$2.00 below zero" in ann.toast + ann.last.text
    await pay(shop, ann, 1_000)
    assert ann.last.text.endswith("Your balance: $11.00")
    await place(ann)
    assert len(await shop.rows()) == 1
    await shop.check_money()


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "We ask the provider to cancel your orders that are in work (1)"),
        ("ru", "Мы просим поставщика отменить ваши заказы в работе (1)"),
    ],
)
async def test_a_chargeback_asks_the_provider_to_cancel_what_it_has(
    shop: Shop, language: str, told: str
) -> None:
    ann, olga = shop.person(), shop.admin
    await olga.say("/start")
    await pay(shop, ann, 250)
    await place(ann)
    await shop.submit()
    await ann.forge(callbacks.Language(code=language).pack())
    await ann.charge_back()
    await shop.notify()
    assert ann.sees(told)
    assert olga.sees("cancel orders of theirs that are in work: 1")
    assert [(row.order_id, row.kind) for row in await shop.rows(requests)] == [(1, "cancel")]


async def test_pay_support_has_its_own_words(shop: Shop) -> None:
    ann, olga = shop.person(), shop.admin
    await olga.say("/start")
    await ann.say("/paysupport")
    assert "Is a top-up missing?" in ann.last.text
    assert "latest payments" not in ann.last.text
    await pay(shop, ann)
    await ann.say("/paysupport")
    (row,) = await shop.rows(payments)
    assert "1 · 250 ⭐ → $3.25 · in your wallet" in ann.last.text
    assert row.charge_id in ann.last.text
    await ann.say("/paysupport Payment 1 was a mistake")
    await shop.notify()
    assert olga.sees("Payment 1 was a mistake")


async def test_the_wallet_pages_with_the_running_balance(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/start")
    for number in range(10):
        await shop.credit(1001, f"1.{number}")
    await ann.say("/wallet")
    assert "+$1.90 → $24.50 · by hand: test" in ann.last.text
    await ann.press("▶", message=ann.last)
    assert "+$1.10 → $12.10" in ann.last.text
    assert "+$1.00 → $11.00" in ann.last.text
    assert "+$10.00 → $10.00" in ann.last.text


async def test_where_stars_are_worth_nothing_they_are_not_offered(shop: Shop, monkeypatch) -> None:
    ann = shop.person()
    await ann.say("/wallet")
    monkeypatch.setattr(type(shop.app.dispatcher["top_ups"]), "star_value", lambda _: 0)
    for data in (
        callbacks.TopUpPage(to="stars"),
        callbacks.AskStars(stars=100),
        callbacks.AskStars(stars=0),
    ):
        await ann.forge(data.pack())
        assert "older version" in ann.toast
    assert await shop.rows(invoices) == []
    assert len(await shop.rows(ledger)) == 1
