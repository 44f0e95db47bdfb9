"""Every table. Money is millionths of the shop's currency, times are aware UTC."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    text,
)

from storage.states import AT_PROVIDER, OrderState
from storage.types import Answers, ExactDecimal, Id, LongWords, Money, UtcTime, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    },
)


def index_where(name: str, *columns: str, rows: str, unique: bool = False) -> Index:
    """Make an index of some of a table's rows, on both engines."""
    return Index(name, *columns, unique=unique, sqlite_where=text(rows), postgresql_where=text(rows))


# `sqlite_autoincrement`, where rows can go, or a copy of the database can take its place: a number in a button, or one
# that was said to somebody, never means something else later. PostgreSQL gives none twice by itself.

LONGEST_ID = 128  # characters of a provider's id; cutting one would make another of it

users = Table(
    "users",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # Telegram's id of the person
    Column("first_name", Words(256), nullable=False),
    Column("username", Words(64)),
    Column("language", String(8), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("gone_at", UtcTime),  # since when the bot is blocked or the account deleted
    # storage.states.Pushes; those who came before results only was what people begin with have "all".
    Column("pushes", String(8), nullable=False, server_default="all"),
    Column("digest_hour", Integer, nullable=False, server_default="20"),  # of their day
    Column("quiet_from", Integer),  # an hour of their day; both or neither
    Column("quiet_until", Integer),
    Column("utc_offset", Integer),  # minutes; null: they have not said what time it is
    Column("coupon_id", Id),  # the coupon that their next order is to use
    Column("heir_id", BigInteger),  # they are being erased: the pseudonym that what stays goes to
    index_where("ix_users_heir", "heir_id", rows="heir_id IS NOT NULL"),
)

categories = Table(
    "categories",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Words(256), nullable=False, unique=True),
    Column("position", Integer, nullable=False),  # the provider's order
)

services = Table(
    "services",
    metadata,
    Column("id", Id, primary_key=True),  # ours: buttons carry it
    Column("provider_id", String(LONGEST_ID), nullable=False, unique=True),
    Column("category_id", Id, ForeignKey("categories.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("name", Words(512), nullable=False),
    Column("description", LongWords, nullable=False),
    Column("type_label", Words(128), nullable=False),
    Column("type", String(64)),  # null: a type nobody knows yet
    Column("rate", ExactDecimal, nullable=False),  # provider's, per 1,000 or per package
    Column("min", BigInteger, nullable=False),
    Column("max", BigInteger, nullable=False),
    Column("refill", Boolean, nullable=False),
    Column("cancel", Boolean, nullable=False),
    Column("dripfeed", Boolean, nullable=False),
    Column("sold", Boolean, nullable=False),  # false: a divider row, no price, impossible limits
    Column("first_seen_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("hidden_at", UtcTime),  # since when the provider no longer lists it
    Column("held_at", UtcTime),  # since when it is not sold until somebody has looked
    Column("held_why", String(16), nullable=False, server_default=""),  # shop.service_holds.Why
    Column("held_rate", ExactDecimal),  # the rate that is not believed yet
    Column("warranty_days", Integer),  # an admin's word; null: what name and description say
)

type_mappings = Table(
    "type_mappings",
    metadata,
    Column("label", Words(128), primary_key=True),  # a catalogue's type, normalised
    Column("type", String(64), nullable=False),  # what an admin says it is
    Column("mapped_by", BigInteger, nullable=False),
    Column("at", UtcTime, nullable=False),
)

service_changes = Table(
    "service_changes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("service_id", Id, ForeignKey("services.id"), nullable=False, index=True),
    Column("field", String(32), nullable=False),
    Column("old", LongWords, nullable=False),
    Column("new", LongWords, nullable=False),
    Column("at", UtcTime, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False),
    Column("service_id", Id, ForeignKey("services.id"), nullable=False),
    Column("fields", Answers, nullable=False),  # name -> answer; null is a skipped step
    Column("quote", JSON),  # what the summary showed: shop.pricing.Quote
    Column("created_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),  # ordered or cancelled
    Column("replaces", Id),  # the order that it is to take the place of: its service has changed
    Index("ix_drafts_user", "user_id", "id"),
    sqlite_autoincrement=True,
)

_STATES = ", ".join(f"'{state}'" for state in OrderState)
# Written out: a database uses the index of these rows for a statement that says the same.
OPEN_AT_PROVIDER = "state IN ({}) AND settled_by IS NULL".format(
    ", ".join(f"'{state}'" for state in sorted(AT_PROVIDER))
)

orders = Table(
    "orders",
    metadata,
    Column("id", Id, primary_key=True),  # the number customers see
    Column("draft_id", Id, ForeignKey("drafts.id"), nullable=False, unique=True),  # one Confirm, one order
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False),
    Column("service_id", Id, ForeignKey("services.id"), nullable=False, index=True),
    Column("service_name", Words(512), nullable=False),
    Column("service_type", String(64), nullable=False),  # as it was sold: decides what `add` is sent
    Column("fields", Answers, nullable=False),
    Column("link", LongWords, nullable=False),
    Column("quantity", BigInteger, nullable=False),  # charged units: lines, packages, runs x quantity
    Column("price", Money, nullable=False),
    Column("refunded", Money, nullable=False, server_default="0"),
    Column("currency", String(8), nullable=False),
    Column("cost", ExactDecimal, nullable=False),  # what we expect the provider to charge
    Column("billing", String(8), nullable=False),  # wallet: money moved; house: none did
    Column("state", String(16), nullable=False),
    Column("provider_order_id", String(LONGEST_ID)),
    Column("status_text", Words(128), nullable=False, server_default=""),
    Column("charge", ExactDecimal),
    Column("start_count", BigInteger),
    Column("remains", BigInteger),
    Column("created_at", UtcTime, nullable=False),
    Column("not_before", UtcTime, nullable=False),  # when a queued order may be tried
    Column("submitted_at", UtcTime),
    Column("lease_until", UtcTime),  # a `submitting` row older than this has lost its worker
    Column("changed_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("waiting", String(16), nullable=False, server_default=""),  # why a queued order waits: a panel meaning
    Column("failure", LongWords, nullable=False, server_default=""),  # provider's words, redacted; for admins
    Column("card_message_id", BigInteger),
    Column("started_at", UtcTime),  # when delivery was first seen under way, or over
    Column("runs", Integer),  # of a drip-feed: how many have begun
    Column("posts", Integer),  # of a subscription: how many were found
    # No foreign key: SQLite can't add one to a table that others refer to.
    Column("mass_id", Id, index=True),  # the mass order that it came with
    Column("exchange", ExactDecimal, nullable=False, server_default="1"),  # what the provider's unit was in ours
    Column("discount", Money, nullable=False, server_default="0"),  # what a coupon took off; the price is without it
    Column("booked_cost", Money, nullable=False, server_default="0"),  # of the charge, what the ledger has by now
    Column("bookings", Integer, nullable=False, server_default="0"),  # how many entries that took
    Column("lease_owner", String(32)),  # the process that sends it, or did: shop.leases
    Column("look_at", UtcTime),  # of an unknown order: when evidence is looked for next
    Column("missing_since", UtcTime),  # since when the provider does not know its id
    Column("settled_by", BigInteger),  # the admin whose verdict ended it: the provider's word moves it no more
    Column("account", String(64), nullable=False, server_default=""),  # at the provider: shop.provider_account
    Column("service_category", Words(256), nullable=False, server_default=""),  # as agreed; empty: not kept then
    Column("waits_since", UtcTime),  # since when a queued order waits for what `waiting` says
    Column("full_charge", ExactDecimal),  # the charge before the end: at an early one it becomes less
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
    Column("status_text", Words(128), nullable=False, server_default=""),
    Column("charge", ExactDecimal),
    Column("start_count", BigInteger),
    Column("remains", BigInteger),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Index("ix_order_parts_order", "order_id", "provider_order_id", unique=True),
    Index("ix_order_parts_state", "state"),
)

# What customers ask for after the sale: refills and cancellations. One is open for an order at a time.
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
    Column("status_text", Words(128), nullable=False, server_default=""),
    Column("failure", LongWords, nullable=False, server_default=""),  # provider's words, redacted; for admins
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
    Column("text", Words(512), nullable=False),
    Column("service_id", Id, ForeignKey("services.id")),
    Column("fields", Answers, nullable=False),
    Column("quantity", BigInteger),  # charged units
    Column("price", Money),  # as shown before Confirm
    Column("was", Money),  # what was shown before that, when it has changed meanwhile
    Column("problem", Answers(none_as_null=True)),  # a text's key and values; null: the line is good
    Column("agreed", Answers(none_as_null=True)),  # what was shown besides the price: shop.pricing.Quote
    Column("order_id", Id, ForeignKey("orders.id"), unique=True),
    Index("ix_mass_lines_mass", "mass_id", "number", unique=True),
)

favourites = Table(
    "favourites",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("service_id", Id, ForeignKey("services.id"), primary_key=True, autoincrement=False),
    Column("created_at", UtcTime, nullable=False),
)

presets = Table(
    "presets",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False, index=True),
    Column("service_id", Id, ForeignKey("services.id"), nullable=False),
    Column("name", Words(64), nullable=False),
    Column("fields", Answers, nullable=False),  # the answers that it gives, such as the quantity
    Column("created_at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)

wallets = Table(
    "wallets",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("balance", Money, nullable=False),
    Column("chargebacks", Money, nullable=False, server_default="0"),  # payments that were taken back in all
    CheckConstraint("balance + chargebacks >= 0", name="balance"),  # nothing else leads below zero
)

ledger = Table(
    "ledger",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False),
    Column("source", String(16), nullable=False),  # a storage.wallet.Account
    Column("target", String(16), nullable=False),
    Column("amount", Money, nullable=False),
    Column("order_id", Id, ForeignKey("orders.id"), index=True),
    Column("key", String(128), nullable=False, unique=True),  # the same movement can't be written twice
    Column("reason", Words(256), nullable=False),
    Column("actor_id", BigInteger),  # who did it; null: the shop itself
    Column("at", UtcTime, nullable=False),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("source <> target", name="accounts"),
    Index("ix_ledger_user", "user_id", "id", "source", "target", "amount"),  # a wallet's page and sum, without rows
    index_where("ix_ledger_actor", "actor_id", rows="actor_id IS NOT NULL"),
)

# The kinds of notices that quote what a provider said of somebody's order (shop.notices.Kind).
QUOTING = "kind IN ('refusal_words', 'sending_held', 'unknown_order')"

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
    Column("outcome", Words(128), nullable=False, server_default=""),
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
