"""The columns of a recommendation as lists show it, all of them in one statement."""

from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from app.accounts.queries.visibility import ActorView, seen
from app.accounts.queries.visibility import R as HANDLED
from app.accounts.queries.withheld import shown_in
from app.core.codes import OfficeRole, WithheldKind
from app.core.queries.filters import VERSION
from app.core.queries.rows import as_text, labelled, later
from app.core.types import Condition, Expression
from app.models import (
    Event,
    ProgressReport,
    Proposal,
    Proposer,
    Recommendation,
    RecommendationOffice,
    RecommendationTag,
)
from app.register.periods.queries.standing import state_then
from app.register.periods.rules import NOT_ENDED
from app.register.proposals.queries import short_forms
from app.register.recommendations.models import SPECIFICITY
from app.register.recommendations.queries import lateness

R = Recommendation
T = RecommendationTag.metadata.tables["recommendation_tags"].c
C = R.metadata.tables["recommendations"].c
P = Proposal.metadata.tables["proposals"].c
E = Event.metadata.tables["events"].c
M = ProgressReport.metadata.tables["progress_reports"].c
FURTHER = ProgressReport.metadata.tables["progress_reports"].alias("further").c
"""The columns of the tables themselves: rows of a list need no entities."""


def joined_ids(column: Expression, *where: Condition) -> Any:
    """Return a subquery that joins the numbers of *column* with commas."""
    text = sa.func.aggregate_strings(sa.cast(column, sa.String), ",")
    return sa.select(text).where(*where).correlate(R).scalar_subquery()


TAG_IDS = joined_ids(T.tag_id, T.recommendation_id == C.id, T.is_direct).label("tag_ids")


def offices_with(role: OfficeRole) -> Any:
    """Return a subquery that joins the numbers of the offices that have this part."""
    J = RecommendationOffice
    own = (J.recommendation_id == C.id, J.role == role, J.withdrawn_at.is_(None))
    return joined_ids(J.office_id, *own)


def proposer_names() -> Any:
    """Return a subquery that joins the names of the proposers, as printed, with line ends."""
    own = (Proposer.proposal_id == P.id, Proposer.withdrawn_at.is_(None))
    names = sa.select(Proposer.as_printed).where(*own).order_by(Proposer.position)
    in_order = names.correlate(P.id.table).subquery()
    return sa.select(sa.func.aggregate_strings(in_order.c.as_printed, "\n")).scalar_subquery()


SHOWN = (
    C.id,
    C.reference,
    C.number,
    C.summary_zh,
    C.summary_en,
    C.stance,
    SPECIFICITY.label("specificity"),
    C.acceptance,
    C.progress,
    C.lead_office_id,
    C.lead_status,
    C.due_on,
    C.review_on,
    C.ended_as,
    C.publication,
    C.version,
    C.created_at,
    C.updated_at,
    TAG_IDS,
    offices_with(OfficeRole.JOINT).label("joint_office_ids"),
    offices_with(OfficeRole.SEPARATE).label("separate_office_ids"),
    *labelled(P, "proposal", short_forms.PROPOSAL),
    proposer_names().label("proposer_names"),
    VERSION,
)
"""The columns of a recommendation as lists show it to everyone, in one statement."""


DETAIL = (
    C.targets,
    C.claimed_by_office_id,
    C.look_back_on,
    P.session_id,
    C.last_move,
    offices_with(OfficeRole.BELOW).label("below_office_ids"),
)
"""What only one recommendation by itself shows."""

KEPT_BACK = ("proposal_id", "search_text", *lateness.KEPT)
"""Columns that no answer shows as they are."""

LATER = later(Recommendation, *SHOWN, *DETAIL, *KEPT_BACK)


@lru_cache(maxsize=100)
def shown_columns(view: ActorView) -> tuple[Any, ...]:
    """Return the columns of a recommendation as lists show it to *view*."""
    return as_text(
        [
            *SHOWN,
            *LATER,
            *lateness.next_due(C, view, C.proposal_id).shown(),
            last_percent(view).label("percent"),
            last_reported(view, M.reported_at).label("last_reported_at"),
        ]
    )


@lru_cache(maxsize=100)
def columns_then(view: ActorView) -> tuple[Any, ...]:
    """Return the same of a list as of MOMENT: the axes that have periods as they stood then."""
    then = {
        name: state_then("recommendation", axis, C.id)
        for name, axis in (
            ("progress", "progress"),
            ("acceptance", "acceptance"),
            ("specificity", "specificity"),
            ("ended_as", "ended"),
        )
    }
    then["ended_as"] = sa.func.nullif(then["ended_as"], NOT_ENDED)
    return tuple(then[c.key].label(c.key) if c.key in then else c for c in shown_columns(view))


def last_percent(view: ActorView) -> Any:
    """Return a subquery for the percentage that was reported last, as far as *view* sees it."""
    return last_reported(view, M.percent, M.percent.is_not(None), unmended(view))


def unmended(view: ActorView) -> Condition:
    """Return the condition that no further version that *view* sees mends a report."""
    shown = shown_in(view, WithheldKind.REPORT, FURTHER.id)
    return ~sa.exists().where(FURTHER.corrects_id == M.id, *shown)


def last_reported(view: ActorView, column: Expression, *where: Condition) -> Any:
    """Return a subquery for *column* of the last report that *view* sees, and *where* holds.

    One that was written while the recommendation was hidden from it stays hidden, and so does one
    that is withheld.
    """
    shown = shown_in(view, WithheldKind.REPORT, M.id)
    statement = sa.select(column).where(M.recommendation_id == C.id, *where, *shown)
    known = seen(view, E.publication, HANDLED.c.id == M.recommendation_id)
    if known:
        statement = statement.join(E.sequence.table, E.sequence == M.sequence)
        statement = statement.where(sa.or_(E.publication.is_(None), *known))
    statement = statement.order_by(M.sequence.desc(), M.id.desc()).limit(1)
    return statement.correlate(C.id.table).scalar_subquery()
