"""Rows of statements with further attributes."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from app.core.types import Row


def expanded(rows: Sequence[Row], **parts: Mapping[int, Any]) -> list[SimpleNamespace]:
    """Return *rows* with further attributes: name → value by the row's id."""
    return [
        SimpleNamespace(
            **row._mapping, **{name: found.get(row.id) for name, found in parts.items()}
        )
        for row in rows
    ]
