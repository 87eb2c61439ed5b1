"""Looking back at what was verified, some time after."""

from sqlalchemy.orm import Session

from app.core.canonical_json import as_json
from app.core.errors import NotNow
from app.core.rules.permissions import Actor
from app.core.types import NewChanges
from app.models import Recommendation
from app.register.files.services import Evidence
from app.register.recommendations.rules import LOOKING_BACK
from app.register.recommendations.services.permissions import check_stands, require_on
from app.register.recommendations.services.recommendations import (
    RecommendationTransition,
    check_needs,
)
from app.register.recommendations.services.reports import ReportInput, report_event
from app.register.recommendations.services.state_tasks import sync_tasks


def look_back(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    *,
    text: str,
    evidence: Evidence | None = None,
) -> None:
    """Note that what was verified was looked back at and still stands; *text* says what was found.

    What does not stand any more is reopened instead. Raises PermissionDenied, also for the office
    that claimed it, and NotNow when the recommendation is not verified.
    """
    check_stands(recommendation)
    require_on(session, actor, LOOKING_BACK.permission, recommendation)
    check_needs(actor, recommendation, LOOKING_BACK, RecommendationTransition())
    if recommendation.progress != LOOKING_BACK.source:
        state = recommendation.progress
        raise NotNow.of(
            ("建议", "the recommendation"), state.labels, ("登记回头看", "look back at it")
        )
    changes: NewChanges = {
        "look_back_on": (as_json(recommendation.look_back_on), None),
        "evidence": ([], evidence or []),
    }
    recommendation.look_back_on = None
    given = ReportInput(text, evidence=evidence)
    report_event(session, actor, recommendation, "looked_back", changes, given)
    sync_tasks(session, recommendation)
