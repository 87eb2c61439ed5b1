"""Whether what is kept for speed agrees with the records, and quotations with their source."""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.approvals import false_requests
from app.audit.queries.verify_chain import broken_chain, findings_of
from app.audit.queries.verify_records import unexplained
from app.audit.queries.verify_seals import false_seals
from app.core.base import Base
from app.core.rules.folding import folded
from app.core.types import Given
from app.models import (
    Document,
    Passage,
    Person,
    Proposal,
    Recommendation,
    RecommendationTag,
    Tag,
)
from app.register.counting.queries.counter_drift import counter_drift
from app.register.people.queries.persons import contact_of
from app.register.people.rules import index_of
from app.register.periods.queries.period_drift import period_drift
from app.register.searching.queries.index_drift import index_of_words_drift
from app.register.tags.rules import passed_to, with_broader
from app.register.verification.queries import fold_events
from app.register.verification.queries.verify_worklists import desk_drift
from app.tasks.queries.due_days import next_due_drift
from app.tasks.queries.holders import office_drift

BATCH = 1000


def revision(session: Session) -> str | None:
    """Return the revision the database is at, or None."""
    return session.scalar(sa.text("SELECT version_num FROM alembic_version"))


def index_differences(session: Session) -> list[str]:
    """Return a sentence for each difference."""
    return [
        *findings_of(lambda: counter_drift(session), "the counters"),
        *findings_of(lambda: index_drift(session), "the index of tags"),
        *findings_of(lambda: altered_texts(session), "the documents"),
        *findings_of(lambda: passages(session)[0], "the passages"),
        *findings_of(lambda: orphans(session), "the references"),
        *findings_of(lambda: desk_drift(session), "the desks"),
        *findings_of(lambda: office_drift(session), "the offices"),
        *findings_of(lambda: next_due_drift(session), "what is next due"),
        *findings_of(lambda: false_case_keys(session), "the case numbers"),
        *findings_of(lambda: false_person_columns(session), "the persons"),
        *findings_of(lambda: index_of_words_drift(session), "the index of words"),
        *findings_of(lambda: period_drift(session), "the periods"),
    ]


def false_case_keys(session: Session) -> Iterator[str]:
    """Yield a sentence for each proposal that is found by another case number than its own."""
    columns = (Proposal.reference, Proposal.case_no, Proposal.case_key)
    numbered = Proposal.case_no.is_not(None) | Proposal.case_key.is_not(None)
    for reference, case_no, key in session.execute(sa.select(*columns).where(numbered)):
        if key != (None if case_no is None else folded(case_no)):
            yield f"proposal {reference}: it is found by another case number than its own"


def false_person_columns(session: Session) -> Iterator[str]:
    """Yield a sentence for each person shown or compared by something else than was sealed."""
    shown = (Person.delegation, Person.sector, Person.member_key)
    filled = sa.or_(*(column.is_not(None) for column in (Person.contact_seal, *shown)))
    columns = (Person.slug, Person.contact_seal, Person.merged_into_id, *shown)
    for row in session.execute(sa.select(*columns).where(filled)):
        known = contact_of(session, row.contact_seal)
        wanted = index_of(known, row.merged_into_id is not None)
        if wanted != {name: getattr(row, name) for name in wanted}:
            yield f"person {row.slug}: what is shown of them is not what was sealed"


def orphans(session: Session) -> Iterator[str]:
    """Yield a sentence for each column with rows that name a row which is not there.

    The database itself refuses them, unless someone told it not to.
    """
    for table, names, lost in references():
        number = session.scalar(lost)
        if number:
            yield f"{number} rows of {table} name nothing that is there ({names})"


@cache
def references() -> list[tuple[str, str, sa.Select]]:
    """Return each table and columns of it that name rows, and what counts those of rows lost."""
    found = []
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            own, far = key.columns.values(), [part.column for part in key.elements]
            other = key.referred_table.alias("other")
            there = sa.and_(*(a == other.c[b.key] for a, b in zip(own, far, strict=True)))
            named = sa.and_(*(column.is_not(None) for column in own))
            lost = sa.select(sa.func.count()).select_from(table)
            names = ", ".join(column.key for column in own)
            found.append((table.name, names, lost.where(named, ~sa.exists().where(there))))
    return found


def altered_texts(session: Session) -> Iterator[str]:
    """Yield a sentence for each document whose text is not the one its SHA-256 was taken of."""
    columns = (Document.reference, Document.text, Document.sha256)
    for reference, text, digest in session.execute(sa.select(*columns)):
        if hashlib.sha256(text.encode()).hexdigest() != digest:
            yield f"document {reference}: its text has another SHA-256"


def passages(session: Session) -> tuple[list[str], int]:
    """Return a sentence for each passage that differs from its document, and how many there are."""
    texts = {row.id: row.text for row in session.execute(sa.select(Document.id, Document.text))}
    columns = (Passage.id, Passage.document_id, Passage.start, Passage.end, Passage.text)
    rows = list(session.execute(sa.select(*columns).where(Passage.withdrawn_at.is_(None))))
    wrong = [
        f"passage {row.id} differs from document {row.document_id} [{row.start}, {row.end})"
        for row in rows
        if texts[row.document_id][row.start : row.end] != row.text
    ]
    return wrong, len(rows)


def index_drift(session: Session) -> Iterator[str]:
    """Yield a sentence for each recommendation whose index rows are not what its tags bring."""
    T, R = RecommendationTag, Recommendation
    columns = (Tag.id, Tag.broader_id, Tag.merged_into_id, Tag.split_into_ids)
    places = session.execute(sa.select(*columns)).all()
    broader = {row.id: row.broader_id for row in places}
    passed = {row.id: passed_to(row.merged_into_id, row.split_into_ids) for row in places}
    stale = sa.select(T.recommendation_id).join(R, R.id == T.recommendation_id)
    kept = ("progress", "last_move", "publication")
    pairs = [getattr(T, name) != getattr(R, name) for name in kept]
    differs = sa.or_(T.is_ended != R.ended_as.is_not(None), *pairs)
    for number in session.scalars(stale.where(differs)):
        yield f"recommendation {number}: its tag index is out of date"
    rows: dict[int, dict[int, bool]] = {}
    indexed = sa.select(T.recommendation_id, T.tag_id, T.is_direct)
    for number, tag_id, direct in session.execute(indexed):
        rows.setdefault(number, {})[tag_id] = direct
    for number, tags in rows.items():
        wanted = with_broader([tag for tag, direct in tags.items() if direct], broader, passed)
        if wanted != set(tags):
            yield f"recommendation {number}: its tag index lacks or exceeds a broader tag"


def history_differences(
    session: Session, public_key: str | None, outside: Sequence[Given] = ()
) -> list[str]:
    """Return a sentence for each difference.

    *public_key* (hex) is what checkpoints are checked with, *outside* are checkpoints that were
    kept elsewhere.
    """
    return [
        *findings_of(lambda: broken_chain(session, public_key, outside), "the chain"),
        *findings_of(lambda: false_seals(session), "sealed values"),
        *findings_of(lambda: false_requests(session), "requests for approval"),
        *findings_of(lambda: unexplained(session), "the records"),
        *findings_of(lambda: fold_events.differences(session), "the recommendations"),
    ]
