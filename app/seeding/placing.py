"""Placing one curated record: created, brought up to date, or left as people made it."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.queries.record_state import children_hash
from app.audit.services.recorder import NAMES, created, record_event
from app.core.base import columns_of
from app.core.canonical_json import as_json
from app.core.clock import utcnow
from app.core.codes import ActorKind
from app.core.rules.permissions import Actor
from app.core.types import Given, Model, NewChanges, Values
from app.models import Organization, Person, Recommendation, SeedRecord, Sitting, Tag
from app.register.recommendations.queries.recommendation_details import (
    curated_relations as relations,
)
from app.register.tags.services.tags import direct_tags
from app.seeding.files import LINEAGE_KINDS

SEEDER = Actor(ActorKind.SYSTEM, "seed records")
CURATED = "curated from the source text"
Columns = Values
MASTER_DATA = (Organization, Person, Sitting, Tag)
"""Records that the interface corrects: a load that was approved is the last that changes one."""
FIRST_VERSION = 1

REFERS = {
    "body_id": "organization",
    "broader_id": "tag",
    "document_id": "document",
    "lead_office_id": "organization",
    "organization_id": "organization",
    "parent_id": "organization",
    "person_id": "person",
    "proposal_id": "proposal",
    "session_id": "session",
    "suggested_joint_ids": "organization",
}
"""Column → the kind of record whose numbers stand in it: a difference names records instead."""


@dataclass
class Placing:
    """What a load did: how many records of each kind, and which it left alone.

    *kept* were changed by someone since; *gone* are no longer in the files. *differences* are what
    was changed of a record, or would have been: field → (before, after), other records by name;
    ``children`` are the rows that were withdrawn, and those that came.
    """

    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    kept: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    differences: dict[str, NewChanges] = field(default_factory=dict)


@dataclass(frozen=True)
class Curated:
    """One record as the curated files have it.

    *content* is what the file says, *columns* what it means for the table, *start* the columns
    that only a new record gets, *children* writes the rows that hang on it. A *frozen* one is
    never changed once it stands.
    """

    model: Model
    content: Given
    columns: Columns
    children: Callable[[Any], None] | None = None
    start: Columns = field(default_factory=dict)
    frozen: bool = False

    @property
    def key(self) -> str:
        """The column that no two records have alike."""
        return "reference" if "reference" in self.columns else "slug"

    @property
    def name(self) -> tuple[str, str]:
        """Its kind, as events call it, and what that column holds."""
        return NAMES[self.model], self.columns[self.key]

    @property
    def title(self) -> str:
        """How a load names it."""
        return " ".join(self.name)


def digest(content: object) -> str:
    """Return the SHA-256 of curated *content*, whatever the order of its fields."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def has_own_life(record: Any, seen: SeedRecord) -> bool:
    """Return whether people, a reform or an approved load changed *record* since it was loaded.

    *seen* is what the last load left of it. What is curated word for word is corrected in the
    files alone, so an approved load leaves it to the next; master data is not.
    """
    by_load = isinstance(record, MASTER_DATA) and seen.version > FIRST_VERSION
    return by_load or bool(seen.version != record.version)


def changed(name: str, old: object, new: object) -> NewChanges:
    """Return the change of a field, or nothing where there is none."""
    return {} if old == new else {name: (old, new)}


def said_in(row: object, owner: Given) -> Values:
    """Return what a *row* says that hangs on its *owner*: its filled columns but numbers."""
    names = (n for n in columns_of(type(row)) if n not in {"id", *owner})
    return {name: value for name in names if (value := getattr(row, name)) is not None}


class Placer:
    """Places records one by one: the session it writes to, and what it has done so far."""

    def __init__(self, session: Session, step: Callable[[], object], actor: Actor = SEEDER) -> None:
        self.session = session
        self.actor = actor
        self.step = step
        self.outcome = Placing()
        self.seen = {(s.kind, s.reference): s for s in session.scalars(sa.select(SeedRecord))}
        self.ids: dict[tuple[str, str], int] = {}
        self.names: dict[tuple[str, int], str] = {}
        self.replaced: tuple[list[Values], list[Values]] = ([], [])
        """The rows that the record in hand lost, and those it got instead."""
        self.written: dict[tuple[str, str], int] = {}
        """Kind and reference of what this load created or updated → the event that tells it."""

    def place(self, curated: Curated) -> Any:
        """Create or update one record, unless it has a life of its own by now, and return it."""
        model, (kind, reference) = curated.model, curated.name
        mark, seen = digest(curated.content), self.seen.get(curated.name)
        own = getattr(model, curated.key) == reference
        record = self.session.scalar(sa.select(model).where(own))
        if record is None:
            record = model(**curated.columns, **curated.start)
            self.create(record, curated)
            self.remember(curated.name, mark, record)
        elif seen is not None and seen.digest == mark:
            self.outcome.unchanged[kind] += 1
        elif seen is None or curated.frozen or has_own_life(record, seen):
            self.outcome.kept.append(curated.title)
            changes = self.column_changes(record, curated)
            self.outcome.differences[curated.title] = self.named_pairs(changes)
        else:
            self.update(record, curated)
            self.remember(curated.name, mark, record)
        self.ids[curated.name] = record.id
        self.names[kind, record.id] = reference
        self.step()
        return record

    def create(self, record: object, curated: Curated) -> None:
        """Add *record* with its children and the event of its creation."""
        self.session.add(record)
        self.session.flush()
        if curated.children:
            curated.children(record)
        changes = self.first_state(record, curated.content)
        sequence = created(self.session, self.actor, record, changes, CURATED)
        self.written[curated.name] = sequence
        self.outcome.created[curated.name[0]] += 1
        self.outcome.new.append(curated.title)

    def first_state(self, record: object, content: Given) -> NewChanges:
        """Return what the history of a new recommendation begins with."""
        if not isinstance(record, Recommendation):
            return {}
        names = ("progress", "acceptance", "lead_office_id", "lead_status")
        state: NewChanges = {n: (None, getattr(record, n)) for n in names}
        state |= changed("lineage", [], self.relations_of(record, content))
        return state | {"tags": ([], self.tags_of(record))}

    def relations_of(self, record: object, content: Given) -> list[str]:
        """Return how a recommendation will relate to others: as it does, and as *content* says."""
        if not isinstance(record, Recommendation):
            return []
        named = {f"{kind} {other}" for kind in LINEAGE_KINDS for other in content.get(kind, [])}
        return sorted(named | set(relations(self.session, record.id)))

    def tags_of(self, record: object) -> list[str]:
        """Return the tags of a recommendation; no other record has any."""
        if not isinstance(record, Recommendation):
            return []
        return sorted(direct_tags(self.session, record))

    def update(self, record: Any, curated: Curated) -> None:
        """Bring an untouched *record* to what the curated file says now."""
        changes = self.column_changes(record, curated)
        changes |= self.hang_again(record, curated)
        kind = curated.name[0]
        with self.session.no_autoflush:
            for name, value in curated.columns.items():
                setattr(record, name, value)
            self.written[curated.name] = record_event(
                self.session, self.actor, record, f"{kind}.edited", changes, note=CURATED
            )
        self.session.flush()
        self.outcome.updated[kind] += 1
        named = self.named_pairs(changes)
        if "children" in changes:
            lost, came = self.replaced
            named["children"] = ([self.named(r) for r in lost], [self.named(r) for r in came])
        self.outcome.differences[curated.title] = named

    def named_pairs(self, changes: NewChanges) -> NewChanges:
        """Return *changes* with the names of the records whose numbers stand in them."""
        return {
            name: (self.named({name: before})[name], self.named({name: after})[name])
            for name, (before, after) in changes.items()
        }

    def named(self, values: Given) -> Values:
        """Return *values* with the names of the records that this load placed, for their numbers.

        Numbers of what is new differ from one attempt to the next; names do not.
        """
        return {name: self.name_of(REFERS.get(name), value) for name, value in values.items()}

    def name_of(self, kind: str | None, value: object) -> object:
        """Return the name of the record of *kind* with the number *value*; several have commas."""
        if kind is None or value is None:
            return value
        numbers = str(value).split(",")
        return ",".join(self.names.get((kind, int(number)), number) for number in numbers)

    def column_changes(self, record: Any, curated: Curated) -> NewChanges:
        """Return in which columns *record* differs from the curated file, as (before, after)."""
        return {
            name: (as_json(getattr(record, name)), as_json(value))
            for name, value in curated.columns.items()
            if getattr(record, name) != value and name not in ("text", "search_text")
        }

    def hang_again(self, record: Any, curated: Curated) -> NewChanges:
        """Write what hangs on *record* anew, and return what that changes."""
        self.replaced = ([], [])
        tags, hung = self.tags_of(record), children_hash(self.session, record)
        related = relations(self.session, record.id)
        if curated.children:
            curated.children(record)
            self.session.flush()
        changes = changed("tags", tags, self.tags_of(record))
        changes |= changed("children", hung, children_hash(self.session, record))
        if isinstance(record, Recommendation):
            changes |= changed("lineage", related, self.relations_of(record, curated.content))
        return changes

    def remember(self, name: tuple[str, str], mark: str, record: Any) -> None:
        """Note what was loaded and which version the record has now."""
        seen = self.seen.get(name)
        if seen is None:
            seen = SeedRecord(kind=name[0], reference=name[1])
            self.session.add(seen)
            self.seen[name] = seen
        seen.digest, seen.version = mark, record.version

    def replace(self, model: Model, rows: list[Columns], **owner: int) -> None:
        """Make *rows* the standing rows of *owner*; those that differ from them are withdrawn."""
        wanted = [{**row, **owner} for row in rows]
        lost, came = self.replaced
        standing = sa.select(model).filter_by(**owner).where(model.withdrawn_at.is_(None))
        for old in self.session.scalars(standing.order_by(model.id)):
            same = next((w for w in wanted if all(getattr(old, k) == w[k] for k in w)), None)
            if same is None:
                lost.append(said_in(old, owner))
                old.withdrawn_at = utcnow()
            else:
                wanted.remove(same)
        came += [{n: v for n, v in row.items() if n not in owner} for row in wanted]
        self.session.add_all([model(**row) for row in wanted])

    def id_of(self, kind: str, reference: str | None) -> int | None:
        """Return the id of a record placed before."""
        return None if reference is None else self.ids[kind, reference]
