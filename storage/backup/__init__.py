"""Copies of an SQLite file."""
