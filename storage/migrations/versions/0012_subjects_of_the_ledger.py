"""what an entry of the ledger is about, in columns of its own"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# An entry in which something else stands keeps an empty subject: the audit tells of it.
_OF_ORDERS = ("hold", "release", "refund", "takeback", "cost")
_OF_PAYMENTS = ("payment", "payback", "payback-failed", "chargeback")
_NUMBERED = (*_OF_ORDERS, *_OF_PAYMENTS, "topup", "coupon")
# Their keys name a person, or a hash of one: no number is taken out of them.
_OTHERS = ("manual", "welcome", "invite", "invite-back", "correction")
_ROWS = 50_000


def upgrade() -> None:
    op.add_column("ledger", sa.Column("subject", sa.String(16), nullable=False, server_default=""))
    op.add_column("ledger", sa.Column("subject_id", sa.BigInteger(), nullable=True))
    tx = op.get_bind()
    fill = sa.text(_fill(sqlite=tx.dialect.name == "sqlite"))
    newest: int = tx.scalar(sa.text("SELECT coalesce(max(id), 0) FROM ledger")) or 0
    for above in range(0, newest, _ROWS):
        tx.execute(fill, {"above": above, "up_to": above + _ROWS})


def _fill(*, sqlite: bool) -> str:
    """Return the statement that reads subjects out of the keys of some rows.

    A number that is none, or is followed by anything but `:`, is no number.
    """
    if sqlite:
        word, rest = "substr(key, 1, instr(key, ':') - 1)", "substr(key, instr(key, ':') + 1)"
        first = f"substr({rest}, 1, instr({rest} || ':', ':') - 1)"
        is_number = f"{first} <> '' AND {first} NOT GLOB '*[^0-9]*' AND length({first}) <= 18"
    else:
        word, first = "split_part(key, ':', 1)", "split_part(key, ':', 2)"
        is_number = f"{first} ~ '^[0-9]{{1,18}}$'"
    return f"""
        UPDATE ledger SET subject = {word}, subject_id = CASE
            WHEN {word} IN ({_listed(_NUMBERED)}) AND {is_number} THEN CAST({first} AS BIGINT) END
        WHERE id > :above AND id <= :up_to
            AND key LIKE '%:%' AND {word} IN ({_listed(_NUMBERED + _OTHERS)})
    """


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def downgrade() -> None:
    op.drop_column("ledger", "subject_id")
    op.drop_column("ledger", "subject")
