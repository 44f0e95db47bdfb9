"""The customer's money at the provider."""

from decimal import Decimal

from playground.provider.orders import Order


class Account:
    """At any moment `balance` is what was paid in minus the net charges of all orders."""

    def __init__(self, balance: Decimal, currency: str) -> None:
        self.balance = balance
        self.currency = currency

    def settle(self, order: Order, net: Decimal) -> None:
        """Makes `net` what the order has cost, taking or giving back the difference."""
        self.balance += order.net - net
        order.net = net
