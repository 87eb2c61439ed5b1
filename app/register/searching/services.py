"""Filling the index of words, and letting nothing of what was erased stay in it."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.register.searching.models import INDEX, SOURCES, row_of
from app.register.searching.queries.index_drift import lacking


def fill_index(session: Session) -> int:
    """Put into the index of words what it lacks, and return of how many records that was."""
    number = 0
    for kind in SOURCES:
        after = 0
        while rows := lacking(session, kind, after):
            made = [row_of(kind, row.id, row[2:], row.written) for row in rows]
            session.execute(sa.insert(INDEX), made)
            number, after = number + len(rows), rows[-1].id
    return number


def forget_former_words(session: Session) -> None:
    """Let the index give up what it keeps of words that stand in no record any more.

    FTS5 only marks them as gone until it next merges its parts; PostgreSQL keeps no such copy.
    """
    session.flush()
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sa.text("INSERT INTO searched_grams(searched_grams) VALUES ('optimize')"))
