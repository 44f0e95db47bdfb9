"""Statements about coupons.

`take` and `give_back` lock the coupon's row. Everybody pays from and into wallets before they do
that, and remembers it for people after it: two who don't would wait for each other for ever.
"""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from sqlalchemy import and_, func, insert, or_, select, update

from storage.engine import Transaction, built_once, insert_into
from storage.enums import OrderState
from storage.rows import Coupon, from_row, from_rows
from storage.schema.customers import users
from storage.schema.orders import orders
from storage.schema.payments import coupon_uses, coupons

_REMEMBERED = built_once(
    lambda user_id: (
        select(coupons).join(users, users.c.coupon_id == coupons.c.id).where(users.c.id == user_id)
    )
)


def create(
    tx: Transaction,
    code: str,
    *,
    percent: Decimal | None,
    amount: int | None,
    per_user: int,
    total: int | None,
    expires_at: datetime | None,
    created_by: int,
    now: datetime,
    most: int | None = None,
    below_cost: bool = False,
) -> Coupon | None:
    """Add a coupon: `percent`, with at most `most`, or `amount` (millionths).

    None when its code is taken.
    """
    result = tx.execute(
        insert_into(tx, coupons)
        .values(
            code=code,
            percent=percent,
            amount=amount,
            per_user=per_user,
            total=total,
            expires_at=expires_at,
            created_by=created_by,
            created_at=now,
            most=most,
            below_cost=below_cost,
        )
        .on_conflict_do_nothing(index_elements=["code"])
        .returning(coupons),
    )
    row = result.first()
    return None if row is None else from_row(Coupon, row)


def get(tx: Transaction, coupon_id: int) -> Coupon | None:
    row = tx.execute(select(coupons).where(coupons.c.id == coupon_id)).first()
    return None if row is None else from_row(Coupon, row)


def by_code(tx: Transaction, code: str) -> Coupon | None:
    row = tx.execute(select(coupons).where(coupons.c.code == code)).first()
    return None if row is None else from_row(Coupon, row)


def page(tx: Transaction, *, limit: int, offset: int) -> list[Coupon]:
    """List coupons, those that have not been ended first, the newest first."""
    statement = select(coupons).order_by(coupons.c.ended_at.is_not(None), coupons.c.id.desc())
    return from_rows(Coupon, tx.execute(statement.limit(limit).offset(offset)))


def end(tx: Transaction, coupon_id: int, now: datetime) -> bool:
    result = tx.execute(
        update(coupons)
        .where(coupons.c.id == coupon_id, coupons.c.ended_at.is_(None))
        .values(ended_at=now),
    )
    return result.rowcount == 1


def given(tx: Transaction, coupon_id: int) -> int:
    """Add up what a coupon has given away, in millionths."""
    total = tx.scalar(
        select(func.sum(coupon_uses.c.amount)).where(
            coupon_uses.c.coupon_id == coupon_id,
            coupon_uses.c.returned_at.is_(None),
        ),
    )
    return int(total or 0)


def uses(tx: Transaction, coupon_id: int, person: str) -> int:
    """Count how often somebody (`person`: their pseudonym) has used a coupon."""
    theirs = (coupon_uses.c.coupon_id == coupon_id) & (coupon_uses.c.person == person)
    counted = (
        select(func.count())
        .select_from(coupon_uses)
        .where(theirs, coupon_uses.c.returned_at.is_(None))
    )
    return int(tx.scalar(counted) or 0)


def add_use(
    tx: Transaction,
    coupon_id: int,
    *,
    user_id: int,
    person: str,
    amount: int,
    now: datetime,
    order_id: int | None = None,
) -> int:
    """Write that somebody uses a coupon; it holds only if `take` says so in the same transaction.

    Give its id.
    """
    result = tx.execute(
        insert(coupon_uses)
        .values(
            coupon_id=coupon_id,
            user_id=user_id,
            person=person,
            order_id=order_id,
            amount=amount,
            at=now,
        )
        .returning(coupon_uses.c.id),
    )
    return int(result.scalar_one())


def take(tx: Transaction, coupon_id: int, person: str, now: datetime) -> bool:
    """Count one more use, which is written already; False when the coupon or its limits do not
    allow it.

    The caller then takes back all that they wrote.
    """
    result = tx.execute(
        update(coupons)
        .where(
            coupons.c.id == coupon_id,
            coupons.c.ended_at.is_(None),
            or_(coupons.c.expires_at.is_(None), coupons.c.expires_at > now),
            or_(coupons.c.total.is_(None), coupons.c.used < coupons.c.total),
        )
        .values(used=coupons.c.used + 1)
        .returning(coupons.c.per_user),
    )
    per_user = result.scalar_one_or_none()
    # Under the row's lock: who else uses this coupon has written it by now, or waits.
    return per_user is not None and uses(tx, coupon_id, person) <= per_user


def give_back(tx: Transaction, order_ids: Collection[int], now: datetime) -> None:
    """Return the uses of those of these orders that came to nothing: it is their people's next
    coupon again.
    """
    nothing = select(orders.c.id).where(
        orders.c.id.in_(order_ids),
        orders.c.refunded == orders.c.price,
        # A partial order that gave everything back has delivered nothing, unless there was nothing
        # to give.
        or_(
            orders.c.state.in_([OrderState.CANCELED, OrderState.REJECTED]),
            and_(orders.c.state == OrderState.PARTIAL, orders.c.price > 0),
        ),
    )
    result = tx.execute(
        update(coupon_uses)
        .where(coupon_uses.c.order_id.in_(nothing), coupon_uses.c.returned_at.is_(None))
        .values(returned_at=now)
        .returning(coupon_uses.c.coupon_id, coupon_uses.c.user_id),
    )
    returned = sorted((row.user_id, row.coupon_id) for row in result)
    for coupon_id, many in sorted(Counter(coupon for _, coupon in returned).items()):
        tx.execute(
            update(coupons).where(coupons.c.id == coupon_id).values(used=coupons.c.used - many),
        )
    for user_id, coupon_id in returned:
        tx.execute(
            update(users)
            .where(users.c.id == user_id, users.c.coupon_id.is_(None))
            .values(coupon_id=coupon_id),
        )


def remembered(tx: Transaction, user_id: int) -> Coupon | None:
    """Return the coupon that somebody's next order is to use, whether or not it still can be
    used.
    """
    row = tx.execute(*_REMEMBERED(user_id)).first()
    return None if row is None else from_row(Coupon, row)


def remember(tx: Transaction, user_id: int, coupon_id: int) -> None:
    tx.execute(update(users).where(users.c.id == user_id).values(coupon_id=coupon_id))


def forget(tx: Transaction, user_id: int, coupon_id: int) -> bool:
    """Take the coupon off somebody's next order; False when it is not on it any more."""
    result = tx.execute(
        update(users)
        .where(users.c.id == user_id, users.c.coupon_id == coupon_id)
        .values(coupon_id=None),
    )
    return result.rowcount == 1
