"""Withholding what an office wrote from the public, at once, and releasing it again."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.services.principals import forget_answers
from app.audit.services.recorder import next_sequence, record_event
from app.core.clock import utcnow
from app.core.codes import WithheldKind
from app.core.errors import AlreadyExists, NotNow, PermissionDenied
from app.core.rules.permissions import Actor, Permission
from app.core.services.authorization import require
from app.core.types import NewChanges
from app.handling.withholding.targets import Target, copies
from app.models import Withholding
from app.register.counting import services as counting
from app.tasks.services import next_due


def withhold(session: Session, actor: Actor, target: Target, reason: str) -> Withholding:
    """Keep *target* from everyone but its office and the staff, from now on; return the record.

    Other files with the same content go with a file, as far as the actor may withhold them; kept
    answers in which the words stand go. Raises PermissionDenied when another office wrote it and
    the actor is no registrar, AlreadyExists when it is withheld, NotNow for a reply that nobody
    can read yet.
    """
    require(actor, Permission.WITHHOLD)
    check_whose(actor, target)
    if held(session, target):
        number = str(target.number)
        raise AlreadyExists(what="withholding of", what_zh="停止公开记录", value=number)
    if not target.published:
        raise NotNow.of(
            ("答复", "the reply"), ("未公开", "not published"), ("停止公开", "withhold it")
        )
    made = keep_back(session, actor, target, reason)
    for copy in copies(session, actor, target):
        if may_withhold(actor, copy) and not held(session, copy):
            keep_back(session, actor, copy, reason)
    return made


def may_withhold(actor: Actor, target: Target) -> bool:
    """Return whether *actor* may withhold *target*: its office, or a registrar."""
    if actor.may(Permission.RELEASE):
        return True
    return target.office_id is not None and target.office_id == actor.office_id


def check_whose(actor: Actor, target: Target) -> None:
    """Raise PermissionDenied when *target* is not the actor's to withhold."""
    if not may_withhold(actor, target):
        raise PermissionDenied(
            reason_zh="这是其他单位写的，请由该单位或登记人员停止公开",
            reason_en="another office wrote this: it, or a registrar, can withhold it",
        )


def held(session: Session, target: Target) -> bool:
    """Return whether *target* is withheld now."""
    rows = sa.select(Withholding.id).where(
        Withholding.kind == target.kind,
        Withholding.target_id == target.number,
        Withholding.released_at.is_(None),
    )
    return session.scalar(rows.limit(1)) is not None


def keep_back(session: Session, actor: Actor, target: Target, reason: str) -> Withholding:
    """Write the record of a withholding, and its event; forget answers that hold the words."""
    made = Withholding(
        kind=target.kind,
        target_id=target.number,
        proposal_id=target.proposal_id,
        recommendation_id=target.recommendation_id,
        office_id=target.office_id,
        told_in=target.told_in,
        sequence=next_sequence(session),
        reason=reason,
    )
    session.add(made)
    session.flush()
    record_event(session, actor, made, "withholding.created", changes_of(made), note=reason)
    session.flush()
    forget(session, target.words)
    follow(session, made)
    return made


def changes_of(withholding: Withholding) -> NewChanges:
    """Return what events tell of *withholding*: what is withheld."""
    return {
        "withheld_kind": (None, str(withholding.kind)),
        "target": (None, withholding.target_id),
    }


def forget(session: Session, words: Iterable[str]) -> None:
    """Take every kept answer away in which one of *words* stands."""
    for text in dict.fromkeys(words):
        forget_answers(session, text)


def follow(session: Session, withholding: Withholding) -> None:
    """Let what follows from a reply follow again: its promises count for the public, or do not."""
    if withholding.kind is WithheldKind.REPLY:
        next_due.mark(session, withholding.proposal_id)
        next_due.refresh(session)
        counting.mark(session, withholding.proposal_id)


def release(session: Session, actor: Actor, withholding: Withholding, reason: str) -> None:
    """Let everyone see again what was withheld. Raises PermissionDenied but for registrars, NotNow
    when it was released already.
    """
    require(actor, Permission.RELEASE)
    if withholding.released_at is not None:
        raise NotNow.of(
            ("停止公开记录", "the withholding"),
            ("已恢复公开", "released"),
            ("恢复公开", "release it"),
        )
    withholding.released_at, withholding.release_reason = utcnow(), reason
    changes = changes_of(withholding)
    record_event(session, actor, withholding, "withholding.released", changes, note=reason)
    session.flush()
    follow(session, withholding)
