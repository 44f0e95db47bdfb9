"""Crypto Pay with the real process: an invoice outlives a kill, and what is paid meanwhile is
credited once.
"""

from handlers import callbacks
from storage.schema.payments import payments
from tests.runtime.process import STEADY, Operator, until

PRICE = 35_000


async def test_paid_while_nobody_was_there(shop: Operator) -> None:
    on = {
        "CRYPTO_PAY_TOKEN": shop.pg.crypto_token,
        "CRYPTO_PAY_URL": shop.pg.crypto_url,
        "WELCOME_CREDIT": "0",
    }
    bot = await shop.start(**on)
    assert "Telegram's terms want Stars" in bot.said
    ann = await shop.person()
    summary = await shop.summary(ann, STEADY)
    draft = callbacks.Confirm.unpack(summary.buttons[0][0].value).draft
    shop.pg.crypto.fault("hang_after", "createInvoice")  # this invoice's address reaches nobody
    await ann.forge(callbacks.PayMissing(draft=draft, method="crypto", stars=0).pack(), summary.id)
    await until(lambda: shop.pg.crypto.calls["createInvoice"] == 1, "an invoice is being made")
    await bot.kill()

    bot = await shop.start(**on)
    told = await ann.wait_for("is ready. It can be paid within an hour.")
    number = max(shop.pg.crypto.invoices)
    assert told.buttons[0][0].value == shop.pg.crypto.invoices[number].address
    await bot.kill()
    shop.pg.crypto.pay(number)

    await shop.start(**on)
    await ann.wait_for("$0.04 is in your wallet")
    await ann.wait_for("is completed", 20)
    await shop.told()
    assert [row.charge_id for row in await shop.rows(payments)] == [f"crypto:{number}"]
    (order,) = await shop.rows()
    assert (order.draft_id, order.price) == (draft, PRICE)
    assert await shop.balance(ann.id) == 40_000 - PRICE
    assert shop.pg.crypto_token not in "".join(each.said for each in shop.bots)
    await shop.check_money()
