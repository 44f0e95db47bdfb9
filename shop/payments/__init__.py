"""Money that comes in and goes back, wallets, and the audit of the books."""
