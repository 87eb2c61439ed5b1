"""What goes into the log: never what a database error says of the values it was about.

Drivers repeat them: a row that breaks a constraint stands whole in PostgreSQL's message. The log
outlives what is erased, so it names the error, and where in the program it came from.
"""

import logging
import sqlite3
import traceback
from collections.abc import Iterator
from copy import copy
from types import TracebackType
from typing import Any

from sqlalchemy.exc import StatementError

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

SAYS_NO_VALUES = ("08", "25", "40", "53", "55", "57", "58")
"""Classes of PostgreSQL's errors whose message is about the server, and not about a row."""


def plainly(error: BaseException) -> str:
    """Return what may be said of *error*: a database error without its values."""
    if isinstance(error, StatementError):
        inner = f" ({plainly(error.orig)})" if error.orig is not None else ""
        return f"{type(error).__name__}{inner}"
    found = getattr(error, "diag", None)
    if found is not None:
        return of_postgresql(error, found)
    if isinstance(error, sqlite3.Error):  # it names columns, never values
        return f"{type(error).__name__}: {error}"
    return f"{type(error).__name__}: {error}".rstrip(": ")


def of_postgresql(error: BaseException, found: Any) -> str:
    """Return what may be said of an *error* of PostgreSQL, of which it *found* this."""
    name, state = type(error).__name__, found.sqlstate
    if state is None:  # it never reached the server
        return f"{name}: {error}".rstrip(": ")
    parts = (found.table_name, found.column_name, found.constraint_name)
    about = ".".join(part for part in parts if part)
    message = found.message_primary if state[:2] in SAYS_NO_VALUES else about
    return f"{name} {state}" + (f": {message}" if message else "")


def is_of_database(error: object) -> bool:
    """Return whether *error* comes from the database, so that it may repeat values."""
    return isinstance(error, StatementError | sqlite3.Error) or hasattr(error, "diag")


class Discreet(logging.Formatter):
    """Writes errors of the database without the values they were about."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of *record*, and its traceback."""
        shown = copy(record)
        if isinstance(shown.args, tuple):
            shown.args = tuple(plainly(a) if is_of_database(a) else a for a in shown.args)  # type: ignore[arg-type]
        shown.exc_text = None  # what another formatter made of it is not ours
        return super().format(shown)

    def formatException(self, ei: Raised) -> str:  # noqa: N802 - a name of the library
        """Return the traceback of *ei* and of what led to it."""
        return "\n".join(chain_of(ei[1])) if ei[1] is not None else ""


def chain_of(error: BaseException) -> Iterator[str]:
    """Yield *error* and what it came from, the first one first, each with its frames."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from chain_of(before)
        yield "-- and then:"
    yield "".join(traceback.format_tb(error.__traceback__)) + plainly(error)


def begin_logging(level: str) -> None:
    """Write the log to standard error from *level* on, unless someone else has set it up."""
    handler = logging.StreamHandler()
    handler.setFormatter(Discreet(logging.BASIC_FORMAT))
    logging.basicConfig(level=level, handlers=[handler])
