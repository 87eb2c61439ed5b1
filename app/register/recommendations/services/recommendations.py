"""What people do to a recommendation: move it, correct it."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from app.audit.services.recorder import change, next_sequence, record_event
from app.core.canonical_json import as_json
from app.core.clock import utcnow
from app.core.codes import (
    Acceptance,
    Axis,
    LeadStatus,
    Need,
    Progress,
)
from app.core.errors import InvalidChange, PermissionDenied
from app.core.rules.permissions import Actor, Permission
from app.core.rules.workflow import Step, lacking, surplus
from app.core.services.authorization import require
from app.core.types import Changes, Given, NewChanges
from app.deadlines.rules.deadlines import months_after
from app.deadlines.rules.own_limits import LOOK_BACK
from app.models import Recommendation
from app.register.files.services import Evidence, attach
from app.register.recommendations.rules import (
    ACCEPTANCE,
    AXES,
    judges_itself,
    may_take,
)
from app.register.recommendations.services.permissions import check_stands, part_in, require_on
from app.register.recommendations.services.recommendation_relations import (
    begin_succession,
    end_succession,
)
from app.register.recommendations.services.reports import ReportInput, add_report
from app.register.recommendations.services.search_texts import with_line
from app.register.recommendations.services.state_tasks import sync_tasks


@dataclass(frozen=True)
class RecommendationTransition:
    """What an actor gives along with a step: a note, a reason, evidence, a date, a successor.

    *on* is the day it is; what is verified is looked back at some time after it. *due_on* is the
    day that a reply promises.
    """

    note: str | None = None
    reason: str | None = None
    evidence: Evidence = field(default_factory=list)
    review_on: date | None = None
    superseded_by: Recommendation | None = None
    due_on: date | None = None
    on: date = field(default_factory=lambda: utcnow().date())


def move(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    axis: Axis,
    target: str,
    *,
    grounds: RecommendationTransition,
) -> None:
    """Move *recommendation* on *axis* to *target* and record who did it, when and why.

    Raises NotAllowedNow when the workflow has no such step, PermissionDenied when the actor may
    not take it, InvalidChange when it lacks what the step needs, EndedWithProposal.
    """
    check_stands(recommendation)
    source = getattr(recommendation, axis)
    step = AXES[axis].find(source, target)
    if step is None:
        whose = part_in(session, actor, recommendation), recommendation.claimed_by_office_id
        raise AXES[axis].refusal(source, target, lambda one: may_take(actor, one, *whose))
    require_on(session, actor, step.permission, recommendation)
    check_common(recommendation, axis)
    check_needs(actor, recommendation, step, grounds)
    apply_step(session, actor, recommendation, axis, step, grounds)
    session.flush()


def check_common(recommendation: Recommendation, axis: Axis) -> None:
    """Raise PermissionDenied where an office alone would decide on what several answer."""
    if axis is Axis.ACCEPTANCE and recommendation.lead_status == LeadStatus.SEPARATE:
        raise PermissionDenied(
            reason_zh="分别办理的建议，采纳情况以各单位答复一致为准，请在答复中表态",
            reason_en="several offices handle it separately: it is accepted as all their replies"
            " say; answer it in your reply",
        )


def settle(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    target: Acceptance | None,
    note: str,
    due_on: date | None = None,
) -> None:
    """Let *recommendation* be accepted, or not, as the reply of an office says, and due then.

    The reply was allowed; who may decide on the recommendation itself does not matter here.
    Nothing happens where it is so already. *target* None leaves the acceptance, *due_on* None the
    day.
    """
    step = target and ACCEPTANCE.find(recommendation.acceptance, target)
    if step:
        grounds = RecommendationTransition(note=note, due_on=due_on)
        apply_step(session, actor, recommendation, Axis.ACCEPTANCE, step, grounds)
    elif due_on is not None:
        set_day(session, actor, recommendation, due_on, note)
    session.flush()


def set_day(
    session: Session, actor: Actor, recommendation: Recommendation, due_on: date | None, note: str
) -> None:
    """Let *recommendation* be due on the day that its office promises; *note* says by what."""
    values = {"due_on": due_on, "note": note}
    change(session, actor, recommendation, "recommendation.edited", values)
    sync_tasks(session, recommendation)


def is_reopening(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    axis: Axis,
    target: str,
    grounds: RecommendationTransition,
) -> bool:
    """Return whether the step leads back from an ended state, so that another must approve it.

    Raises what move() would raise, but for a step that does not exist.
    """
    step = AXES[axis].find(getattr(recommendation, axis), target)
    if step is None or step.permission is not Permission.REOPEN:
        return False
    check_stands(recommendation)
    require_on(session, actor, step.permission, recommendation)
    check_needs(actor, recommendation, step, grounds)
    return True


def check_needs(
    actor: Actor, recommendation: Recommendation, step: Step, grounds: RecommendationTransition
) -> None:
    """Raise when *grounds* lack what *step* needs, naming every field that is missing."""
    if judges_itself(actor, step, recommendation.claimed_by_office_id):
        raise PermissionDenied(
            reason_zh="申报落实的单位不能核验自己的申报，须由其他单位的人员办理",
            reason_en="the office that claimed this cannot judge its own claim;"
            " someone of another office must",
        )
    wrong = lacking(step, grounds) | surplus(step, grounds, Need.REVIEW_ON, Need.SUPERSEDED_BY)
    if grounds.superseded_by is recommendation:
        wrong["superseded_by"] = ("不能由自身取代", "a recommendation cannot supersede itself")
    if wrong:
        raise InvalidChange(fields=wrong)


def apply_step(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    axis: Axis,
    step: Step,
    grounds: RecommendationTransition,
) -> None:
    """Carry out *step*: the event, the new state, and the records that come with it."""
    changes = changes_of(actor, recommendation, axis, step, grounds)
    recorded = recorded_of(changes, grounds)
    for name, (_, new) in changes.items():
        setattr(recommendation, name, new)
    recommendation.last_move, at = next_sequence(session), utcnow()
    name = f"recommendation.{axis}_changed"
    note = "\n".join(filter(None, (grounds.reason, grounds.note))) or None
    sequence = record_event(session, actor, recommendation, name, recorded, note=note, at=at)
    if grounds.evidence:
        given = ReportInput(grounds.note, evidence=grounds.evidence)
        add_report(session, actor, recommendation, (sequence, at), given)
    if step.source == Progress.SUPERSEDED:
        end_succession(session, actor, recommendation, sequence)
    if grounds.superseded_by:
        begin_succession(session, actor, recommendation, grounds.superseded_by, sequence)
    sync_tasks(session, recommendation, grounds.on)
    attach(session, actor, grounds.evidence, recommendation, told_in=sequence)


def recorded_of(changes: Changes, grounds: RecommendationTransition) -> NewChanges:
    """Return *changes* as the event keeps them, with the evidence and the successor."""
    recorded = {name: (as_json(old), as_json(new)) for name, (old, new) in changes.items()}
    if grounds.evidence:
        recorded["evidence"] = ([], grounds.evidence)
    if grounds.superseded_by:
        recorded["superseded_by"] = (None, grounds.superseded_by.reference)
    return recorded


def changes_of(
    actor: Actor,
    recommendation: Recommendation,
    axis: Axis,
    step: Step,
    grounds: RecommendationTransition,
) -> NewChanges:
    """Return the columns that *step* changes, each with its old and new value."""
    changes: NewChanges = {axis: (step.source, str(step.target))}
    if axis is Axis.PROGRESS:
        changes["review_on"] = (recommendation.review_on, grounds.review_on)
        verified = step.target == Progress.VERIFIED
        later = months_after(grounds.on, LOOK_BACK.amount) if verified else None
        changes["look_back_on"] = (recommendation.look_back_on, later)
    if grounds.due_on is not None:
        changes["due_on"] = (recommendation.due_on, grounds.due_on)
    if step.target == Progress.IMPLEMENTED:
        changes["claimed_by_office_id"] = (recommendation.claimed_by_office_id, actor.office_id)
    return {name: pair for name, pair in changes.items() if pair[0] != pair[1]}


def edit(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    values: Given,
) -> None:
    """Change summaries, targets, specificity or the due date; *values* may hold a ``note``.

    Raises PermissionDenied when the actor is no registrar. Nothing happens when nothing differs.
    """
    require(actor, Permission.EDIT)
    zh = values.get("summary_zh", recommendation.summary_zh)
    en = values.get("summary_en", recommendation.summary_en)
    text = with_line(recommendation.search_text, 0, f"{zh} {en or ''}")
    change(
        session,
        actor,
        recommendation,
        "recommendation.edited",
        values,
        also={"search_text": text},
    )
    sync_tasks(session, recommendation)
