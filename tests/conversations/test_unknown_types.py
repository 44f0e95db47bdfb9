"""Types that nobody knows: told to the admins once, and named by them in two taps."""

import pytest

from handlers import callbacks
from playground.telegram.people import Person
from storage.schema.catalogue import service_changes, services, type_mappings
from tests.harness.shop import Shop, open_shop

PLAYS, SEO, PACKAGE = "6", "8", "7"


async def make_unknown(shop: Shop, label: str = "fb_viplike", *provider_ids: str) -> None:
    for provider_id in provider_ids or (PLAYS,):
        shop.provider.change_service(provider_id, type=label)
    await shop.sync()
    await shop.notify()


async def type_of(shop: Shop, provider_id: str = PLAYS) -> str | None:
    return next(row.type for row in await shop.rows(services) if row.provider_id == provider_id)


async def sees_it(person: Person) -> bool:
    await person.say(f"/start s_{PLAYS}")
    return "Podcast plays" in person.last.text


async def test_two_taps_on_the_card_put_a_type_on_sale(shop: Shop) -> None:
    await make_unknown(shop, "fb_viplike", PLAYS, SEO)
    shop.provider.change_service("25", type="FB__Viplike")  # the same in another spelling
    await shop.sync()
    ann, olga = shop.person(), shop.admin
    assert not await sees_it(ann)
    assert await sees_it(olga)
    assert "Order" not in olga.last.labels
    await olga.press("Treat as …", message=olga.last)
    assert "What is “\u2068fb_viplike\u2069”?" in olga.last.text
    assert "Mentions with Hashtags: link, quantity, user names, hashtags" in olga.last.text
    assert "Subscriptions: user name, least, most, delay" in olga.last.text
    assert "Default service of the demonstration" in olga.last.text
    assert len([label for label in olga.last.labels if label != "Back"]) == 17
    await olga.press("Poll", message=olga.last)
    assert "is treated as Poll. 3 services are for sale now." in olga.last.text
    assert "Podcast plays" in olga.last.text
    assert {"Order", "Treated as Poll"} <= set(olga.last.labels)
    assert await sees_it(ann)
    assert "Treated as Poll" not in ann.last.labels
    await ann.press("Order", message=ann.last)
    await ann.say("example.com/poll")
    await ann.say("100")
    await ann.say("2")
    await ann.press("Confirm", message=ann.last)
    (order,) = await shop.rows()
    assert (order.service_type, order.fields["answer_number"]) == ("poll", 2)
    (mapping,) = await shop.rows(type_mappings)
    assert (mapping.label, mapping.type, mapping.mapped_by) == ("fb viplike", "poll", olga.id)


async def test_what_was_said_outlives_the_next_look_and_can_be_said_anew(shop: Shop) -> None:
    await make_unknown(shop)
    olga = shop.admin
    await sees_it(olga)
    await olga.press("Treat as …", message=olga.last)
    await olga.press("Package", message=olga.last)
    assert "One service is for sale now" in olga.last.text
    found = await shop.app.features.catalogue.services.synchroniser.sync()
    assert found.changed == 0
    assert await type_of(shop) == "package"
    await olga.press("Treated as Package", message=olga.last)
    assert "✓ Package" in olga.last.labels
    await olga.press("Default", message=olga.last)
    assert "is treated as Default" in olga.last.text
    shop.provider.change_service(SEO, type="FB_VIPLIKE")
    await shop.sync()
    assert [await type_of(shop), await type_of(shop, SEO)] == ["default", "default"]
    kept = [(row.old, row.new) for row in await shop.rows(service_changes) if row.field == "type"]
    assert kept[:3] == [("default", "None"), ("None", "package"), ("package", "default")]


async def test_the_alert_comes_once_for_a_type_and_leads_to_the_choice(shop: Shop) -> None:
    olga = shop.admin
    await olga.say("/start")
    await make_unknown(shop, "fb_viplike", PLAYS, SEO)
    alert = olga.last
    assert "2 services of an unknown type, “\u2068fb_viplike\u2069”" in alert.text
    before = len(olga.from_bot)
    await make_unknown(shop, "FB_viplike", PACKAGE)
    assert len(olga.from_bot) == before
    await make_unknown(shop, "<b>Special</b>", "9")
    assert "A service of an unknown type, “\u2068<b>Special</b>\u2069”" in olga.last.text
    await olga.press("Treat as …", message=alert)
    await olga.press("SEO", message=alert.id)
    assert olga.sees("3 services are for sale now")
    assert [await type_of(shop, one) for one in (PLAYS, SEO, PACKAGE)] == ["seo"] * 3
    assert await type_of(shop, "9") is None


async def test_a_service_without_any_type_can_be_named_too(shop: Shop) -> None:
    await make_unknown(shop, "")
    olga = shop.admin
    await sees_it(olga)
    assert "Type “—” is unknown" in olga.last.text
    await olga.press("Treat as …", message=olga.last)
    await olga.press("Default", message=olga.last)
    assert await sees_it(shop.person())


async def test_headings_and_rows_without_a_price_are_not_told_of(shop: Shop) -> None:
    olga = shop.admin
    await olga.say("/start")
    before = len(olga.from_bot)
    shop.provider.change_service(PLAYS, rate="0")
    await make_unknown(shop)
    assert len(olga.from_bot) == before


async def test_a_service_that_is_gone_meanwhile_still_names_the_type_of_the_others(
    shop: Shop,
) -> None:
    await make_unknown(shop, "fb_viplike", PLAYS, SEO)
    olga = shop.admin
    await sees_it(olga)
    await olga.press("Treat as …", message=olga.last)
    shop.provider.change_service(PLAYS, removed=True)
    await shop.sync()
    await olga.press("Default", message=olga.last)
    assert "One service is for sale now" in olga.last.text
    assert await type_of(shop, SEO) == "default"


@pytest.mark.parametrize(
    "data",
    [callbacks.ChooseType(service=6), callbacks.MapType(service=6, type="default")],
    ids=["choose", "map"],
)
async def test_nobody_but_an_admin_names_a_type(shop: Shop, data) -> None:
    await make_unknown(shop)
    ann = shop.person()
    await ann.say("/start")
    await ann.forge(data.pack())
    assert "older version" in ann.toast
    assert "viplike" not in ann.transcript()
    assert await type_of(shop) is None
    assert await shop.rows(type_mappings) == []


@pytest.mark.parametrize(
    "data", ["ty:6", "tm:6:poll", "ty:999999", "tm:999999:poll", "tm:7:nonsense"]
)
async def test_a_known_type_is_nobodys_to_change(shop: Shop, data: str) -> None:
    await make_unknown(shop, "fb_viplike", PACKAGE)
    olga = shop.admin
    await sees_it(olga)
    assert "Treat as …" not in olga.last.labels
    await olga.forge(data, olga.last)
    assert "older version" in olga.toast
    assert await type_of(shop) == "default"
    assert await shop.rows(type_mappings) == []


async def test_what_the_operator_does_not_sell_is_not_counted(tmp_path) -> None:
    async with open_shop(tmp_path, category_deny=("Second*",)) as shop:
        await make_unknown(shop, "fb_viplike", PLAYS, "2")
        olga = shop.admin
        await sees_it(olga)
        await olga.press("Treat as …", message=olga.last)
        await olga.press("Default", message=olga.last)
        assert "One service is for sale now" in olga.last.text


async def test_admins_who_speak_russian_read_it_in_russian(shop: Shop) -> None:
    olga = shop.person(1003, "Olga", "ru")
    await make_unknown(shop, "fb_viplike", PLAYS, SEO)
    await olga.say(f"/start s_{PLAYS}")
    await olga.press("Считать как …", message=olga.last)
    assert "Poll: ссылка, количество, ответ" in olga.last.text
    await olga.press("Poll", message=olga.last)
    assert "Сейчас продаются 2 услуги" in olga.last.text
    assert "Считается как Poll" in olga.last.labels
