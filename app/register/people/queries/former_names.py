"""Names of tags and organizations as they were: read from the events that changed one."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.rules.sentences import Name
from app.core.codes import Outcome
from app.core.queries.rows import View
from app.core.types import Values
from app.models import Event, Sitting
from app.register.people.queries.reference_data import ReferenceData

NAMES = ("name_zh", "name_en")
RENAMING = ("organization.edited", "organization.renamed", "tag.edited")


class Renaming(NamedTuple):
    """That something was called otherwise before an event: its names until then."""

    sequence: int
    at: datetime
    before: dict[str, str | None]


class Names:
    """What tags and organizations are called now, and were called before.

    *sitting* gives the name of a session by its slug.
    """

    def __init__(
        self, vocabulary: ReferenceData, events: list[Any], sitting: Callable[[str], Name]
    ) -> None:
        self.vocabulary = vocabulary
        self.sitting = sitting
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

    def profile(self, reference: str) -> Name:
        """Return how an edition of a profile is called, with its reference; else that alone."""
        known = self.vocabulary.book.profiles.get(reference)
        if known is None:
            return reference, reference
        return f"{known.name[0]}（{reference}）", f"{known.name[1]} ({reference})"

    def told(self, changes: Values, sequence: int) -> Values:
        """Return those of *changes* that name tags, categories, profiles or sessions, by name."""
        namers: dict[str, Callable[[str], Name]] = {
            "profile": self.profile,
            "session": self.sitting,
        }
        tags = [[self.tag(slug, sequence) for slug in pair] for pair in changes.get("tags", ())]
        named: Values = {"tags": tags} if tags else {}
        label = self.vocabulary.book.categories.label
        if "categories" in changes:
            named["categories"] = [list(map(label, names or ())) for names in changes["categories"]]
        for field in namers.keys() & changes.keys():
            named[field] = [code and namers[field](code) for code in changes[field]]
        return named

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


def sitting_name(session: Session, slug: str) -> Name:
    """Return how the session *slug* is called; the slug where there is none of that."""
    found = session.scalar(sa.select(Sitting).where(Sitting.slug == slug))
    return (found.name_zh, found.name_en or found.name_zh) if found else (slug, slug)


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
    events = list(session.execute(rows.order_by(Event.sequence)))
    return Names(vocabulary, events, partial(sitting_name, session))
