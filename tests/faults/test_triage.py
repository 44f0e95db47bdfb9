"""An admin's verdict with the real process, which is killed while the provider is being asked."""

from storage.enums import OrderState
from storage.schema.operations import evidence
from tests.runtime.process import ADMIN, Operator, adds, until

STRANGE = "99999"


async def test_a_question_outlives_the_process_and_a_verdict_ends_it(shop: Operator) -> None:
    bot = await shop.start()
    ann, olga = await shop.person(), shop.admin
    shop.pg.provider.fault("null", "add")
    await shop.place(ann)
    await ann.wait_for("Being checked")
    await olga.wait_for("outcome unknown")
    await olga.press("Decide")
    await olga.wait_for("No definite answer since")
    await olga.press("It exists")
    await olga.wait_for("Send me its ID")
    shop.pg.provider.fault("hang_before", "status")
    asked = shop.pg.provider.calls["status"]
    await olga.say(STRANGE)
    await until(lambda: shop.pg.provider.calls["status"] > asked, "the question at the provider")
    await bot.kill()
    shop.pg.provider.clear_faults()
    await shop.start()
    await olga.wait_for("the provider does not know it", 20)
    assert [row.actor_id for row in await shop.rows(evidence) if row.kind == "checked"] == [ADMIN]
    await olga.say("/triage")
    await olga.wait_for("1 order waits for your verdict")
    await olga.press("It doesn't")
    await olga.wait_for("does not exist at the provider?")
    await olga.press("Yes, it doesn't exist: refund")
    await shop.reached(OrderState.REJECTED)
    await ann.wait_for("is back in your wallet")
    assert await shop.balance(ann.id) == 10_000_000
    assert adds(shop) == 1
    await shop.check_money()
