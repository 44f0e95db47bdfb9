"""Crypto Pay as @CryptoBot offers it: the API, its invoices, and a page on which a person pays one.

It shares nothing with the product: its reading of help.crypt.bot/crypto-pay-api is its own.
"""

from playground.crypto.core import CryptoBot
from playground.crypto.web import crypto_app

__all__ = ["CryptoBot", "crypto_app"]
