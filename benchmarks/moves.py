"""The synthetic events of moves, chained as the register chains its own."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.audit.rules.chain import CHAINED, event_hash
from app.core.canonical_json import canonical_json


class Chain:
    """Events one after the other, from the last one that a database has."""

    COLUMNS = (*CHAINED, "hash")

    def __init__(self, sequence: int, last_hash: str) -> None:
        self.sequence = sequence
        self.hash = last_hash
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def event(self, draft: dict[str, Any]) -> tuple[Any, ...]:
        """Return the event that moved *draft* to its progress, and note its place in *draft*."""
        self.sequence += 1
        self.at += timedelta(seconds=1)
        office_id, office_name = draft["office"]
        row = {
            "sequence": self.sequence,
            "at": self.at.isoformat(),
            "operation": "recommendation.progress_changed",
            "record_type": "recommendation",
            "record_id": draft["id"],
            "record_reference": f"S-R{draft['id']:08}",
            "record_version": 2,
            "publication": draft["publication"],
            "changes": canonical_json({"progress": ["not_started", draft["progress"]]}),
            "note": None,
            "actor_kind": "integrator",
            "actor_name": "synthetic",
            "principal_id": None,
            "office_id": office_id,
            "office_name": office_name,
            "key_prefix": None,
            "request_id": None,
            "outcome": "done",
            "previous_hash": self.hash,
            "scheme": None,
            "actor_seal": None,
            "approval_id": None,
            "record_hash": None,
        }
        self.hash = event_hash(row)
        at = self.at.strftime("%Y-%m-%d %H:%M:%S.%f")
        draft |= {"last_move": self.sequence, "moved_at": at}
        return tuple((row | {"at": at, "hash": self.hash}).values())
