"""Evidence as one reader sees it: without the files that the reader may not see, nor their titles.

What is only a link is as public as the record that it stands in.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.core.base import columns_of
from app.core.queries.rows import View
from app.core.rules.permissions import Actor
from app.core.types import Row, Values
from app.models import File
from app.register.files.queries.files import seen

Evidence = list[dict[str, str]]

FIELDS = ("evidence", "attachments")
"""Fields of events that hold a list of evidence."""

BATCH = 1000


def known_files(session: Session, actor: Actor, lists: Iterable[Evidence | None]) -> frozenset[str]:
    """Return those of the files that *lists* of evidence name that *actor* may see, by reference.

    Where none is named, nothing is asked.
    """
    named = sorted({item["file"] for pieces in lists for item in pieces or [] if "file" in item})
    found: set[str] = set()
    for first in range(0, len(named), BATCH):
        own = File.reference.in_(named[first : first + BATCH])
        found.update(session.scalars(seen((File.reference,), actor).where(own)))
    return frozenset(found)


def files_in(session: Session, actor: Actor, events: Iterable[Row]) -> frozenset[str]:
    """Return those of the files that *events* name as evidence that *actor* may see."""
    recorded = (json.loads(event.changes) for event in events if '"file":' in event.changes)
    lists = [pieces for changes in recorded for name in FIELDS for pieces in changes.get(name, ())]
    return known_files(session, actor, lists)


def known_evidence(pieces: Evidence | None, known: Collection[str]) -> Evidence:
    """Return *pieces* of evidence without the files that are not *known*."""
    return [item for item in pieces or [] if "file" not in item or item["file"] in known]


def seen_pieces(session: Session, actor: Actor, pieces: Evidence | None) -> Evidence:
    """Return *pieces* of evidence as *actor* may see them."""
    return known_evidence(pieces, known_files(session, actor, [pieces]))


def with_seen(session: Session, actor: Actor, rows: Sequence[Any]) -> list[View]:
    """Return *rows*, of a table or of a SELECT, with their evidence as *actor* may see it."""
    known = known_files(session, actor, (row.evidence for row in rows))
    return [
        View(**values_of(row) | {"evidence": known_evidence(row.evidence, known)}) for row in rows
    ]


def values_of(row: object) -> Values:
    """Return the values of *row* by name."""
    if isinstance(row, View):
        return vars(row)
    if hasattr(row, "_mapping"):
        return dict(row._mapping)
    return {name: getattr(row, name) for name in columns_of(type(row))}
