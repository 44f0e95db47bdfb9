"""From notice rows to messages."""
