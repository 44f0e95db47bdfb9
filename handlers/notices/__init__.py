"""Messages that nobody asked for."""
