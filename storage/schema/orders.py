"""Orders, from a draft to what was asked for after the sale."""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
)

from storage.enums import OrderState
from storage.schema.base import LONGEST_ID, OPEN_AT_PROVIDER, index_where, metadata
from storage.schema.types import Answers, BoundedText, ExactDecimal, Id, LongWords, Money, UtcTime

drafts = Table(
    "drafts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False),
    Column("service_id", Id, ForeignKey("services.id"), nullable=False),
    Column("fields", Answers, nullable=False),  # name -> answer; null is a skipped step
    Column("quote", JSON),  # what the summary showed: shop.catalogue.pricing.Quote
    Column("created_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),  # ordered or cancelled
    Column("replaces", Id),  # the order that it is to take the place of: its service has changed
    Index("ix_drafts_user", "user_id", "id"),
    sqlite_autoincrement=True,
)

_STATES = ", ".join(f"'{state}'" for state in OrderState)

orders = Table(
    "orders",
    metadata,
    Column("id", Id, primary_key=True),  # the number customers see
    # one Confirm, one order
    Column("draft_id", Id, ForeignKey("drafts.id"), nullable=False, unique=True),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False),
    Column("service_id", Id, ForeignKey("services.id"), nullable=False, index=True),
    Column("service_name", BoundedText(512), nullable=False),
    # as it was sold: decides what `add` is sent
    Column("service_type", String(64), nullable=False),
    Column("fields", Answers, nullable=False),
    Column("link", LongWords, nullable=False),
    # charged units: lines, packages, runs x quantity
    Column("quantity", BigInteger, nullable=False),
    Column("price", Money, nullable=False),
    Column("refunded", Money, nullable=False, server_default="0"),
    Column("currency", String(8), nullable=False),
    Column("cost", ExactDecimal, nullable=False),  # what we expect the provider to charge
    Column("billing", String(8), nullable=False),  # wallet: money moved; house: none did
    Column("state", String(16), nullable=False),
    Column("provider_order_id", String(LONGEST_ID)),
    Column("status_text", BoundedText(128), nullable=False, server_default=""),
    Column("charge", ExactDecimal),
    Column("start_count", BigInteger),
    Column("remains", BigInteger),
    Column("created_at", UtcTime, nullable=False),
    Column("not_before", UtcTime, nullable=False),  # when a queued order may be tried
    Column("submitted_at", UtcTime),
    Column("lease_until", UtcTime),  # a `submitting` row older than this has lost its worker
    Column("changed_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    # why a queued order waits: a panel meaning
    Column("waiting", String(16), nullable=False, server_default=""),
    # provider's words, redacted; for admins
    Column("failure", LongWords, nullable=False, server_default=""),
    Column("card_message_id", BigInteger),
    Column("started_at", UtcTime),  # when delivery was first seen under way, or over
    Column("runs", Integer),  # of a drip-feed: how many have begun
    Column("posts", Integer),  # of a subscription: how many were found
    # No foreign key: SQLite can't add one to a table that others refer to.
    Column("mass_id", Id, index=True),  # the mass order that it came with
    # what the provider's unit was in ours
    Column("exchange", ExactDecimal, nullable=False, server_default="1"),
    # what a coupon took off; the price is without it
    Column("discount", Money, nullable=False, server_default="0"),
    # of the charge, what the ledger has by now
    Column("booked_cost", Money, nullable=False, server_default="0"),
    Column("bookings", Integer, nullable=False, server_default="0"),  # how many entries that took
    Column("lease_owner", String(32)),  # the process that sends it, or did: shop.leases
    Column("look_at", UtcTime),  # of an unknown order: when evidence is looked for next
    Column("missing_since", UtcTime),  # since when the provider does not know its id
    # the admin whose verdict ended it: the provider's word moves it no more
    Column("settled_by", BigInteger),
    Column(
        "account", String(64), nullable=False, server_default=""
    ),  # at the provider: shop.operations.provider_account
    # as agreed; empty: not kept then
    Column("service_category", BoundedText(256), nullable=False, server_default=""),
    Column("waits_since", UtcTime),  # since when a queued order waits for what `waiting` says
    # the charge before the end: at an early one it becomes less
    Column("full_charge", ExactDecimal),
    Column("unclear_since", UtcTime),  # since when an admin is asked what it gives back
    CheckConstraint(f"state IN ({_STATES})", name="state"),
    CheckConstraint("price >= 0", name="price"),
    CheckConstraint("refunded >= 0 AND refunded <= price", name="refunded"),
    CheckConstraint("quantity > 0", name="quantity"),
    Index("uq_orders_account_id", "account", "provider_order_id", unique=True),
    Index("ix_orders_user", "user_id", "id"),
    Index("ix_orders_user_state", "user_id", "state", "id"),
    Index("ix_orders_submitted", "submitted_at"),
    index_where("ix_orders_card", "user_id", "card_message_id", rows="card_message_id IS NOT NULL"),
    index_where("ix_orders_missing", "missing_since", rows="missing_since IS NOT NULL"),
    index_where("ix_orders_account_open", "account", "changed_at", rows=OPEN_AT_PROVIDER),
    index_where("ix_orders_look", "look_at", rows="look_at IS NOT NULL"),
    index_where("ix_orders_unclear", "unclear_since", rows="unclear_since IS NOT NULL"),
    Index("ix_orders_state_changed", "state", "changed_at"),
    Index("ix_orders_link_state", "link", "state"),
    index_where("ix_orders_settled", "settled_by", rows="settled_by IS NOT NULL"),
    Index("ix_orders_service_finished", "service_id", "finished_at"),
)

order_events = Table(
    "order_events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("order_id", Id, ForeignKey("orders.id"), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("note", LongWords, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_order_events_at", "at"),
)

# The orders that the provider makes of one: a drip-feed's runs, a subscription's posts.
order_parts = Table(
    "order_parts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("order_id", Id, ForeignKey("orders.id"), nullable=False),
    Column("provider_order_id", String(LONGEST_ID), nullable=False),
    Column("number", Integer, nullable=False),  # 1 is the first
    Column("state", String(16)),  # null: not asked yet, or a text nobody knows
    Column("status_text", BoundedText(128), nullable=False, server_default=""),
    Column("charge", ExactDecimal),
    Column("start_count", BigInteger),
    Column("remains", BigInteger),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Index("ix_order_parts_order", "order_id", "provider_order_id", unique=True),
    Index("ix_order_parts_state", "state"),
)

# What customers ask for after the sale: refills and cancellations. One is open for an order at a
# time.
request_lists = Table(
    "request_lists",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("items", Answers, nullable=False),  # what was written, in order: text, order_id, problem
    Column("message_id", BigInteger),  # the answer that lists the results
    Column("created_at", UtcTime, nullable=False),
)

requests = Table(
    "requests",
    metadata,
    Column("id", Id, primary_key=True),
    Column("order_id", Id, ForeignKey("orders.id"), nullable=False, index=True),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False),
    Column("list_id", Id, ForeignKey("request_lists.id"), index=True),
    Column("kind", String(8), nullable=False),
    Column("state", String(16), nullable=False),
    Column("provider_refill_id", String(LONGEST_ID)),
    Column("status_text", BoundedText(128), nullable=False, server_default=""),
    # provider's words, redacted; for admins
    Column("failure", LongWords, nullable=False, server_default=""),
    Column("meaning", String(16), nullable=False, server_default=""),
    Column("created_at", UtcTime, nullable=False),
    Column("not_before", UtcTime, nullable=False),
    Column("sent_at", UtcTime),
    Column("lease_owner", String(32)),
    Column("lease_until", UtcTime),
    Column("changed_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Index("ix_requests_user", "user_id", "id"),
    Index("ix_requests_state", "state", "not_before"),
    Index("ix_requests_ended", "kind", "ended_at"),
    index_where("uq_requests_open", "order_id", "kind", rows="ended_at IS NULL", unique=True),
)

mass_orders = Table(
    "mass_orders",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("message_id", BigInteger),  # the live message
    Column("created_at", UtcTime, nullable=False),
    Column("confirmed_at", UtcTime),
    Column("placed_at", UtcTime),  # every good line has become an order, or was refused
    Column("told_at", UtcTime),  # the end of the last order was told
    Index("ix_mass_orders_state", "state"),
)

mass_lines = Table(
    "mass_lines",
    metadata,
    Column("id", Id, primary_key=True),
    Column("mass_id", Id, ForeignKey("mass_orders.id"), nullable=False),
    Column("number", Integer, nullable=False),  # of the line as it was sent; 1 is the first
    Column("text", BoundedText(512), nullable=False),
    Column("service_id", Id, ForeignKey("services.id")),
    Column("fields", Answers, nullable=False),
    Column("quantity", BigInteger),  # charged units
    Column("price", Money),  # as shown before Confirm
    Column("was", Money),  # what was shown before that, when it has changed meanwhile
    # a text's key and values; null: the line is good
    Column("problem", Answers(none_as_null=True)),
    # what was shown besides the price: shop.catalogue.pricing.Quote
    Column("agreed", Answers(none_as_null=True)),
    Column("order_id", Id, ForeignKey("orders.id"), unique=True),
    Index("ix_mass_lines_mass", "mass_id", "number", unique=True),
)

presets = Table(
    "presets",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False, index=True),
    Column("service_id", Id, ForeignKey("services.id"), nullable=False),
    Column("name", BoundedText(64), nullable=False),
    Column("fields", Answers, nullable=False),  # the answers that it gives, such as the quantity
    Column("created_at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)
