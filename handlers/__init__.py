"""Telegram conversations: one module per family of screens, `views/` for what they look like."""
