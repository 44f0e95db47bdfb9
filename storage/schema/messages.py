"""What is to be said, and what is remembered between two messages."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
)

from storage.schema.base import QUOTING, index_where, metadata
from storage.schema.types import Answers, BoundedText, Id, UtcTime

notices = Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", BigInteger, nullable=False),  # the chat; an admin need not be a user yet
    Column("kind", String(32), nullable=False),
    Column("order_id", Id, ForeignKey("orders.id")),
    Column("live_id", Id),  # the mass order, or whatever else a live message shows
    Column("payload", Answers, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("not_before", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("done_at", UtcTime),
    Column("outcome", BoundedText(128), nullable=False, server_default=""),
    Column("alert", String(64)),  # the alert that it tells of: its end is shown in the same message
    Column("message_id", BigInteger),  # where an alert was told
    Column("about_user_id", BigInteger),  # whom its payload names
    index_where("ix_notices_alert", "alert", "user_id", rows="alert IS NOT NULL"),
    index_where("ix_notices_waiting", "id", rows="done_at IS NULL"),
    index_where("ix_notices_chat", "user_id", "id", rows="done_at IS NULL"),
    Index("ix_notices_user", "user_id", "id"),
    index_where("ix_notices_about", "about_user_id", "id", rows="about_user_id IS NOT NULL"),
    index_where("ix_notices_quoting", "order_id", rows=QUOTING),
    index_where("ix_notices_kind", "kind", rows="order_id IS NULL"),
    index_where("ix_notices_open", "not_before", rows="done_at IS NULL"),
    index_where("ix_notices_live", "live_id", rows="live_id IS NOT NULL AND done_at IS NULL"),
    sqlite_autoincrement=True,
)

fsm = Table(
    "fsm",
    metadata,
    Column("key", String(160), primary_key=True),
    Column("state", String(128)),
    Column("data", JSON, nullable=False),
    Column("user_id", BigInteger),
    Column("changed_at", UtcTime),
    Index("ix_fsm_user", "user_id"),
    Index("ix_fsm_changed", "changed_at"),
)

facts = Table(
    "facts",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Answers, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("about_user_id", BigInteger),  # whom its value names
    index_where("ix_facts_about", "about_user_id", rows="about_user_id IS NOT NULL"),
)
