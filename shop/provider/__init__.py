"""The provider's account, as the shop sees it: balance, currency, and whether anything may be
sent.
"""
