"""What was done to a record, and how it stood at a past moment."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.visibility import visible
from app.audit.rules.narration import narrate
from app.audit.rules.sealed_texts import is_free
from app.audit.rules.sentences import Name
from app.core.queries.rows import View
from app.core.rules.permissions import Actor
from app.core.types import Given, Row, Values
from app.models import Proposal, Recommendation
from app.register.files.queries import evidence
from app.register.people.queries.former_names import name_of_ref
from app.register.people.queries.reference_data import ReferenceData
from app.tasks.rules.holders import OFFICE_FIELDS, OFFICE_LISTS

HIDDEN_FIELDS = ("reference", "children")
"""Fields of a creation that every record has and no reader needs."""


RELATED = (
    "superseded_by",
    "supersedes",
    "lineage",
    "relation",
    "recommendations",
    "unanswered",
    "outcomes",
)
"""Fields that name other recommendations."""

RELATED_PROPOSALS = ("clock_of", "raised_in", "replaces")
"""Fields that name other proposals."""


SAID = frozenset({"outcomes", "percent"})
"""Fields that are withheld with the words, though nobody wrote them."""

NAMED = frozenset(
    {
        *RELATED,
        *RELATED_PROPOSALS,
        "categories",
        "countersign",
        "giver_id",
        "redispatched",
        "reply",
        "tags",
    }
)
"""Fields that name records and tags: they are what happened, and not what was said of it."""


def without_words(changes: Values) -> Values:
    """Return *changes* without what someone wrote, or answered."""
    return {
        name: pair
        for name, pair in changes.items()
        if name in NAMED or not (name in SAID or is_free(name, pair))
    }


def references_in(value: Any) -> set[str]:
    """Return the references that a value of one of RELATED names: a relation's last word."""
    texts = list(value) if isinstance(value, list | dict) else [value]
    return {text.rpartition(" ")[2] for text in texts if text}


def known_references(
    session: Session,
    actor: Actor,
    events: Iterable[Row],
    fields: Iterable[str] = RELATED,
    model: type[Recommendation] | type[Proposal] = Recommendation,
) -> frozenset[str]:
    """Return which of the records of *model* that *fields* of *events* name *actor* sees now."""
    name_of_ref: set[str] = set()
    for event in events:
        changes = json.loads(event.changes)
        for name in changes.keys() & set(fields):
            name_of_ref = name_of_ref.union(*map(references_in, changes[name]))
    if not name_of_ref:
        return frozenset()
    statement = sa.select(model.reference).where(model.reference.in_(name_of_ref))
    return frozenset(session.scalars(visible(statement, actor, model)))


def shown_relation(value: object, known: frozenset[str]) -> Any:
    """Return a value of one of RELATED without the records that are not *known*."""
    if isinstance(value, list):
        return [text for text in value if references_in(text) <= known]
    if isinstance(value, dict):
        return {text: said for text, said in value.items() if text in known}
    return value if references_in(value) <= known else None


def shown_event(
    event: Row, vocabulary: ReferenceData, known: frozenset[str], hidden: frozenset[int]
) -> View:
    """Return *event* of a recommendation as the API shows it: offices by slug, and its sentence.

    Of other recommendations, and of files, only those that are *known* are named; events whose
    words are *hidden*, by sequence, are told without them.
    """
    changes, others = known_changes(json.loads(event.changes), known), {}
    if event.sequence in hidden:
        changes, others = without_words(changes), {"note": None}
    shown = translated(changes, slug_by(vocabulary))
    story = narrate(event.operation, translated(changes, name_by(vocabulary)))
    return as_shown(event, shown, story, **others)


def as_shown(event: Row, changes: Given, story: Name, **others: Any) -> View:
    """Return *event* as the API shows it; *others* take the place of its own values."""
    names = (
        "sequence",
        "at",
        "operation",
        "record_type",
        "record_reference",
        "note",
        "actor_kind",
        "office_name",
        "record_version",
    )
    values = {name: getattr(event, name) for name in names} | {"actor_name": event.shown_name}
    values |= {"changes": changes, "story_zh": story[0], "story_en": story[1]}
    return View(**values | others)


def known_changes(changes: Values, known: frozenset[str]) -> Values:
    """Return *changes* without other records that are not *known*, by reference.

    Evidence that is a file which is not *known* is left out whole, its title with it.
    """
    for name in changes.keys() & set(evidence.FIELDS):
        changes[name] = [
            pieces and evidence.known_evidence(pieces, known) for pieces in changes[name]
        ]
    for name in changes.keys() & {*RELATED, *RELATED_PROPOSALS}:
        changes[name] = [shown_relation(value, known) for value in changes[name]]
    return changes


def slug_by(vocabulary: ReferenceData) -> Callable[[int], str]:
    """Return what gives the slug of an organization."""
    slugs = {number: ref["slug"] for number, ref in vocabulary.organization_by_id.items()}
    return slugs.__getitem__


def name_by(vocabulary: ReferenceData) -> Callable[[int], Name]:
    """Return what gives the present name of an organization."""
    return lambda number: name_of_ref(vocabulary.organization_by_id[number])


def translated(changes: Mapping[str, list[Any]], office: Callable[[int], Any]) -> Values:
    """Return *changes* with the names of the API, and *office* of each id of an organization."""
    shown: Values = {}
    for name, pair in changes.items():
        if name in OFFICE_FIELDS:
            shown[OFFICE_FIELDS[name]] = [None if v is None else office(v) for v in pair]
        elif name in OFFICE_LISTS:
            lists = [sorted(value or []) for value in pair]
            shown[OFFICE_LISTS[name]] = [[office(number) for number in ids] for ids in lists]
        elif name not in HIDDEN_FIELDS:
            shown[name] = pair
    return shown
