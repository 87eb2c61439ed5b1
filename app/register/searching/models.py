"""The index of words: for each text that is searched, what it is folded to and the grams of it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.base import Base, Key
from app.core.types import Expression, Model, Values
from app.handling.replies.models import Reply, ReplyPoint
from app.register.documents.models import Document
from app.register.people.models import Organization, Person
from app.register.proposals.models import Proposal
from app.register.recommendations.models import ProgressReport, Recommendation
from app.register.searching.rules.search_folding import kept_grams, lines_folded, search_folded
from app.register.tags.models import Tag


class SearchedText(Base):
    """What one record is found by: its folded *text*, and the *grams* of it between blanks.

    An index: it follows from the record named by *kind* and *record_id*, is written by the same
    transaction, and holds nothing else; `flask verify` compares them. *written_at* is when the
    record was entered, or the day a reply was drafted: it never changes. The grams stand in a GIN
    index of PostgreSQL, and by triggers in a table of FTS5 on SQLite, `searched_grams`: they give
    candidates, and the text decides.
    """

    __tablename__ = "searched_texts"
    __table_args__ = (
        sa.UniqueConstraint("kind", "record_id"),
        sa.Index("ix_searched_texts_written", "written_at", "id"),
        sa.Index(
            "ix_searched_texts_grams",
            sa.text("array_to_tsvector(string_to_array(grams, ' '))"),
            postgresql_using="gin",
        ).ddl_if(dialect="postgresql"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(16))
    record_id: Mapped[int]
    text: Mapped[str]
    grams: Mapped[str]
    written_at: Mapped[datetime | None]


class Source(NamedTuple):
    """Of which records texts are searched: by the *columns* that hold them.

    *written* is the column that says when they were written: of the record, or, with *whole*, of
    the record that its column *part_of* names.
    """

    model: Model
    columns: tuple[str, ...]
    written: str = "created_at"
    whole: Model | None = None
    part_of: str = ""

    def written_by(self) -> Expression:
        """Return when a record was written, in SQL."""
        column: Expression = getattr(self.whole or self.model, self.written)
        if self.whole is None:
            return column
        own = self.whole.id == getattr(self.model, self.part_of)
        return sa.select(column).where(own).scalar_subquery()


SOURCES = {
    "document": Source(Document, ("text",)),
    "organization": Source(Organization, ("search_text",)),
    "person": Source(Person, ("name",)),
    "proposal": Source(Proposal, ("title",)),
    "recommendation": Source(Recommendation, ("search_text",)),
    "reply": Source(Reply, ("text",), "drafted_on"),
    "reply_point": Source(ReplyPoint, ("text", "promise"), "drafted_on", Reply, "reply_id"),
    "report": Source(ProgressReport, ("text",), "reported_at"),
    "tag": Source(Tag, ("search_text",)),
}
"""What is searched, by the kind under which it stands in the index."""

IN_LINES = "search_text"
"""A column that has a line for each part. In others the end of a line is a blank: texts that were
printed in columns are full of them."""

KIND_OF = {source.model: kind for kind, source in SOURCES.items()}
INDEX = SearchedText.metadata.tables["searched_texts"]
OWN = sa.and_(INDEX.c.kind == sa.bindparam("of_kind"), INDEX.c.record_id == sa.bindparam("of_id"))


def indexed(kind: str, texts: Sequence[str | None]) -> dict[str, str]:
    """Return the columns of the index for the *texts* of a record of *kind*."""
    in_lines = SOURCES[kind].columns == (IN_LINES,)
    folded = "\n".join((lines_folded if in_lines else search_folded)(text or "") for text in texts)
    return {"text": folded, "grams": kept_grams(folded)}


def row_of(kind: str, number: int, texts: Sequence[str | None], written: date) -> Values:
    """Return the row of the index for the record *number* of a *kind* with these *texts*."""
    at = {"written_at": moment_of(written)}
    return {"kind": kind, "record_id": number, **indexed(kind, texts), **at}


def moment_of(written: date) -> datetime:
    """Return the moment that something was *written* at: of a day, when it began in UTC."""
    if isinstance(written, datetime):
        return written
    return datetime(written.year, written.month, written.day, tzinfo=UTC)


@sa.event.listens_for(Session, "after_flush")
def keep_index(session: Session, context: object) -> None:
    """Write to the index what was just written to the records, so that no service can forget it."""
    made = [
        row_of(kind, number, texts, written_of(session, kind, record))
        for kind, number, texts, record in texts_in(session.new)
    ]
    changed = [
        {"of_kind": kind, "of_id": number, **indexed(kind, texts)}
        for kind, number, texts, record in texts_in(session.dirty)
        if is_changed(record, SOURCES[kind].columns)
    ]
    if made:
        session.connection().execute(sa.insert(INDEX), made)
    if changed:
        session.connection().execute(sa.update(INDEX).where(OWN), changed)


def texts_in(records: Iterable[object]) -> Iterator[tuple[str, int, list[str | None], object]]:
    """Yield those of *records* that are searched: kind, number, texts, and the record itself."""
    for record in records:
        kind = KIND_OF.get(type(record))
        if kind is None:
            continue
        texts = [getattr(record, column) for column in SOURCES[kind].columns]
        if any(text is not None for text in texts):
            yield kind, getattr(record, "id"), texts, record  # noqa: B009


def written_of(session: Session, kind: str, record: object) -> date:
    """Return when *record* of *kind* was written."""
    source = SOURCES[kind]
    if source.whole is not None:
        record = session.get_one(source.whole, getattr(record, source.part_of))
    written: date = getattr(record, source.written)
    return written


def is_changed(record: object, columns: Iterable[str]) -> bool:
    """Return whether the flush that ends wrote another value to one of *columns* of *record*."""
    kept = sa.inspect(record).attrs
    return any(kept[column].history.has_changes() for column in columns)
