"""refunds by the provider's own figures: what was charged before the end, and what admins are
asked
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("full_charge", sa.String(100), nullable=True))
    op.add_column("orders", sa.Column("unclear_since", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_orders_unclear_since"), "orders", ["unclear_since"], unique=False)
    op.execute(
        "UPDATE orders SET full_charge = charge WHERE state IN ('pending', 'processing', "
        "'in_progress') "
        "AND runs IS NULL AND posts IS NULL"
    )
    # What was asked stands with its order now; parents that nobody has settled are asked about
    # anew, with buttons.
    op.execute("DELETE FROM facts WHERE name LIKE 'alert:unclear_refund:%'")


def downgrade() -> None:
    op.drop_index(op.f("ix_orders_unclear_since"), table_name="orders")
    op.drop_column("orders", "unclear_since")
    op.drop_column("orders", "full_charge")
