"""prices, what is paid in, coupons and invitations"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _wallets(check: str, *more: sa.Column[int]) -> sa.Table:
    """Return the table as it was, or will be: SQLite changes a check only by making the table
    anew.
    """
    return sa.Table(
        "wallets",
        sa.MetaData(),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        *more,
        sa.CheckConstraint(check, name="ck_wallets_balance"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_wallets_user_id_users"),
        sa.PrimaryKeyConstraint("user_id", name="pk_wallets"),
    )


def _chargebacks() -> "sa.Column[int]":
    return sa.Column("chargebacks", sa.BigInteger(), server_default="0", nullable=False)


def upgrade() -> None:
    op.create_table(
        "coupons",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("percent", sa.String(100), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("per_user", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("used", sa.Integer(), server_default="0", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(percent IS NULL) <> (amount IS NULL)", name=op.f("ck_coupons_kind")),
        sa.CheckConstraint(
            "used >= 0 AND (total IS NULL OR used <= total)", name=op.f("ck_coupons_used")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupons")),
        sa.UniqueConstraint("code", name=op.f("uq_coupons_code")),
    )
    op.create_table(
        "margins",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("about", sa.String(length=256), nullable=False),
        sa.Column("percent", sa.String(100), nullable=False),
        sa.Column("fixed", sa.BigInteger(), nullable=False),
        sa.Column("minimum", sa.BigInteger(), nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_margins")),
    )
    op.create_index("uq_margins_about", "margins", ["scope", "about"], unique=True)
    op.create_table(
        "invitations",
        sa.Column("invited_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("inviter_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("earned", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("invited_id <> inviter_id", name=op.f("ck_invitations_two")),
        sa.ForeignKeyConstraint(
            ["invited_id"], ["users.id"], name=op.f("fk_invitations_invited_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["inviter_id"], ["users.id"], name=op.f("fk_invitations_inviter_id_users")
        ),
        sa.PrimaryKeyConstraint("invited_id", name=op.f("pk_invitations")),
    )
    op.create_index(op.f("ix_invitations_inviter_id"), "invitations", ["inviter_id"], unique=False)
    op.create_table(
        "invite_codes",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_invite_codes_user_id_users")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_invite_codes")),
        sa.UniqueConstraint("code", name=op.f("uq_invite_codes_code")),
    )
    op.create_table(
        "invoices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=8), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("draft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=True),
        sa.Column("pay_url", sa.String(length=512), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_invoices_amount")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_invoices_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("external_id", name=op.f("uq_invoices_external_id")),
    )
    op.create_index("ix_invoices_state", "invoices", ["method", "state"], unique=False)
    op.create_index(op.f("ix_invoices_user_id"), "invoices", ["user_id"], unique=False)
    op.create_table(
        "top_ups",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_top_ups_amount")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_top_ups_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_top_ups")),
    )
    op.create_index(op.f("ix_top_ups_user_id"), "top_ups", ["user_id"], unique=False)
    op.create_index(
        "uq_top_ups_open",
        "top_ups",
        ["user_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("charge_id", sa.String(length=512), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=8), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("paid", sa.String(100), nullable=True),
        sa.Column("asset", sa.String(length=16), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refund_by", sa.BigInteger(), nullable=True),
        sa.Column("refund_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refunds", sa.Integer(), server_default="0", nullable=False),
        sa.Column("refunded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payments_amount")),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_payments_invoice_id_invoices")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_payments_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("charge_id", name=op.f("uq_payments_charge_id")),
    )
    op.create_index(op.f("ix_payments_invoice_id"), "payments", ["invoice_id"], unique=False)
    op.create_index("ix_payments_state", "payments", ["state"], unique=False)
    op.create_index(op.f("ix_payments_user_id"), "payments", ["user_id"], unique=False)
    op.create_table(
        "coupon_uses",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "coupon_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["coupon_id"], ["coupons.id"], name=op.f("fk_coupon_uses_coupon_id_coupons")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_coupon_uses_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_coupon_uses_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon_uses")),
        sa.UniqueConstraint("order_id", name=op.f("uq_coupon_uses_order_id")),
    )
    op.create_index("ix_coupon_uses_coupon", "coupon_uses", ["coupon_id", "person"], unique=False)
    op.create_index(op.f("ix_coupon_uses_user_id"), "coupon_uses", ["user_id"], unique=False)
    op.add_column(
        "orders", sa.Column("exchange", sa.String(100), server_default="1", nullable=False)
    )
    op.add_column(
        "orders", sa.Column("discount", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column(
        "orders", sa.Column("booked_cost", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column("orders", sa.Column("bookings", sa.Integer(), server_default="0", nullable=False))
    op.add_column(
        "users",
        sa.Column("coupon_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    )
    with op.batch_alter_table("wallets", copy_from=_wallets("balance >= 0")) as wallets:
        wallets.add_column(_chargebacks())
        wallets.drop_constraint(op.f("ck_wallets_balance"), type_="check")
        wallets.create_check_constraint(op.f("ck_wallets_balance"), "balance + chargebacks >= 0")


def downgrade() -> None:
    before = _wallets("balance + chargebacks >= 0", _chargebacks())
    with op.batch_alter_table("wallets", copy_from=before) as wallets:
        wallets.drop_constraint(op.f("ck_wallets_balance"), type_="check")
        wallets.create_check_constraint(op.f("ck_wallets_balance"), "balance >= 0")
        wallets.drop_column("chargebacks")
    op.drop_column("users", "coupon_id")
    op.drop_column("orders", "bookings")
    op.drop_column("orders", "booked_cost")
    op.drop_column("orders", "discount")
    op.drop_column("orders", "exchange")
    op.drop_index(op.f("ix_coupon_uses_user_id"), table_name="coupon_uses")
    op.drop_index("ix_coupon_uses_coupon", table_name="coupon_uses")
    op.drop_table("coupon_uses")
    op.drop_index(op.f("ix_payments_user_id"), table_name="payments")
    op.drop_index("ix_payments_state", table_name="payments")
    op.drop_index(op.f("ix_payments_invoice_id"), table_name="payments")
    op.drop_table("payments")
    op.drop_index(
        "uq_top_ups_open",
        table_name="top_ups",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(op.f("ix_top_ups_user_id"), table_name="top_ups")
    op.drop_table("top_ups")
    op.drop_index(op.f("ix_invoices_user_id"), table_name="invoices")
    op.drop_index("ix_invoices_state", table_name="invoices")
    op.drop_table("invoices")
    op.drop_table("invite_codes")
    op.drop_index(op.f("ix_invitations_inviter_id"), table_name="invitations")
    op.drop_table("invitations")
    op.drop_index("uq_margins_about", table_name="margins")
    op.drop_table("margins")
    op.drop_table("coupons")
