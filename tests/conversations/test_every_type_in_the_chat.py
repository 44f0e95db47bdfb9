"""All 17 types through one conversation, to what the provider is asked for."""

from decimal import Decimal

import pytest

from panel import SERVICE_TYPES
from playground.telegram.people import Person
from tests.factories.every_type import WALKS, Walk, heard
from tests.harness.shop import Shop, open_shop


@pytest.fixture
async def rich(tmp_path):
    async with open_shop(tmp_path, welcome_credit=1000) as opened:
        yield opened


async def give(person: Person, answer: str) -> None:
    if answer.startswith("<"):
        await person.press(answer.strip("<>"), message=person.last)
    else:
        await person.say(answer)


async def to_summary_of(person: Person, walk: Walk) -> list[tuple[str, set[str]]]:
    """Answer everything; give each question's text and kinds of entities, as it was asked."""
    await person.say(f"/start s_{walk.service}")
    await person.press("Order", message=person.last)
    asked = []
    for answer in walk.answers:
        asked.append((person.last.text, {entity["type"] for entity in person.last.raw["entities"]}))
        await give(person, answer)
    assert "Is this right?" in person.last.text, person.transcript()
    return asked


def test_every_type_is_walked() -> None:
    assert set(WALKS) == set(SERVICE_TYPES)


@pytest.mark.parametrize("kind", WALKS)
async def test_the_provider_gets_what_was_answered(rich: Shop, kind: str) -> None:
    walk, ann, adds = WALKS[kind], rich.person(), heard(rich.provider)
    await to_summary_of(ann, walk)
    await ann.press("Confirm", message=ann.last)
    await rich.work()
    assert adds == [walk.expected]
    (order,) = await rich.rows()
    assert (order.quantity, order.price, order.link) == (walk.quantity, walk.price, walk.target)
    assert order.provider_order_id == "23501"
    assert order.cost == Decimal(walk.price) / 1_000_000
    if kind != "subscriptions":  # these are charged post by post
        (at_provider,) = [one for one in rich.provider.book.orders.values() if one.parent is None]
        charged = at_provider.net + sum(
            one.net for one in rich.provider.book.orders.values() if one.parent
        )
        assert charged == order.cost
    await rich.check_money()


@pytest.mark.parametrize("kind", WALKS)
async def test_each_question_has_an_example_and_the_description_at_hand(
    rich: Shop, kind: str
) -> None:
    walk, ann = WALKS[kind], rich.person()
    long = "All you have to know 😀 & more, at length. " * 80
    rich.provider.change_service(walk.service, desc=long)
    await rich.sync()
    for text, kinds in await to_summary_of(ann, walk):
        assert {"code", "expandable_blockquote"} <= kinds, text
        assert long[:500] in text


@pytest.mark.parametrize("kind", WALKS)
async def test_a_word_out_of_place_is_explained_and_loses_nothing(rich: Shop, kind: str) -> None:
    """At every step, something that can't be its answer: the same question again, and the order
    still goes out.
    """
    walk, ann = WALKS[kind], rich.person()
    await ann.say(f"/start s_{walk.service}")
    await ann.press("Order", message=ann.last)
    for answer in walk.answers:
        question = ann.last.text.split("⚠️")[-1]
        await ann.send_sticker()
        assert "Please send it as text" in ann.last.text
        await ann.say("\u200b")
        assert ann.last.text.startswith("⚠️")
        assert question.splitlines()[-1] in ann.last.text
        await give(ann, answer)
    assert "Is this right?" in ann.last.text


@pytest.mark.parametrize("kind", WALKS)
async def test_back_leads_through_every_step_to_the_service(rich: Shop, kind: str) -> None:
    walk, ann = WALKS[kind], rich.person()
    await to_summary_of(ann, walk)
    for answer in walk.answers:
        if answer != "<Skip>":  # a skipped step is not asked again
            await ann.press("Back", message=ann.last)
            assert "Cancel" in ann.last.labels
    await ann.press("Back", message=ann.last)
    assert "Order" in ann.last.labels
    assert await rich.rows() == []


@pytest.mark.parametrize("kind", WALKS)
async def test_order_again_has_every_answer(rich: Shop, kind: str) -> None:
    walk, ann, adds = WALKS[kind], rich.person(), heard(rich.provider)
    await to_summary_of(ann, walk)
    await ann.press("Confirm", message=ann.last)
    await rich.submit()
    await ann.forge("g:1", ann.last)
    assert "Is this right?" in ann.last.text
    await ann.press("Confirm", message=ann.last)
    for _ in range(20):  # the link is busy until the first is through
        await rich.work(60)
    assert adds[-1] == adds[0] == walk.expected
    assert len(await rich.rows()) == 2
    await rich.check_money()
