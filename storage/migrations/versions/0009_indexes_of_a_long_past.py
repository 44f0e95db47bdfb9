"""indexes with which a shop with a long past finds what is open, what is somebody's, and when
something was
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Name, table, columns, and which rows are in it.
_NEW = (
    ("ix_orders_user_state", "orders", ["user_id", "state"], None),
    ("ix_orders_submitted", "orders", ["submitted_at"], None),
    ("ix_orders_card", "orders", ["user_id", "card_message_id"], "card_message_id IS NOT NULL"),
    ("ix_orders_look", "orders", ["look_at"], "look_at IS NOT NULL"),
    ("ix_orders_unclear", "orders", ["unclear_since"], "unclear_since IS NOT NULL"),
    ("ix_order_events_at", "order_events", ["at"], None),
    ("ix_requests_ended", "requests", ["kind", "ended_at"], None),
    ("ix_mass_orders_state", "mass_orders", ["state"], None),
    ("ix_notices_waiting", "notices", ["id"], "done_at IS NULL"),
    ("ix_notices_chat", "notices", ["user_id", "id"], "done_at IS NULL"),
    ("ix_notices_kind", "notices", ["kind"], "order_id IS NULL"),
    ("ix_top_ups_state", "top_ups", ["state"], None),
    ("ix_limited_at", "limited", ["at"], None),
)
# They held a row for every order, and all but a few were empty.
_OLD = (("ix_orders_look_at", "look_at"), ("ix_orders_unclear_since", "unclear_since"))


def upgrade() -> None:
    for name, _ in _OLD:
        op.drop_index(name, table_name="orders")
    for name, table, columns, rows in _NEW:
        where = None if rows is None else sa.text(rows)
        op.create_index(
            name, table, columns, unique=False, sqlite_where=where, postgresql_where=where
        )


def downgrade() -> None:
    for name, table, _, _ in _NEW:
        op.drop_index(name, table_name=table)
    for name, column in _OLD:
        op.create_index(name, "orders", [column], unique=False)
