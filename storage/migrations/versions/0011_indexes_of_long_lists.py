"""indexes with which long lists are read a page at a time: somebody's orders and movements, and
what is stuck
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_OPEN = "state IN ('failed', 'in_progress', 'pending', 'processing') AND settled_by IS NULL"


def upgrade() -> None:
    op.drop_index("ix_orders_user_state", table_name="orders")
    op.create_index("ix_orders_user_state", "orders", ["user_id", "state", "id"])
    for name, column, rows in (
        ("ix_orders_missing", ["missing_since"], "missing_since IS NOT NULL"),
        ("ix_orders_account_open", ["account", "changed_at"], _OPEN),
    ):
        op.create_index(
            name, "orders", column, sqlite_where=sa.text(rows), postgresql_where=sa.text(rows)
        )
    op.drop_index("ix_ledger_user", table_name="ledger")
    op.create_index("ix_ledger_user", "ledger", ["user_id", "id", "source", "target", "amount"])


def downgrade() -> None:
    op.drop_index("ix_ledger_user", table_name="ledger")
    op.create_index("ix_ledger_user", "ledger", ["user_id", "id"])
    op.drop_index("ix_orders_account_open", table_name="orders")
    op.drop_index("ix_orders_missing", table_name="orders")
    op.drop_index("ix_orders_user_state", table_name="orders")
    op.create_index("ix_orders_user_state", "orders", ["user_id", "state"])
