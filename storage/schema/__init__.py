"""Every table, by subject. Whoever imports one has them all: they belong to the same metadata."""

from storage.schema import (
    base,
    catalogue,
    customers,
    messages,
    operations,
    orders,
    payments,
    types,
    wallets,
)

__all__ = [
    "base",
    "catalogue",
    "customers",
    "messages",
    "operations",
    "orders",
    "payments",
    "types",
    "wallets",
]
