"""what counts against a limit, what a coupon takes off at most, and numbers that never come
again
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Their rows can go, and their numbers stand in buttons and in what was said; SQLite would give the
# last one again.
_NUMBERED = ("drafts", "presets", "margins", "notices", "payments", "coupons")


def upgrade() -> None:
    op.create_table(
        "limited",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limited")),
    )
    op.create_index("ix_limited_kind", "limited", ["kind", "at"], unique=False)
    op.create_index("ix_limited_person", "limited", ["person", "kind"], unique=False)
    op.add_column("coupons", sa.Column("most", sa.BigInteger(), nullable=True))
    op.add_column(
        "coupons", sa.Column("below_cost", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("payments", sa.Column("stated", sa.Integer(), nullable=True))
    op.add_column(
        "invitations", sa.Column("written_off", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column(
        "invitations", sa.Column("shares", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(
        "invoices", sa.Column("checkouts", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(
        "invoices", sa.Column("checked_out_at", sa.DateTime(timezone=True), nullable=True)
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in _NUMBERED:
            _number_anew(table, "AUTOINCREMENT")


def downgrade() -> None:
    # what is noted on the payments goes
    op.execute("DELETE FROM facts WHERE name = 'stars-stated'")
    if op.get_bind().dialect.name == "sqlite":
        for table in _NUMBERED:
            _number_anew(table, "")
    op.drop_column("invoices", "checked_out_at")
    op.drop_column("invoices", "checkouts")
    op.drop_column("payments", "stated")
    op.drop_column("invitations", "shares")
    op.drop_column("invitations", "written_off")
    op.drop_column("coupons", "below_cost")
    op.drop_column("coupons", "most")
    op.drop_index("ix_limited_person", table_name="limited")
    op.drop_index("ix_limited_kind", table_name="limited")
    op.drop_table("limited")


def _number_anew(table: str, how: str) -> None:
    """Make a table of SQLite's anew, as it stands but for how its rows are numbered.

    Others refer to it, and constraints can't be turned off within a transaction: they are looked at
    in its end, when the rows are back.
    """
    connection = op.get_bind()
    made = {
        row.type: row.sql
        for row in connection.execute(
            sa.text("SELECT type, sql FROM sqlite_master WHERE type = 'table' AND name = :name"),
            {"name": table},
        )
    }
    indexes = connection.scalars(
        sa.text(
            "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :name AND "
            "sql IS NOT NULL"
        ),
        {"name": table},
    ).all()
    sql = _with_numbers(made["table"], table, how)
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute(f"CREATE TEMPORARY TABLE kept_{table} AS SELECT * FROM {table}")
    op.execute(f"DROP TABLE {table}")
    op.execute(sa.text(sql.replace(":", "\\:")))
    op.execute(f"INSERT INTO {table} SELECT * FROM kept_{table} ORDER BY id")
    op.execute(f"DROP TABLE kept_{table}")
    for index in indexes:
        op.execute(sa.text(index.replace(":", "\\:")))


def _with_numbers(sql: str, table: str, how: str) -> str:
    """Say in a table's statement how its rows are numbered; AUTOINCREMENT stands beside the column
    itself.
    """
    key = f"CONSTRAINT pk_{table} PRIMARY KEY (id)"
    column, numbered = (
        "id INTEGER NOT NULL",
        f"id INTEGER NOT NULL CONSTRAINT pk_{table} PRIMARY KEY AUTOINCREMENT",
    )
    if how:
        parts = (
            sql.replace(f", \n\t{key}", "").replace(f"{key}, \n\t", "").replace(column, numbered, 1)
        )
        if parts.count("PRIMARY KEY") != 1:
            raise RuntimeError(f"the table {table} is not as it was made: {sql}")
        return parts
    return sql.replace(numbered, column, 1).rstrip().removesuffix(")").rstrip() + f", \n\t{key}\n)"
