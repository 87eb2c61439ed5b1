"""Proposals and who made them."""
