"""A summary that is short of money offers to pay just that; paid, the order starts by itself."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from handlers import callbacks
from playground.crypto import CryptoBot
from playground.telegram.people import Person
from storage.schema.catalogue import services
from storage.schema.payments import invoices, top_ups
from tests.harness.shop import ADMIN, Shop, open_shop
from tests.harness.walks import STEADY, to_summary

PRICE = "$0.12"  # 100 plays; nine Stars are $0.117, so it takes ten


@pytest.fixture
def crypto_bot() -> CryptoBot:
    return CryptoBot()


@pytest.fixture
async def shop(tmp_path, crypto_bot: CryptoBot) -> AsyncIterator[Shop]:
    """Nobody has anything; there are Stars and Crypto Pay."""
    note = "Send it to <b>IBAN</b> 1 & 2"
    given = {"welcome_credit": 0, "top_up_note": note}
    async with open_shop(tmp_path, crypto=crypto_bot, **given) as opened:
        yield opened


async def work(shop: Shop, seconds: float = 0) -> None:
    shop.pass_time(seconds)
    assert shop.app.features.payments.crypto is not None
    await shop.app.features.payments.crypto.step()
    await shop.work()


async def plays(shop: Shop) -> Any:
    return next(row for row in await shop.rows(services) if STEADY in row.name)


async def change_price(shop: Shop, rate: str) -> None:
    shop.provider.change_service((await plays(shop)).provider_id, rate=rate)
    for _ in range(2):  # a jump is not believed at once
        await shop.sync()


async def test_paid_by_stars_the_order_starts_and_its_card_lives(shop: Shop) -> None:
    ann = shop.person()
    await to_summary(ann)
    assert "short. Pay it here, and the order starts by itself." in ann.last.text
    assert ann.last.labels[:6] == [
        "Confirm",
        f"Pay {PRICE} (10 ⭐)",
        "100 ⭐ · $1.30",
        "250 ⭐ · $3.25",
        f"Pay {PRICE} by crypto",
        "Wallet",
    ]
    summary = ann.last
    await ann.press(f"Pay {PRICE} (10 ⭐)", message=summary)
    await ann.pay()
    assert len(await shop.rows()) == 1
    await work(shop)
    assert ann.sees("✅ $0.13 is in your wallet.")
    assert ann.sees("Your order has started:")
    await work(shop, 600)
    assert sum(view.text.startswith("✅ $0.13") for view in ann.from_bot) == 1
    (order,) = await shop.rows()
    assert ann.sees("Order #1 – ✅ Completed")
    assert any(view.id == order.card_message_id for view in ann.from_bot)

    await ann.forge(callbacks.PayMissing(draft=order.draft_id, method="stars", stars=0).pack())
    assert "This order form is closed" in ann.toast
    await ann.press("Confirm", message=summary)
    assert len(await shop.rows()) == 1
    await shop.check_money()


async def test_a_card_that_has_to_be_tried_again_repeats_nothing(shop: Shop) -> None:
    ann = shop.person()
    await to_summary(ann)
    await ann.press(f"Pay {PRICE} (10 ⭐)", message=ann.last)
    await ann.pay()
    shop.api.fail_next("sendMessage", 0)  # what comes first is said
    shop.api.fail_next("sendMessage", 500)
    await shop.notify()
    assert "Your order has started:" in ann.last.text
    for _ in range(2):
        await work(shop, 60)
    assert sum("$0.13 is in your wallet" in view.text for view in ann.from_bot) == 1
    assert sum(view.text.startswith("Order #1 – ") for view in ann.from_bot) == 1


async def test_paid_by_crypto_in_russian(shop: Shop, crypto_bot: CryptoBot) -> None:
    boris = shop.person(1002, "Борис", "ru")
    await boris.say("/start")
    await boris.forge(callbacks.StartOrder(service=(await plays(shop)).id).pack())
    await boris.say("https://example.com/page")
    await boris.say("100")
    await boris.press("Пропустить", message=boris.last)
    assert "Оплатите прямо здесь, и заказ начнётся сам." in boris.last.text
    await boris.press("криптовалютой", message=boris.last)
    assert "Готовлю счёт" in boris.toast
    await work(shop)
    ((number, made),) = crypto_bot.invoices.items()
    assert made.description == "Пополнение кошелька №1"
    assert "Заказ начнётся сам, как только счёт будет оплачен." in boris.last.text
    assert boris.last.buttons[0][0].value == made.address
    crypto_bot.pay(number)
    await work(shop, 15)
    assert boris.sees("Ваш заказ начат:")
    assert len(await shop.rows()) == 1
    await shop.check_money()


async def test_a_changed_price_is_asked_again_with_the_change_marked(shop: Shop) -> None:
    ann = shop.person()
    await to_summary(ann)
    await ann.press("250 ⭐", message=ann.last)
    await change_price(shop, "6.70")
    await ann.pay()
    await work(shop)
    assert await shop.rows() == []
    assert "✅ $3.25 is in your wallet." in ann.last.text
    assert "Your order has not started." in ann.last.text
    assert "$0.67 ❗️ $0.12" in ann.last.text
    await ann.press("Confirm", message=ann.last)
    assert len(await shop.rows()) == 1


async def test_what_changed_before_the_press_is_shown_first(shop: Shop) -> None:
    ann = shop.person()
    await to_summary(ann)
    await change_price(shop, "6.70")
    await ann.press(f"Pay {PRICE} (10 ⭐)", message=ann.last)
    assert "Something has changed" in ann.last.text
    assert await shop.rows(invoices) == []
    await ann.press("Pay $0.67 (52 ⭐)", message=ann.last)
    await ann.pay()
    assert len(await shop.rows()) == 1


async def to_crypto(person: Person) -> None:
    await person.say("/help")
    await person.forge(callbacks.TopUpPage(to="home").pack())
    await person.press("Crypto", message=person.last)


async def test_topping_up_by_crypto_for_itself(shop: Shop, crypto_bot: CryptoBot) -> None:
    ann = shop.person()
    await to_summary(ann)
    draft = ann.last
    await to_crypto(ann)
    assert "Pay by crypto" in ann.last.text
    for wrong, said in (
        ("a lot", "can't read that as an amount"),
        ("501", "more than $500.00 by crypto"),
    ):
        await ann.say(wrong)
        assert said in ann.last.text
    await ann.say("12.50")
    assert "invoice over $12.50" in ann.last.text
    crypto_bot.fault("refuse", "createInvoice")
    await work(shop)
    assert "could not be made, so there is nothing to pay" in ann.last.text
    assert shop.admin.sees("Crypto Pay does not make invoices") is False  # Olga has not started yet
    await shop.admin.say("/start")
    await work(shop, 60)
    assert shop.admin.sees("Crypto Pay does not make invoices")
    await ann.press("Confirm", message=draft)  # the form is still what it was
    assert "short" in ann.toast


async def ask_for_five(shop: Shop, person: Person) -> None:
    await person.forge(callbacks.TopUpPage(to="manual").pack())
    await person.say("5")
    await shop.notify()


async def test_a_top_up_by_hand(shop: Shop) -> None:
    ann, olga = shop.person(), shop.admin
    await olga.say("/start")
    await ann.say("/start")
    await ann.forge(callbacks.TopUpPage(to="manual").pack())
    assert "Send it to <b>IBAN</b> 1 & 2" in ann.last.text  # as it was written
    await ann.say("a bit")
    assert "can't read that as an amount" in ann.last.text
    await ann.say("5")
    assert "Request #1: $5.00" in ann.last.text
    await shop.notify()
    assert "Ann" in olga.last.text
    assert "1001" in olga.last.text
    alert = olga.last
    await olga.say("/topups")
    assert "#1 · $5.00" in olga.last.text
    await olga.press("#1 Approve", message=olga.last)
    assert "Approved by you" in olga.toast
    assert "Nobody waits" in olga.last.text
    await shop.notify()
    assert "Request #1: $5.00 is in your wallet" in ann.last.text
    await olga.press("Refuse", message=alert)  # too late
    assert "Approved by you" in next(view.text for view in olga.from_bot if view.id == alert.id)
    assert [row.state for row in await shop.rows(top_ups)] == ["approved"]
    await shop.check_money()


async def test_a_second_admin_is_told_who_was_first(tmp_path) -> None:
    admins = frozenset({ADMIN, 1004})
    async with open_shop(tmp_path, admin_ids=admins, welcome_credit=0) as shop:
        ann, olga, otto = shop.person(), shop.admin, shop.person(1004, "Otto")
        for person in (ann, olga, otto):
            await person.say("/start")
        await ask_for_five(shop, ann)
        await olga.press("Refuse", message=olga.last)
        await otto.press("Approve", message=otto.last)
        assert "Refused by Olga" in otto.last.text.replace("\u2068", "").replace("\u2069", "")
        await shop.notify()
        assert "was not approved" in ann.last.text


async def test_a_request_can_be_taken_back_and_only_by_its_owner(shop: Shop) -> None:
    ann, bob = shop.person(), shop.person(1002, "Bob")
    await bob.say("/start")
    await ask_for_five(shop, ann)
    await bob.forge(callbacks.CancelTopUp(top_up=1).pack())
    assert "not open any more" in bob.toast
    await bob.forge(callbacks.DecideTopUp(top_up=1, yes=1, listed=0).pack())
    assert [row.state for row in await shop.rows(top_ups)] == ["open"]
    await ann.forge(callbacks.TopUpPage(to="manual").pack())
    await ann.press("Cancel the request", message=ann.last)
    assert "Your request is canceled" in ann.last.text
    assert [row.state for row in await shop.rows(top_ups)] == ["canceled"]


async def test_cancel_ends_the_question_and_keeps_the_form(shop: Shop) -> None:
    ann = shop.person()
    await to_summary(ann)
    form = ann.last
    await to_crypto(ann)
    await ann.say("/cancel")
    assert "goes on where it was" in ann.last.text
    await ann.press("Confirm", message=form)
    assert "short" in ann.toast
