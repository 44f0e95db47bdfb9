"""whom notices and facts are about, who is being erased, how long conversations are quiet; and
indexes for these
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Name, table, columns, and which rows are in it.
_NEW = (
    ("ix_users_heir", "users", ["heir_id"], "heir_id IS NOT NULL"),
    ("ix_drafts_user", "drafts", ["user_id", "id"], None),
    ("ix_requests_user", "requests", ["user_id", "id"], None),
    ("ix_ledger_user", "ledger", ["user_id", "id"], None),
    ("ix_ledger_actor", "ledger", ["actor_id"], "actor_id IS NOT NULL"),
    ("ix_orders_settled", "orders", ["settled_by"], "settled_by IS NOT NULL"),
    ("ix_evidence_actor", "evidence", ["actor_id"], "actor_id IS NOT NULL"),
    ("ix_payments_refund_by", "payments", ["refund_by"], "refund_by IS NOT NULL"),
    ("ix_top_ups_decided", "top_ups", ["decided_by"], "decided_by IS NOT NULL"),
    ("ix_notices_user", "notices", ["user_id", "id"], None),
    ("ix_notices_about", "notices", ["about_user_id", "id"], "about_user_id IS NOT NULL"),
    (
        "ix_notices_quoting",
        "notices",
        ["order_id"],
        "kind IN ('refusal_words', 'sending_held', 'unknown_order')",
    ),
    ("ix_facts_about", "facts", ["about_user_id"], "about_user_id IS NOT NULL"),
    ("ix_fsm_user", "fsm", ["user_id"], None),
    ("ix_fsm_changed", "fsm", ["changed_at"], None),
)
# On PostgreSQL they did not give a person's rows in their order.
_OLD = (
    ("drafts", "ix_drafts_user_id"),
    ("requests", "ix_requests_user_id"),
    ("ledger", "ix_ledger_user_id"),
)


def upgrade() -> None:
    op.add_column("users", sa.Column("heir_id", sa.BigInteger(), nullable=True))
    op.add_column("notices", sa.Column("about_user_id", sa.BigInteger(), nullable=True))
    op.add_column("facts", sa.Column("about_user_id", sa.BigInteger(), nullable=True))
    op.add_column("fsm", sa.Column("user_id", sa.BigInteger(), nullable=True))
    op.add_column("fsm", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, column in (("notices", "payload"), ("facts", "value")):
        op.execute(_about_sqlite(table, column) if sqlite else _about_postgresql(table, column))
    _conversations(sqlite=sqlite)
    for table, name in _OLD:
        op.drop_index(name, table_name=table)
    for name, table, columns, rows in _NEW:
        where = None if rows is None else sa.text(rows)
        op.create_index(
            name, table, columns, unique=False, sqlite_where=where, postgresql_where=where
        )


def _about_sqlite(table: str, column: str) -> str:
    """Fill in whom rows are about, in one pass: who is named as `user`, as a number or as one
    written as text.
    """
    named = f"json_extract({column}, '$.user')"
    return (
        f"UPDATE {table} SET about_user_id = CAST({named} AS INTEGER)"
        f" WHERE {column} LIKE '%\"user\"%' AND {named} IS NOT NULL AND CAST(CAST({named} "
        f"AS INTEGER) AS TEXT) = {named} || ''"
    )


def _about_postgresql(table: str, column: str) -> str:
    named = f"({column} ->> 'user')"
    return (
        f"UPDATE {table} SET about_user_id = CAST({named} AS BIGINT) WHERE {named} ~ "
        "'^-?[0-9]{1,18}$'"
    )


def _conversations(*, sqlite: bool) -> None:
    """Say whose they are: `fsm:<chat>:<person>:default`.

    Those of groups are of a time when groups were listened to.
    """
    chat, person = (
        ("CAST(substr(key, 5) AS INTEGER)", "substr(key, 5, instr(substr(key, 5), ':') - 1)")
        if sqlite
        else ("CAST(split_part(key, ':', 2) AS BIGINT)", "split_part(key, ':', 2)")
    )
    op.execute(f"DELETE FROM fsm WHERE key NOT LIKE 'fsm:' || {person} || ':' || {person} || ':%'")
    changed = sa.text(f"UPDATE fsm SET user_id = {chat}, changed_at = :now".replace(":'", "\\:'"))
    op.get_bind().execute(
        changed.bindparams(
            sa.bindparam(
                "now",
                datetime.now(UTC).replace(tzinfo=None) if sqlite else datetime.now(UTC),
                sa.DateTime(timezone=True),
            )
        )
    )


def downgrade() -> None:
    for name, table, _, _ in _NEW:
        op.drop_index(name, table_name=table)
    for table, name in _OLD:
        op.create_index(name, table, ["user_id"], unique=False)
    for table, column in (
        ("fsm", "changed_at"),
        ("fsm", "user_id"),
        ("facts", "about_user_id"),
        ("notices", "about_user_id"),
        ("users", "heir_id"),
    ):
        op.drop_column(table, column)
