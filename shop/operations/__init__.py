"""What changes under a running shop: its clock, its provider account, its bot, old rows."""
