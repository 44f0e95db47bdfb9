"""everything after the sale: requests, parts, mass orders, favourites, presets, quiet"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "type_mappings",
        sa.Column("label", sa.String(length=128), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("mapped_by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("label", name=op.f("pk_type_mappings")),
    )
    op.create_table(
        "mass_orders",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_mass_orders_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mass_orders")),
    )
    op.create_index(op.f("ix_mass_orders_user_id"), "mass_orders", ["user_id"], unique=False)
    op.create_table(
        "request_lists",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_request_lists_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_lists")),
    )
    op.create_index(op.f("ix_request_lists_user_id"), "request_lists", ["user_id"], unique=False)
    op.create_table(
        "favourites",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "service_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_favourites_service_id_services")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_favourites_user_id_users")
        ),
        sa.PrimaryKeyConstraint("user_id", "service_id", name=op.f("pk_favourites")),
    )
    op.create_table(
        "presets",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "service_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_presets_service_id_services")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_presets_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presets")),
    )
    op.create_index(op.f("ix_presets_user_id"), "presets", ["user_id"], unique=False)
    op.create_table(
        "mass_lines",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mass_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=512), nullable=False),
        sa.Column(
            "service_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("was", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["mass_id"], ["mass_orders.id"], name=op.f("fk_mass_lines_mass_id_mass_orders")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_mass_lines_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_mass_lines_service_id_services")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mass_lines")),
        sa.UniqueConstraint("order_id", name=op.f("uq_mass_lines_order_id")),
    )
    op.create_index("ix_mass_lines_mass", "mass_lines", ["mass_id", "number"], unique=True)
    op.create_table(
        "order_parts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("provider_order_id", sa.String(length=128), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=True),
        sa.Column("status_text", sa.String(length=128), server_default="", nullable=False),
        sa.Column("charge", sa.String(100), nullable=True),
        sa.Column("start_count", sa.BigInteger(), nullable=True),
        sa.Column("remains", sa.BigInteger(), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_parts_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_parts")),
    )
    op.create_index(
        "ix_order_parts_order", "order_parts", ["order_id", "provider_order_id"], unique=True
    )
    op.create_index("ix_order_parts_state", "order_parts", ["state"], unique=False)
    op.create_table(
        "requests",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("list_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("provider_refill_id", sa.String(length=128), nullable=True),
        sa.Column("status_text", sa.String(length=128), server_default="", nullable=False),
        sa.Column("failure", sa.Text(), server_default="", nullable=False),
        sa.Column("meaning", sa.String(length=16), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["list_id"], ["request_lists.id"], name=op.f("fk_requests_list_id_request_lists")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_requests_order_id_orders")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_requests_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
    )
    op.create_index(op.f("ix_requests_list_id"), "requests", ["list_id"], unique=False)
    op.create_index(op.f("ix_requests_order_id"), "requests", ["order_id"], unique=False)
    op.create_index("ix_requests_state", "requests", ["state", "not_before"], unique=False)
    op.create_index(op.f("ix_requests_user_id"), "requests", ["user_id"], unique=False)
    op.create_index(
        "uq_requests_open",
        "requests",
        ["order_id", "kind"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.add_column("orders", sa.Column("started_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("orders", sa.Column("runs", sa.Integer(), nullable=True))
    op.add_column("orders", sa.Column("posts", sa.Integer(), nullable=True))
    op.add_column(
        "orders",
        sa.Column("mass_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    )
    op.create_index(op.f("ix_orders_mass_id"), "orders", ["mass_id"], unique=False)
    op.create_index(
        "ix_orders_service_finished", "orders", ["service_id", "finished_at"], unique=False
    )
    op.add_column(
        "notices",
        sa.Column("live_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
    )
    op.create_index(
        "ix_notices_live",
        "notices",
        ["live_id"],
        unique=False,
        sqlite_where=sa.text("live_id IS NOT NULL AND done_at IS NULL"),
        postgresql_where=sa.text("live_id IS NOT NULL AND done_at IS NULL"),
    )
    op.add_column("services", sa.Column("warranty_days", sa.Integer(), nullable=True))
    op.add_column(
        "users", sa.Column("pushes", sa.String(length=8), server_default="all", nullable=False)
    )
    op.add_column(
        "users", sa.Column("digest_hour", sa.Integer(), server_default="20", nullable=False)
    )
    op.add_column("users", sa.Column("quiet_from", sa.Integer(), nullable=True))
    op.add_column("users", sa.Column("quiet_until", sa.Integer(), nullable=True))
    op.add_column("users", sa.Column("utc_offset", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("users", "utc_offset")
    op.drop_column("users", "quiet_until")
    op.drop_column("users", "quiet_from")
    op.drop_column("users", "digest_hour")
    op.drop_column("users", "pushes")
    op.drop_column("services", "warranty_days")
    op.drop_index(
        "ix_notices_live",
        table_name="notices",
        sqlite_where=sa.text("live_id IS NOT NULL AND done_at IS NULL"),
        postgresql_where=sa.text("live_id IS NOT NULL AND done_at IS NULL"),
    )
    op.drop_column("notices", "live_id")
    op.drop_index("ix_orders_service_finished", table_name="orders")
    op.drop_index(op.f("ix_orders_mass_id"), table_name="orders")
    op.drop_column("orders", "mass_id")
    op.drop_column("orders", "posts")
    op.drop_column("orders", "runs")
    op.drop_column("orders", "started_at")
    op.drop_index(
        "uq_requests_open",
        table_name="requests",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_requests_user_id"), table_name="requests")
    op.drop_index("ix_requests_state", table_name="requests")
    op.drop_index(op.f("ix_requests_order_id"), table_name="requests")
    op.drop_index(op.f("ix_requests_list_id"), table_name="requests")
    op.drop_table("requests")
    op.drop_index("ix_order_parts_state", table_name="order_parts")
    op.drop_index("ix_order_parts_order", table_name="order_parts")
    op.drop_table("order_parts")
    op.drop_index("ix_mass_lines_mass", table_name="mass_lines")
    op.drop_table("mass_lines")
    op.drop_index(op.f("ix_presets_user_id"), table_name="presets")
    op.drop_table("presets")
    op.drop_table("favourites")
    op.drop_index(op.f("ix_request_lists_user_id"), table_name="request_lists")
    op.drop_table("request_lists")
    op.drop_index(op.f("ix_mass_orders_user_id"), table_name="mass_orders")
    op.drop_table("mass_orders")
    op.drop_table("type_mappings")
