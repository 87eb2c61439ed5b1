"""Checking at the top of a service what its actor may do."""

from typing import Any

from sqlalchemy.orm import Session

from app.errors import EndedWithProposal, PermissionDenied
from app.models import Assignment, Recommendation
from app.queries.offices import parts_of
from app.rules.handling import dispatched_on, may_take
from app.rules.permissions import BY_OFFICE, Actor, Permission, part_of
from app.rules.vocabularies import HandlingState, LeadStatus, OfficeRole
from app.rules.workflow import Step


def require(actor: Actor, permission: Permission) -> None:
    """Raise PermissionDenied when none of the actor's roles grants *permission*."""
    if not actor.may(permission):
        raise lacking(permission)


def lacking(*permissions: Permission) -> PermissionDenied:
    """Return the refusal of who has none of *permissions*, which names them all."""
    zh = "，也不能".join(permission.zh for permission in permissions)
    en = " or ".join(f"{permission.en} ({permission})" for permission in permissions)
    return PermissionDenied(
        reason_zh=f"您的角色不能{zh}", reason_en=f"none of your roles lets you {en}"
    )


def require_on(
    session: Session, actor: Actor, permission: Permission, recommendation: Recommendation
) -> None:
    """Raise PermissionDenied when the actor may not do this to this recommendation."""
    require(actor, permission)
    if permission not in BY_OFFICE:
        return
    part = part_in(session, actor, recommendation)
    if part is None:
        raise not_theirs(recommendation)
    if part not in BY_OFFICE[permission]:
        raise PermissionDenied(
            reason_zh=f"只有主办单位可以{permission.zh}",
            reason_en=f"only the lead office may {permission.en}",
        )


def check_stands(recommendation: Recommendation) -> None:
    """Raise EndedWithProposal when *recommendation* ended with its proposal."""
    if recommendation.ended_as is not None:
        state = HandlingState(recommendation.ended_as)
        raise EndedWithProposal(state=state.en, state_zh=state.zh)


def not_theirs(recommendation: Recommendation) -> PermissionDenied:
    """Return the refusal of an office that does not have *recommendation*, and how it may."""
    if recommendation.ended_as is not None:
        state = HandlingState(recommendation.ended_as)
        return PermissionDenied(
            reason_zh=f"这条建议已随提案终止（{state.zh}），不再由任何单位承办",
            reason_en=f"it ended with its proposal, which is {state.en}; no office has it any more",
        )
    if recommendation.lead_status in (None, LeadStatus.SUGGESTED):
        return PermissionDenied(
            reason_zh="您的单位没有承办这条建议，请先承办",
            reason_en="your office does not handle this recommendation; take it on first",
        )
    return PermissionDenied(
        reason_zh="这条建议由其他单位承办，或者正由交办人员另定单位",
        reason_en="another office has this recommendation, or dispatchers look for one",
    )


def part_in(session: Session, actor: Actor, recommendation: Recommendation) -> OfficeRole | None:
    """Return the part that the actor's office has in *recommendation*, or None."""
    lead, status = recommendation.lead_office_id, recommendation.lead_status
    return part_of(actor, lead, status, parts_of(session, recommendation.id))


def require_any(
    session: Session, actor: Actor, permissions: tuple[Permission, ...], record: Any
) -> None:
    """Raise PermissionDenied when the actor may do none of *permissions* to *record*.

    What depends on more than the record, such as which step is taken, is checked later.
    """
    granted = require_one(actor, permissions)
    if all(permission in BY_OFFICE for permission in granted) and isinstance(
        record, Recommendation
    ):
        require_on(session, actor, granted[0], record)


def require_one(actor: Actor, permissions: tuple[Permission, ...]) -> list[Permission]:
    """Return those of *permissions* that the actor has; raise PermissionDenied without any."""
    granted = [permission for permission in permissions if actor.may(permission)]
    if not granted:
        raise lacking(*permissions)
    return granted


def require_own(actor: Actor, assignment: Assignment) -> None:
    """Raise PermissionDenied when *assignment* is not one of the actor's office."""
    require_office(actor, assignment.office_id)


def require_office(actor: Actor, office_id: int) -> None:
    """Raise PermissionDenied when the actor's office is not the one with *office_id*."""
    if actor.office_id != office_id:
        raise PermissionDenied(
            reason_zh="这是交办给其他单位的", reason_en="this was dispatched to another office"
        )


def require_part(session: Session, actor: Actor, assignment: Assignment, step: Step) -> None:
    """Raise PermissionDenied when *actor* may not take *step* of this assignment or its reply."""
    if may_take(actor, step, assignment.office_id, office_above(session, assignment)):
        return
    require(actor, step.permission)
    require_own(actor, assignment)


def require_dispatch(session: Session, actor: Actor, assignment: Assignment) -> None:
    """Raise PermissionDenied when *actor* dispatched this neither as dispatcher nor on."""
    if not dispatched_on(actor, office_above(session, assignment)):
        require(actor, Permission.DISPATCH)


def office_above(session: Session, assignment: Assignment) -> int | None:
    """Return the id of the office that dispatched *assignment* on; None: dispatchers gave it."""
    if assignment.parent_id is None:
        return None
    return session.get_one(Assignment, assignment.parent_id).office_id
