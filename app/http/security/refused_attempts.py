"""Attempts of known callers that were refused or failed: they leave events, within bounds."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from app.audit.services.refused_attempts import READS, WRITES, attempted
from app.core.codes import Outcome
from app.core.errors import Busy, DomainError, InFlight, NotFound, PermissionDenied, TooManyRequests
from app.core.rules.permissions import Actor
from app.core.types import Values
from app.http.context import context
from app.http.problems import status_and_kind
from app.http.requests import database
from app.http.uploads import known_digest

log = logging.getLogger(__name__)

SUBJECTS = {
    "assignment_id": "assignment",
    "commitment_id": "commitment",
    "file_id": "file",
    "recommendation_id": "recommendation",
    "proposal_id": "proposal",
    "document_id": "document",
    "person": "person",
    "principal_id": "principal",
    "key_id": "key",
    "approval_id": "approval",
    "slug": "tag",
}
"""What a part of a path stands for."""


def subject_of(path: Values) -> tuple[str, int, str]:
    """Return the type, the number and the reference of what a path names."""
    for name, kind in SUBJECTS.items():
        if name in path:
            value = path[name]
            return kind, value if isinstance(value, int) else 0, str(value)[:64]
    return "register", 0, ""


PERSONAL = frozenset(
    {"createPrincipal", "createPrincipals", "editPerson", "editPrincipal", "eraseTexts"}
)
"""Operations whose bodies hold what can be erased: even a hash of it could be guessed back."""


@contextmanager
def watched_write(operation: str, path: Values) -> Iterator[None]:
    """Leave an event when the block is refused or fails."""
    try:
        yield
    except Exception as error:
        note(operation, path, error, WRITES)
        raise


@contextmanager
def watched_read(operation: str, path: Values) -> Iterator[None]:
    """Leave an event when a known caller asks for what is hidden from it, or absent."""
    try:
        yield
    except (NotFound, PermissionDenied, TooManyRequests) as error:
        note(operation, path, error, READS)
        raise


def note(operation: str, path: Values, error: Exception, kind: str) -> None:
    """Write the event of an attempt that ended in *error*, where the caller is known.

    Of each *kind* an account has a bound in an hour: see audit/services/refused_attempts.py.
    """
    request = context()
    actor = request.actor
    if actor is None or actor.principal_id is None or request.attempt_noted:
        return
    if isinstance(error, TooManyRequests) and not error.values.get("first"):
        return  # one event tells that the limit was reached
    if isinstance(error, InFlight | Busy | OperationalError | PoolTimeout):
        return  # nothing can be written now: the attempt is to be sent again, not waited with
    request.attempt_noted = True
    outcome, changes = told_of(operation, error)

    def work(session: Session) -> None:
        attempted(session, actor, kind, operation, subject_of(path), outcome, changes)

    keep(work, operation, actor)


def told_of(operation: str, error: Exception) -> tuple[Outcome, Values]:
    """Return what an event tells of *error*: how it ended, and what is known of it."""
    status, problem = status_and_kind(error)
    changes: Values = {"status": status, "problem": problem}
    digest = known_digest()
    if digest is not None and operation not in PERSONAL:
        changes["body_sha256"] = digest
    return Outcome.FAILED if status >= 500 else Outcome.REFUSED, changes


def note_rows(operation: str) -> None:
    """Write the events of the rows of a batch that were refused, as of requests for themselves."""
    request = context()
    actor, rows = request.actor, request.refused_rows
    if actor is None or not rows:
        return
    request.attempt_noted = True

    def work(session: Session) -> None:
        for row in rows:
            outcome, changes = told_of(operation, row.error)
            attempted(session, actor, WRITES, operation, row.record, outcome, changes)

    keep(work, operation, actor)


def keep(work: Callable[[Session], None], operation: str, actor: Actor) -> None:
    """Write an attempt; where that fails, say so in the log."""
    lost = "the attempt %s of principal %s was not recorded"
    try:
        database().write(work)
    except Busy as error:
        log.error(f"{lost}: %s", operation, actor.principal_id, error)
    except (SQLAlchemyError, DomainError):
        log.exception(lost, operation, actor.principal_id)
