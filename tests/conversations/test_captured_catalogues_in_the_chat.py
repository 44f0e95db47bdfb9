"""The chat over real catalogues: thousands of services, as panels really write them."""

import json
import os
from pathlib import Path

import pytest

from panel import SERVICE_TYPES
from playground.provider import Provider
from playground.provider.testing import HandClock
from shop.ordering.forms import next_step
from storage.queries import catalogue
from storage.rows import ServiceRow
from storage.schema.catalogue import services
from storage.schema.orders import drafts
from tests.conftest import ROOT
from tests.factories.every_type import heard
from tests.harness.shop import Shop, open_shop

FOLDER = Path(os.environ.get("SHARED_CATALOGS", ROOT.parent / "shared" / "catalogs"))
NAMES = ("large-6125", "medium-1283", "small-350-strings", "small-96-zero-limits")


@pytest.fixture(params=NAMES)
async def captured(request, tmp_path):
    path = FOLDER / f"{request.param}.json"
    if not path.exists():
        pytest.skip("shared catalogues absent")
    hand = HandClock()
    provider = Provider(
        catalogue=json.loads(path.read_text(encoding="utf-8")), clock=hand, balance="1000000000"
    )
    async with open_shop(tmp_path, provider=provider, welcome_credit=100_000_000) as shop:
        shop.provider_clock = hand
        yield shop


async def test_every_page_of_categories_and_the_first_of_services_is_shown(captured: Shop) -> None:
    """Telegram's limits on length, buttons and markup are the emulator's to check."""
    ann = captured.person()
    await ann.say("/order")
    menu = ann.last.id
    for _ in range(12):
        labels = next(m for m in ann.from_bot if m.id == menu).labels
        await ann.press(labels[0], message=menu)
        listed = next(m for m in ann.from_bot if m.id == menu)
        assert listed.text
        await ann.press(next(label for label in listed.labels if label[0].isdigit()), message=menu)
        assert "🆔" in next(m for m in ann.from_bot if m.id == menu).text
        await ann.press("Back", message=menu)
        await ann.press("Back", message=menu)
        if "▶" not in labels:
            break
        await ann.press("▶", message=menu)
    assert "something went wrong" not in ann.transcript()


async def test_an_order_out_of_it_reaches_the_provider_and_is_delivered(captured: Shop) -> None:
    ann = captured.person()
    await ann.say("/start")
    found = await a_plain_service(captured)
    await ann.say(f"/start s_{found.id}")
    await ann.press("Order", message=ann.last)
    await ann.say("https://example.com/page")
    await ann.say(str(max(found.min, 1)))
    await ann.press("Confirm", message=ann.last)
    for _ in range(12):
        await captured.work(8)
    assert ann.sees("is completed") or ann.sees("delivered in part") or ann.sees("was canceled")
    assert len(captured.provider.book.orders) == 1
    await captured.check_money()


# What the demo's walks write; a field that is not here is answered by the first button.
TYPED = {
    "link": "https://example.com/page",
    "comments": "Nice",
    "usernames": "anna",
    "hashtags": "sun",
    "keywords": "roses",
    "groups": "https://example.com/g",
    "username": "anna",
    "hashtag": "sun",
    "media": "https://example.com/p/1",
    "country": "Germany",
}


async def test_each_type_that_occurs_is_ordered_through_the_chat(captured: Shop) -> None:
    ann, adds = captured.person(), heard(captured.provider)
    await ann.say("/start")
    kinds = {
        row.type: row for row in await captured.rows(services) if row.type and row.sold and row.max
    }
    for kind, row in kinds.items():
        await ann.say(f"/start s_{row.id}")
        await ann.press("Order", message=ann.last)
        while "Is this right?" not in ann.last.text:
            draft = (await captured.rows(drafts))[-1]
            step = next_step(await a_service(captured, row.id), draft.fields)
            if "Skip" in ann.last.labels:
                await ann.press("Skip", message=ann.last)
            elif step in TYPED:
                many = row.min if SERVICE_TYPES[kind].counted == step else 1
                lines = (
                    "\n".join(f"{TYPED[step]}{number}" for number in range(many))
                    if many > 1
                    else TYPED[step]
                )
                await ann.send_file("lines.txt", lines.encode())
            else:
                await ann.press(ann.last.labels[0], message=ann.last)
        await ann.press("Confirm", message=ann.last)
    await captured.submit()
    placed = await captured.rows()
    assert [order.service_type for order in placed] == list(kinds)
    for order, sent in zip(placed, adds, strict=True):
        assert {field.name for field in SERVICE_TYPES[order.service_type].required} <= set(sent)
        assert order.provider_order_id, order.failure
    await captured.check_money()


async def a_service(shop: Shop, service_id: int) -> ServiceRow:
    found = await shop.app.database.read(catalogue.service, service_id)
    assert found is not None
    return found


async def a_plain_service(shop: Shop) -> ServiceRow:
    browser = shop.app.dispatcher["browser"]
    for category in await browser.categories(1001):
        for service in await browser.services(1001, category.id, page=0, size=8):
            if service.type == "default" and not service.dripfeed and service.max > 0:
                return service
    raise AssertionError("nothing to order")
