"""What the shop does, with no Telegram in it."""
