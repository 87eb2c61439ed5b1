"""When records are next due, as their open tasks say; the columns that keep it are an index."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.withheld import nobody_withholds
from app.core.codes import Clock, TaskKind, WithheldKind
from app.core.types import Model
from app.models import Assignment, Commitment, Proposal, Recommendation, Reply, ReplyPoint, Task
from app.tasks.queries.holders import GIVEN
from app.tasks.rules.holders import holders_of
from app.tasks.rules.task_clocks import CLOCKS, INTERNAL_CLOCKS

BATCH = 500
ORDER = {clock: number for number, clock in enumerate(Clock)}
Key = tuple[Model, int]
"""A record: its model and its number."""


class Due(NamedTuple):
    """A day that is to be kept; of several on one day the clock that stands first in its list."""

    on: date
    order: int
    clock: Clock

    @classmethod
    def of(cls, task: Any) -> "Due":
        """Return the day of *task*, which has one and is a clock."""
        clock = CLOCKS[TaskKind(task.kind)]
        return cls(task.due_on, ORDER[clock], clock)


class NextDays(NamedTuple):
    """When a record is next due, for those who take part in its handling and for everyone."""

    next_due_on: date | None = None
    next_clock: str | None = None
    public_due_on: date | None = None
    public_clock: str | None = None


NAMES = NextDays._fields
OF_PROMISE = NAMES[:2]
"""Whoever sees a promise sees its days."""

KEPT: dict[Model, tuple[str, ...]] = {
    Recommendation: NAMES,
    Assignment: NAMES,
    Proposal: NAMES,
    Commitment: OF_PROMISE,
}
"""Model → the columns that keep when a record is next due."""


@dataclass
class Cases:
    """Some cases, each a proposal with those merged into it, and what hangs on them."""

    case_of: dict[int, int]
    recommendations: dict[int, int]
    assignments: dict[int, list[Any]]
    public: set[int]
    whole: dict[Key, Due] = field(default_factory=dict)
    shown: dict[Key, Due] = field(default_factory=dict)

    def note(self, record: Key, due: Due, is_public: bool) -> None:
        """Let *record* be due then, where nothing comes earlier."""
        self.whole[record] = min(self.whole.get(record, due), due)
        if is_public:
            self.shown[record] = min(self.shown.get(record, due), due)

    def about(self, recommendation_id: int, due: Due, is_public: bool) -> None:
        """Let a recommendation, and its proposal, be due then."""
        self.note((Recommendation, recommendation_id), due, is_public)
        self.note((Proposal, self.recommendations[recommendation_id]), due, is_public)

    def next_of(self, record: Key) -> NextDays:
        """Return when *record* is next due."""
        whole, shown = self.whole.get(record), self.shown.get(record)
        return NextDays(
            whole.on if whole else None,
            whole.clock if whole else None,
            shown.on if shown else None,
            shown.clock if shown else None,
        )


def read_cases(session: Session, case_ids: Iterable[int]) -> Cases:
    """Read the cases *case_ids*: what was merged into them, recommendations, assignments."""
    case_of = {number: number for number in case_ids}
    last = list(case_of)
    while last:
        merged = sa.select(Proposal.id, Proposal.merged_into_id)
        rows = session.execute(merged.where(Proposal.merged_into_id.in_(last))).all()
        case_of |= {row.id: case_of[row.merged_into_id] for row in rows}
        last = [row.id for row in rows]
    family = list(case_of)
    own = sa.select(Recommendation.id, Recommendation.proposal_id)
    recommendations = session.execute(own.where(Recommendation.proposal_id.in_(family)))
    assignments: dict[int, list[Any]] = defaultdict(list)
    given = sa.select(*GIVEN).where(Assignment.proposal_id.in_(family)).order_by(Assignment.id)
    for row in session.execute(given):
        assignments[row.proposal_id].append(row)
    return Cases(
        case_of,
        {row.id: row.proposal_id for row in recommendations},
        assignments,
        set(session.scalars(published_promises(family))),
    )


def published_promises(proposals: Iterable[int]) -> sa.Select[int]:
    """Return the SELECT of the promises about *proposals* that everyone knows."""
    return (
        sa.select(Commitment.id)
        .join(ReplyPoint, ReplyPoint.id == Commitment.point_id)
        .join(Reply, Reply.id == ReplyPoint.reply_id)
        .where(
            Commitment.proposal_id.in_(proposals),
            Reply.published_on.is_not(None),
            nobody_withholds(WithheldKind.REPLY, Reply.id),
        )
    )


def next_days(session: Session, case_ids: Iterable[int]) -> tuple[Cases, dict[Key, Any]]:
    """Return the cases with what each of their records is next due, and the rows that keep it."""
    cases = read_cases(session, case_ids)
    covered = covering(cases)
    tasks = sa.select(
        Task.kind,
        Task.due_on,
        Task.proposal_id,
        Task.recommendation_id,
        Task.assignment_id,
        Task.commitment_id,
    ).where(
        Task.proposal_id.in_(list(cases.case_of)),
        Task.ended_on.is_(None),
        Task.due_on.is_not(None),
        Task.kind.in_(CLOCKS),
    )
    for task in session.execute(tasks):
        due = Due.of(task)
        is_public = due.clock not in INTERNAL_CLOCKS
        if task.assignment_id is not None:
            cases.note((Assignment, task.assignment_id), due, is_public)
            cases.note((Proposal, task.proposal_id), due, is_public)
            for number in covered[task.assignment_id]:
                cases.about(number, due, is_public)
            continue
        if task.commitment_id is not None:
            is_public = task.commitment_id in cases.public
            cases.note((Commitment, task.commitment_id), due, is_public)
        cases.about(task.recommendation_id, due, is_public)
    return cases, kept_rows(session, cases)


def covering(cases: Cases) -> dict[int, list[int]]:
    """Return the recommendations that are handled under each assignment."""
    found: dict[int, list[int]] = defaultdict(list)
    for number, proposal in cases.recommendations.items():
        given = cases.assignments.get(cases.case_of[proposal], [])
        for assignment in holders_of(number, given).assignments if given else ():
            found[assignment].append(number)
    return found


def kept_rows(session: Session, cases: Cases) -> dict[Key, Any]:
    """Return what the records of *cases* keep of it now."""
    family = list(cases.case_of)
    found: dict[Key, Any] = {}
    for model, names in KEPT.items():
        own = model.id if model is Proposal else model.proposal_id
        columns = [getattr(model, name) for name in names]
        for row in session.execute(sa.select(model.id, *columns).where(own.in_(family))):
            found[model, row.id] = tuple(row[1:])
    return found


def differences(cases: Cases, kept: dict[Key, Any]) -> Iterator[tuple[Key, tuple[Any, ...]]]:
    """Yield each record that keeps another day than its tasks say, with what it should keep."""
    for record, values in kept.items():
        wanted = cases.next_of(record)[: len(KEPT[record[0]])]
        if wanted != values:
            yield record, wanted


def all_differences(session: Session) -> Iterator[tuple[Key, tuple[Any, ...]]]:
    """Yield what differences() does of every case, a batch at a time."""
    last, own = 0, sa.select(Proposal.id).where(Proposal.merged_into_id.is_(None))
    while ids := session.scalars(
        own.where(Proposal.id > last).order_by(Proposal.id).limit(BATCH)
    ).all():
        last = ids[-1]
        yield from differences(*next_days(session, ids))


def next_due_drift(session: Session) -> Iterator[str]:
    """Yield a sentence for each record whose next day is not the one that its tasks say."""
    for (model, number), wanted in all_differences(session):
        yield f"{model.__tablename__} {number}: it is next due on {wanted[0]}, says its tasks"
