"""How the bot speaks with Telegram."""
