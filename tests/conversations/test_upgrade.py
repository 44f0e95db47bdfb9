"""A running shop that is upgraded: the database and the chats of an earlier version, and today's
code.

What stands in tests/upgrade/ was made by that version (tests/harness/upgrade_walk.py): it is not
made anew.
"""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram.fsm.state import StatesGroup
from sqlalchemy import select

from storage.enums import OrderState
from storage.schema.messages import fsm, notices
from storage.schema.orders import orders
from tests.harness.books import check_money
from tests.harness.shop import Shop
from tests.harness.upgrade import (
    Fixture,
    answers_of,
    key_of,
    load_answers,
    press,
    reopen,
    restore_file,
    restore_rows,
    shown_in,
    typed_answers,
    worker,
)
from tests.harness.upgrade_walk import make
from tests.runtime.databases import ENGINES, fresh_url

FIXTURE = Fixture.load()
ANSWERS = load_answers()
PEOPLE = sorted({one["by"] for one in FIXTURE.presses})
APOLOGIES = ("something went wrong", "что-то пошло не так", "{ $", "{$")
TOO_OLD = ("is from an older version", "из старой версии")
# People in groups of about as many buttons: workers share them.
GROUPS = ((1001,), (1002, 1004), (1003,), tuple(one for one in PEOPLE if one > 1004))


@pytest.fixture(params=ENGINES)
async def upgraded(request: pytest.FixtureRequest, tmp_path) -> AsyncIterator[Shop]:
    """The shop of the earlier version, which today's code has started on."""
    if request.param == "sqlite":
        restore_file(FIXTURE, tmp_path / "shop.db")
        async with reopen(FIXTURE, tmp_path) as shop:
            yield shop
        return
    async with fresh_url(request.param, tmp_path) as url:
        await restore_rows(FIXTURE, url, tmp_path)
        async with reopen(FIXTURE, tmp_path, url) as shop:
            yield shop


def words_of(answer: dict[str, Any]) -> str:
    return "\n".join([*answer["toast"], *(shown["text"] for shown in answer["shows"])])


def is_too_old(answer: dict[str, Any]) -> bool:
    return any(words in words_of(answer) for words in TOO_OLD)


def is_proper(answer: dict[str, Any], before: dict[str, Any]) -> bool:
    """Something is said where something was, it is no apology, and nothing is too old that was not
    before.
    """
    said = words_of(answer)
    apologises = any(words in said.lower() for words in APOLOGIES)
    return (
        bool(said or not words_of(before))
        and not apologises
        and (not is_too_old(answer) or is_too_old(before))
    )


def test_the_fixture_is_whole() -> None:
    """Every button and every text has an answer by the version that put it there, and none was
    dead.
    """
    given = [*FIXTURE.presses, *FIXTURE.typed]
    assert [key_of(one) for one in given] == list(ANSWERS)
    assert len({one["data"].split(":")[0] for one in FIXTURE.presses}) >= 60
    assert all(is_proper(answer, answer) for answer in ANSWERS.values())
    assert not any(is_too_old(answer) for answer in ANSWERS.values())


@pytest.mark.parametrize("group", GROUPS, ids=str)
async def test_every_button_answers_as_it_did(tmp_path, group: tuple[int, ...]) -> None:
    found = await answers_of(FIXTURE, tmp_path, by=group)
    assert found
    assert found == {key: ANSWERS[key] for key in found}


def test_every_button_is_pressed() -> None:
    assert sorted(one for group in GROUPS for one in group) == PEOPLE


def states_of(group: type[StatesGroup]) -> set[str]:
    below = (state for one in group.__subclasses__() for state in states_of(one))
    return {str(state.state) for state in group.__all_states__} | set(below)


async def test_the_walk_comes_by_everything_that_can_be_awaited(tmp_path) -> None:
    """It is what the next fixture is made by: a question that is added to the product is added
    there.
    """
    made = await make()
    restore_file(made, tmp_path / "shop.db")
    async with reopen(made, tmp_path) as shop:
        awaited = await shop.app.database.read(lambda tx: set(tx.scalars(select(fsm.c.state))))
    assert states_of(StatesGroup) <= awaited
    assert len(made.presses) >= 300


async def test_every_awaited_text_and_every_command_goes_on_as_it_did(upgraded: Shop) -> None:
    found = await typed_answers(FIXTURE, upgraded)
    assert found == {key: ANSWERS[key] for key in found}
    await check_money(upgraded.app.database)


async def test_all_buttons_in_one_shop_are_answered_and_the_books_agree(upgraded: Shop) -> None:
    """One after another, while orders end and questions are decided: what is over says so."""
    await check_money(upgraded.app.database)
    for given in FIXTURE.presses:
        answer = await press(upgraded, given)
        if not words_of(answer):  # the same screen once more
            answer["shows"] = [shown_in(upgraded, given)]
        assert is_proper(answer, ANSWERS[key_of(given)]), (given, answer)
    await check_money(upgraded.app.database)


async def test_what_was_under_way_goes_on(upgraded: Shop) -> None:
    """What waits is sent and told; what a dead process had begun is known to be lost, and never
    sent again.
    """
    before = {row.id: row.state for row in await upgraded.rows(orders)}
    assert set(before.values()) == set(OrderState)
    lost = [number for number, state in before.items() if state == OrderState.SUBMITTING]
    sent = Counter(upgraded.provider.calls)
    waiting = [row.id for row in await upgraded.rows(notices) if row.done_at is None]
    assert waiting
    upgraded.pass_time(120)
    await worker(upgraded, "recovery").step()
    await upgraded.read()
    for _ in range(3):
        await upgraded.work(30)
    after = {row.id: row.state for row in await upgraded.rows(orders)}
    assert [after[number] for number in lost] == [OrderState.UNKNOWN] * len(lost)
    assert not set(after.values()) & {OrderState.SUBMITTING}
    told = {row.id: row.done_at for row in await upgraded.rows(notices)}
    assert all(told[number] is not None for number in waiting if number in told)
    assert upgraded.provider.calls["status"] > sent["status"]
    for person in upgraded.api.people.values():
        assert not any(
            words in view.text.lower() for view in person.from_bot for words in APOLOGIES
        )
    await check_money(upgraded.app.database)
