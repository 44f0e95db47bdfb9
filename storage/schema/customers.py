"""Customers."""

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    String,
    Table,
)

from storage.schema.base import index_where, metadata
from storage.schema.types import BoundedText, Id, UtcTime

users = Table(
    "users",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # Telegram's id of the person
    Column("first_name", BoundedText(256), nullable=False),
    Column("username", BoundedText(64)),
    Column("language", String(8), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("gone_at", UtcTime),  # since when the bot is blocked or the account deleted
    # storage.enums.Pushes; those who came before results only was what people begin with have
    # "all".
    Column("pushes", String(8), nullable=False, server_default="all"),
    Column("digest_hour", Integer, nullable=False, server_default="20"),  # of their day
    Column("quiet_from", Integer),  # an hour of their day; both or neither
    Column("quiet_until", Integer),
    Column("utc_offset", Integer),  # minutes; null: they have not said what time it is
    Column("coupon_id", Id),  # the coupon that their next order is to use
    Column("heir_id", BigInteger),  # they are being erased: the pseudonym that what stays goes to
    index_where("ix_users_heir", "heir_id", rows="heir_id IS NOT NULL"),
)
