"""The index of words: for each record that is searched, its folded text and the grams of it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.base import Base, Key, Tracked
from app.core.types import Model
from app.register.people.models import Organization, Person
from app.register.proposals.models import Proposal
from app.register.recommendations.models import Recommendation
from app.register.searching.rules.search_folding import grams, lines_folded
from app.register.tags.models import Tag


class SearchedText(Base):
    """What one record is found by: its folded *text*, and the *grams* of it between blanks.

    An index: it follows from the record named by *kind* and *record_id*, is written by the same
    transaction, and holds nothing else; `flask verify` compares them. The grams stand in a GIN
    index of PostgreSQL, and by triggers in a table of FTS5 on SQLite, `searched_grams`: they give
    candidates, and the text decides.
    """

    __tablename__ = "searched_texts"
    __table_args__ = (
        sa.UniqueConstraint("kind", "record_id"),
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


class Source(NamedTuple):
    """Of which records texts are searched, by the column that holds them."""

    model: Model
    column: str


SOURCES = {
    "organization": Source(Organization, "search_text"),
    "person": Source(Person, "name"),
    "proposal": Source(Proposal, "title"),
    "recommendation": Source(Recommendation, "search_text"),
    "tag": Source(Tag, "search_text"),
}
"""What is searched, by the kind under which it stands in the index."""

KIND_OF = {source.model: kind for kind, source in SOURCES.items()}
INDEX = SearchedText.metadata.tables["searched_texts"]
OWN = sa.and_(INDEX.c.kind == sa.bindparam("of_kind"), INDEX.c.record_id == sa.bindparam("of_id"))


def indexed(text: str) -> dict[str, str]:
    """Return the columns of the index for a *text*."""
    folded = lines_folded(text)
    return {"text": folded, "grams": " ".join(sorted(grams(folded)))}


def row_of(kind: str, number: int, text: str) -> dict[str, str | int]:
    """Return the row of the index for the record *number* of a *kind* with this *text*."""
    return {"kind": kind, "record_id": number, **indexed(text)}


@sa.event.listens_for(Session, "after_flush")
def keep_index(session: Session, context: object) -> None:
    """Write to the index what was just written to the records, so that no service can forget it."""
    made = [row_of(kind, record.id, text) for kind, record, text in texts_in(session.new)]
    changed = [
        {"of_kind": kind, "of_id": record.id, **indexed(text)}
        for kind, record, text in texts_in(session.dirty)
        if is_changed(record, SOURCES[kind].column)
    ]
    if made:
        session.connection().execute(sa.insert(INDEX), made)
    if changed:
        session.connection().execute(sa.update(INDEX).where(OWN), changed)


def texts_in(records: Iterable[object]) -> Iterator[tuple[str, Tracked, str]]:
    """Yield those of *records* that are searched, each with its kind and its text."""
    for record in records:
        kind = KIND_OF.get(type(record))
        if kind is not None and isinstance(record, Tracked):
            yield kind, record, getattr(record, SOURCES[kind].column)


def is_changed(record: object, column: str) -> bool:
    """Return whether the flush that ends wrote another value to *column* of *record*."""
    return bool(sa.inspect(record).attrs[column].history.has_changes())
