"""A small shop in which everything that moves money has happened once, and its books agree."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import insert, select

from storage import Connection, Database, facts, wallet
from storage import orders as order_statements
from storage.audit_checks import STATED
from storage.money_tables import coupon_uses, coupons, invitations, invoices, payments, top_ups
from storage.states import InvoiceState, Method, OrderState, PaymentState, TopUpState
from storage.tables import orders
from storage.wallet import Account
from tests.support.stock import ANN, BOB, NOW, stock, write_order

PRICE, REFUND, COST, PAID = 300_000, 100_000, 120_000, 1_300_000


async def everything_once(database: Database) -> None:
    """Fill an empty database. The orders are named by their link, the payments by their charge."""
    await stock(database)
    async with database.write() as connection:
        await move(connection, Account.MANUAL, Account.WALLET, 50_000_000, "manual:1:1")
        for name in ("credited", "refunding", "refunded", "refused", "charged_back", "crypto"):
            await _payment(connection, name)
        went = ("pending", "completed", "partial", "canceled", "fresh")
        for name in ("queued", "unknown", *went, "taken back", "rejected"):
            await _order(connection, name)
        await write_order(connection, link="house", billing="house", price=PRICE, state=OrderState.PENDING)
        for state in TopUpState:
            await _top_up(connection, state)
        await _coupons(connection)
        await move(connection, Account.BONUS, Account.WALLET, 300, "welcome:somebody")
        await write_order(
            connection, link="of Bob", user_id=BOB, billing="house", price=1_000, state=OrderState.PENDING
        )
        values = {"invited_id": BOB, "inviter_id": ANN, "at": NOW, "earned": 500, "counted": 1_000, "shares": 2}
        await connection.execute(insert(invitations).values(**values))
        await move(connection, Account.BONUS, Account.WALLET, 600, "invite:somebody:0:0")
        await move(connection, Account.WALLET, Account.BONUS, 100, "invite-back:somebody:1:1200")
        await facts.put(connection, STATED, {"bot": 0}, NOW + timedelta(hours=1))


async def move(
    connection: Connection, source: Account, target: Account, amount: int, key: str, order_id: int | None = None,
    user_id: int = ANN,
) -> None:  # fmt: skip
    moved = await wallet.move(
        connection, user_id=user_id, source=source, target=target, amount=amount, key=key, reason="test", now=NOW,
        order_id=order_id, into_debt=key.startswith("chargeback"),
    )  # fmt: skip
    assert moved


async def number_of(connection: Connection, name: str) -> int:
    """Give the number of an order or a payment of this name."""
    found = await connection.scalar(select(orders.c.id).where(orders.c.link == name))
    return found or await connection.scalar(select(payments.c.id).where(payments.c.charge_id == name))


async def _payment(connection: Connection, name: str) -> None:
    method = Method.CRYPTO if name == "crypto" else Method.STARS
    state = PaymentState.CREDITED if name in {"crypto", "refused"} else PaymentState(name)
    invoice = await connection.scalar(
        insert(invoices)
        .values(
            user_id=ANN, method=method, amount=PAID, currency="USD", stars=100, state=InvoiceState.PAID, created_at=NOW,
            expires_at=NOW + timedelta(hours=1),
        )
        .returning(invoices.c.id),
    )  # fmt: skip
    number = await connection.scalar(
        insert(payments)
        .values(
            user_id=ANN, invoice_id=invoice, method=method, charge_id=name, amount=PAID, currency="USD", stars=100,
            state=state, at=NOW, refunds=int(name in {"refunding", "refunded", "refused"}),
            stated=None if method is Method.CRYPTO else 100,
        )
        .returning(payments.c.id),
    )  # fmt: skip
    await move(connection, Account(method), Account.WALLET, PAID, f"payment:{number}")
    if name in {"refunding", "refunded", "refused"}:
        await move(connection, Account.WALLET, Account.STARS, PAID, f"payback:{number}:1")
    if name == "refused":
        await move(connection, Account.STARS, Account.WALLET, PAID, f"payback-failed:{number}:1")
    if name == "charged_back":
        await move(connection, Account.WALLET, Account.STARS, PAID, f"chargeback:{number}")


async def _order(connection: Connection, name: str) -> None:
    state = {"taken back": OrderState.CANCELED, "fresh": OrderState.COMPLETED}.get(name) or OrderState(name)
    went = name in {"pending", "completed", "partial", "canceled", "fresh"}
    nothing = name in {"taken back", "rejected"}
    refunded = {"partial": REFUND, "completed": REFUND, "canceled": PRICE}.get(name, PRICE if nothing else 0)
    cost = 0 if nothing or name == "canceled" else COST
    order = await write_order(
        connection, link=name, state=state, price=PRICE, refunded=refunded, booked_cost=cost if went else 0,
        bookings=2 if went else 0, provider_order_id=f"p-{name}" if went else None,
        charge=Decimal(cost).scaleb(-6) if went else None,
    )  # fmt: skip
    await move(connection, Account.WALLET, Account.HOLD, PRICE, f"hold:{order}", order)
    if nothing:
        await move(connection, Account.HOLD, Account.WALLET, PRICE, f"release:{order}", order)
    if went:
        await move(connection, Account.HOLD, Account.SALES, PRICE, f"release:{order}", order)
        await move(connection, Account.SALES, Account.PROVIDER, COST + 20, f"cost:{order}:0", order)
        await move(connection, Account.PROVIDER, Account.SALES, COST + 20 - cost, f"cost:{order}:1", order)
    if went and refunded:
        for reached in (OrderState.PARTIAL, state):
            await order_statements._note(connection, order, reached, "", NOW)
        await move(connection, Account.SALES, Account.WALLET, refunded, f"refund:{order}:0", order)


async def _top_up(connection: Connection, state: TopUpState) -> None:
    values = {"user_id": ANN, "amount": PAID, "currency": "USD", "state": state, "created_at": NOW}
    number = await connection.scalar(insert(top_ups).values(**values).returning(top_ups.c.id))
    if state is TopUpState.APPROVED:
        await move(connection, Account.MANUAL, Account.WALLET, PAID, f"topup:{number}")


async def _coupons(connection: Connection) -> None:
    """One puts money into the wallet, one was taken off the completed order, and off the rejected one, and returned."""
    common = {"per_user": 9, "total": 9, "created_by": ANN, "created_at": NOW}
    for code, kind in (("GIFT", {"amount": 700}), ("OFF", {"percent": Decimal(10)})):
        await connection.execute(insert(coupons).values(code=code, used=1, **common, **kind))
    found = {row.code: row.id for row in await connection.execute(select(coupons))}
    use = {"user_id": ANN, "person": "salted", "at": NOW}
    gift = await connection.scalar(
        insert(coupon_uses).values(**use, coupon_id=found["GIFT"], amount=700).returning(coupon_uses.c.id)
    )
    await move(connection, Account.BONUS, Account.WALLET, 700, f"coupon:{gift}")
    for name, returned in (("completed", None), ("rejected", NOW)):
        number = await number_of(connection, name)
        await connection.execute(
            insert(coupon_uses).values(**use, coupon_id=found["OFF"], amount=900, order_id=number, returned_at=returned)
        )
        await connection.execute(orders.update().where(orders.c.id == number).values(discount=900))
