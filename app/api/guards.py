"""What is checked before a view runs: who calls, whether they may come, what they brought."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, g
from sqlalchemy.orm import Session

from app.api.requests import authenticate, database, expected_version, read_body, settings
from app.errors import KeyRequired, NotFound
from app.rules.permissions import ANONYMOUS, Actor, Permission
from app.services.permissions import require_any

Find = Callable[..., Any]
"""(session, actor, **path) → the record a change is about, or None."""


def found_or_404(record: Any) -> Any:
    """Return *record*; raise NotFound when there is none."""
    if record is None:
        raise NotFound
    return record


def guard(view: Any, needs_key: bool, always_open: bool) -> Any:
    """Find out who calls before *view* runs."""

    @wraps(view)
    def guarded(*args: Any, **path: Any) -> Response:
        g.actor = ANONYMOUS if always_open else authenticate()
        closed = needs_key or not (settings().public_reading or always_open)
        if closed and g.actor.principal_id is None:
            raise KeyRequired
        result: Response = view(*args, **path)
        return result

    return guarded


def admit(
    session: Session,
    actor: Actor,
    permissions: tuple[Permission, ...],
    find: Find | None,
    path: dict[str, Any],
) -> None:
    """Raise NotFound or PermissionDenied when *actor* cannot come to do this at all."""
    record = None if find is None else found_or_404(find(session, actor, **path))
    require_any(session, actor, permissions, record)


def write_guard(
    view: Any, permissions: tuple[Permission, ...], find: Find | None, versioned: bool
) -> Any:
    """Check, before *view* runs, everything that needs no lock."""

    @wraps(view)
    def guarded(*args: Any, **path: Any) -> Response:
        g.actor = authenticate()
        if g.actor.principal_id is None:
            raise KeyRequired
        database().read(lambda session: admit(session, g.actor, permissions, find, path))
        g.body = read_body()
        g.expected_version = expected_version(needed=versioned)
        result: Response = view(*args, **path)
        return result

    return guarded
