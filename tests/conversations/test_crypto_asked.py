"""What admins are asked about Crypto Pay, and what goes on where nothing is offered any more."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from handlers import callbacks
from playground.crypto import CryptoBot
from storage.schema.payments import invoices
from tests.harness.shop import ADMIN, Shop, open_shop


@pytest.fixture
def crypto_bot() -> CryptoBot:
    return CryptoBot()


@pytest.fixture
async def shop(tmp_path: Path, crypto_bot: CryptoBot) -> AsyncIterator[Shop]:
    async with open_shop(tmp_path, crypto=crypto_bot) as opened:
        yield opened


async def crypto_works(shop: Shop) -> None:
    assert shop.app.features.payments.crypto is not None
    shop.pass_time(20)
    await shop.app.features.payments.crypto.step()
    await shop.notify()


async def paid_differently(shop: Shop, crypto_bot: CryptoBot) -> None:
    """Ann pays an invoice over $5 that Crypto Pay then says was over 500."""
    ann = shop.person()
    await ann.say("/start")
    await ann.forge(callbacks.CryptoAmount(amount=5_000_000).pack())
    await crypto_works(shop)
    (number,) = crypto_bot.invoices
    crypto_bot.pay(number)
    crypto_bot.invoices[number].amount = Decimal(500)
    await crypto_works(shop)


@pytest.mark.parametrize(
    ("language", "asked", "yes", "done"),
    [
        (
            "en",
            "We had asked for 5 USD; it says 500 USD",
            "Credit 5 USD",
            "Invoice #1: $5.00 is in the wallet of 1001",
        ),
        (
            "ru",
            "Мы просили 5 USD, там 500 USD",
            "Зачислить 5 USD",
            "Счёт #1: 5,00 $ в кошельке 1001",
        ),
    ],
)
async def test_an_admin_credits_what_differs(
    shop: Shop, crypto_bot: CryptoBot, language: str, asked: str, yes: str, done: str
) -> None:
    olga = shop.admin
    await olga.say("/start")
    await olga.forge(callbacks.Language(code=language).pack())
    await paid_differently(shop, crypto_bot)
    assert olga.sees(asked)
    question = olga.last
    await olga.press(yes, message=question)
    assert done in olga.last.text.replace("\u00a0", " ")
    await olga.forge(callbacks.DecideCrypto(invoice=1, yes=0).pack(), question)
    assert ("decided already" if language == "en" else "уже решено") in olga.toast
    await shop.notify()
    assert shop.person().sees("$5.00 is in your wallet")
    await shop.check_money()


async def test_an_admin_leaves_what_differs_and_nobody_else_decides(
    shop: Shop, crypto_bot: CryptoBot
) -> None:
    ann, olga = shop.person(), shop.admin
    await olga.say("/start")
    await paid_differently(shop, crypto_bot)
    await ann.forge(callbacks.DecideCrypto(invoice=1, yes=1).pack())
    assert "older version" in ann.toast
    await olga.press("Credit nothing", message=olga.last)
    assert "closed without $5.00 being credited" in olga.last.text
    for old in (1, 2):
        await olga.forge(callbacks.DecideCrypto(invoice=old, yes=1).pack())
        assert olga.toast
    assert [row.state for row in await shop.rows(invoices)] == ["failed"]


async def test_without_a_token_the_admins_are_told_and_old_buttons_answer(tmp_path: Path) -> None:
    bot = CryptoBot()
    async with open_shop(tmp_path, crypto=bot) as shop:
        ann = shop.person()
        await ann.say("/start")
        await ann.forge(callbacks.CryptoAmount(amount=5_000_000).pack())
        await crypto_works(shop)
    async with open_shop(tmp_path) as shop:
        ann, olga = shop.person(), shop.admin
        await olga.say("/start")
        (worker,) = [one for one in shop.app.features.payments.workers if one.name == "crypto"]
        await worker.step()
        await worker.step()
        await shop.notify()
        assert sum("invoices are still open: 1" in message.text for message in olga.from_bot) == 1
        await ann.say("/start")
        await ann.forge(callbacks.CryptoAmount(amount=5_000_000).pack())
        assert "older version" in ann.toast
        assert [row.state for row in await shop.rows(invoices)] == ["open"]


async def test_where_the_house_pays_what_is_on_its_way_goes_on(tmp_path: Path) -> None:
    bot = CryptoBot()
    async with open_shop(tmp_path, crypto=bot) as shop:
        ann = shop.person()
        await ann.say("/start")
        await ann.forge(callbacks.CryptoAmount(amount=5_000_000).pack())
        await crypto_works(shop)
        bot.pay(next(iter(bot.invoices)))
    house = {"billing": "house", "allowed_user_ids": frozenset({1001, ADMIN})}
    async with open_shop(tmp_path, crypto=bot, **house) as shop:
        features = shop.app.features
        names = {
            worker.name for worker in (*features.payments.workers, *features.promotions.workers)
        }
        assert names == {"audit", "crypto", "invitations", "refunds", "stars"}
        assert "margins" not in {worker.name for worker in shop.app.supervisor.workers}
        ann = shop.person()
        await ann.say("/start")
        await crypto_works(shop)
        assert ann.sees("$5.00 is in your wallet")
        for old in (
            callbacks.CryptoAmount(amount=5),
            callbacks.AskStars(stars=100),
            callbacks.TopUpPage(to="home"),
        ):
            await ann.forge(old.pack())
            assert "no wallets" in ann.toast or "no wallet" in ann.toast.lower(), ann.toast
        await shop.check_money()


async def test_where_nobody_has_ever_paid_in_nobody_reads_the_statement(tmp_path: Path) -> None:
    async with open_shop(tmp_path, billing="house", allowed_user_ids=frozenset({1001})) as shop:
        (stars,) = [
            worker for worker in shop.app.features.payments.workers if worker.name == "stars"
        ]
        await stars.step()
        assert "getStarTransactions" not in [method for method, _ in shop.api.calls]
