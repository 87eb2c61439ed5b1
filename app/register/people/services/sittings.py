"""Sessions: entered before a plenary, corrected where something was mistyped."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services.recorder import created, record_change
from app.core.canonical_json import as_json
from app.core.errors import AlreadyExists, InvalidChange, Sentence
from app.core.rules.permissions import Actor, Permission
from app.core.services.authorization import require
from app.core.types import Given
from app.models import Sitting

COLUMNS = ("kind", "name_zh", "name_en", "term", "meeting", "starts_on", "ends_on", "note")
"""What of a session may be corrected; its slug and its body never change."""


def add_sitting(session: Session, actor: Actor, values: Given, body: int) -> Sitting:
    """Add a session of the *body*; *values*: its slug, its columns, and ``reason`` for the history.

    Raises PermissionDenied, InvalidChange, AlreadyExists for a slug in use, or a session of the
    body with the same kind, term and meeting.
    """
    require(actor, Permission.MANAGE_SESSIONS)
    if session.scalar(sa.select(Sitting.id).where(Sitting.slug == values["slug"])) is not None:
        raise AlreadyExists(what="session", what_zh="会议", value=values["slug"])
    columns = {name: values.get(name) for name in COLUMNS}
    made = Sitting(slug=values["slug"], body_id=body, **columns)
    check_sitting(session, made)
    first = {"slug": made.slug, "body_id": body, **columns}
    changes = {name: (None, as_json(value)) for name, value in first.items() if value is not None}
    created(session, actor, made, changes, values.get("reason"))
    return made


def edit_sitting(session: Session, actor: Actor, sitting: Sitting, values: Given) -> None:
    """Correct *values* of *sitting*; ``reason`` among them goes into the history.

    Raises PermissionDenied, InvalidChange, AlreadyExists as add_sitting() does.
    """
    require(actor, Permission.MANAGE_SESSIONS)
    before = {name: getattr(sitting, name) for name in COLUMNS}
    after = before | {name: values[name] for name in COLUMNS if name in values}
    if after == before:
        return
    check_sitting(session, Sitting(body_id=sitting.body_id, **after), sitting.id)
    reason = values.get("reason")
    record_change(session, actor, sitting, "session.edited", {}, reason, after)


def check_sitting(session: Session, wanted: Sitting, own: int | None = None) -> None:
    """Raise what is wrong with a session as *wanted*, whose number is *own* where it has one."""
    fields = dict(wrong(wanted))
    if fields:
        raise InvalidChange(fields=fields)
    if wanted.term is None or wanted.meeting is None:
        return
    same = {name: getattr(wanted, name) for name in ("body_id", "kind", "term", "meeting")}
    statement = sa.select(Sitting.slug).filter_by(**same).where(Sitting.id != (own or 0))
    with session.no_autoflush:
        other = session.scalar(statement)
    if other is not None:
        raise AlreadyExists(
            what="session of this term and meeting:", what_zh="届次的会议", value=other
        )


def wrong(wanted: Sitting) -> Iterator[tuple[str, Sentence]]:
    """Yield each field of a session as *wanted* that cannot be, and why."""
    if wanted.meeting is not None and wanted.term is None:
        yield "term", ("有会议次数就要写届", "a meeting is counted within a term: say which")
    if wanted.ends_on is not None:
        if wanted.starts_on is None:
            yield "starts_on", ("写了闭会日期，也要写开会日期", "say the first day as well")
        elif wanted.ends_on < wanted.starts_on:
            yield "ends_on", ("不能早于开会日期", "must not be before the first day")
