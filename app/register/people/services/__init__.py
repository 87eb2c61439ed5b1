"""Changing sessions, persons and organizations."""
