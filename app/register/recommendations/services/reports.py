"""What offices report on the progress of a recommendation."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.services.recorder import record_event
from app.core.clock import utcnow
from app.core.codes import (
    Progress,
)
from app.core.errors import Ended, InvalidChange
from app.core.rules.permissions import Actor, Permission
from app.core.rules.state_groups import OPEN
from app.core.types import Changes, NewChanges
from app.models import ProgressReport, Recommendation
from app.register.files.services import Evidence, attach
from app.register.recommendations.services.permissions import check_stands, require_on
from app.register.recommendations.services.state_tasks import report_again


@dataclass(frozen=True)
class ReportInput:
    """What a report says: its words, how far it is (0 to 100), what proves it, what it mends."""

    text: str | None
    percent: int | None = None
    evidence: Evidence | None = None
    corrects: ProgressReport | None = None


def report(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    *,
    text: str,
    percent: int | None = None,
    evidence: Evidence | None = None,
    on: date | None = None,
) -> ProgressReport:
    """Add a progress report (*percent* from 0 to 100) and return it; *on* is the day it is.

    Raises PermissionDenied when the actor's office does not handle the recommendation, and
    Ended when the recommendation no longer waits for anything, EndedWithProposal, and
    InvalidChange for a percentage of what was not started that asks for that step.
    """
    check_stands(recommendation)
    require_on(session, actor, Permission.REPORT, recommendation)
    if recommendation.progress not in OPEN:
        state = recommendation.progress
        raise Ended(state=state, state_zh=state.zh)
    begun = (percent or 0) >= BEGUN
    if begun and recommendation.progress == Progress.NOT_STARTED:
        raise InvalidChange(fields={"percent": NOT_BEGUN})
    changes: NewChanges
    changes = {"percent": (None, percent), "evidence": ([], evidence or [])}
    given = ReportInput(text, percent, evidence)
    made = report_event(session, actor, recommendation, "reported", changes, given)
    report_again(session, recommendation, actor.office_id, on or made.reported_at.date())
    return made


def correct_report(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    former: ProgressReport,
    given: ReportInput,
) -> ProgressReport:
    """Add the further version of *former*, which stays, and return it.

    It may be written whatever became of the recommendation since. Its percentage is how far it is
    now; that of *former* counts no more. Raises PermissionDenied, and InvalidChange for a report
    of another office, or one that was mended already.
    """
    require_on(session, actor, Permission.REPORT, recommendation)
    if former.office_id != actor.office_id:
        message = ("是其他单位的报告", "was reported by another office")
        raise InvalidChange(fields={"corrects": message})
    later = session.scalar(select(ProgressReport.id).where(ProgressReport.corrects_id == former.id))
    if later is not None:
        message = (f"已由第 {later} 号更正", f"was mended by {later}")
        raise InvalidChange(fields={"corrects": message})
    changes: NewChanges = {
        "percent": (None, given.percent),
        "evidence": ([], given.evidence or []),
        "corrects": (None, former.sequence),
    }
    return report_event(
        session, actor, recommendation, "report_corrected", changes, replace(given, corrects=former)
    )


BEGUN = 30
"""The percentage from which something is no longer preparation, so that its progress has to say."""

NOT_BEGUN = (
    "这条建议现为“未开始”：请先把落实进展（progress）改为“推进中”（in_progress），再报告进度",
    "it is not started: first take the step of progress to in_progress, then report how far it is",
)


def report_event(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    action: str,
    changes: Changes,
    given: ReportInput,
) -> ProgressReport:
    """Write the event of an *action* that leaves a report, and return the report."""
    at = utcnow()
    operation = f"recommendation.{action}"
    note = given.text
    sequence = record_event(session, actor, recommendation, operation, changes, note=note, at=at)
    added = add_report(session, actor, recommendation, (sequence, at), given)
    session.flush()
    attach(session, actor, given.evidence, recommendation, told_in=sequence)
    return added


def add_report(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    event: tuple[int, datetime],
    given: ReportInput,
) -> ProgressReport:
    """Add the row of a report that came with an *event*: its sequence and its moment."""
    added = ProgressReport(
        id=event[0],  # so that it follows from the event, which tells no id of a report
        recommendation_id=recommendation.id,
        sequence=event[0],
        text=given.text,
        percent=given.percent,
        evidence=given.evidence or [],
        office_id=actor.office_id,
        reported_by="" if actor.name_seal else actor.name,
        reported_at=event[1],
        corrects_id=given.corrects.id if given.corrects else None,
    )
    session.add(added)
    return added
