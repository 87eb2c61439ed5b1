"""Where certain words stand in what people wrote: in rows, in documents, and in events.

What is printed in the curated documents is no part of it: it was published before.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.rules.chain import OF_CHANGES, SCHEME
from app.audit.rules.sealed_texts import is_free, leaves
from app.core.codes import ApprovalState, DocumentKind
from app.core.types import Given, Model, Row, Values
from app.models import (
    Approval,
    Assignment,
    Commitment,
    Contact,
    Cosignature,
    Countersignature,
    DelayExplanation,
    Document,
    Evaluation,
    Event,
    Extension,
    File,
    Milestone,
    Press,
    ProgressReport,
    Proposal,
    ProposalMark,
    Recommendation,
    Remark,
    Reply,
    ReplyPoint,
    Withholding,
)


@dataclass(frozen=True)
class Written:
    """The *columns* of a table that people write in, and the record that a row belongs to.

    *owner* is the column that names the record of *kind*; ``id`` where the row is the record.
    """

    kind: str
    owner: str
    columns: tuple[str, ...]


STAGED = "staged"
"""What a request for an import holds while it waits: it goes whole."""

WRITTEN: dict[Model, Written] = {
    Approval: Written("approval", "id", ("reason", "payload", "decision_note", STAGED)),
    Assignment: Written("assignment", "id", ("objection",)),
    Commitment: Written("commitment", "id", ("text",)),
    Contact: Written("assignment", "assignment_id", ("note",)),
    Cosignature: Written("proposal", "proposal_id", ("paper",)),
    Countersignature: Written("assignment", "assignment_id", ("note",)),
    DelayExplanation: Written("assignment", "assignment_id", ("text",)),
    Evaluation: Written("assignment", "assignment_id", ("paper", "comment")),
    Extension: Written("assignment", "assignment_id", ("reason", "decision")),
    File: Written("file", "id", ("filename",)),
    Milestone: Written("commitment", "commitment_id", ("text", "evidence")),
    Press: Written("assignment", "assignment_id", ("text",)),
    ProgressReport: Written("recommendation", "recommendation_id", ("text", "evidence")),
    Proposal: Written("proposal", "id", ("title", "note")),
    ProposalMark: Written("proposal", "proposal_id", ("paper", "note", "end_reason")),
    Recommendation: Written(
        "recommendation", "id", ("summary_zh", "summary_en", "targets", "note")
    ),
    Remark: Written("commitment", "commitment_id", ("text", "evidence")),
    Reply: Written(
        "assignment",
        "assignment_id",
        ("text", "remark", "document_no", "signed_by", "attachments"),
    ),
    ReplyPoint: Written("assignment", "assignment_id", ("text", "check_reason", "promise")),
    Withholding: Written("withholding", "id", ("reason", "release_reason")),
}
"""What people write in, by model; documents that were entered by hand come beside it."""

BY_TABLE = {model.__tablename__: model for model in WRITTEN}
EVENTS, DOCUMENTS = "events", "documents"


@dataclass
class Found:
    """The *places* of some words, and how many others are *kept*: those cannot be erased."""

    places: list[Values] = field(default_factory=list)
    kept: int = 0


def find_words(session: Session, words: str) -> Found:
    """Return every place in which *words* stand, letter for letter.

    A place names a *table*, the *id* of its row and a *column*; of an event its *field*; of a
    document the *spans* of its text (begin and end in characters).
    """
    found = Found()
    for model in WRITTEN:
        found.places += in_rows(session, model, words)
    for document in session.execute(documents_with(words)):
        if document.kind == DocumentKind.FILED_TEXT:
            spans = [[at, at + len(words)] for at in starts_of(document.text, words)]
            place = {"table": DOCUMENTS, "id": document.id, "column": "text", "spans": spans}
            found.places.append(place)
        else:
            found.kept += 1
    for event in session.execute(events_with(words)):
        if event.scheme == SCHEME:
            found.places += in_event(event, words)
        else:
            found.kept += 1
    return found


def holds(column: object, words: str) -> sa.ColumnElement[bool]:
    """Return the condition that *column* may hold *words*, as text or within JSON."""
    text = sa.type_coerce(column, sa.Text)
    return sa.or_(
        text.contains(words, autoescape=True), text.contains(as_json_text(words), autoescape=True)
    )


def as_json_text(words: str) -> str:
    """Return *words* as they stand in JSON between quotation marks."""
    return json.dumps(words, ensure_ascii=False)[1:-1]


def in_rows(session: Session, model: Model, words: str) -> Iterator[Values]:
    """Yield the places of *words* in the rows of *model*.

    What a request for approval will carry out is none while it waits.
    """
    names = WRITTEN[model].columns
    columns = {name: getattr(model, name) for name in names}
    statement = sa.select(model).where(sa.or_(*(holds(c, words) for c in columns.values())))
    for row in session.scalars(statement.order_by(model.id)):
        pending = model is Approval and row.state == ApprovalState.PENDING
        for name in names:
            if stands_in(words, getattr(row, name)) and not (pending and name == "payload"):
                yield {"table": model.__tablename__, "id": row.id, "column": name}


def stands_in(words: str, value: object) -> bool:
    """Return whether *words* stand in one of the texts of *value*."""
    return any(words in text for text in leaves(value))


def documents_with(words: str) -> sa.Select:
    """Return the SELECT of the documents whose text holds *words*."""
    columns = (Document.id, Document.kind, Document.text)
    return sa.select(*columns).where(Document.text.contains(words, autoescape=True))


def starts_of(text: str, words: str) -> Iterator[int]:
    """Yield where *words* begin in *text*."""
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + len(words))


def events_with(words: str) -> sa.Select:
    """Return the SELECT of the events in which *words* may stand."""
    columns = (Event.sequence, Event.scheme, Event.note, Event.changes)
    found = sa.or_(holds(Event.note, words), holds(Event.changes, words))
    return sa.select(*columns).where(found).order_by(Event.sequence)


def in_event(event: Row, words: str) -> Iterator[Values]:
    """Yield the places of *words* in one *event*."""
    texts: Given = {"note": event.note} | {
        OF_CHANGES + name: pair for name, pair in json.loads(event.changes).items()
    }
    for name, value in texts.items():
        if stands_in(words, value) and is_free(name, value):
            yield {"table": EVENTS, "id": event.sequence, "field": name}
