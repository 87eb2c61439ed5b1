"""Canonical JSON: one text for one value, as hashes and columns need it."""

import json
from datetime import date
from typing import Any


def canonical_json(value: object) -> str:
    """Return *value* as JSON with sorted keys, without spaces, characters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def as_json(value: object) -> Any:
    """Return a date or a moment as text, anything else as it is."""
    return value.isoformat() if isinstance(value, date) else value
