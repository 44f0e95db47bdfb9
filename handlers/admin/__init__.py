"""What admins do; for everybody else these don't exist."""
