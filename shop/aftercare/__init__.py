"""Refills and cancellations."""
