"""A card's drawing waits for its turn at Telegram; what happens meanwhile must not be lost."""

from tests.support.shop import Shop
from tests.support.walks import to_summary


async def test_a_card_that_waited_shows_in_the_end_what_is(shop: Shop, monkeypatch) -> None:
    ann = shop.person()
    await to_summary(ann)
    serve, edits = shop.api.serve, 0

    async def slow(token, method, params=None, files=None):
        """The 1st and the 4th edit are ours (Confirm, catching up), the 2nd and 3rd the notifier's, for it is faster."""
        nonlocal edits
        if method == "editMessageText":
            edits += 1
            if edits == 1:
                shop.pass_time(1)
                await shop.submit()
                await shop.notify()
            elif edits == 3:
                await shop.work(100)
        return await serve(token, method, params, files)

    monkeypatch.setattr(shop.api, "serve", slow)
    await ann.press("Confirm")
    assert ann.sees("is completed")
    card = next(view for view in ann.from_bot if "Provider's ID" in view.text)
    assert "Completed" in card.text
