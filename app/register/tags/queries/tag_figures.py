"""What the page of a tag counts anew: acceptance, offices, percentages, lateness, promises.

Each number is counted by the very statement of the list that stands beside it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.visibility import view_of
from app.core.codes import Acceptance, Clock, CommitmentState, LeadStatus, OfficeRole, Specificity
from app.core.rules.permissions import HELD, Actor
from app.core.rules.state_groups import RUNNING
from app.core.types import Expression, Given
from app.models import Commitment, RecommendationOffice, RecommendationTag
from app.register.proposals.queries.handling_visibility import commitments_seen
from app.register.recommendations.queries import lateness
from app.register.recommendations.queries.populations import Counted
from app.register.recommendations.queries.recommendation_columns import C, last_percent
from app.register.recommendations.queries.recommendations import found

J = RecommendationOffice.metadata.tables["recommendation_offices"].c
MOST_COUNTED = 100_000
"""How many recommendations are counted anew at a reading, which takes about two seconds."""

MOST_OFFICES = 50
"""How many offices the page shows: those that have most."""


@dataclass(frozen=True)
class Population(Counted):
    """The recommendations of a tag that are counted, as *actor* sees them on the day *today*."""

    session: Session
    actor: Actor
    tag_id: int
    counted: Collection[Specificity]
    today: date

    @property
    def asked(self) -> Given:
        """The filters of all that is counted."""
        kinds = {"specificity": self.counted} if len(self.counted) < len(Specificity) else {}
        return {"tag_id": [self.tag_id], "narrower": True, "ended": False, **kinds}

    def whatever_stands(self, *columns: Expression) -> sa.Subquery:
        """Return *columns* of all that have the tag, also of what ended or is not counted."""
        values = {"tag_id": self.tag_id, "viewer_office": self.actor.office_id}
        rows = found(view_of(self.actor), frozenset({"tag_id"}), columns)
        return rows.params(values).subquery()

    def promises(self, *columns: Expression) -> sa.Select:
        """Return the SELECT of *columns* of the promises about recommendations of the tag.

        They outlive what they are about, and are promises whatever it asked for.
        """
        having = sa.select(RecommendationTag.recommendation_id).where(
            RecommendationTag.tag_id == self.tag_id
        )
        statement = commitments_seen(columns, self.actor)
        return statement.where(Commitment.recommendation_id.in_(having))


Part = OfficeRole | LeadStatus
"""The part of an office in a recommendation, or how it stands that leads none yet."""


class Dated(NamedTuple):
    """How many there are of each code, and the first day among them."""

    numbers: dict[str, int]
    first: date | None


class Percentages(NamedTuple):
    """Of how many a percentage was reported, and their mean and median; None: of none."""

    number: int
    mean: float | None
    median: float | None


def acceptance(population: Population) -> dict[str, int]:
    """Return how many recommendations stand at each acceptance."""
    numbers = dict.fromkeys(map(str, Acceptance), 0)
    counted = population.counts(population.rows(C.acceptance))
    return numbers | {str(code): number for code, number in counted}


def late(population: Population) -> Dated:
    """Return how many are late by each clock, as far as the actor sees clocks; since when."""
    due = lateness.next_due(C, view_of(population.actor), C.proposal_id)
    rows = population.rows(due.clock.label("clock"), due.due_on.label("due_on"), overdue=True)
    counted = population.session.execute(
        sa.select(rows.c.clock, sa.func.count(), sa.func.min(rows.c.due_on)).group_by(rows.c.clock)
    ).all()
    numbers = {str(clock): number for clock, number, _ in counted}
    first = min((day for _, _, day in counted), default=None)
    return Dated({code: numbers[code] for code in map(str, Clock) if code in numbers}, first)


def offices(population: Population) -> dict[int, Counter[Part]]:
    """Return for each office how many it has in each part, those that have most first.

    One that is only suggested to lead has that for its part.
    """
    leads = population.rows(C.lead_office_id, C.lead_status)
    beside = population.rows(C.id)
    parts = (
        sa.select(J.office_id, J.role, sa.func.count())
        .join_from(beside, J.office_id.table, J.recommendation_id == beside.c.id)
        .where(J.withdrawn_at.is_(None))
        .group_by(J.office_id, J.role)
    )
    having: defaultdict[int, Counter[Part]] = defaultdict(Counter)
    for office, status, number in population.counts(leads):
        if office is not None:
            having[office][OfficeRole.LEAD if status in HELD else LeadStatus(status)] += number
    for office, role, number in population.session.execute(parts):
        having[office][OfficeRole(role)] += number
    order = sorted(having, key=lambda office: (-having[office].total(), office))
    return {office: having[office] for office in order}


def percentages(population: Population) -> Percentages:
    """Return the mean and the median of what was reported last of each that was reported on."""
    percent = last_percent(view_of(population.actor)).label("percent")
    counted = population.counts(population.rows(percent, reported=True))
    every = [percent for percent, number in counted for _ in range(number)]
    if not every:
        return Percentages(0, None, None)
    return Percentages(len(every), round(sum(every) / len(every), 1), float(median(every)))


def promised(population: Population) -> Dated:
    """Return how many promises stand at each state, and the first day of those still owed."""
    rows = population.promises(Commitment.state, Commitment.next_due_on).subquery()
    day = sa.func.min(rows.c.next_due_on)
    statement = sa.select(rows.c.state, sa.func.count(), day).group_by(rows.c.state)
    counted = population.session.execute(statement).all()
    owed = [day for state, _, day in counted if state in RUNNING and day is not None]
    numbers = dict.fromkeys(map(str, CommitmentState), 0)
    return Dated(numbers | {str(s): number for s, number, _ in counted}, min(owed, default=None))
