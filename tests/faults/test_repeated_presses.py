"""Telegram delivers every tap; the shop counts one."""

from handlers.callbacks import Confirm
from storage.enums import OrderState
from storage.schema.orders import drafts
from tests.runtime.process import Operator, adds, until


async def test_three_taps_and_one_after_a_restart_are_one_order(shop: Operator) -> None:
    bot = await shop.start()
    ann = await shop.person()
    summary = await shop.summary(ann)
    answered = len(ann.answers)
    for _ in range(3):
        await ann.press("Confirm", message=summary)
    await until(lambda: len(ann.answers) == answered + 3, "every tap is answered")
    await shop.reached(OrderState.COMPLETED)
    await bot.kill()

    bot = await shop.start()
    (draft,) = await shop.rows(drafts)
    await ann.forge(Confirm(draft=draft.id).pack(), summary)
    await until(lambda: len(ann.answers) == answered + 4, "the late tap is answered")
    await ann.wait_for("Order #1 – ✅ Completed")
    assert await shop.states() == [str(OrderState.COMPLETED)]
    assert adds(shop) == len(shop.pg.provider.book.orders) == 1
    assert await shop.balance(ann.id) == 10_000_000 - 35_000
    await shop.check_money()
    assert "Traceback" not in bot.said
