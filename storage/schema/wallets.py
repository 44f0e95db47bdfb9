"""Wallets and the ledger."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
)

from storage.schema.base import index_where, metadata
from storage.schema.types import BoundedText, Id, Money, UtcTime

wallets = Table(
    "wallets",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("balance", Money, nullable=False),
    # payments that were taken back in all
    Column("chargebacks", Money, nullable=False, server_default="0"),
    CheckConstraint("balance + chargebacks >= 0", name="balance"),  # nothing else leads below zero
)

ledger = Table(
    "ledger",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False),
    Column("source", String(16), nullable=False),  # a storage.queries.wallet.Account
    Column("target", String(16), nullable=False),
    Column("amount", Money, nullable=False),
    Column("order_id", Id, ForeignKey("orders.id"), index=True),
    # the same movement can't be written twice
    Column("key", String(128), nullable=False, unique=True),
    # a storage.queries.ledger_keys.LedgerSubject; empty: nobody knows
    Column("subject", String(16), nullable=False, server_default=""),
    # of the order, the payment, the top-up or the use of a coupon; null: it is about none
    Column("subject_id", BigInteger),
    Column("reason", BoundedText(256), nullable=False),
    Column("actor_id", BigInteger),  # who did it; null: the shop itself
    Column("at", UtcTime, nullable=False),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("source <> target", name="accounts"),
    # a wallet's page and sum, without rows
    Index("ix_ledger_user", "user_id", "id", "source", "target", "amount"),
    index_where("ix_ledger_actor", "actor_id", rows="actor_id IS NOT NULL"),
)
