"""What the shop's own history says, on the card of a service and of an order."""

from datetime import timedelta

import pytest

from handlers.customer.catalogue.delivery_times import span
from locales import Texts
from storage.schema.orders import drafts, orders
from tests.harness.shop import Shop
from tests.harness.walks import open_service, place

MINUTE = timedelta(minutes=1)


async def history(
    shop: Shop, *minutes: float, state: str = "completed", refunded: int = 0, parts: bool = False
) -> None:
    """Let orders like the one there have ended, one after so many minutes each."""
    first = (await shop.rows())[0]._mapping

    def transaction(tx):
        for number, time in enumerate(minutes):
            draft = {
                "user_id": 1001,
                "service_id": first["service_id"],
                "fields": {},
                "created_at": shop.clock(),
            }
            draft_id = tx.scalar(drafts.insert().values(**draft).returning(drafts.c.id))
            sent = shop.clock() - timedelta(days=1) + number * MINUTE
            values = {name: value for name, value in first.items() if name != "id"} | {
                "draft_id": draft_id,
                "state": state,
                "refunded": refunded,
                "submitted_at": sent,
                "started_at": sent + 4 * MINUTE,
                "finished_at": sent + time * MINUTE,
                "card_message_id": None,
                "provider_order_id": f"old-{state}-{draft_id}",
                "fields": {"runs": 3, "interval": 60} if parts else {"runs": None},
            }
            tx.execute(orders.insert().values(**values))

    await shop.app.database.write(transaction)


async def test_a_new_service_says_nothing(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await history(shop, 60, 70, 80, 90)
    await open_service(ann)
    assert "From our last" not in ann.last.text
    await history(shop, 60, state="canceled")
    await open_service(ann)
    assert "From our last 5 orders" in ann.last.text
    assert "80 % completed" in ann.last.text
    assert "done in" not in ann.last.text  # four times are too few


async def test_the_card_of_a_service_tells_before_one_pays(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await history(shop, *[100] * 12, *[340] * 6, 5_000)
    await history(shop, 50, state="partial", refunded=1)
    await open_service(ann)
    assert (
        "📊 From our last 20 orders: starts in 4 min (9 of 10 within 4 min), done in 1 h "
        "40 min (9 of 10 within "
        "5 h 40 min), 95 % completed, 5 % with money back"
    ) in ann.last.text


async def test_a_share_is_never_rounded_to_look_better(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await history(shop, *[100] * 199)
    await history(shop, 50, state="partial", refunded=1)
    await open_service(ann)
    assert "99 % completed, 1 % with money back" in ann.last.text


async def test_an_order_says_by_when_it_is_usually_done(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await shop.work()
    await history(shop, *[30] * 9)
    await ann.forge("i:1")
    assert "Usually done by" in ann.last.text
    done_by = int((await shop.rows())[0].submitted_at.timestamp()) + 30 * 60
    assert any(entity.get("unix_time") == done_by for entity in ann.last.raw["entities"])
    shop.clock.forward(minutes=31)
    await ann.forge("i:1")
    assert "takes longer than usual" in ann.last.text
    assert "Usually done by" not in ann.last.text


async def test_a_plan_decides_when_parents_are_done(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await shop.work()
    await history(shop, *[30] * 9)
    await shop.app.database.write(
        lambda tx: tx.execute(
            orders.update().where(orders.c.id == 1).values(fields={"runs": 3, "interval": 60})
        )
    )
    await ann.forge("i:1")
    assert "Usually done by" not in ann.last.text


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(0), "a moment"),
        (timedelta(seconds=1), "1 min"),
        (4 * MINUTE, "4 min"),
        (59 * MINUTE, "59 min"),
        (59.5 * MINUTE, "1 h"),
        (121 * MINUTE, "2 h 5 min"),
        (180 * MINUTE, "3 h"),
        (599 * MINUTE, "10 h"),
        (601 * MINUTE, "11 h"),
        (timedelta(hours=47), "47 h"),
        (timedelta(hours=48), "2 days"),
        (timedelta(hours=49), "2 days 1 h"),
        (timedelta(days=30, hours=1), "31 days"),
    ],
)
def test_how_long_things_take_in_words(time: timedelta, words: str) -> None:
    assert span(time, Texts().for_language("en")) == words
