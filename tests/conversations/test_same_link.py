"""Several orders of one link: who is warned before Confirm, and what the card of the one that waits
says.
"""

from playground.telegram.people import Person
from storage.schema.orders import orders
from tests.factories.mass import PLAYS, lines, seen
from tests.harness.shop import Shop
from tests.harness.walks import place, to_summary

STEADY = 6  # Podcast plays, as its card shows it
WARNING = "for this link is still in work: where two overlap, less may be delivered"
BEHIND = "Another order for this link goes first."
BUSY = "Another order for this link is still running."


async def boris_to_summary(shop: Shop) -> Person:
    boris = shop.person(1002, "Борис", "ru")
    await boris.say(f"/start s_{STEADY}")
    await boris.press("Заказать", message=boris.last)
    await boris.say("https://example.com/page")
    await boris.say("100")
    await boris.press("Пропустить", message=boris.last)
    return boris


def card_of(person: Person, order: int) -> str:
    return next(view.text for view in person.from_bot if view.text.startswith(f"Order #{order} "))


async def test_their_own_order_is_named_and_they_may_go_on(shop: Shop) -> None:
    ann = shop.person()
    await to_summary(ann)
    assert WARNING not in ann.last.text
    await ann.press("Confirm", message=ann.last)
    for wait in (0, 0, 60):  # queued; accepted; in progress
        await to_summary(ann)
        assert f"Your order #1 {WARNING}" in ann.last.text
        await shop.work(wait)
    await ann.press("Confirm")
    assert len(await shop.rows()) == 2


async def test_of_somebody_elses_order_no_more_is_told_than_that_it_runs(shop: Shop) -> None:
    await place(shop.person())
    await place(shop.person(1004, "Ben"), link="https://example.com/bens")
    boris = await boris_to_summary(shop)
    assert "По этой ссылке ещё выполняется другой заказ:" in boris.last.text
    assert "#" not in boris.last.text
    ben = shop.person(1004, "Ben")
    await to_summary(ben)
    assert f"Another order {WARNING}" in ben.last.text
    await to_summary(ben, link="https://example.com/bens")
    assert f"Your order #2 {WARNING}" in ben.last.text


async def test_of_two_orders_their_own_is_named(shop: Shop) -> None:
    ann, ben = shop.person(), shop.person(1004, "Ben")
    await place(ann)
    await place(ben)
    await to_summary(ann)
    assert f"Your order #1 {WARNING}" in ann.last.text


async def test_an_order_that_has_ended_is_no_reason_to_warn(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await shop.work()
    for _ in range(12):
        await shop.work(10)
    assert (await shop.rows())[0].state == "completed"
    await to_summary(ann)
    assert WARNING not in ann.last.text


async def test_the_same_page_written_otherwise_counts_and_is_sent_as_it_was_written(
    shop: Shop,
) -> None:
    ann = shop.person()
    await place(ann, link="https://www.example.com/page/")
    for link in ("http://example.com/page", "example.com/page/", "https://www.example.com/page"):
        await to_summary(ann, link=link)
        assert f"Your order #1 {WARNING}" in ann.last.text, link
    for link in (
        "https://example.com/",
        "https://example.com/page/2",
        "https://m.example.com/page",
    ):
        await to_summary(ann, link=link)
        assert WARNING not in ann.last.text, link
    await place(ann, link="http://example.com/page")
    assert [order.link for order in await shop.rows()] == [
        "https://www.example.com/page/",
        "http://example.com/page",
    ]


async def test_order_again_warns_and_so_does_a_summary_drawn_anew(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await ann.press("Order again")
    assert f"Your order #1 {WARNING}" in ann.last.text
    for _ in range(13):
        await shop.work(10)
    await ann.say("what now?")  # shows it again
    assert "Is this right?" in ann.last.text
    assert WARNING not in ann.last.text


async def test_a_mass_order_counts_the_lines_where_an_order_is_in_work(shop: Shop) -> None:
    ann, boris = shop.person(), shop.person(1002, "Борис", "ru")
    await place(ann, link="https://example.com/a")
    links = ("http://www.example.com/a", "example.com/a/", "example.com/b")
    text = "\n".join(f"{PLAYS} | {link} | 100" for link in links)
    for person, warning in (
        (ann, "an order in work already: 2."),
        (boris, "уже выполняется заказ: 2."),
    ):
        await person.say("/mass")
        await person.say(f"{text}\n{PLAYS} | example.com/a | 1")
        assert warning in seen(person.last)
    await ann.press("Confirm 3", message=ann.last)
    await shop.work()
    await ann.press("All lines")
    assert "in work already" not in seen(ann.last)
    assert len(await shop.rows()) == 4


async def test_a_mass_order_without_overlaps_warns_of_nothing(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await ann.say("/mass")
    await ann.say(lines(3))
    assert "Good lines: 3" in seen(ann.last)
    assert "in work already" not in seen(ann.last)


async def test_who_waits_behind_an_order_of_ours_is_told_so_from_the_first_card_on(
    shop: Shop,
) -> None:
    ann = shop.person()
    await place(ann)
    assert BEHIND not in card_of(ann, 1)
    boris = await boris_to_summary(shop)
    await boris.press("Подтвердить", message=boris.last)
    assert "Сначала отправляется другой заказ по этой ссылке." in boris.last.text
    await shop.submit()
    await shop.notify()
    assert BEHIND not in card_of(ann, 1)
    # the provider has said so by now
    assert "По этой ссылке ещё выполняется другой заказ." in boris.last.text
    for _ in range(14):
        await shop.work(10)
    assert (await shop.rows())[0].state == "completed"
    assert "ссылке" not in next(
        view.text for view in boris.from_bot if view.text.startswith("Заказ #2 ")
    )


async def test_a_busy_link_is_told_at_once_and_only_once(shop: Shop) -> None:
    ann = shop.person()
    await place(ann)
    await shop.work()
    await place(ann)
    assert BEHIND not in card_of(ann, 2)
    await shop.work()
    assert BUSY in card_of(ann, 2)
    said = [view.text for view in ann.from_bot]
    for _ in range(3):  # tried again, refused again
        await shop.submit()
        await shop.notify()
        shop.clock.forward(seconds=61)
    assert [view.text for view in ann.from_bot] == said
    assert (await shop.rows(orders))[1].waiting == "busy_link"


async def test_a_repeat_of_a_lost_order_says_that_it_waits_and_goes_out_by_itself(
    shop: Shop,
) -> None:
    ann = shop.person()
    shop.provider.fault("hang_after", "add")
    await place(ann)
    await shop.work()
    assert (await shop.rows())[0].state == "unknown"
    await to_summary(ann)
    assert f"Your order #1 {WARNING}" in ann.last.text
    await ann.press("Confirm", message=ann.last)
    assert BEHIND in ann.last.text
    await shop.work(60)
    assert (await shop.rows())[1].state == "queued"
    await shop.work(61)
    assert (await shop.rows())[1].state != "queued" or (await shop.rows())[1].waiting == "busy_link"
