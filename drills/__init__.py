"""Drills: what must survive kills, crowds and tampering."""
