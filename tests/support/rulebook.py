"""Editions of the papers, as rows."""

from types import SimpleNamespace

OPTIONAL = dict.fromkeys(("assessment", "label_scheme", "note_zh", "note_en"))


def row(content):
    """Return *content* as the row of a table."""
    return SimpleNamespace(**{"is_default": False, "sessions": []} | OPTIONAL | content)
