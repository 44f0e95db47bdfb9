"""what was agreed, with which provider account, and by which bot"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _drop_unique(table: str, column: str) -> None:
    """Drop a column's unique constraint; on SQLite by making the table anew, with foreign keys off
    (storage.engine).
    """
    name = f"uq_{table}_{column}"
    if not _is_sqlite():
        op.drop_constraint(name, table, type_="unique")
        return
    connection = op.get_bind()
    listed = sa.text(
        "SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL "
        "ORDER BY type"
    )
    known = list(connection.execute(listed, {"table": table}))
    indexes = [row.sql for row in known if row.type == "index"]
    (definition,) = (row.sql for row in known if row.type == "table")
    rebuilt, found = re.subn(rf",\s*CONSTRAINT {name} UNIQUE \({column}\)", "", definition)
    if not found:  # a downgrade has left it as an index
        op.drop_index(name, table)
        return
    rebuilt = re.sub(rf'^CREATE TABLE "?{table}"?', f"CREATE TABLE {table}_rebuilt", rebuilt)
    connection.exec_driver_sql(rebuilt)
    columns = ", ".join(
        f'"{row[1]}"' for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")
    )
    connection.exec_driver_sql(
        f"INSERT INTO {table}_rebuilt ({columns}) SELECT {columns} FROM {table}"
    )
    connection.exec_driver_sql(f"DROP TABLE {table}")
    connection.exec_driver_sql(f"ALTER TABLE {table}_rebuilt RENAME TO {table}")
    for statement in indexes:
        connection.exec_driver_sql(statement)


def _put_unique(table: str, column: str) -> None:
    name = f"uq_{table}_{column}"
    if _is_sqlite():
        op.create_index(name, table, [column], unique=True)
    else:
        op.create_unique_constraint(name, table, [column])


def upgrade() -> None:
    # Which account at the provider an order belongs to; its ids are one by one within that. The
    # first start fills it.
    op.add_column(
        "orders", sa.Column("account", sa.String(length=64), server_default="", nullable=False)
    )
    op.add_column(
        "orders",
        sa.Column("service_category", sa.String(length=256), server_default="", nullable=False),
    )
    op.add_column("orders", sa.Column("waits_since", sa.DateTime(timezone=True), nullable=True))
    _drop_unique("orders", "provider_order_id")
    op.create_index("uq_orders_account_id", "orders", ["account", "provider_order_id"], unique=True)
    # Which bot was paid: charges are counted by bot. Crypto Pay's are its own, whatever bot asks:
    # 0.
    op.add_column(
        "payments", sa.Column("bot_id", sa.BigInteger(), server_default="0", nullable=False)
    )
    _drop_unique("payments", "charge_id")
    op.create_index("uq_payments_bot_charge", "payments", ["bot_id", "charge_id"], unique=True)
    op.add_column("drafts", sa.Column("replaces", _ID, nullable=True))
    op.add_column("mass_lines", sa.Column("agreed", sa.JSON(), nullable=True))
    op.add_column("services", sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "services", sa.Column("held_why", sa.String(length=16), server_default="", nullable=False)
    )
    op.add_column("services", sa.Column("held_rate", sa.String(length=100), nullable=True))
    op.add_column("notices", sa.Column("alert", sa.String(length=64), nullable=True))
    op.add_column("notices", sa.Column("message_id", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_notices_alert",
        "notices",
        ["alert", "user_id"],
        unique=False,
        sqlite_where=sa.text("alert IS NOT NULL"),
        postgresql_where=sa.text("alert IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_notices_alert", table_name="notices")
    op.drop_column("notices", "message_id")
    op.drop_column("notices", "alert")
    op.drop_column("services", "held_rate")
    op.drop_column("services", "held_why")
    op.drop_column("services", "held_at")
    op.drop_column("mass_lines", "agreed")
    op.drop_column("drafts", "replaces")
    op.drop_index("uq_payments_bot_charge", table_name="payments")
    _put_unique("payments", "charge_id")
    op.drop_column("payments", "bot_id")
    op.drop_index("uq_orders_account_id", table_name="orders")
    _put_unique("orders", "provider_order_id")
    op.drop_column("orders", "waits_since")
    op.drop_column("orders", "service_category")
    op.drop_column("orders", "account")
