"""Whether the index of words holds what the records say, and what it lacks."""

from collections import Counter
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.types import Expression, Row
from app.register.searching.models import INDEX, SOURCES, row_of

MANY = 1000


def records_of(kind: str, *beside: Expression) -> sa.Select:
    """Return the SELECT of the records of *kind*: id, when written, what is *beside* it, texts."""
    source = SOURCES[kind]
    texts = [getattr(source.model, column) for column in source.columns]
    there = sa.or_(*(text.is_not(None) for text in texts))
    columns: tuple[Expression, ...] = (source.model.id, source.written_by().label("written"))
    return sa.select(*columns, *beside, *texts).where(there)


def with_index(statement: sa.Select, kind: str) -> sa.Select:
    """Return *statement* of records of *kind* in order, each with what the index has of it."""
    number = SOURCES[kind].model.id
    own = sa.and_(INDEX.c.kind == kind, INDEX.c.record_id == number)
    return statement.outerjoin(INDEX, own).order_by(number)


def lacking(session: Session, kind: str, after: int) -> list[Row]:
    """Return the records of *kind* of which the index has no row, a thousand at most.

    They are those whose number is higher than *after*, in order: number, when, texts.
    """
    rows = with_index(records_of(kind), kind)
    rows = rows.where(INDEX.c.id.is_(None), SOURCES[kind].model.id > after)
    return list(session.execute(rows.limit(MANY)))


KEPT = ("text", "grams", "written_at")


def index_of_words_drift(session: Session) -> Iterator[str]:
    """Yield a sentence for each record that is found by other words than it holds."""
    counted: Counter[str] = Counter()
    kept = [INDEX.c[name].label(f"kept_{name}") for name in KEPT]
    for kind in SOURCES:
        rows = with_index(records_of(kind, *kept), kind)
        for row in session.execute(rows.execution_options(yield_per=MANY)):
            wanted = row_of(kind, row.id, row[2 + len(KEPT) :], row.written)
            counted.update(wanted["grams"].split())
            if any(getattr(row, f"kept_{name}") != wanted[name] for name in KEPT):
                yield f"{kind} {row.id}: it is found by other words than it holds"
        yield from superfluous(session, kind)
    if session.get_bind().dialect.name == "sqlite":
        yield from false_grams(session, counted)
    unknown = sa.select(INDEX.c.kind).where(INDEX.c.kind.not_in(SOURCES)).distinct()
    for kind in session.scalars(unknown):
        yield f"the index of words has rows of {kind}, which is nothing that is searched"


def superfluous(session: Session, kind: str) -> Iterator[str]:
    """Yield a sentence for each row of *kind* in the index whose record is not there."""
    there = sa.select(SOURCES[kind].model.id)
    rows = sa.select(INDEX.c.record_id).where(INDEX.c.kind == kind, INDEX.c.record_id.not_in(there))
    for number in session.scalars(rows):
        yield f"{kind} {number}: the index of words has a row of it, and it is not there"


def false_grams(session: Session, wanted: Counter[str]) -> Iterator[str]:
    """Yield a sentence where the table of FTS5 holds other rows or grams than the index.

    How many rows have each gram is compared; *wanted* says how many should.
    """
    pairs = "SELECT {} FROM {} EXCEPT SELECT {} FROM {}"
    own, other = ("id", "searched_texts"), ("id", "searched_grams_docsize")
    for names in ((*own, *other), (*other, *own)):
        for number in session.scalars(sa.text(pairs.format(*names))):
            yield f"row {number} of the index of words: it stands in one of its two tables"
    session.execute(sa.text(MAKE_COUNTS))
    try:
        counts = session.execute(sa.text("SELECT term, doc FROM temp.grams_counted"))
        found = Counter[str]({row.term: row.doc for row in counts})
    finally:
        session.execute(sa.text("DROP TABLE temp.grams_counted"))
    for gram in sorted(gram for gram in found | wanted if found[gram] != wanted[gram]):
        yield f"the index of words: {gram!r} stands in {found[gram]} rows and not {wanted[gram]}"


MAKE_COUNTS = "CREATE VIRTUAL TABLE temp.grams_counted USING fts5vocab(main, searched_grams, row)"
