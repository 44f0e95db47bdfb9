"""What is known of one order: its money, its suborders, what may be asked for, its card."""
