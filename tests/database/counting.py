"""How many statements a piece of work sends."""

from contextlib import contextmanager

import sqlalchemy as sa


@contextmanager
def counted(database):
    """Count the statements on *database*, those that begin and end transactions left out."""
    found = []

    def note(connection, cursor, statement, parameters, context, executemany):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            found.append(statement)

    sa.event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", note)
