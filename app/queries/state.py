"""What an event's record hash covers: every column of a record, and what hangs on it by role.

Names and subjects of principals stand for themselves only as seals, so that the hash of an erased
person tells nothing.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.database import as_json, canonical_json
from app.models import (
    AccessKey,
    Approval,
    Assignment,
    Attachment,
    CalendarEdition,
    Commitment,
    Contact,
    Correction,
    Cosignature,
    Countersignature,
    DelayExplanation,
    Document,
    Evaluation,
    Extension,
    File,
    KeySecret,
    LabelScheme,
    Milestone,
    Notice,
    Organization,
    Passage,
    Person,
    Press,
    Principal,
    PrincipalRole,
    Proposal,
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
)
from app.rules.chain import seal_of

RECORDS: dict[str, type[Any]] = {
    "approval": Approval,
    "assignment": Assignment,
    "calendar": CalendarEdition,
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
}
"""Every record that events explain, by the name that events give it."""

SEALED = {Principal: frozenset({"name", "subject"})}
"""Columns that are personal, by model."""


LATER: dict[type[Any], frozenset[str]] = {
    Document: frozenset({"publication"}),
    Proposal: frozenset(
        {"profile", "not_filed_reason", "merged_into_id", "is_key", "supervisor_id", "cosign_until"}
    ),
    Notice: frozenset({"about_id", "ended_on"}),
    Recommendation: frozenset({"look_back_on", "ended_as"}),
    Reply: frozenset({"attachments"}),
    Task: frozenset({"commitment_id", "fired_until", "reply_id", "milestone_id", "awaits_receipt"}),
}
"""Columns that a later release added, by model: while they are empty, a record is hashed as it
was before there were any."""


NEXT = frozenset({"next_due_on", "next_clock", "public_due_on", "public_clock"})
"""When something is next due: an index of the tasks, which no hash covers."""


def columns_of(model: type[Any]) -> list[str]:
    """Return the names of the columns of *model*, but for those that are an index of its tasks."""
    return [column.key for column in sa.inspect(model).column_attrs if column.key not in NEXT]


def state_hash(session: Session, model: type[Any], record: Any, **after: Any) -> str:
    """Return the SHA-256 of the state of *record*, an entity of *model* or a row of its columns.

    *after* are columns as they will be.
    """
    state = state_of(session, model, record) | after
    later = LATER.get(model, frozenset())
    return hashed({n: v for n, v in state.items() if v is not None or n not in later})


def is_state(session: Session, model: type[Any], record: Any, known: str) -> bool:
    """Return whether *known* is the hash of the state of *record*, of this release or an earlier.

    The one before this hashed empty columns that were added later like any others.
    """
    if known == state_hash(session, model, record):
        return True
    return model in LATER and known == hashed(state_of(session, model, record))


def state_of(session: Session, model: type[Any], record: Any) -> dict[str, Any]:
    """Return every column of *record*, and what hangs on it by its role."""
    sealed = SEALED.get(model, frozenset())
    state = {name: getattr(record, name) for name in columns_of(model) if name not in sealed}
    if model in MORE:
        with session.no_autoflush:
            state |= MORE[model](session, record)
    return state


def hashed(state: Mapping[str, Any]) -> str:
    """Return the SHA-256 of *state*, dates and moments as text."""
    shown = {n: as_json(v) for n, v in state.items()}
    return hashlib.sha256(canonical_json(shown).encode()).hexdigest()


def of_principal(session: Session, record: Any) -> dict[str, Any]:
    """Return the roles of a principal, and its subject sealed with the salt of its name."""
    own = PrincipalRole.principal_id == record.id
    roles = session.scalars(sa.select(PrincipalRole.role).where(own)).all()
    salt = session.scalar(sa.select(SealedValue.salt).where(SealedValue.seal == record.name_seal))
    known = record.subject is not None and salt is not None
    return {
        "roles": sorted(roles),
        "subject": seal_of(salt or "", record.subject or "") if known else None,
    }


def of_key(session: Session, record: Any) -> dict[str, Any]:
    """Return the secrets of a key, live and revoked, each with its times."""
    K = KeySecret
    columns = (K.id, K.secret_sha256, K.created_at, K.revoked_at)
    found = session.execute(sa.select(*columns).where(K.key_id == record.id))
    shown = (list(map(as_json, row)) for row in found)
    return {"secrets": sorted(shown, key=canonical_json)}


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


OF_ASSIGNMENT: dict[str, type[Any]] = {
    "contacts": Contact,
    "countersignatures": Countersignature,
    "evaluations": Evaluation,
    "explanations": DelayExplanation,
    "extensions": Extension,
    "notices": Notice,
    "points": ReplyPoint,
    "presses": Press,
    "replies": Reply,
    "tasks": Task,
}
"""What hangs on an assignment; each has its number."""


OF_COMMITMENT: dict[str, type[Any]] = {
    "milestones": Milestone,
    "notices": Notice,
    "remarks": Remark,
    "tasks": Task,
}
"""What hangs on a commitment."""


def of_assignment(session: Session, record: Any) -> dict[str, Any]:
    """Return everything that hangs on an assignment; of what came later, only what there is."""
    shown = {
        name: hanging(session, model, model.assignment_id == record.id)
        for name, model in OF_ASSIGNMENT.items()
    }
    return {name: rows for name, rows in shown.items() if rows or name in ("extensions", "tasks")}


def of_commitment(session: Session, record: Any) -> dict[str, Any]:
    """Return everything that hangs on a commitment."""
    return {
        name: hanging(session, model, model.commitment_id == record.id)
        for name, model in OF_COMMITMENT.items()
    }


def of_proposal(session: Session, record: Any) -> dict[str, Any]:
    """Return who signed a proposal, and what was waited for before its dispatch, if anything."""
    own = sa.and_(Task.proposal_id == record.id, OF_PROPOSAL)
    notices = Notice.task_id.in_(sa.select(Task.id).where(own))
    shown = {
        "cosignatures": hanging(session, Cosignature, Cosignature.proposal_id == record.id),
        "notices": hanging(session, Notice, notices),
        "tasks": hanging(session, Task, own),
    }
    return {name: rows for name, rows in shown.items() if rows}


def of_file(session: Session, record: Any) -> dict[str, Any]:
    """Return what a file is attached to."""
    return {"attachments": hanging(session, Attachment, Attachment.file_id == record.id)}


def hanging(session: Session, model: type[Any], own: Any) -> list[list[Any]]:
    """Return the rows of *model* for which *own* holds; what came later stands at their end."""
    leaving = FOLLOWING.get(model, frozenset())
    later = LATER.get(model, frozenset()) - leaving
    names = [name for name in columns_of(model) if name not in leaving | later]
    more = sorted(later)
    columns = [getattr(model, name) for name in (*names, *more)]
    found = session.execute(sa.select(*columns).where(own).order_by(model.id))
    shown = [list(map(as_json, row)) for row in found]
    return [
        row[: len(names)] + [list(p) for p in zip(more, row[len(names) :], strict=True) if p[1]]
        for row in shown
    ]


FOLLOWING: dict[type[Any], frozenset[str]] = {
    Task: frozenset({"publication", "fires_on"}),
}
"""Columns that follow from others: who sees the proposal, when the next reminder fires."""


MORE: dict[type[Any], Any] = {
    AccessKey: of_key,
    Assignment: of_assignment,
    Commitment: of_commitment,
    File: of_file,
    Principal: of_principal,
    Proposal: of_proposal,
}

CHILDREN: dict[type[Any], tuple[tuple[type[Any], str], ...]] = {
    Document: ((Correction, "document_id"), (Stretch, "document_id")),
    Proposal: ((Proposer, "proposal_id"), (Passage, "proposal_id")),
    Recommendation: ((Passage, "recommendation_id"),),
}
"""The rows that come with a record from the curated files: model and column of the owner."""


def children_hash(session: Session, record: Any) -> str | None:
    """Return the SHA-256 of all rows that hang on *record*, or did; None where none can."""
    return children_hashes(session, type(record), [record.id]).get(record.id)


def children_hashes(session: Session, model: type[Any], ids: list[int]) -> dict[int, str]:
    """Return the same for the records *ids* of *model*, by id."""
    if model not in CHILDREN:
        return {}
    found: dict[int, list[list[Any]]] = {number: [] for number in ids}
    for child, owner in CHILDREN[model]:
        names = sorted(columns_of(child))
        columns = [getattr(child, name) for name in names]
        own = getattr(child, owner)
        for number, *values in session.execute(sa.select(own, *columns).where(own.in_(ids))):
            found[number].append([child.__tablename__, *map(as_json, values)])
    return {
        number: hashed({"children": sorted(rows, key=canonical_json)})
        for number, rows in found.items()
    }
