"""The tables of what is paid in, of prices, and of what the shop gives away.

The wallets are in storage.schema.base.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    false,
    text,
)

from storage.schema.base import index_where, metadata
from storage.schema.types import BoundedText, ExactDecimal, Id, Money, UtcTime

# Who pays in. An invoice freezes what is asked and what is credited for it; a payment is money that
# came.
invoices = Table(
    "invoices",
    metadata,
    Column("id", Id, primary_key=True),  # all that a Stars invoice's payload says
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False, index=True),
    Column("method", String(8), nullable=False),  # storage.enums.Method
    Column("amount", Money, nullable=False),  # what is credited
    Column("currency", String(8), nullable=False),
    Column("stars", Integer),  # what is asked, where Stars are
    Column("draft_id", Id),  # the order that is to start when it is paid
    Column("state", String(8), nullable=False),
    Column("external_id", String(64), unique=True),  # Crypto Pay's id
    Column("pay_url", BoundedText(512)),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("paid_at", UtcTime),
    # how often its payment was let through
    Column("checkouts", Integer, nullable=False, server_default="0"),
    Column("checked_out_at", UtcTime),  # when that was the last time
    CheckConstraint("amount > 0", name="amount"),
    Index("ix_invoices_state", "method", "state"),
)

payments = Table(
    "payments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False, index=True),
    # null: paid for something we don't know
    Column("invoice_id", Id, ForeignKey("invoices.id"), index=True),
    Column("method", String(8), nullable=False),
    # Telegram's, or crypto:<invoice of Crypto Pay>
    Column("charge_id", String(512), nullable=False),
    Column("amount", Money, nullable=False),  # what was credited
    Column("currency", String(8), nullable=False),
    Column("stars", Integer),
    Column("paid", ExactDecimal),  # what came, where it was a coin
    Column("asset", BoundedText(16)),
    Column("state", String(16), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("refund_by", BigInteger),  # the admin who asked for it
    Column("refund_asked_at", UtcTime),
    Column("refunds", Integer, nullable=False, server_default="0"),  # how often that was asked
    Column("refunded_at", UtcTime),
    # who counts the charge; 0: Crypto Pay
    Column("bot_id", BigInteger, nullable=False, server_default="0"),
    # the Stars that Telegram's statement says were paid; null: not read there yet
    Column("stated", Integer),
    CheckConstraint("amount > 0", name="amount"),
    Index("ix_payments_state", "state"),
    index_where("ix_payments_refund_by", "refund_by", rows="refund_by IS NOT NULL"),
    Index("uq_payments_bot_charge", "bot_id", "charge_id", unique=True),
    sqlite_autoincrement=True,
)

top_ups = Table(
    "top_ups",
    metadata,
    Column("id", Id, primary_key=True),  # what somebody asks the admins to credit by hand
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False, index=True),
    Column("amount", Money, nullable=False),
    Column("currency", String(8), nullable=False),
    Column("state", String(8), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("decided_by", BigInteger),
    Column("decided_at", UtcTime),
    CheckConstraint("amount > 0", name="amount"),
    Index("ix_top_ups_state", "state"),
    index_where("ix_top_ups_decided", "decided_by", rows="decided_by IS NOT NULL"),
    Index(
        "uq_top_ups_open",
        "user_id",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

coupons = Table(
    "coupons",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code", String(32), nullable=False, unique=True),
    Column("percent", ExactDecimal),  # off an order; or else
    Column("amount", Money),  # into the wallet
    Column("per_user", Integer, nullable=False),
    Column("total", Integer),  # null: as often as people like
    Column("used", Integer, nullable=False, server_default="0"),
    Column("expires_at", UtcTime),
    Column("created_by", BigInteger, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),  # an admin has ended it
    Column("most", Money),  # that a percentage takes off an order; null: no limit
    # it may: an admin has said so
    Column("below_cost", Boolean, nullable=False, server_default=false()),
    CheckConstraint("(percent IS NULL) <> (amount IS NULL)", name="kind"),
    CheckConstraint("used >= 0 AND (total IS NULL OR used <= total)", name="used"),
    sqlite_autoincrement=True,
)

coupon_uses = Table(
    "coupon_uses",
    metadata,
    Column("id", Id, primary_key=True),
    Column("coupon_id", Id, ForeignKey("coupons.id"), nullable=False),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False, index=True),
    # Whose use counts against the limit: a salted hash (shop.user_hash); nobody comes back as
    # somebody new.
    Column("person", String(64), nullable=False),
    Column("order_id", Id, ForeignKey("orders.id"), unique=True),  # what it was taken off
    Column("amount", Money, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("returned_at", UtcTime),  # the order came to nothing: it may be used again
    Index("ix_coupon_uses_coupon", "coupon_id", "person"),
)

invite_codes = Table(
    "invite_codes",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    # of a link; it does not tell whose it is
    Column("code", String(16), nullable=False, unique=True),
)

invitations = Table(
    "invitations",
    metadata,
    Column("invited_id", BigInteger, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("inviter_id", BigInteger, ForeignKey("users.id"), nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    # what they spent, as far as it was shared
    Column("counted", Money, nullable=False, server_default="0"),
    Column("earned", Money, nullable=False, server_default="0"),  # what the inviter has of it
    # Of what was counted, what was given back since although its share could not be: more only
    # counts beyond it.
    Column("written_off", Money, nullable=False, server_default="0"),
    # how often something was given or taken back
    Column("shares", Integer, nullable=False, server_default="0"),
    CheckConstraint("invited_id <> inviter_id", name="two"),
)
