"""The canonical form of an event and the hash that chains it to the one before."""

import hashlib
import json
from typing import Any

FIRST_HASH = "0" * 64

CHAINED = (
    "sequence", "at", "operation", "record_type", "record_id", "record_reference",
    "record_version", "publication", "changes", "note", "actor_kind", "actor_name",
    "principal_id", "office_id", "office_name", "key_prefix", "request_id", "outcome",
    "previous_hash",
)  # fmt: skip
"""The columns of an event that its hash covers, in this order."""


def event_hash(row: dict[str, Any]) -> str:
    """Return the SHA-256, in hex, of an event's canonical form.

    *row* holds every column of CHAINED, with ``at`` as RFC 3339 text in UTC.
    """
    values = json.dumps([row[name] for name in CHAINED], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(values.encode()).hexdigest()
