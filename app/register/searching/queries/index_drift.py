"""Whether the index of words holds what the records say, and what it lacks."""

from collections import Counter
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.types import Row
from app.register.searching.models import INDEX, SOURCES, indexed

MANY = 1000


def with_index(kind: str) -> sa.Select:
    """Return the SELECT of the records of *kind* with their texts, and what the index has."""
    source = SOURCES[kind]
    number, text = source.model.id, getattr(source.model, source.column)
    columns = (number, text.label("now"), INDEX.c.id.label("row_id"), INDEX.c.text, INDEX.c.grams)
    own = sa.and_(INDEX.c.kind == kind, INDEX.c.record_id == number)
    return sa.select(*columns).outerjoin(INDEX, own).order_by(number)


def lacking(session: Session, kind: str, after: int) -> list[Row]:
    """Return the records of *kind* of which the index has no row, a thousand at most.

    They are those whose number is higher than *after*, in order.
    """
    rows = with_index(kind).where(INDEX.c.id.is_(None), SOURCES[kind].model.id > after)
    return list(session.execute(rows.limit(MANY)))


def index_of_words_drift(session: Session) -> Iterator[str]:
    """Yield a sentence for each record that is found by other words than it holds."""
    counted: Counter[str] = Counter()
    for kind in SOURCES:
        for row in session.execute(with_index(kind).execution_options(yield_per=MANY)):
            wanted = indexed(row.now)
            counted.update(wanted["grams"].split())
            if (row.text, row.grams) != (wanted["text"], wanted["grams"]):
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
