"""The tables of how the work is done: who is at it, what Telegram has sent, what is known of a lost
answer.
"""

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, String, Table

from storage.schema.base import index_where, metadata
from storage.schema.types import Id, Money, UtcTime

# Who does what, until when. A row whose time is over is nobody's.
leases = Table(
    "leases",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("owner", String(32), nullable=False),  # a process, from its start to its end
    Column("until", UtcTime, nullable=False),
)

# Updates that came by webhook: Telegram sends one again until it is answered.
updates = Table(
    "updates",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # Telegram's
    Column("user_id", BigInteger),  # whose it is: theirs are handled in order
    Column("owner", String(32), nullable=False),
    Column("until", UtcTime, nullable=False),  # who has not come back by then has lost it
    Column("done_at", UtcTime, index=True),
    Index("ix_updates_user", "user_id", "id"),
)

# What was found out about an order without a definite answer, or one that is stuck. Only added to;
# it goes when its order is long over (storage.queries.pruning).
evidence = Table(
    "evidence",
    metadata,
    Column("id", Id, primary_key=True),
    Column("order_id", Id, ForeignKey("orders.id"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),  # shop.fulfilment.evidence.Sign
    Column("payload", JSON, nullable=False),
    Column("actor_id", BigInteger),  # the admin whose doing it is
    Column("at", UtcTime, nullable=False),
    index_where("ix_evidence_actor", "actor_id", rows="actor_id IS NOT NULL"),
)

# Telegram's clients cut a long text into several messages. One row a person: what has come of it,
# and when it is read.
long_texts = Table(
    "long_texts",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("state", String(16), nullable=False),  # shop.customers.long_texts.State
    # the first one's sender and chat, as Telegram tells them
    Column("message", JSON, nullable=False),
    Column("pieces", JSON, nullable=False),  # [message's id, text], in the order in which they came
    Column("awaited", JSON, nullable=False),  # the question that it answers
    Column("last_id", BigInteger, nullable=False),  # the newest piece's
    # the newest piece is so long that another one will follow
    Column("more", Boolean, nullable=False),
    Column("due_at", UtcTime, nullable=False, index=True),  # when the state ends by itself
)

# What counts against a limit and has no row of its own: tries, messages, what somebody had paid in
# who was erased.
limited = Table(
    "limited",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(16), nullable=False),  # shop.limits.Limited
    # a salted hash (shop.user_hash): it outlives its person
    Column("person", String(64), nullable=False),
    Column("amount", Money, nullable=False),  # millionths or Stars; 1 for what is only counted
    Column("at", UtcTime, nullable=False),
    Index("ix_limited_kind", "kind", "at"),
    Index("ix_limited_at", "at"),
    Index("ix_limited_person", "person", "kind"),
)
