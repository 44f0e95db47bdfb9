"""A server that takes none of a message's ornaments: everything is said all the same."""

import pytest

from playground.telegram.ornaments import ORNAMENTS
from storage.schema.messages import notices
from tests.harness.shop import Shop
from tests.harness.walks import place, tell_all

RUSSIAN_STEADY = 6  # Podcast plays, as its card shows it


@pytest.mark.parametrize(
    "refused", [*([name] for name in ORNAMENTS), list(ORNAMENTS)], ids="+".join
)
async def test_an_order_is_told_to_its_end(shop: Shop, refused: list[str]) -> None:
    shop.api.refuses = set(refused)
    ann = shop.person()
    await tell_all(ann)
    await place(ann)
    assert ann.sees("Order #1")
    for _ in range(12):
        await shop.work(10)
    assert ann.sees("is accepted")
    assert ann.sees("is completed")
    assert all(row.outcome == "said" for row in await shop.rows(notices))
    card = next(view for view in ann.from_bot if view.text.startswith("Order #1"))
    assert "Completed" in card.text
    assert "Order again" in card.labels
    await ann.say("/settings")
    await ann.press(ann.last.labels[0])
    assert ann.answers


async def test_in_russian_too(shop: Shop) -> None:
    shop.api.refuses = set(ORNAMENTS)
    boris = shop.person(1002, "Борис", "ru")
    await boris.say(f"/start s_{RUSSIAN_STEADY}")
    await boris.press("Заказать", message=boris.last)
    await boris.say("https://example.com/page")
    await boris.say("100")
    await boris.press("Пропустить", message=boris.last)
    await boris.press("Подтвердить", message=boris.last)
    for _ in range(12):
        await shop.work(10)
    assert boris.sees("выполнен")
    assert "<" not in boris.last.text


async def test_an_edit_that_changes_nothing_stays_one(shop: Shop) -> None:
    """Without its ornaments it would be another message."""
    ann = shop.person()
    await place(ann)
    before = len(ann.from_bot)
    html = ann.last.html
    await ann.press("Refresh", message=ann.last)
    assert (len(ann.from_bot), ann.last.html) == (before, html)
