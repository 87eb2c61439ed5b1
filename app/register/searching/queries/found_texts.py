"""What is shown of each hit: what it is about, where it is, and the stored texts that hold it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.queries.rows import View
from app.core.rules.permissions import Actor
from app.core.rules.state_groups import reply_reference
from app.core.types import Row
from app.models import Assignment, Document, ProgressReport, Proposer, Reply, ReplyPoint
from app.register.recommendations.queries.recommendation_details import passages_of
from app.register.searching.queries.hits import ABOUT, SEEN, P, R
from app.register.searching.rules.excerpts import TextPart, excerpts_of

OF_REPLY = (Assignment.reference.label("assignment_reference"), Reply.number, Reply.assignment_id)
COLUMNS = {
    "document": (Document.id, Document.reference, Document.title, Document.text),
    "proposal": (P.id, P.reference, P.title),
    "recommendation": (
        R.id,
        R.reference,
        R.summary_zh.label("title"),
        R.summary_en,
        R.proposal_id,
        P.title.label("of_proposal"),
    ),
    "reply": (Reply.id, P.title, Reply.text, *OF_REPLY),
    "reply_point": (
        ReplyPoint.id,
        ABOUT.summary_zh.label("title"),
        ReplyPoint.text,
        ReplyPoint.promise,
        *OF_REPLY,
    ),
    "report": (
        ProgressReport.id,
        R.reference,
        R.summary_zh.label("title"),
        ProgressReport.text,
        ProgressReport.recommendation_id,
    ),
}
"""Kind of hit → what is read of its record."""

PATHS = {
    "document": "/documents/{0.id}",
    "proposal": "/proposals/{0.id}",
    "recommendation": "/recommendations/{0.id}",
    "reply": "/assignments/{0.assignment_id}/replies/{0.number}",
    "reply_point": "/assignments/{0.assignment_id}/replies/{0.number}",
    "report": "/recommendations/{0.recommendation_id}/reports",
}
"""Kind of hit → where it can be read."""

Lines = list[list[TextPart]]


def found_records(
    session: Session, actor: Actor, rows: Sequence[Row], words: Sequence[str]
) -> list[View]:
    """Return the hits *rows* as they are shown, with where *words* stand in their texts.

    What *actor* may see no more by now is left out.
    """
    known: dict[tuple[str, int], View] = {}
    for kind in {row.kind for row in rows}:
        ids = [row.record_id for row in rows if row.kind == kind]
        number, seen = SEEN[kind]
        records = session.execute(seen(actor, COLUMNS[kind]).where(number.in_(ids))).all()
        for record, lines in LINES.get(kind, own_texts)(session, records):
            shown = as_hit(kind, record).having(highlights=excerpts_of(lines, words))
            known[kind, record.id] = shown
    places = ((row, known.get((row.kind, row.record_id))) for row in rows)
    return [shown.having(written_at=row.written_at) for row, shown in places if shown]


def as_hit(kind: str, record: Row) -> View:
    """Return what is shown of the *record* of a hit."""
    return View(
        kind=kind,
        id=record.id,
        reference=reply_reference(record.assignment_reference, record.number)
        if kind in ("reply", "reply_point")
        else record.reference,
        title=record.title,
        path=PATHS[kind].format(record),
    )


def parts(record: Row, *fields: str) -> Lines:
    """Return the texts that *record* has in *fields*, a line for each."""
    texts = ((name, getattr(record, name)) for name in fields)
    return [[TextPart(name, text)] for name, text in texts if text]


def own_texts(session: Session, records: Iterable[Row]) -> Iterator[tuple[Row, Lines]]:
    """Yield each of *records* with the texts of its own that are searched."""
    for record in records:
        yield record, parts(record, *(n for n in ("text", "promise") if hasattr(record, n)))


def titles(session: Session, records: Iterable[Row]) -> Iterator[tuple[Row, Lines]]:
    """Yield each of *records* with its title."""
    for record in records:
        yield record, parts(record, "title")


def documents(session: Session, records: Iterable[Row]) -> Iterator[tuple[Row, Lines]]:
    """Yield each of *records* with its text, and where that is."""
    for record in records:
        yield record, [[TextPart("text", record.text, 0, record.id)]]


def asked_for(session: Session, records: Sequence[Row]) -> Iterator[tuple[Row, Lines]]:
    """Yield each recommendation with the texts that its search text is made of, line by line."""
    passages = passages_of(session, "recommendation_id", [record.id for record in records])
    names = names_of(session, {record.proposal_id for record in records})
    for record in records:
        yield (
            record,
            [
                [
                    TextPart("summary_zh", record.title),
                    TextPart("summary_en", record.summary_en or ""),
                ],
                [TextPart("passages", p.text, p.start, p.document_id) for p in passages[record.id]],
                [TextPart("proposal", record.of_proposal)],
                [TextPart("proposers", name) for name in names.get(record.proposal_id, ())],
            ],
        )


def names_of(session: Session, proposals: Iterable[int]) -> Mapping[int, list[str]]:
    """Return the names of the proposers of *proposals* as printed, in order."""
    columns = (Proposer.proposal_id, Proposer.as_printed)
    own = (Proposer.proposal_id.in_(sorted(proposals)), Proposer.withdrawn_at.is_(None))
    found: dict[int, list[str]] = {}
    for row in session.execute(sa.select(*columns).where(*own).order_by(Proposer.position)):
        found.setdefault(row.proposal_id, []).append(row.as_printed)
    return found


LINES: dict[str, Callable[[Session, Sequence[Row]], Iterator[tuple[Row, Lines]]]] = {
    "document": documents,
    "proposal": titles,
    "recommendation": asked_for,
}
"""Kind of hit → the texts that it is found by, those of its own where none is named."""
