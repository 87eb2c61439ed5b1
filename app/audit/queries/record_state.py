"""What an event's record hash covers: every filled column of a record and of what hangs on it.

An empty column has no part in it, so that one that a later release adds makes no event false.
Names and subjects of principals stand for themselves only as seals, so that the hash of an erased
person tells nothing. Hashes of the scheme before are those of `former_state`.
"""

import hashlib
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.queries.hanging_rows import HANGING, Hung, hanging_on
from app.audit.rules.chain import seal_of
from app.core.base import columns_of
from app.core.canonical_json import as_json, canonical_json
from app.core.types import Given, Model, Row, Values
from app.models import (
    AccessKey,
    Approval,
    Assignment,
    CalendarEdition,
    CategoryScheme,
    Commitment,
    Correction,
    Document,
    File,
    LabelScheme,
    Organization,
    Passage,
    Person,
    Principal,
    PrincipalRole,
    Proposal,
    Proposer,
    Recommendation,
    RuleProfile,
    SealedValue,
    Sitting,
    Stretch,
    Tag,
    Task,
    Withholding,
)

RECORDS: dict[str, Model] = {
    "approval": Approval,
    "assignment": Assignment,
    "calendar": CalendarEdition,
    "category_scheme": CategoryScheme,
    "commitment": Commitment,
    "document": Document,
    "file": File,
    "key": AccessKey,
    "label_scheme": LabelScheme,
    "organization": Organization,
    "person": Person,
    "principal": Principal,
    "profile": RuleProfile,
    "proposal": Proposal,
    "recommendation": Recommendation,
    "session": Sitting,
    "tag": Tag,
    "withholding": Withholding,
}
"""Every record that events explain, by the name that events give it."""

SEALED: dict[Model, frozenset[str]] = {
    Approval: frozenset({"personal", "staged"}),
    Principal: frozenset({"name", "subject"}),
}
"""Columns of which seals or a digest are covered instead, by model: they may go."""

NEXT_CLOCK = frozenset({"next_due_on", "next_clock", "public_due_on", "public_clock"})

DERIVED: dict[Model, frozenset[str]] = {
    Assignment: NEXT_CLOCK,
    Commitment: NEXT_CLOCK,
    Person: frozenset({"delegation", "member_key", "sector"}),
    Proposal: NEXT_CLOCK | {"case_key"},
    Recommendation: NEXT_CLOCK | {"answered_for", "promised_for"},
    Task: frozenset({"publication", "fires_on"}),
}
"""Index columns: kept by the transaction, checked by flask verify, outside the record's hash.

They follow from other records: what is waited for next, who sees an answer, when the next
reminder fires; of a person, from what is sealed. One that the model does not have is no error.
"""


def from_events(model: Model, values: Given) -> Values:
    """Return *values* of events as rows of *model* hold them: days are dates again."""
    columns = model.__table__.columns
    days = {c.key for c in columns if isinstance(c.type, sa.Date)}
    return {n: date.fromisoformat(v) if n in days and v else v for n, v in values.items()}


def state_hash(session: Session, model: Model, record: object, **after: Any) -> str:
    """Return the SHA-256 of the state of *record*, an entity of *model* or a row of its columns.

    *after* are columns as they will be.
    """
    return hashed(state_of(session, model, record) | after)


def is_state(session: Session, model: Model, record: object, known: str, hung: Hung) -> bool:
    """Return whether *known* is the hash of the state of *record*, on which *hung* hangs."""
    return known == hashed(state_of(session, model, record, hung))


def state_of(session: Session, model: Model, record: Any, hung: Hung | None = None) -> Values:
    """Return every filled column of *record*, and the rows that hang on it by their role.

    Those are read, unless they are given.
    """
    state = filled(model, record)
    if model is Principal:
        state |= {name: v for name, v in of_principal(session, record).items() if v}
    rows = hanging_on(session, model, record.id) if hung is None else hung
    return state | {role: own for role, own in hung_as(model, rows, filled).items() if own}


def filled(model: Model, row: Row) -> Values:
    """Return the columns of *row* that are neither empty nor outside the hash, as JSON values."""
    values = ((name, getattr(row, name)) for name in covered_columns(model))  # type: ignore[arg-type]
    return {name: as_json(value) for name, value in values if value is not None}


@cache
def covered_columns(model: Model) -> tuple[str, ...]:
    """Return the names of the columns of *model* that a hash covers."""
    outside = SEALED.get(model, frozenset()) | DERIVED.get(model, frozenset())
    return tuple(name for name in columns_of(model) if name not in outside)


def hung_as(
    model: Model, hung: Hung, as_shown: Callable[[Model, Any], Any]
) -> dict[str, list[Any]]:
    """Return the rows that hang on a record of *model*, each as *as_shown* has it."""
    return {
        role: [as_shown(one.model, row) for row in hung.get(role, ())]
        for role, one in HANGING.get(model, {}).items()
    }


def hashed(state: Given) -> str:
    """Return the SHA-256 of *state*, dates and moments as text."""
    shown = {n: as_json(v) for n, v in state.items()}
    return hashlib.sha256(canonical_json(shown).encode()).hexdigest()


def of_principal(session: Session, record: Any) -> Values:
    """Return the roles of a principal, and its subject sealed with the salt of its name."""
    own = PrincipalRole.principal_id == record.id
    seal = SealedValue.seal == record.name_seal
    with session.no_autoflush:
        roles = session.scalars(sa.select(PrincipalRole.role).where(own)).all()
        salt = session.scalar(sa.select(SealedValue.salt).where(seal))
    known = record.subject is not None and salt is not None
    return {
        "roles": sorted(roles),
        "subject": seal_of(salt or "", record.subject or "") if known else None,
    }


CHILDREN: dict[Model, tuple[tuple[Model, str], ...]] = {
    Document: ((Correction, "document_id"), (Stretch, "document_id")),
    Proposal: ((Proposer, "proposal_id"), (Passage, "proposal_id")),
    Recommendation: ((Passage, "recommendation_id"),),
}
"""The rows that come with a record from the curated files: model and column of the owner."""


def children_hash(session: Session, record: Any) -> str | None:
    """Return the SHA-256 of all rows that hang on *record*, or did; None where none can."""
    return children_hashes(session, type(record), [record.id]).get(record.id)


def with_table(model: Model, row: Row) -> list[Any]:
    """Return the filled columns of *row* after the name of its table."""
    return [model.__tablename__, filled(model, row)]


def children_hashes(
    session: Session,
    model: Model,
    ids: list[int],
    shown: Callable[[Model, Any], Any] = with_table,
) -> dict[int, str]:
    """Return the same for the records *ids* of *model*, by id; each row as *shown* has it."""
    if model not in CHILDREN:
        return {}
    found: dict[int, list[list[Any]]] = {number: [] for number in ids}
    for child, owner in CHILDREN[model]:
        columns = [getattr(child, name) for name in columns_of(child)]
        own = getattr(child, owner).in_(ids)
        for row in session.execute(sa.select(*columns).where(own)):
            found[getattr(row, owner)].append(shown(child, row))
    return {
        number: hashed({"children": sorted(rows, key=canonical_json)})
        for number, rows in found.items()
    }
