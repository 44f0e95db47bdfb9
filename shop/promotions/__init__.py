"""Coupons and invitations."""
