"""What is sold, and for how much."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
)

from storage.schema.base import LONGEST_ID, metadata
from storage.schema.types import BoundedText, ExactDecimal, Id, LongWords, Money, UtcTime

categories = Table(
    "categories",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", BoundedText(256), nullable=False, unique=True),
    Column("position", Integer, nullable=False),  # the provider's order
)

services = Table(
    "services",
    metadata,
    Column("id", Id, primary_key=True),  # ours: buttons carry it
    Column("provider_id", String(LONGEST_ID), nullable=False, unique=True),
    Column("category_id", Id, ForeignKey("categories.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("name", BoundedText(512), nullable=False),
    Column("description", LongWords, nullable=False),
    Column("type_label", BoundedText(128), nullable=False),
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
    # shop.catalogue.service_holds.Why
    Column("held_why", String(16), nullable=False, server_default=""),
    Column("held_rate", ExactDecimal),  # the rate that is not believed yet
    Column("warranty_days", Integer),  # an admin's word; null: what name and description say
)

type_mappings = Table(
    "type_mappings",
    metadata,
    Column("label", BoundedText(128), primary_key=True),  # a catalogue's type, normalised
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

favourites = Table(
    "favourites",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("service_id", Id, ForeignKey("services.id"), primary_key=True, autoincrement=False),
    Column("created_at", UtcTime, nullable=False),
)

margins = Table(
    "margins",
    metadata,
    Column("id", Id, primary_key=True),
    Column("scope", String(8), nullable=False),  # shop.catalogue.margins.Scope
    # a pattern of categories, a service's id, or nothing
    Column("about", BoundedText(256), nullable=False),
    Column("percent", ExactDecimal, nullable=False),
    Column("fixed", Money, nullable=False),  # per 1,000, or per package
    # the least that percent and fixed come to, per the same
    Column("minimum", Money, nullable=False),
    Column("set_by", BigInteger, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("uq_margins_about", "scope", "about", unique=True),
    sqlite_autoincrement=True,
)
