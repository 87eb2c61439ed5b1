"""Checking at the top of a service what its actor may do."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.errors import PermissionDenied
from app.models import JointOffice, Recommendation
from app.rules.permissions import BY_HANDLING_OFFICE, Actor, Permission
from app.rules.vocabularies import LeadStatus


def require(actor: Actor, permission: Permission) -> None:
    """Raise PermissionDenied when none of the actor's roles grants *permission*."""
    if not actor.may(permission):
        raise PermissionDenied(
            reason_zh=f"您的角色不能{permission.zh}",
            reason_en=f"none of your roles lets you {permission.en} ({permission})",
        )


def require_on(
    session: Session, actor: Actor, permission: Permission, recommendation: Recommendation
) -> None:
    """Raise PermissionDenied when the actor may not do this to this recommendation."""
    require(actor, permission)
    if permission in BY_HANDLING_OFFICE and not handles(session, actor, recommendation):
        raise PermissionDenied(
            reason_zh="您的单位没有承办这条建议，请先承办",
            reason_en="your office does not handle this recommendation; take it on first",
        )


def handles(session: Session, actor: Actor, recommendation: Recommendation) -> bool:
    """Return whether the actor's office leads the recommendation or works on it jointly."""
    if actor.office_id is None:
        return False
    if recommendation.lead_office_id == actor.office_id:
        return recommendation.lead_status == LeadStatus.TAKEN_ON
    joint = select(JointOffice).where(
        JointOffice.recommendation_id == recommendation.id,
        JointOffice.office_id == actor.office_id,
    )
    return bool(session.scalar(select(exists(joint.with_only_columns(JointOffice.office_id)))))
