"""Amounts are `Decimal` in the account's currency; rates are per 1000 units."""

from decimal import Decimal


def plain(amount: Decimal) -> str:
    """The exact amount without an exponent, at least two decimals: `100.00`, `0.27819`."""
    whole, _, decimals = format(amount, "f").partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def per_thousand(rate: Decimal, units: int) -> Decimal:
    """Exact: a shift by three digits instead of a division."""
    return (rate * units).scaleb(-3)
