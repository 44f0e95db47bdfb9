"""Orders whose answer got lost, found by themselves among the provider's ids; or not, where there
is any doubt.
"""

from typing import Any

from sqlalchemy import select

from playground.provider.testing import call
from shop.fulfilment.evidence import EvidenceKind
from storage.enums import OrderState
from storage.schema.messages import facts
from storage.schema.operations import evidence
from tests.runtime.process import LINK, STEADY, Operator, adds, pushes, until

FOUND = "was found at the provider by itself"
SOON = 30


async def known(shop: Operator, name: str) -> None:
    """Let somebody order, and wait until the provider has taken it."""
    person = await shop.person(len(await shop.rows()) + 1)
    await shop.place(person, link=f"{LINK}/{name}", quantity="150")
    await until(lambda: at_provider(shop, name), f"the order {name}", 15)


async def lost(shop: Operator, fault: str, quantity: str = "100") -> int:
    """Let somebody order whose answer gets lost; give the order's number."""
    shop.pg.provider.fault(fault, "add")
    person = await shop.person(len(await shop.rows()) + 1)
    await shop.place(person, link=f"{LINK}/{fault}-{quantity}", quantity=quantity)
    order_id = (await shop.rows())[-1].id

    async def unknown() -> bool:
        # It may have been found before anybody looked.
        return bool(await signs(shop, order_id, EvidenceKind.LOST))

    await until(unknown, f"{fault} is unknown", 15)
    return int(order_id)


async def at_provider(shop: Operator, name: str) -> Any:
    return next(
        (row.provider_order_id for row in await shop.rows() if row.link.endswith(f"/{name}")), None
    )


async def signs(shop: Operator, order_id: int, kind: EvidenceKind) -> list[dict[str, Any]]:
    def transaction(tx):
        found = tx.scalars(
            select(evidence.c.payload)
            .where(evidence.c.order_id == order_id, evidence.c.kind == kind)
            .order_by(evidence.c.id),
        )
        return list(found)

    return await shop.database.read(transaction)


async def state(shop: Operator, order_id: int) -> str:
    return next(str(row.state) for row in await shop.rows() if row.id == order_id)


def by_hand(shop: Operator, quantity: int) -> str:
    """Order at the provider with the shop's key, past the shop."""
    link = f"{LINK}/by-hand-{len(shop.pg.provider.book.orders)}"
    return str(call(shop.pg.provider, "add", service=STEADY, link=link, quantity=quantity)["order"])


async def test_lost_orders_are_found_and_go_on(shop: Operator) -> None:
    bot = await shop.start()
    await known(shop, "first")
    for number, fault in enumerate(("hang_after", "drop_after", "html_after")):
        await lost(shop, fault, str(100 + number))
        await known(shop, f"after-{fault}")
    await shop.reached(*[OrderState.COMPLETED] * 7, seconds=SOON)
    await shop.told()

    links = [order.link for order in shop.pg.provider.book.orders.values()]
    assert adds(shop) == len(links) == len(set(links)) == 7
    numbers = {order.link: str(order.number) for order in shop.pg.provider.book.orders.values()}
    rows = await shop.rows()
    assert {row.link: row.provider_order_id for row in rows} == numbers
    for row in rows:
        person = shop.pg.api.person(row.user_id)
        assert await shop.balance(person.id) == 10_000_000 - row.price
        said = pushes(person)
        assert sum("is completed" in one for one in said) == 1
        assert sum("being checked" in one.lower() or one.startswith("🔎") for one in said) <= 1
    assert sum(FOUND in view.text for view in shop.admin.from_bot) == 3
    await shop.check_money()
    assert "Traceback" not in bot.said


async def test_what_is_not_there_or_not_clear_stays_with_the_admins(shop: Operator) -> None:
    await shop.start(BALANCE_INTERVAL="1")
    await known(shop, "first")
    await shop.reached(OrderState.COMPLETED)
    looked = shop.pg.provider.calls["balance"]
    await until(lambda: shop.pg.provider.calls["balance"] > looked + 1, "the balance is known")
    nowhere = await lost(shop, "drop_before")
    await until(lambda: signs(shop, nowhere, EvidenceKind.BALANCE), "the balance was asked", SOON)
    await known(shop, "second")
    other = await lost(shop, "hang_before", "300")
    too_large = by_hand(shop, 900)
    await known(shop, "third")
    twofold = await lost(shop, "drop_after", "500")
    equal = by_hand(shop, 500)
    await known(shop, "fourth")

    async def searched() -> bool:
        gaps = [
            await signs(shop, order_id, EvidenceKind.GAP) for order_id in (nowhere, other, twofold)
        ]
        return all(found and found[-1]["complete"] for found in gaps)

    await until(searched, "every gap was looked through", SOON)
    assert [await state(shop, order_id) for order_id in (nowhere, other, twofold)] == [
        "unknown"
    ] * 3
    assert (await signs(shop, nowhere, EvidenceKind.BALANCE))[-1]["speaks"] == "against"
    assert await signs(shop, nowhere, EvidenceKind.CANDIDATE) == []
    assert [
        (one["id"], one["fits"]) for one in await signs(shop, other, EvidenceKind.CANDIDATE)
    ] == [(too_large, False)]
    fitting = {one["id"]: one["fits"] for one in await signs(shop, twofold, EvidenceKind.CANDIDATE)}
    assert fitting == {str(int(equal) - 1): True, equal: True}
    await shop.told()
    assert not any(FOUND in view.text for view in shop.admin.from_bot)
    for row in await shop.rows():  # held is held
        assert await shop.balance(row.user_id) == 10_000_000 - row.price
    assert adds(shop) == 7 + 2
    await shop.check_money()


async def test_a_kill_in_the_middle_of_a_search_costs_nothing(shop: Operator) -> None:
    """The provider has no multiple form, so that the search takes its time."""
    shop.pg.provider.dialect = "numeric"
    bot = await shop.start()
    await known(shop, "first")
    order_id = await lost(shop, "drop_after")
    for _ in range(4):  # other customers of the provider
        shop.pg.provider.book.orders[int(by_hand(shop, 100))] = None  # type: ignore[assignment]
    await known(shop, "second")

    async def asked() -> int:
        value = await shop.database.read(
            lambda tx: tx.scalar(select(facts.c.value).where(facts.c.name == f"finding:{order_id}"))
        )
        return int(value["asked"]) if value else 0

    await until(asked, "the search has begun", SOON)
    await bot.kill()
    assert await state(shop, order_id) == "unknown"
    await shop.start()
    await shop.reached(*[OrderState.COMPLETED] * 3, seconds=SOON)
    await shop.told()
    assert sum(FOUND in view.text for view in shop.admin.from_bot) == 1
    assert len(await signs(shop, order_id, EvidenceKind.VERDICT)) == 1
    assert adds(shop) == 3 + 4
    await shop.check_money()
