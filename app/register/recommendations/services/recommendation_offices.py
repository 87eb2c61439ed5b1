"""Which office leads a recommendation that was not dispatched, and which are named beside it."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.audit.services.recorder import record_event
from app.core.canonical_json import as_json
from app.core.clock import utcnow
from app.core.codes import LeadStatus, OfficeRole
from app.core.errors import (
    GivenByDispatch,
    InvalidChange,
    PermissionDenied,
    Sentence,
    Taken,
)
from app.core.rules.permissions import HELD, Actor, Permission
from app.core.services.authorization import require
from app.core.types import NewChanges
from app.models import Assignment, Organization, Recommendation, RecommendationOffice
from app.register.recommendations.services.permissions import check_stands
from app.register.recommendations.services.state_tasks import sync_tasks
from app.tasks.queries.holders import given_in, parts_of, survivor
from app.tasks.rules.holders import Holders, holders_of

Changes = NewChanges


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
    """Let *office* take the recommendation on as its lead, or be named beside it as joint.

    An office takes on what is suggested to it, or to nobody; a registrar or dispatcher names any.
    A joint office is named by the lead or by them. Whoever has it by dispatch has it already, and
    may name its own day. Raises PermissionDenied, InvalidChange when *office* is not an office,
    Taken, GivenByDispatch when another one was given it, EndedWithProposal.
    """
    check_stands(recommendation)
    check_assignment(session, actor, recommendation, office, role, due_on)
    at = utcnow()
    if role is OfficeRole.JOINT:
        changes = join(session, recommendation, office)
    else:
        changes = lead(session, actor, recommendation, office, at)
    if due_on is not None and due_on != recommendation.due_on:
        changes["due_on"] = (as_json(recommendation.due_on), as_json(due_on))
        recommendation.due_on = due_on
    if changes:
        name = "recommendation.assigned"
        record_event(session, actor, recommendation, name, changes, note=note, at=at)
    sync_tasks(session, recommendation)


def check_assignment(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    office: Organization,
    role: OfficeRole,
    due_on: date | None,
) -> None:
    """Raise when *actor* may not bring *office* in, or it is none, or the day is not its own."""
    if not actor.may(Permission.ASSIGN):
        require(actor, Permission.TAKE_ON)
        check_office(session, actor, recommendation, office, role)
    wrong: dict[str, Sentence] = {}
    if role not in (OfficeRole.LEAD, OfficeRole.JOINT):
        wrong["role"] = ("只能是 lead 或 joint，其他由交办确定", "must be lead or joint here")
    if not office.is_office:
        wrong["office"] = (f"{office.name_zh}不是承办单位", f"{office.slug} is not an office")
    if role is OfficeRole.JOINT and due_on is not None and not actor.may(Permission.ASSIGN):
        wrong["due_on"] = ("办理期限由主办单位承诺", "the lead office promises the day")
    if wrong:
        raise InvalidChange(fields=wrong)


def check_office(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    office: Organization,
    role: OfficeRole,
) -> None:
    """Raise PermissionDenied when the office of *actor* may not bring *office* in as *role*."""
    leads = recommendation.lead_status in HELD and recommendation.lead_office_id == actor.office_id
    if role is OfficeRole.JOINT and not leads:
        raise PermissionDenied(
            reason_zh="会办单位由主办单位或交办人员确定",
            reason_en="joint offices are named by the lead office or by dispatchers",
        )
    if role is not OfficeRole.JOINT and actor.office_id != office.id:
        raise PermissionDenied(
            reason_zh="只能为本单位承办", reason_en="you can take on for your own office only"
        )
    suggested = recommendation.lead_status == LeadStatus.SUGGESTED
    if suggested and recommendation.lead_office_id not in (None, actor.office_id):
        other = session.get_one(Organization, recommendation.lead_office_id)
        raise PermissionDenied(
            reason_zh=f"这条建议拟由{other.name_zh}承办，由登记或交办人员指定其他单位",
            reason_en=f"it is suggested to {other.name_en or other.slug}; a registrar or dispatcher"
            " names another office",
        )


def lead(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    office: Organization,
    at: datetime,
) -> Changes:
    """Make *office* the lead and return what changes; raise when another one has it."""
    current, status = recommendation.lead_office_id, recommendation.lead_status
    holders = dispatched(session, recommendation)
    if current == office.id and status in HELD:
        return {}
    if holders.dispatched:
        raise by_dispatch(session, recommendation, holders)
    if status == LeadStatus.TAKEN_ON and not actor.may(Permission.ASSIGN):
        leading = session.get_one(Organization, current)
        raise Taken(office=leading.name_en or leading.name_zh, office_zh=leading.name_zh)
    changes: Changes = {"lead_office_id": (current, office.id)}
    changes["lead_status"] = (status, LeadStatus.TAKEN_ON)
    before = joint_offices(session, recommendation)
    recommendation.lead_office_id = office.id
    recommendation.lead_status = LeadStatus.TAKEN_ON
    if office.id in before:
        with session.no_autoflush:  # the recommendation changes once, with its event
            joint = session.get_one(RecommendationOffice, (recommendation.id, office.id))
        joint.withdrawn_at, joint.assignment_id = at, None
        changes["joint_office_ids"] = (before, [n for n in before if n != office.id])
    return {name: pair for name, pair in changes.items() if pair[0] != pair[1]}


def dispatched(session: Session, recommendation: Recommendation) -> Holders:
    """Return who has *recommendation* by dispatch."""
    case = survivor(session, recommendation.proposal_id)
    return holders_of(recommendation.id, given_in(session, case))


def by_dispatch(
    session: Session, recommendation: Recommendation, holders: Holders
) -> GivenByDispatch:
    """Return the refusal to name another office than the dispatch of *recommendation* does."""
    own = [session.get_one(Assignment, number) for number in sorted(holders.assignments)]
    status = recommendation.lead_status or LeadStatus.GIVEN
    names = [session.get_one(Organization, a.office_id).name_zh for a in own]
    references = [assignment.reference for assignment in own]
    return GivenByDispatch(
        state=status.en,
        state_zh=status.zh,
        by=", ".join(references) or "dispatchers",
        by_zh="、".join(f"{n} {r}" for n, r in zip(names, references, strict=True)) or "交办人员",
    )


def join(session: Session, recommendation: Recommendation, office: Organization) -> Changes:
    """Add *office* to the joint offices and return what changes."""
    before = joint_offices(session, recommendation)
    leads = office.id == recommendation.lead_office_id and recommendation.lead_status in HELD
    if leads or office.id in parts_of(session, recommendation.id):
        return {}
    joint = session.get(RecommendationOffice, (recommendation.id, office.id))
    if joint is None:
        joint = RecommendationOffice(recommendation_id=recommendation.id, office_id=office.id)
        session.add(joint)
    joint.role, joint.assignment_id, joint.withdrawn_at = OfficeRole.JOINT, None, None
    return {"joint_office_ids": (before, sorted([*before, office.id]))}


def joint_offices(session: Session, recommendation: Recommendation) -> list[int]:
    """Return the ids of the offices that work on *recommendation* beside its lead."""
    parts = parts_of(session, recommendation.id)
    return sorted(office for office, role in parts.items() if role is OfficeRole.JOINT)
