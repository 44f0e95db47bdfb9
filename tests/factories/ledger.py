"""A small shop in which everything that moves money has happened once, and its books agree."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import insert, select

from storage import Database, Transaction
from storage.enums import InvoiceState, Method, OrderState, PaymentState, TopUpState
from storage.queries import facts, wallet
from storage.queries import orders as order_statements
from storage.queries.facts import Fact
from storage.queries.wallet import Account
from storage.schema.orders import orders
from storage.schema.payments import coupon_uses, coupons, invitations, invoices, payments, top_ups
from tests.factories.entry_keys import entry_key
from tests.factories.stock import ANN, BOB, NOW, stock, write_order

PRICE, REFUND, COST, PAID = 300_000, 100_000, 120_000, 1_300_000


async def everything_once(database: Database) -> None:
    """Fill an empty database. The orders are named by their link, the payments by their charge."""
    await stock(database)

    def transaction(tx):
        move(tx, Account.MANUAL, Account.WALLET, 50_000_000, "manual:1:1")
        for name in ("credited", "refunding", "refunded", "refused", "charged_back", "crypto"):
            _payment(tx, name)
        went = ("pending", "completed", "partial", "canceled", "fresh")
        for name in ("queued", "unknown", *went, "taken back", "rejected"):
            _order(tx, name)
        write_order(tx, link="house", billing="house", price=PRICE, state=OrderState.PENDING)
        for state in TopUpState:
            _top_up(tx, state)
        _coupons(tx)
        move(tx, Account.BONUS, Account.WALLET, 300, "welcome:somebody")
        write_order(
            tx, link="of Bob", user_id=BOB, billing="house", price=1_000, state=OrderState.PENDING
        )
        values = {
            "invited_id": BOB,
            "inviter_id": ANN,
            "at": NOW,
            "earned": 500,
            "counted": 1_000,
            "shares": 2,
        }
        tx.execute(insert(invitations).values(**values))
        move(tx, Account.BONUS, Account.WALLET, 600, "invite:somebody:0:0")
        move(tx, Account.WALLET, Account.BONUS, 100, "invite-back:somebody:1:1200")
        facts.put(tx, Fact.STARS_STATED, {"bot": 0}, NOW + timedelta(hours=1))

    await database.write(transaction)


def move(
    tx: Transaction,
    source: Account,
    target: Account,
    amount: int,
    key: str,
    order_id: int | None = None,
    user_id: int = ANN,
) -> None:
    moved = wallet.move(
        tx,
        user_id=user_id,
        source=source,
        target=target,
        amount=amount,
        key=entry_key(key),
        reason="test",
        now=NOW,
        order_id=order_id,
        into_debt=key.startswith("chargeback"),
    )
    assert moved


def number_of(tx: Transaction, name: str) -> int:
    """Give the number of an order or a payment of this name."""
    found = tx.scalar(select(orders.c.id).where(orders.c.link == name))
    return found or tx.scalar(select(payments.c.id).where(payments.c.charge_id == name))


def _payment(tx: Transaction, name: str) -> None:
    method = Method.CRYPTO if name == "crypto" else Method.STARS
    state = PaymentState.CREDITED if name in {"crypto", "refused"} else PaymentState(name)
    invoice = tx.scalar(
        insert(invoices)
        .values(
            user_id=ANN,
            method=method,
            amount=PAID,
            currency="USD",
            stars=100,
            state=InvoiceState.PAID,
            created_at=NOW,
            expires_at=NOW + timedelta(hours=1),
        )
        .returning(invoices.c.id),
    )
    number = tx.scalar(
        insert(payments)
        .values(
            user_id=ANN,
            invoice_id=invoice,
            method=method,
            charge_id=name,
            amount=PAID,
            currency="USD",
            stars=100,
            state=state,
            at=NOW,
            refunds=int(name in {"refunding", "refunded", "refused"}),
            stated=None if method is Method.CRYPTO else 100,
        )
        .returning(payments.c.id),
    )
    move(tx, Account(method), Account.WALLET, PAID, f"payment:{number}")
    if name in {"refunding", "refunded", "refused"}:
        move(tx, Account.WALLET, Account.STARS, PAID, f"payback:{number}:1")
    if name == "refused":
        move(tx, Account.STARS, Account.WALLET, PAID, f"payback-failed:{number}:1")
    if name == "charged_back":
        move(tx, Account.WALLET, Account.STARS, PAID, f"chargeback:{number}")


def _order(tx: Transaction, name: str) -> None:
    state = {"taken back": OrderState.CANCELED, "fresh": OrderState.COMPLETED}.get(
        name
    ) or OrderState(name)
    went = name in {"pending", "completed", "partial", "canceled", "fresh"}
    nothing = name in {"taken back", "rejected"}
    refunded = {"partial": REFUND, "completed": REFUND, "canceled": PRICE}.get(
        name, PRICE if nothing else 0
    )
    cost = 0 if nothing or name == "canceled" else COST
    order = write_order(
        tx,
        link=name,
        state=state,
        price=PRICE,
        refunded=refunded,
        booked_cost=cost if went else 0,
        bookings=2 if went else 0,
        provider_order_id=f"p-{name}" if went else None,
        charge=Decimal(cost).scaleb(-6) if went else None,
    )
    move(tx, Account.WALLET, Account.HOLD, PRICE, f"hold:{order}", order)
    if nothing:
        move(tx, Account.HOLD, Account.WALLET, PRICE, f"release:{order}", order)
    if went:
        move(tx, Account.HOLD, Account.SALES, PRICE, f"release:{order}", order)
        move(tx, Account.SALES, Account.PROVIDER, COST + 20, f"cost:{order}:0", order)
        move(tx, Account.PROVIDER, Account.SALES, COST + 20 - cost, f"cost:{order}:1", order)
    if went and refunded:
        for reached in (OrderState.PARTIAL, state):
            order_statements._note(tx, order, reached, "", NOW)
        move(tx, Account.SALES, Account.WALLET, refunded, f"refund:{order}:0", order)


def _top_up(tx: Transaction, state: TopUpState) -> None:
    values = {"user_id": ANN, "amount": PAID, "currency": "USD", "state": state, "created_at": NOW}
    number = tx.scalar(insert(top_ups).values(**values).returning(top_ups.c.id))
    if state is TopUpState.APPROVED:
        move(tx, Account.MANUAL, Account.WALLET, PAID, f"topup:{number}")


def _coupons(tx: Transaction) -> None:
    """One puts money into the wallet, one was taken off the completed order, and off the rejected
    one, and returned.
    """
    common = {"per_user": 9, "total": 9, "created_by": ANN, "created_at": NOW}
    for code, kind in (("GIFT", {"amount": 700}), ("OFF", {"percent": Decimal(10)})):
        tx.execute(insert(coupons).values(code=code, used=1, **common, **kind))
    found = {row.code: row.id for row in tx.execute(select(coupons))}
    use = {"user_id": ANN, "person": "salted", "at": NOW}
    gift = tx.scalar(
        insert(coupon_uses)
        .values(**use, coupon_id=found["GIFT"], amount=700)
        .returning(coupon_uses.c.id)
    )
    move(tx, Account.BONUS, Account.WALLET, 700, f"coupon:{gift}")
    for name, returned in (("completed", None), ("rejected", NOW)):
        number = number_of(tx, name)
        tx.execute(
            insert(coupon_uses).values(
                **use, coupon_id=found["OFF"], amount=900, order_id=number, returned_at=returned
            )
        )
        tx.execute(orders.update().where(orders.c.id == number).values(discount=900))
