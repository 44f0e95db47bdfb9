"""Nobody is erased while that would lose money; and what admins have to know is not erased with
anybody.
"""

import pytest
from sqlalchemy import update

from shop.errors import ShopError
from shop.money import Money
from shop.outbox import FOR_CUSTOMERS, Kind
from storage import Database
from storage.enums import AT_PROVIDER, OrderState
from storage.queries import notices
from storage.schema.messages import notices as notice_rows
from storage.schema.wallets import wallets as wallet_rows
from tests.factories.somebody import ZOE, dump, somebody
from tests.factories.stock import NOW, stock
from tests.harness.world import rows_of
from tests.integration.test_erasing import privacy_of


@pytest.fixture
async def stocked(database: Database) -> Database:
    await stock(database)
    return database


@pytest.mark.parametrize("state", sorted(AT_PROVIDER))
async def test_while_an_order_is_at_the_provider_nothing_is_erased(
    stocked: Database, state: OrderState
) -> None:
    order = await somebody(stocked, state=state)
    before = await dump(stocked)
    for refused in (privacy_of(stocked).erase(ZOE, NOW), privacy_of(stocked).farewell(ZOE)):
        with pytest.raises(ShopError) as error:
            await refused
        assert (error.value.key, error.value.values) == (
            "error-erase-in-work",
            {"orders": f"#{order}"},
        )
    assert await dump(stocked) == before


async def test_whoever_owes_something_is_not_erased(stocked: Database) -> None:
    await somebody(stocked)
    await stocked.write(
        lambda tx: tx.execute(update(wallet_rows).values(balance=-1, chargebacks=8_500_001))
    )
    before = await dump(stocked)
    for refused in (privacy_of(stocked).erase(ZOE, NOW), privacy_of(stocked).farewell(ZOE)):
        with pytest.raises(ShopError) as error:
            await refused
        assert (error.value.key, error.value.values) == (
            "error-erase-debt",
            {"missing": Money(1, "USD")},
        )
    assert await dump(stocked) == before


async def test_an_admin_who_is_erased_is_still_told_what_admins_are_told(stocked: Database) -> None:
    order = await somebody(stocked)
    kinds = sorted(set(Kind) - {Kind.SUPPORT})

    def transaction(tx):
        for kind in kinds:
            notices.add(tx, user_id=ZOE, kind=kind, order_id=order, now=NOW)

    await stocked.write(transaction)
    await privacy_of(stocked).erase(ZOE, NOW)
    told = [row.kind for row in await rows_of(stocked, notice_rows) if row.user_id == ZOE]
    assert told == sorted(set(kinds) - FOR_CUSTOMERS)
