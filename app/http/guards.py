"""What is checked before a view runs: who calls, whether they may come, what they brought."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, g
from sqlalchemy.orm import Session

from app.accounts.rules.operation_access import ACCESS, Access, Audience
from app.core.errors import InFlight, KeyRequired, NotFound
from app.core.rules.permissions import ANONYMOUS, Actor, Permission
from app.core.services.authorization import require_one
from app.http import idempotency
from app.http.requests import database, expected_version, read_body, settings
from app.http.security.authentication import authenticate
from app.http.security.refused_attempts import watched_read, watched_write
from app.register.recommendations.services.permissions import require_any

Find = Callable[..., Any]
"""(session, actor, **path) → the record a change is about, or None."""

May = Callable[[Actor, Any], None]
"""Raises PermissionDenied when the actor may do this to the record in no way."""

Part = Callable[[Session, Actor, Any], None]
"""Raises PermissionDenied when the actor has no part in the record, as the database says."""


class NoAccess(Exception):
    """An operation has no row in the table of who may call what."""


def access_of(operation: str) -> Access:
    """Return who may call *operation*; raise NoAccess when the table does not say."""
    if operation not in ACCESS:
        raise NoAccess(f"rules/access.py does not say who may call {operation}")
    return ACCESS[operation]


def found_or_404(record: Any) -> Any:
    """Return *record*; raise NotFound when there is none."""
    if record is None:
        raise NotFound
    return record


def read_guard(view: Any, operation: str, access: Access) -> Any:
    """Find out who calls, and whether they may, before *view* runs."""

    @wraps(view)
    def guarded(*args: Any, **path: Any) -> Response:
        if access.audience is Audience.ANYONE:
            g.actor = ANONYMOUS
            result: Response = view(*args, **path)
            return result
        with watched_read(operation, path):
            g.actor = authenticate()
            closed = access.audience is Audience.KEYED or not settings().public_reading
            if closed and g.actor.principal_id is None:
                raise KeyRequired
            if access.permissions:
                require_one(g.actor, access.permissions)
            answer: Response = view(*args, **path)
        return answer

    return guarded


def admit(
    session: Session,
    actor: Actor,
    permissions: tuple[Permission, ...],
    find: Find | None,
    may: May | None,
    path: dict[str, Any],
    part: Part | None = None,
) -> None:
    """Raise NotFound or PermissionDenied when *actor* cannot come to do this at all."""
    record = None if find is None else found_or_404(find(session, actor, **path))
    if permissions:
        require_any(session, actor, permissions, record)
    if may is not None:
        may(actor, record)
    if part is not None:
        part(session, actor, record)


def write_guard(
    view: Any,
    operation: str,
    access: Access,
    find: Find | None,
    may: May | None,
    versioned: bool,
    read: Callable[[], Any] = read_body,
    part: Part | None = None,
) -> Any:
    """Check, before *view* runs, everything that needs no lock."""

    @wraps(view)
    def guarded(*args: Any, **path: Any) -> Response:
        if access.audience is Audience.ANYONE:
            g.actor, g.claim, g.body = ANONYMOUS, None, read()
            g.expected_version = expected_version(needed=versioned)
            changed: Response = view(*args, **path)
            return changed
        with watched_write(operation, path):
            g.actor = authenticate()
            if g.actor.principal_id is None:
                raise KeyRequired
            database().read(lambda s: admit(s, g.actor, access.permissions, find, may, path, part))
            g.body = read()
            g.claim = idempotency.claim_of_request()
            known = idempotency.earlier_answer(g.claim) if g.claim else None
            if known is not None:
                return known
            g.expected_version = expected_version(needed=versioned)
            try:
                result: Response = view(*args, **path)
            except InFlight as error:
                return idempotency.once(g.claim, error)
            return result

    return guarded
