"""Reads: functions that build a SELECT or run a few; what an actor may see is decided here."""
