"""Reopening what has ended, which another must approve."""

from sqlalchemy.orm import Session

from app.accounts.services.approvals import ask
from app.accounts.services.approved import unchanged
from app.core.codes import ApprovalKind, Axis
from app.core.rules.permissions import Actor
from app.models import Approval, Recommendation
from app.register.recommendations.services import recommendations


def reopen_approved(session: Session, actor: Actor, approval: Approval) -> list[int]:
    """Take the step that leads back from an ended state."""
    record = unchanged(session.get_one(Recommendation, approval.record_id), approval)
    grounds = recommendations.RecommendationTransition(
        reason=approval.reason, note=approval.payload.get("note")
    )
    target = approval.payload["to"]
    recommendations.move(session, actor, record, Axis.PROGRESS, target, grounds=grounds)
    return []


def ask_reopening(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    target: str,
    grounds: recommendations.RecommendationTransition,
) -> Approval:
    """Ask that *recommendation* go back from an ended state to *target*."""
    payload = {"version": recommendation.version, "to": target, "note": grounds.note}
    about = ("recommendation", recommendation.id, recommendation.reference)
    return ask(session, actor, ApprovalKind.REOPEN, about, payload, grounds.reason or "")
