"""Somebody's orders and movements, a page at a time: none is missed or shown twice, whatever its
state.
"""

from sqlalchemy import select

from handlers.customer.orders.views import orders_page
from locales import Texts
from shop.orders.history import MOST_COUNTED, OrderHistory
from storage import Database
from storage.enums import DONE, IN_WORK, OrderState
from storage.queries import orders, wallet
from storage.schema import orders as schema_orders
from tests.factories.stock import add_order, stock
from tests.harness.world import CUSTOMER, World

STATES = [
    OrderState.COMPLETED,
    OrderState.PENDING,
    OrderState.CANCELED,
    OrderState.IN_PROGRESS,
    OrderState.PARTIAL,
]


async def test_pages_hold_every_order_once_the_newest_first(database: Database) -> None:
    await stock(database)
    for number in range(13):
        await add_order(database, state=STATES[number % len(STATES)])
    placed = await database.read(
        lambda tx: list(
            tx.execute(select(schema_orders.orders).order_by(schema_orders.orders.c.id))
        )
    )
    user_id = placed[0].user_id
    for states in (DONE, IN_WORK):
        wanted = [order.id for order in reversed(placed) if order.state in states]
        found = []
        for at in range(0, len(wanted) + 2, 2):
            page = await database.read(orders.page, user_id, states, limit=2, offset=at)
            found += [order.id for order in page]
        assert found == wanted


async def test_orders_are_counted_up_to_a_bound(world: World) -> None:
    for _ in range(3):
        await world.order()
    for most, count in ((2, 2), (3, 3), (9, 3)):
        assert await world.database.read(orders.count_up_to, CUSTOMER, IN_WORK, most) == count
    assert await world.database.read(orders.count_up_to, CUSTOMER, DONE, 9) == 0


async def test_a_page_without_an_exact_number_leads_on(world: World) -> None:
    for _ in range(6):
        await world.order()
    found, totals = await OrderHistory(world.database, world.clock).page(
        CUSTOMER, done=False, page=0, size=6
    )
    assert totals == (6, 0)
    t = Texts().for_language("en")
    shown = orders_page(found, 2, (MOST_COUNTED, 0), done=False, t=t)
    labels = [button.text for row in shown.keyboard.inline_keyboard for button in row]
    assert f"• In work · {MOST_COUNTED:,}+" in labels
    assert ("▶" in labels, "3" in labels) == (True, True)
    last = orders_page(found[:5], 2, (MOST_COUNTED, 0), done=False, t=t)
    assert "▶" not in [button.text for row in last.keyboard.inline_keyboard for button in row]


async def test_pages_of_a_wallet_hold_its_movements_only(world: World) -> None:
    for _ in range(3):
        await world.accepted()
    found = []
    for at in range(0, 6, 2):
        found += await world.database.read(wallet.history, CUSTOMER, limit=2, offset=at)
    assert [entry.reason for entry in found] == ["order", "order", "order", "test"]
    assert [entry.id for entry in found] == sorted((entry.id for entry in found), reverse=True)
