"""What the records of each list can be told apart by, and the condition that they are of one."""

from dataclasses import dataclass

import sqlalchemy as sa

from app.core.rules.permissions import HELD
from app.core.types import Condition, Expression
from app.models import (
    Assignment,
    Commitment,
    Document,
    Evaluation,
    Proposal,
    Recommendation,
    RecommendationTag,
    Reply,
)
from app.register.counting.queries.of_cases import answered_by
from app.register.counting.rules.figure import CountedUnit, Dimension
from app.register.proposals.queries.handling_visibility import SENT_BY

Value = int | str | None
"""A number of a record, a code, a month (202603) or a year; None: it has none."""


@dataclass(frozen=True)
class Single:
    """What each record has one of, or none: the value of a column or an expression."""

    column: Expression

    def is_value(self, value: Value) -> Condition:
        """Return the condition that a record has *value*."""
        return self.column.is_(None) if value is None else self.column == value


@dataclass(frozen=True)
class Linked:
    """What a record can have several of: *links* are pairs, its *key* and a value."""

    key: Expression
    links: sa.Select

    def is_value(self, value: Value) -> Condition:
        """Return the condition that a record has *value* among its own."""
        key, own = self.links.selected_columns
        if value is None:
            return self.key.not_in(self.links.with_only_columns(key))
        return self.key.in_(self.links.where(own == value).with_only_columns(key))


By = Single | Linked
R, T = Recommendation, RecommendationTag
TAGS = sa.select(T.recommendation_id, T.tag_id)
TAGS_OF_PROPOSALS = (
    sa.select(R.proposal_id, T.tag_id).join(T, T.recommendation_id == R.id).distinct()
)
LED_BY = sa.case((R.lead_status.in_(sorted(HELD)), R.lead_office_id))
"""The office that leads a recommendation; one that is only suggested does not."""

DATED = (
    sa.select(Document.latest_on)
    .where(Document.id == Proposal.document_id)
    .correlate(Proposal)
    .scalar_subquery()
)
"""The day of the paper that a proposal stands in, the last one it can be of."""


def of_proposal(dated: Expression) -> dict[Dimension, By]:
    """Return the dimensions of what belongs to a proposal, and is *dated* a day."""
    year, month = sa.extract("year", dated), sa.extract("month", dated)
    return {
        Dimension.SESSION: Single(Proposal.session_id),
        Dimension.KIND: Single(Proposal.kind),
        Dimension.DOCUMENT: Single(Proposal.document_id),
        Dimension.MONTH: Single(sa.cast(year * 100 + month, sa.Integer)),
        Dimension.YEAR: Single(sa.cast(year, sa.Integer)),
    }


def of_assignment(dated: Expression, office: Expression) -> dict[Dimension, By]:
    """Return the dimensions of what belongs to an assignment of *office*."""
    return {
        Dimension.OFFICE: Single(office),
        Dimension.TAG: Linked(Proposal.id, TAGS_OF_PROPOSALS),
        **of_proposal(dated),
    }


DIMENSIONS: dict[CountedUnit, dict[Dimension, By]] = {
    CountedUnit.PROPOSALS: {
        Dimension.OFFICE: Linked(Proposal.id, answered_by()),
        Dimension.TAG: Linked(Proposal.id, TAGS_OF_PROPOSALS),
        **of_proposal(DATED),
    },
    CountedUnit.RECOMMENDATIONS: {
        Dimension.OFFICE: Single(LED_BY),
        Dimension.TAG: Linked(R.id, TAGS),
        **of_proposal(DATED),
    },
    CountedUnit.ASSIGNMENTS: of_assignment(Assignment.dispatched_on, Assignment.office_id),
    CountedUnit.COMMITMENTS: {
        Dimension.OFFICE: Single(Commitment.office_id),
        Dimension.TAG: Linked(Commitment.recommendation_id, TAGS),
        **of_proposal(Commitment.promised_on),
    },
    CountedUnit.REPLIES: of_assignment(Reply.sent_on, SENT_BY),
    CountedUnit.EVALUATIONS: of_assignment(Evaluation.rated_on, SENT_BY),
}
"""What the records of each unit can be told apart by; those of assignments by all tags of the case.

The month and the year are those of the paper a proposal stands in, of the dispatch, of the promised
day, of the day of sending, and of the day on which the form is dated.
"""
