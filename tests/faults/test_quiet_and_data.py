"""Quiet, one's own data and its end, with the real process between the emulators."""

import json
import re

from playground.telegram.people import Person
from storage.enums import OrderState
from storage.schema.customers import users
from storage.schema.messages import notices
from storage.schema.orders import orders
from storage.schema.wallets import ledger
from tests.runtime.process import LINK, PARTIAL, STEADY, Operator, pushes, until

MINE = f"{LINK}/only-of-Annabella"


async def press(person: Person, label: str) -> None:
    await until(
        lambda: any(label in shown for shown in person.buttons),
        f"{label}\n{person.transcript()}",
        20,
    )
    await person.press(label)


async def test_who_wants_results_only_is_told_the_end_only(shop: Operator) -> None:
    await shop.start()
    ann, bob = await shop.person(1), await shop.person(2, "Bob")
    await ann.say("/settings")
    await press(ann, "What I am told")
    await press(ann, "Only results")
    await ann.wait_for("I tell you results only")
    await shop.tell_all(bob)
    await shop.place(ann)
    await shop.place(bob, link=LINK + "/bob")
    await shop.reached(OrderState.COMPLETED, OrderState.COMPLETED, seconds=40)
    await shop.told()
    await until(lambda: len(pushes(ann)) == 1, f"one push\n{ann.transcript()}")
    assert "is completed" in pushes(ann)[0]
    assert any(
        view.text.startswith("Order #1") and "Completed" in view.text for view in ann.from_bot
    )
    rows = [row for row in await shop.rows(notices) if row.kind == "order"]
    outcomes = {(row.user_id, row.payload["state"]): row.outcome for row in rows}
    assert outcomes[ann.id, "pending"] == "quiet"
    assert outcomes[ann.id, "completed"] == outcomes[bob.id, "pending"] == "said"
    await shop.check_money()


async def test_what_waits_for_its_hour_outlives_a_kill(shop: Operator) -> None:
    """The hours are chosen so that it is quiet now by somebody's clock, whatever the time is
    here.
    """
    bot = await shop.start()
    ann = await shop.person(1)
    await ann.say("/settings")
    await press(ann, "Clock")
    await ann.say("12:00")
    await ann.wait_for("at your place")
    await ann.forge("qh:10:20")
    await ann.wait_for("I am quiet from 10:00 to 20:00")
    await shop.place(ann)
    await shop.reached(OrderState.COMPLETED, seconds=40)

    async def held() -> bool:
        rows = [row for row in await shop.rows(notices) if row.done_at is None]
        return bool(rows) and all((row.outcome, row.attempts) == ("held", 0) for row in rows)

    await until(held, "the pushes are held", 15)
    await until(
        lambda: any("Completed" in view.text for view in ann.from_bot), "the card is up to date"
    )
    assert pushes(ann) == []
    await bot.kill()
    await shop.start()
    assert pushes(ann) == []
    # on a message of its own: the newest one is the card, which the push replies to
    await ann.forge("qh:24:24", 0)
    await shop.told()
    assert len(pushes(ann)) == 1
    assert "is completed" in pushes(ann)[0]


async def test_the_file_arrives(shop: Operator) -> None:
    await shop.start()
    ann = await shop.person(1, "Annabella")
    await shop.place(ann, link=MINE)
    await shop.reached(OrderState.COMPLETED, seconds=40)
    await shop.told()
    await ann.say("/mydata")
    await until(lambda: ann.last.document is not None, ann.transcript())
    document = ann.last.document
    assert document is not None
    assert document.name.startswith("my-data-")
    found = json.loads(document.content)
    assert found["users"][0]["first_name"] == "Annabella"
    assert found["orders"][0]["link"] == MINE
    assert found["orders"][0]["state"] == "completed"
    assert [event["state"] for event in found["order_events"]][-1] == "completed"
    assert found["wallets"][0]["balance"] == f"{await shop.balance(ann.id) / 1_000_000:g} USD"
    await ann.say("/mydata")
    await ann.wait_for("ask again in a minute")


async def test_who_is_erased_has_nothing_under_way_and_leaves_books_that_agree(
    any_shop: Operator,
) -> None:
    """While the provider has an order nobody is erased; killed and started again afterwards, all is
    as it was.
    """
    shop = any_shop
    bot = await shop.start()
    ann = await shop.person(1, "Annabella")
    await shop.place(ann, PARTIAL, link=MINE)
    await shop.place(ann, STEADY, link=MINE + "2")

    async def accepted() -> bool:
        return all(row.provider_order_id for row in await shop.rows())

    await until(accepted, "the provider has both")
    await ann.say("/delete_me")
    await ann.wait_for("Not yet: #")
    await shop.reached(OrderState.PARTIAL, OrderState.COMPLETED, seconds=60)
    await shop.told()
    await ann.say("/delete_me")
    await press(ann, "Delete everything")
    await ann.wait_for("Everything about you is deleted")
    await bot.kill()
    await shop.lapse()
    said = len(ann.messages)
    bot = await shop.start()
    await shop.told()
    rows = await shop.rows()
    (heir,) = {row.user_id for row in rows}
    assert heir < 0
    assert rows[0].refunded > 0
    assert await shop.balance(heir) == 10_000_000 - sum(row.price - row.refunded for row in rows)
    await shop.check_money()
    assert len(ann.messages) == said
    kept = repr([await shop.rows(table) for table in (users, orders, ledger, notices)])
    for words in ("Annabella", str(ann.id)):
        # a time's microseconds may have the same digits
        assert not re.search(rf"\b{words}\b", kept)
    assert "Annabella" not in bot.said
    await ann.say("/balance")
    await ann.wait_for("Your balance: $0.00")
    assert {row.user_id for row in await shop.rows(ledger)} == {heir}
