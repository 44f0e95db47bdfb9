"""Money moves by conditional statements: whatever comes at once, no wallet gives more than it
has.
"""

import asyncio

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from shop.errors import TooLittleMoneyError
from shop.orders.details import OrderDetails
from storage import Database
from storage.queries import wallet
from storage.queries.wallet import Account, InsufficientFundsError
from storage.schema.orders import orders
from storage.schema.wallets import ledger, wallets
from tests.factories.entry_keys import entry_key
from tests.harness.books import sum_of_entries
from tests.harness.clock import Clock
from tests.harness.world import CUSTOMER, World, add_customer, check_money, rows_of

NOW = Clock()()
OTHER, PRICE = 601, 30_000  # of 10 plays


async def debit(database: Database, key: str, amount: int = 1) -> bool:
    """Take from the wallet in a transaction of its own; False where it holds too little."""
    try:
        return await database.write(
            wallet.move,
            user_id=CUSTOMER,
            source=Account.WALLET,
            target=Account.MANUAL,
            amount=amount,
            key=entry_key(key),
            reason="test",
            now=NOW,
        )
    except InsufficientFundsError:
        return False


async def test_of_sixty_debits_at_once_a_balance_of_forty_pays_exactly_forty(
    database: Database,
) -> None:
    await add_customer(database, CUSTOMER, 40)
    paid = await asyncio.gather(*(debit(database, f"manual:1:{number}") for number in range(60)))
    assert sum(paid) == 40

    def transaction(tx):
        assert wallet.balance(tx, CUSTOMER) == 0
        assert sum_of_entries(tx, CUSTOMER) == 0

    await database.read(transaction)
    assert len(await rows_of(database, ledger)) == 41
    await check_money(database)


async def test_of_sixty_orders_at_once_a_wallet_that_holds_forty_prices_pays_forty(
    world: World,
) -> None:
    await add_customer(world.database, OTHER, 40 * PRICE)
    drafts = [await world.draft(user_id=OTHER, quantity=10) for _ in range(60)]
    told = await asyncio.gather(
        *(world.ordering.submit(OTHER, draft) for draft in drafts),
        return_exceptions=True,
    )
    assert [type(one) for one in told if not isinstance(one, OrderDetails)] == [
        TooLittleMoneyError
    ] * 20
    assert {one.order.price for one in told if isinstance(one, OrderDetails)} == {PRICE}
    assert (await world.balance(OTHER), await world.held(OTHER)) == (0, 40 * PRICE)
    assert len(await world.rows(orders)) == 40
    await check_money(world.database)


async def test_the_same_key_moved_by_many_at_once_counts_once(database: Database) -> None:
    await add_customer(database, CUSTOMER, 40)
    paid = await asyncio.gather(*(debit(database, "manual:1:same", 30) for _ in range(10)))
    assert sum(paid) == 1
    assert (await database.read(wallet.balance, CUSTOMER)) == 10
    await check_money(database)


async def test_a_first_credit_given_by_many_at_once_opens_one_wallet(database: Database) -> None:
    await add_customer(database, CUSTOMER, 0)

    async def credit(number: int) -> bool:
        return await database.write(
            wallet.move,
            user_id=CUSTOMER,
            source=Account.MANUAL,
            target=Account.WALLET,
            amount=5,
            key=entry_key(f"manual:2:{number}"),
            reason="test",
            now=NOW,
        )

    assert all(await asyncio.gather(*(credit(number) for number in range(12))))
    assert (await database.read(wallet.balance, CUSTOMER)) == 60
    await check_money(database)


async def test_a_debit_that_is_too_large_leaves_no_entry(database: Database) -> None:
    await add_customer(database, CUSTOMER, 40)
    assert not await debit(database, "manual:1:large", 41)
    assert [row.key for row in await rows_of(database, ledger)] == [f"manual:{CUSTOMER}:0"]
    assert await debit(database, "manual:1:large", 40)


async def test_the_database_itself_refuses_a_negative_balance(database: Database) -> None:
    await add_customer(database, CUSTOMER, 40)
    with pytest.raises(IntegrityError, match="balance"):
        await database.write(lambda tx: tx.execute(update(wallets).values(balance=-1)))
    assert (await database.read(wallet.balance, CUSTOMER)) == 40


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({}, "key"),
        ({"key": "other", "amount": 0}, "amount"),
        ({"key": "other", "amount": -5}, "amount"),
        ({"key": "other", "target": Account.MANUAL}, "accounts"),
    ],
)
async def test_the_database_itself_refuses_an_entry_that_cannot_be(
    database: Database, changes: dict, constraint: str
) -> None:
    await add_customer(database, CUSTOMER, 40)
    entry = await database.read(
        lambda tx: dict(tx.execute(select(ledger)).one()._mapping) | changes
    )
    entry.pop("id")
    with pytest.raises(IntegrityError, match=constraint):
        await database.write(lambda tx: tx.execute(insert(ledger).values(**entry)))


async def hold(database: Database, amount: int) -> None:
    await database.write(
        wallet.move,
        user_id=CUSTOMER,
        source=Account.WALLET,
        target=Account.HOLD,
        amount=amount,
        key=entry_key("hold:1"),
        reason="order",
        now=NOW,
    )


async def test_history_lists_only_what_touched_the_wallet_newest_first(database: Database) -> None:
    await add_customer(database, CUSTOMER, 40)
    await hold(database, 15)

    def transaction(tx):
        wallet.move(
            tx,
            user_id=CUSTOMER,
            source=Account.HOLD,
            target=Account.SALES,
            amount=15,
            key=entry_key("release:1"),
            reason="accepted",
            now=NOW,
        )
        listed = wallet.history(tx, CUSTOMER, limit=10)
        assert [(entry.source, entry.target, entry.amount) for entry in listed] == [
            ("wallet", "hold", 15),
            ("manual", "wallet", 40),
        ]
        assert wallet.history(tx, CUSTOMER, limit=10, offset=1) == listed[1:]
        assert wallet.held(tx, CUSTOMER) == 0

    await database.write(transaction)
