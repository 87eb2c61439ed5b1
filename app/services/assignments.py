"""Which office leads a recommendation, and which work on it jointly."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.database import as_json, utcnow
from app.errors import InvalidChange, PermissionDenied, Taken
from app.models import Organization, Recommendation, RecommendationOffice
from app.rules.permissions import Actor, Permission
from app.rules.vocabularies import LeadStatus, OfficeRole
from app.services.events import record_event
from app.services.followers import follow
from app.services.permissions import joint_offices, require


def assign(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    office: Organization,
    role: OfficeRole,
    *,
    due_on: date | None = None,
    note: str | None = None,
) -> None:
    """Let *office* take the recommendation on as its lead or as a joint office.

    An office editor does so for the own office, a registrar for any. Raises PermissionDenied
    otherwise, InvalidChange when *office* is not an office, Taken when another one leads.
    """
    may_assign, at = actor.may(Permission.ASSIGN), utcnow()
    check_assignment(actor, office, role, due_on)
    if role is OfficeRole.JOINT:
        changes = join(session, recommendation, office)
    else:
        changes = lead(session, recommendation, office, may_assign, at)
    if due_on is not None and due_on != recommendation.due_on:
        changes["due_on"] = (as_json(recommendation.due_on), as_json(due_on))
        recommendation.due_on = due_on
    if changes:
        record_event(
            session,
            actor,
            recommendation,
            "recommendation.assigned",
            changes,
            reference=recommendation.reference,
            note=note,
            at=at,
        )
    follow(session, recommendation)


def check_assignment(
    actor: Actor, office: Organization, role: OfficeRole, due_on: date | None
) -> None:
    """Raise when *actor* may not bring *office* in, or it is none, or the day is not its own."""
    may_assign = actor.may(Permission.ASSIGN)
    if not may_assign:
        require(actor, Permission.TAKE_ON)
        if actor.office_id != office.id:
            raise PermissionDenied(
                reason_zh="只能为本单位承办", reason_en="you can take on for your own office only"
            )
    if not office.is_office:
        raise InvalidChange(
            fields={"office": (f"{office.name_zh}不是承办单位", f"{office.slug} is not an office")}
        )
    if role is OfficeRole.JOINT and due_on is not None and not may_assign:
        told = ("办理期限由主办单位承诺", "the lead office promises the day")
        raise InvalidChange(fields={"due_on": told})


def lead(
    session: Session,
    recommendation: Recommendation,
    office: Organization,
    may_assign: bool,
    at: datetime,
) -> dict[str, tuple[Any, Any]]:
    """Make *office* the lead and return what changes; raise Taken when another one leads."""
    current = recommendation.lead_office_id
    taken = recommendation.lead_status == LeadStatus.TAKEN_ON
    if taken and current == office.id:
        return {}
    if taken and not may_assign:
        leading = session.get_one(Organization, current)
        raise Taken(office=leading.name_en or leading.name_zh, office_zh=leading.name_zh)
    changes: dict[str, tuple[Any, Any]] = {"lead_office_id": (current, office.id)}
    changes["lead_status"] = (recommendation.lead_status, str(LeadStatus.TAKEN_ON))
    before = joint_offices(session, recommendation)
    recommendation.lead_office_id = office.id
    recommendation.lead_status = str(LeadStatus.TAKEN_ON)
    if office.id in before:
        with session.no_autoflush:  # the recommendation changes once, with its event
            joint = session.get_one(RecommendationOffice, (recommendation.id, office.id))
        joint.withdrawn_at = at
        changes["joint_office_ids"] = (before, [n for n in before if n != office.id])
    return {name: pair for name, pair in changes.items() if pair[0] != pair[1]}


def join(
    session: Session, recommendation: Recommendation, office: Organization
) -> dict[str, tuple[Any, Any]]:
    """Add *office* to the joint offices and return what changes."""
    before = joint_offices(session, recommendation)
    if office.id in before or (
        office.id == recommendation.lead_office_id
        and recommendation.lead_status == LeadStatus.TAKEN_ON
    ):
        return {}
    joint = session.get(RecommendationOffice, (recommendation.id, office.id))
    if joint is None:
        session.add(RecommendationOffice(recommendation_id=recommendation.id, office_id=office.id))
    else:
        joint.withdrawn_at = None
    return {"joint_office_ids": (before, sorted([*before, office.id]))}
