"""Words that nobody has asked for are looked for in the catalogue."""

from tests.harness.shop import Shop, open_shop


async def test_words_find_services_by_name_and_category(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("STEADY podcast plays")
    assert "1 service found" in ann.last.text
    assert "Podcast plays" in ann.last.text
    await ann.press("Podcast plays")
    assert "Order" in ann.last.labels
    await ann.press("Back")
    assert "Try these first" in ann.last.text


async def test_many_hits_are_counted_and_the_first_are_shown(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("newsletter")
    assert "services found" in ann.last.text
    assert "Write more words" in ann.last.text
    assert len(ann.last.labels) == 9


async def test_what_is_not_there_is_not_understood(shop: Shop) -> None:
    ann = shop.person()
    for text in ("xyzzy", "%", "<b>", "' OR 1=1"):
        await ann.say(text)
        assert "I didn't get that" in ann.last.text


async def test_a_search_finds_only_what_may_be_seen(tmp_path) -> None:
    async with open_shop(
        tmp_path, allowed_user_ids=frozenset({1001}), category_deny=("try*",)
    ) as shop:
        eve = shop.person(666, "Eve")
        await eve.say("podcast")
        assert "Podcast" not in eve.transcript()
        ann = shop.person()
        await ann.say("steady podcast plays")
        assert "I didn't get that" in ann.last.text


async def test_an_answer_that_is_asked_for_is_no_search(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/start s_6")
    await ann.press("Order")
    await ann.say("podcast")
    assert "can't read that as a link" in ann.last.text


async def test_back_from_services_leads_to_the_page_of_their_category(shop: Shop) -> None:
    ann = shop.person()
    await ann.say("/order")
    await ann.press("▶")
    await ann.press("▶")
    assert "3/9" in ann.last.labels
    await ann.press(ann.last.labels[0])
    await ann.press("Back")
    assert "3/9" in ann.last.labels
