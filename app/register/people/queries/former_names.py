"""Names of tags and organizations as they were: read from the events that changed one."""

import json
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.rules.sentences import Name
from app.core.codes import Outcome
from app.core.queries.rows import View
from app.core.types import Values
from app.models import Event
from app.register.people.queries.reference_data import ReferenceData

NAMES = ("name_zh", "name_en")
RENAMING = ("organization.edited", "organization.renamed", "tag.edited")


class Renaming(NamedTuple):
    """That something was called otherwise before an event: its names until then."""

    sequence: int
    at: datetime
    before: dict[str, str | None]


class Names:
    """What tags and organizations are called now, and were called before."""

    def __init__(self, vocabulary: ReferenceData, events: list[Any]) -> None:
        self.vocabulary = vocabulary
        self.renamings: dict[tuple[str, int], list[Renaming]] = {}
        for event in events:
            before = {n: pair[0] for n, pair in json.loads(event.changes).items() if n in NAMES}
            if before:
                known = self.renamings.setdefault((event.record_type, event.record_id), [])
                known.append(Renaming(event.sequence, event.at, before))

    def at(self, kind: str, number: int, shown: Values, sequence: int) -> Values:
        """Return the short form of a tag or an organization with its names after *sequence*.

        *shown* is the present one.
        """
        later = [r for r in self.renamings.get((kind, number), []) if r.sequence > sequence]
        for renaming in reversed(later):
            shown = shown | renaming.before
        return shown

    def organization(self, number: int | None, sequence: int) -> Name | None:
        """Return how an organization was called after the event *sequence*, in zh and en."""
        if number is None:
            return None
        shown = self.vocabulary.organization_by_id[number]
        return name_of_ref(self.at("organization", number, shown, sequence))

    def tag(self, slug: str, sequence: int) -> Name:
        """Return how a tag was called after the event *sequence*."""
        tag = self.vocabulary.tag_by_slug[slug]
        return name_of_ref(self.at("tag", tag.id, tag.shown, sequence))

    def sequence_of(self, moment: datetime) -> int:
        """Return the last change of a name at or before *moment*; 0 where there was none."""
        known = (r for rows in self.renamings.values() for r in rows if r.at <= moment)
        return max((renaming.sequence for renaming in known), default=0)

    def vocabulary_at(self, moment: datetime) -> ReferenceData:
        """Return the vocabulary with the names of *moment*."""
        if not self.renamings:
            return self.vocabulary
        known, sequence = self.vocabulary, self.sequence_of(moment)
        tags = [
            tag._replace(shown=self.at("tag", tag.id, tag.shown, sequence))
            for tag in known.tag_by_id.values()
        ]
        organizations = [
            View(id=number, **self.at("organization", number, shown, sequence))
            for number, shown in known.organization_by_id.items()
        ]
        return ReferenceData(known.version, tags, organizations, known.book)


def name_of_ref(shown: Values) -> Name:
    """Return the names in a short form; one without an English name has that in Chinese."""
    return shown["name_zh"], shown["name_en"] or shown["name_zh"]


def names(session: Session, vocabulary: ReferenceData) -> Names:
    """Return what tags and organizations are called, by *vocabulary*, and were called before."""
    columns = (Event.sequence, Event.at, Event.record_type, Event.record_id, Event.changes)
    renamed = sa.or_(*(Event.changes.contains(f'"{name}"', autoescape=True) for name in NAMES))
    rows = sa.select(*columns).where(
        Event.record_type.in_([operation.partition(".")[0] for operation in RENAMING]),
        Event.operation.in_(RENAMING),
        Event.outcome == Outcome.DONE,
        renamed,
    )
    return Names(vocabulary, list(session.execute(rows.order_by(Event.sequence))))
