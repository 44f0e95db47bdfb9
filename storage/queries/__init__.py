"""Statements, one module per subject."""
