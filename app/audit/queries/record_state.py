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

from app.audit.rules.chain import seal_of
from app.core.canonical_json import as_json, canonical_json
from app.core.types import Given, Model, Row, Values
from app.models import (
    AccessKey,
    Approval,
    Assignment,
    Attachment,
    CalendarEdition,
    CategoryScheme,
    Commitment,
    Contact,
    Correction,
    Cosignature,
    Countersignature,
    DelayExplanation,
    Document,
    Evaluation,
    Exchange,
    Extension,
    File,
    KeySecret,
    LabelScheme,
    Milestone,
    Notice,
    Organization,
    OrganizationName,
    Passage,
    Person,
    Press,
    Principal,
    PrincipalRole,
    Proposal,
    ProposalMark,
    Proposer,
    Recommendation,
    Remark,
    Reply,
    ReplyPoint,
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

Condition = sa.ColumnElement[bool]
Number = sa.BindParameter[int]

FOLLOWS = sa.and_(
    Task.assignment_id.is_(None),
    Task.commitment_id.is_(None),
    Task.recommendation_id.is_not(None),
)
"""Tasks that follow from the state of a recommendation; each other one is covered by events."""

OF_PROPOSAL = sa.and_(
    Task.assignment_id.is_(None),
    Task.commitment_id.is_(None),
    Task.recommendation_id.is_(None),
)
"""Tasks about a proposal as a whole, before its dispatch."""


def by(column: Any) -> Callable[[Number], Condition]:
    """Return the function from the number of a record to the condition that *column* names it."""
    return lambda number: column == number


def tasks_of_proposal(number: Number) -> Condition:
    """Return the condition of the tasks about a proposal as a whole."""
    return sa.and_(Task.proposal_id == number, OF_PROPOSAL)


def notices_of_proposal(number: Number) -> Condition:
    """Return the condition of the notices of those tasks."""
    return Notice.task_id.in_(sa.select(Task.id).where(tasks_of_proposal(number)))


HANGING: dict[Model, dict[str, tuple[Model, Callable[[Number], Condition]]]] = {
    AccessKey: {"secrets": (KeySecret, by(KeySecret.key_id))},
    Approval: {"exchanges": (Exchange, by(Exchange.approval_id))},
    Assignment: {
        "contacts": (Contact, by(Contact.assignment_id)),
        "countersignatures": (Countersignature, by(Countersignature.assignment_id)),
        "evaluations": (Evaluation, by(Evaluation.assignment_id)),
        "explanations": (DelayExplanation, by(DelayExplanation.assignment_id)),
        "extensions": (Extension, by(Extension.assignment_id)),
        "notices": (Notice, by(Notice.assignment_id)),
        "points": (ReplyPoint, by(ReplyPoint.assignment_id)),
        "presses": (Press, by(Press.assignment_id)),
        "replies": (Reply, by(Reply.assignment_id)),
        "tasks": (Task, by(Task.assignment_id)),
    },
    Commitment: {
        "milestones": (Milestone, by(Milestone.commitment_id)),
        "notices": (Notice, by(Notice.commitment_id)),
        "remarks": (Remark, by(Remark.commitment_id)),
        "tasks": (Task, by(Task.commitment_id)),
    },
    File: {"attachments": (Attachment, by(Attachment.file_id))},
    Organization: {"names": (OrganizationName, by(OrganizationName.organization_id))},
    Proposal: {
        "cosignatures": (Cosignature, by(Cosignature.proposal_id)),
        "marks": (ProposalMark, by(ProposalMark.proposal_id)),
        "notices": (Notice, notices_of_proposal),
        "tasks": (Task, tasks_of_proposal),
    },
}
"""What hangs on a record, by its role: the model of its rows, and which of them are its own."""


def from_events(model: Model, values: Given) -> Values:
    """Return *values* of events as rows of *model* hold them: days are dates again."""
    columns = model.__table__.columns
    days = {c.key for c in columns if isinstance(c.type, sa.Date)}
    return {n: date.fromisoformat(v) if n in days and v else v for n, v in values.items()}


def columns_of(model: Model) -> list[str]:
    """Return the names of the columns of *model*."""
    return list(sa.inspect(model).column_attrs.keys())


def state_hash(session: Session, model: Model, record: object, **after: Any) -> str:
    """Return the SHA-256 of the state of *record*, an entity of *model* or a row of its columns.

    *after* are columns as they will be.
    """
    return hashed(state_of(session, model, record) | after)


def is_state(session: Session, model: Model, record: object, known: str) -> bool:
    """Return whether *known* is the hash of the state of *record*."""
    return known == state_hash(session, model, record)


def state_of(session: Session, model: Model, record: Any) -> Values:
    """Return every filled column of *record*, and the rows that hang on it by their role."""
    state = filled(model, record)
    if model is Principal:
        state |= {name: v for name, v in of_principal(session, record).items() if v}
    hung = hanging(session, model, record, filled)
    return state | {role: rows for role, rows in hung.items() if rows}


def filled(model: Model, row: Row) -> Values:
    """Return the columns of *row* that are neither empty nor outside the hash, as JSON values."""
    values = ((name, getattr(row, name)) for name in covered_columns(model))  # type: ignore[arg-type]
    return {name: as_json(value) for name, value in values if value is not None}


@cache
def covered_columns(model: Model) -> tuple[str, ...]:
    """Return the names of the columns of *model* that a hash covers."""
    outside = SEALED.get(model, frozenset()) | DERIVED.get(model, frozenset())
    return tuple(name for name in columns_of(model) if name not in outside)


def hanging(
    session: Session, model: Model, record: Any, shown: Callable[[Model, Any], Any]
) -> dict[str, list[Any]]:
    """Return the rows that hang on *record* by their role, in order, each as *shown* has it."""
    with session.no_autoflush:
        return {
            role: [shown(other, row) for row in session.execute(rows, {"number": record.id})]
            for role, other, rows in hung(model)  # type: ignore[arg-type]
        }


@cache
def hung(model: Model) -> list[tuple[str, Model, sa.Select]]:
    """Return the role, model and SELECT of all that hangs on the record *number* of *model*."""
    found = []
    for role, (other, own) in HANGING.get(model, {}).items():
        columns = [getattr(other, name) for name in columns_of(other)]
        rows = sa.select(*columns).where(own(sa.bindparam("number"))).order_by(other.id)
        found.append((role, other, rows))
    return found


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
