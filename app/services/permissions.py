"""Checking at the top of a service what its actor may do."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import PermissionDenied
from app.models import JointOffice, Recommendation
from app.rules.permissions import BY_HANDLING_OFFICE, Actor, Permission, handles


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
    if permission not in BY_HANDLING_OFFICE:
        return
    joint = select(JointOffice.office_id).where(JointOffice.recommendation_id == recommendation.id)
    lead, status = recommendation.lead_office_id, recommendation.lead_status
    if not handles(actor, lead, status, session.scalars(joint).all()):
        raise PermissionDenied(
            reason_zh="您的单位没有承办这条建议，请先承办",
            reason_en="your office does not handle this recommendation; take it on first",
        )
