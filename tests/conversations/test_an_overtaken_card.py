"""What is said waits for its turn at Telegram; what happens meanwhile must neither be lost nor said
twice.
"""

from tests.harness.shop import Shop
from tests.harness.walks import place, tell_all, to_summary


async def test_a_card_that_waited_shows_in_the_end_what_is(shop: Shop, monkeypatch) -> None:
    ann = shop.person()
    await to_summary(ann)
    serve, edits = shop.api.serve, 0

    async def slow(token, method, params=None, files=None):
        """Edits 1 and 3 are ours (Confirm, catching up); the notifier is faster with its own."""
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


async def test_a_change_that_comes_while_another_is_told_is_told_once(
    shop: Shop, monkeypatch
) -> None:
    ann = shop.person()
    await tell_all(ann)
    await place(ann)
    await shop.submit()

    read, came = shop.app.database.read, []

    async def late(work, *args, **named):
        """The order is completed right after the notifier has looked for what there is to say."""
        found = await read(work, *args, **named)
        if work == shop.app.features.notifications.notifier._due_of and not came:
            came.append(True)
            shop.pass_time(100)
            await shop.app.features.fulfilment.tracker.sweep()
        return found

    monkeypatch.setattr(shop.app.database, "read", late)
    await shop.app.features.notifications.notifier.step()
    monkeypatch.undo()
    await shop.notify()
    said = [view.text.split()[0] for view in ann.from_bot if "Order #1 is" in view.text]
    assert said == ["📨", "✅"]
