"""What runs in the background, and where."""
