"""What customers do."""
