"""What is pushed when: modes, quiet hours and the digest, with a clock that is moved.

Cards are always up to date.
"""

from datetime import timedelta

import pytest

from playground.telegram.people import Person
from shop.outbox import Kind, notify_admins
from shop.outbox.payloads import BadKeyNotice
from storage.queries import notices as outbox
from storage.queries.notices import HELD
from storage.schema.customers import users
from storage.schema.messages import notices
from storage.schema.orders import drafts, orders
from tests.harness.outbox import due as outbox_due
from tests.harness.shop import ADMIN, Shop
from tests.harness.walks import CANCELED, place

# The clock of these tests begins at 12:00 UTC.


async def to(shop: Shop, hour: int, minute: int = 0, *, days: int = 0) -> None:
    """Let it become that hour of UTC, and let the notifier say what it then says."""
    now = shop.clock()
    wanted = now.replace(hour=hour, minute=minute, second=0, microsecond=0) + timedelta(days=days)
    assert wanted >= now
    shop.pass_time((wanted - now).total_seconds())
    await shop.notify()


async def choose(shop: Shop, person: Person, *data: str) -> None:
    """Press buttons of the settings, whether or not they are on the screen."""
    await person.say("/settings")
    for one in data:
        await person.forge(one)


def pushes(person: Person) -> list[str]:
    return [view.text.splitlines()[0] for view in person.from_bot if view.reply_to is not None]


def digests(person: Person) -> list[str]:
    return [view.text for view in person.from_bot if "Your day" in view.text]


def card(person: Person, number: int = 1) -> str:
    return next(view.text for view in person.from_bot if view.text.startswith(f"Order #{number}"))


async def open_rows(shop: Shop) -> list:
    return [row for row in await shop.rows(notices) if row.done_at is None]


async def tell_state(
    shop: Shop, order: int, state: str, person: int = 1001, refund: int = 0
) -> None:
    """Let an order's change be told, without the order being moved."""
    await shop.app.database.write(
        outbox.add,
        user_id=person,
        kind=Kind.ORDER,
        order_id=order,
        now=shop.clock(),
        payload={"state": state, "refund": refund},
    )
    await shop.notify()


@pytest.mark.parametrize("chosen", [True, False], ids=["chosen", "by default"])
async def test_results_only(shop: Shop, chosen: bool) -> None:
    ann = shop.person()
    if chosen:
        await choose(shop, ann, "qp:all", "qp:ends")
        assert "results only" in ann.last.text
    await place(ann)
    await shop.work()
    assert pushes(ann) == []
    assert "Accepted" in card(ann)
    for _ in range(40):
        await shop.work(600)
    assert [line.split(":")[0] for line in pushes(ann)] == ["✅ Order #1 is completed"]
    assert "Completed" in card(ann)
    outcomes = {row.outcome for row in await shop.rows(notices) if row.kind == Kind.ORDER}
    assert outcomes == {"quiet", "said"}
    assert await open_rows(shop) == []


async def test_money_back_is_a_result(shop: Shop) -> None:
    ann = shop.person()
    await place(ann, CANCELED)
    for _ in range(40):
        await shop.work(600)
    assert ann.sees("was canceled")
    assert ann.sees("back in your wallet")
    assert len(pushes(ann)) == 1


@pytest.mark.parametrize("state", ["failed", "unknown", "rejected", "partial"])
async def test_what_people_must_know_is_pushed_in_results_only(shop: Shop, state: str) -> None:
    ann = shop.person()
    await place(ann)
    await tell_state(shop, 1, state)
    assert len(pushes(ann)) == 1


async def test_quiet_hours_hold_pushes_and_draw_cards(shop: Shop) -> None:
    ann = shop.person()
    await choose(shop, ann, "qc:1440", "qp:all", "qh:22:8")
    assert "quiet from 22:00 to 8:00" in ann.last.text
    await place(ann)
    await to(shop, 22)
    await shop.submit()
    await shop.app.features.fulfilment.tracker.sweep()
    await shop.notify()
    assert pushes(ann) == []
    assert "Accepted" in card(ann)
    await to(shop, 7, 59, days=1)
    assert pushes(ann) == []
    held = await open_rows(shop)
    assert {(row.outcome, row.attempts) for row in held} == {(HELD, 0)}
    await to(shop, 8)
    assert len(pushes(ann)) == 1  # several changes of an order are one message
    assert await open_rows(shop) == []


async def test_a_held_push_does_not_draw_the_card_again(shop: Shop) -> None:
    ann = shop.person()
    await choose(shop, ann, "qc:1440", "qp:all", "qh:0:13")
    await place(ann)
    await shop.submit()
    await shop.notify()
    edits = sum(name == "editMessageText" for name, _ in shop.api.calls)
    await to(shop, 13)
    assert len(pushes(ann)) == 1
    assert sum(name == "editMessageText" for name, _ in shop.api.calls) == edits


async def test_quiet_hours_are_of_their_own_clock(shop: Shop) -> None:
    ann = shop.person()
    # 12:00 UTC is 21:00 in Tokyo
    await choose(shop, ann, "qp:all", f"qc:{1440 + 9 * 60}", "qh:21:9")
    await place(ann)
    await shop.submit()
    await shop.notify()
    assert pushes(ann) == []
    await to(shop, 23, 59)
    assert pushes(ann) == []
    await to(shop, 0, days=1)
    assert len(pushes(ann)) == 1


async def test_credits_wait_for_the_end_of_quiet_hours_and_alerts_do_not(shop: Shop) -> None:
    olga = shop.admin
    await choose(shop, olga, "qp:digest", "qc:1440", "qh:0:13")
    await shop.credit(ADMIN, "3")
    await shop.app.database.write(
        notify_admins, [ADMIN], BadKeyNotice(text="no such key"), shop.clock()
    )
    await shop.notify()
    assert olga.sees("no such key")
    assert not olga.sees("was put into your wallet")
    await olga.say("/balance")
    await shop.app.features.provider.services.watch.refresh()
    await shop.notify()
    assert olga.sees("Orders in work")
    await to(shop, 13)
    assert olga.sees("was put into your wallet")


async def test_a_day_in_one_message(shop: Shop) -> None:
    ann = shop.person()
    await choose(shop, ann, "qc:1440", "qp:digest")
    assert "your day once, at 20:00" in ann.last.text
    await place(ann)
    await place(ann, CANCELED, link="https://example.com/other")
    for _ in range(40):
        await shop.work(600)  # until 18:40
    assert pushes(ann) == []
    assert digests(ann) == []
    assert "Completed" in card(ann)
    await to(shop, 19, 59)
    assert digests(ann) == []
    await to(shop, 20)
    (said,) = digests(ann)
    assert "2 pieces of news" in said
    assert "✅ Completed #1" in said
    assert "↩️ Canceled #2" in said
    assert "is back in your wallet" in said
    assert await open_rows(shop) == []
    await to(shop, 20, days=1)
    assert len(digests(ann)) == 1  # nothing has happened since


async def test_what_happens_after_the_digest_is_in_the_next_one(shop: Shop) -> None:
    ann = shop.person()
    await choose(shop, ann, "qc:1440", "qd:13", "qp:digest")
    await place(ann)
    await tell_state(shop, 1, "pending")
    await to(shop, 13)
    assert len(digests(ann)) == 1
    await tell_state(shop, 1, "in_progress")  # at 13:00 sharp: it belongs to this day still
    assert len(digests(ann)) == 2
    shop.clock.forward(seconds=1)
    await tell_state(shop, 1, "completed")
    await to(shop, 12, 59, days=1)
    assert len(digests(ann)) == 2
    await to(shop, 13)
    assert "Completed" in digests(ann)[-1]


async def test_a_digest_sums_up_what_was_given_back(shop: Shop) -> None:
    ann = shop.person()
    await choose(shop, ann, "qc:1440", "qp:digest")
    for number in (1, 2):
        await place(ann, link=f"https://example.com/{number}")
        await tell_state(shop, number, "partial", refund=1_250_000)
    await to(shop, 20)
    assert "$2.50 is back in your wallet" in digests(ann)[0]


async def test_a_long_day_fits_into_a_message(shop: Shop) -> None:
    ann = shop.person()
    await choose(shop, ann, "qc:1440", "qp:digest")
    await place(ann)
    (order,) = await shop.rows()
    columns = {
        name: value
        for name, value in order._mapping.items()
        if name not in ("id", "provider_order_id")
    }

    def transaction(tx):
        for number in range(2, 402):
            draft = {
                "user_id": 1001,
                "service_id": order.service_id,
                "fields": {},
                "created_at": shop.clock(),
            }
            made = tx.execute(drafts.insert().values(**draft).returning(drafts.c.id))
            fresh = columns | {
                "draft_id": made.scalar_one(),
                "service_name": "<&🎧>" * 20,
                "card_message_id": None,
            }
            tx.execute(orders.insert().values(id=number, **fresh))
            outbox.add(
                tx,
                user_id=1001,
                kind=Kind.ORDER,
                order_id=number,
                payload={"state": "completed"},
                now=shop.clock(),
            )

    await shop.app.database.write(transaction)
    await shop.notify()
    assert len(await open_rows(shop)) == 400
    await to(shop, 20)
    (said,) = digests(ann)  # of all of them, though a look takes 300 at most
    assert "400 pieces of news" in said
    shown = said.count("✅ Completed #")
    assert shown > 10
    assert f"… and {400 - shown} more." in said
    assert await open_rows(shop) == []


async def test_held_pushes_do_not_keep_others_waiting(shop: Shop) -> None:
    ann, bob = shop.person(), shop.person(1002, "Bob")
    await choose(shop, ann, "qc:1440", "qp:digest")
    await choose(shop, bob, "qp:all")
    await place(ann)
    for _ in range(2):

        def transaction(tx):
            for _ in range(400):
                outbox.add(
                    tx,
                    user_id=1001,
                    kind=Kind.ORDER,
                    order_id=1,
                    payload={"state": "pending"},
                    now=shop.clock(),
                )

        await shop.app.database.write(transaction)
        await place(bob, link=f"https://example.com/{shop.clock().timestamp()}")
        await shop.submit()
        await shop.notify()
        assert pushes(bob)[-1].startswith("📨")
        shop.clock.forward(seconds=1)
    assert (await shop.app.database.read(outbox_due, shop.clock(), limit=5)) == []


async def test_a_change_of_mind_releases_what_is_held(shop: Shop) -> None:
    ann = shop.person()
    await choose(shop, ann, "qc:1440", "qp:digest")
    await place(ann)
    await shop.submit()
    await shop.notify()
    assert pushes(ann) == []
    await choose(shop, ann, "qp:all")
    assert shop.app.dispatcher["preferences"].bells.notify.is_set()  # the notifier looks at once
    await shop.notify()
    assert len(pushes(ann)) == 1
    assert await open_rows(shop) == []


async def test_quiet_hours_that_end_earlier_release_what_is_held(shop: Shop) -> None:
    ann = shop.person()
    await choose(shop, ann, "qc:1440", "qp:all", "qh:12:20")
    await place(ann)
    await shop.submit()
    await shop.notify()
    await choose(shop, ann, "qh:13:20")
    await shop.notify()
    assert len(pushes(ann)) == 1
    await tell_state(shop, 1, "in_progress")
    await to(shop, 13)
    await tell_state(shop, 1, "completed")
    assert len(pushes(ann)) == 2
    await choose(shop, ann, "qh:24:24")
    await shop.notify()
    assert len(pushes(ann)) == 3


async def test_a_clock_put_right_moves_the_digest(shop: Shop) -> None:
    ann = shop.person()
    await choose(shop, ann, "qc:1440", "qp:digest")
    await place(ann)
    await shop.submit()
    await shop.notify()
    shop.clock.forward(minutes=1)
    # it was 20:15 there: that day's digest is over
    await choose(shop, ann, f"qc:{1440 + 8 * 60 + 15}")
    await shop.notify()
    assert digests(ann) == []
    await to(shop, 11, 44, days=1)
    assert digests(ann) == []
    await to(shop, 11, 45)
    assert len(digests(ann)) == 1


async def test_what_telegram_wants_held_back_is_held_back_still(shop: Shop) -> None:
    """A card that can't be drawn now leaves its push where it is; nothing is lost and nothing said
    twice.
    """
    ann = shop.person()
    await choose(shop, ann, "qc:1440", "qp:all", "qh:0:13")
    await place(ann)
    await shop.submit()
    shop.api.fail_next("editMessageText", 429, retry_after=30)
    await shop.notify()
    (row,) = await open_rows(shop)
    assert row.outcome != HELD
    shop.clock.forward(seconds=31)
    await shop.notify()
    (row,) = await open_rows(shop)
    assert row.outcome == HELD
    assert "Accepted" in card(ann)
    await to(shop, 13)
    assert len(pushes(ann)) == 1


async def test_somebody_who_blocked_the_bot_meanwhile_is_not_waited_for(shop: Shop) -> None:
    ann = shop.person()
    await choose(shop, ann, "qc:1440", "qp:digest")
    await place(ann)
    await shop.submit()
    await shop.notify()
    ann.chat.blocked = True
    await to(shop, 20)
    assert await open_rows(shop) == []
    assert [row.gone_at is not None for row in await shop.rows(users) if row.id == 1001] == [True]


async def test_many_results_at_once_are_one_list_and_then_their_cards(shop: Shop) -> None:
    ann, bob = shop.person(), shop.person(1002, "Bob")
    for number in range(5):
        await place(ann, link=f"https://example.com/{number}")
    await place(bob, link="https://example.com/bob")
    await shop.work()
    before = len(ann.from_bot)
    edits = sum(name == "editMessageText" for name, _ in shop.api.calls)
    for _ in range(12):
        shop.pass_time(6)
        await shop.app.features.fulfilment.tracker.sweep()
    await shop.notify()
    (said,) = [
        view.text
        for view in ann.from_bot[before:]
        if "Completed" in view.text and "News" in view.text
    ]
    assert "News · 5 orders" in said
    assert said.count("✅ Completed #") == 5
    assert not any("is completed" in view.text for view in ann.from_bot)
    assert (
        sum("Completed" in view.text and "Provider's ID" in view.text for view in ann.from_bot) == 5
    )
    assert sum(name == "editMessageText" for name, _ in shop.api.calls) > edits
    assert bob.sees("is completed")  # one alone is told in its own words
    assert await open_rows(shop) == []
