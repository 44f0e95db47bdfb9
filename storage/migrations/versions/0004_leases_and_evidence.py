"""who is at work, what came by webhook, and what is known of lost answers"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "updates",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_updates")),
    )
    op.create_index("ix_updates_user", "updates", ["user_id", "id"], unique=False)
    op.create_index(op.f("ix_updates_done_at"), "updates", ["done_at"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_evidence_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_order_id"), "evidence", ["order_id"], unique=False)
    op.add_column("orders", sa.Column("lease_owner", sa.String(length=32), nullable=True))
    op.add_column("orders", sa.Column("look_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("orders", sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("orders", sa.Column("settled_by", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_orders_look_at"), "orders", ["look_at"], unique=False)
    op.add_column("requests", sa.Column("lease_owner", sa.String(length=32), nullable=True))
    # Orders without a definite answer from before: to be looked for from now on.
    op.execute("UPDATE orders SET look_at = changed_at WHERE state = 'unknown'")


def downgrade() -> None:
    op.drop_column("requests", "lease_owner")
    op.drop_index(op.f("ix_orders_look_at"), table_name="orders")
    op.drop_column("orders", "settled_by")
    op.drop_column("orders", "missing_since")
    op.drop_column("orders", "look_at")
    op.drop_column("orders", "lease_owner")
    op.drop_index(op.f("ix_evidence_order_id"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_index(op.f("ix_updates_done_at"), table_name="updates")
    op.drop_index("ix_updates_user", table_name="updates")
    op.drop_table("updates")
    op.drop_table("leases")
