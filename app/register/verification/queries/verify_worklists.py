"""Whether the desks show what waits, and whether their counters agree."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.queries.hanging_rows import FOLLOWS
from app.core.codes import AssignmentRole, Desk, Progress, TaskKind
from app.core.rules.permissions import HELD
from app.core.rules.state_groups import UNDONE
from app.models import (
    Commitment,
    Notice,
    Proposal,
    Recommendation,
    RecommendationOffice,
    Task,
    TaskCount,
)
from app.register.people.queries.reference_data import read_book
from app.register.verification.queries.verify_state_tasks import false_followers
from app.tasks.queries.task_counts import BY_ASSIGNMENT, COUNT_KEY, ROLE_BESIDE, count_keys
from app.tasks.rules.reminders import next_day
from app.tasks.rules.tasks import due_of

R, T, N, BESIDE = Recommendation, Task, Notice, RecommendationOffice
LEAD = AssignmentRole.LEAD


def desk_drift(session: Session) -> Iterator[str]:
    """Yield a sentence for each task that should not be there, is missing, or is miscounted."""
    wanted, found = Counter(followed(session)), Counter(following(session))
    for key, number in ((wanted - found) + (found - wanted)).items():
        message = "should not wait" if found[key] > wanted[key] else "is missing"
        what = f"{key[3]} on the desk {key[1]} {key[2]}"
        yield f"recommendation {key[0]}: {what} {message} ({number})"
    yield from false_days(session)
    yield from false_reminders(session)
    yield from false_followers(session)
    stale = sa.select(T.id).join(Proposal, Proposal.id == T.proposal_id)
    for number in session.scalars(stale.where(T.publication != Proposal.publication)):
        yield f"task {number}: it is not seen by those who see its proposal"
    kept = {
        tuple(row[:-1]): row[-1]
        for row in session.execute(
            sa.select(*(getattr(TaskCount, name) for name in COUNT_KEY), TaskCount.number)
        )
    }
    counted = live_counts(session)
    for desk in sorted(set(kept) | set(counted)):
        if kept.get(desk, 0) != counted.get(desk, 0):
            where = " ".join(map(str, desk))
            yield f"desk {where}: {kept.get(desk, 0)} are counted, {counted.get(desk, 0)} are there"


def false_days(session: Session) -> Iterator[str]:
    """Yield a sentence for each open task whose day is not the one that its papers give."""
    calendar = read_book(session).calendar
    columns = (T.id, T.limit, T.began_on, T.pauses, T.extensions)
    days = (T.due_on, T.original_due_on, T.is_provisional)
    rows = sa.select(*columns, *days).where(T.ended_on.is_(None), T.limit.is_not(None))
    for row in session.execute(rows.execution_options(yield_per=1000)):
        now = due_of(row, calendar)
        kept: tuple[Any, ...] = tuple(row[len(columns) :])
        right = (now.due_on, now.original_due_on, now.provisional)
        if kept != right:
            wrong, meant = days_in_words(*kept), days_in_words(*right)
            yield f"task {row.id}: due on {wrong}, by its papers on {meant}"


def days_in_words(due: date, original: date, provisional: bool) -> str:
    """Return a due date in words: the day, the first one where it was another, and if certain."""
    first = f", first {original}" if original != due else ""
    return f"{due}{first}{' (may move)' if provisional else ''}"


def false_reminders(session: Session) -> Iterator[str]:
    """Yield a sentence for each task that two records claim, or that fires on a wrong day."""
    both = sa.and_(T.assignment_id.is_not(None), T.commitment_id.is_not(None))
    lost = sa.and_(
        T.commitment_id.is_not(None), ~sa.exists().where(Commitment.id == T.commitment_id)
    )
    for number in session.scalars(sa.select(T.id).where(sa.or_(both, lost))):
        yield f"task {number}: it does not belong where it says"
    stray = sa.or_(
        N.assignment_id.is_distinct_from(T.assignment_id),
        N.commitment_id.is_distinct_from(T.commitment_id),
    )
    for number in session.scalars(sa.select(N.id).join(T, T.id == N.task_id).where(stray)):
        yield f"notice {number}: it does not belong to what its task belongs to"
    columns = (T.id, T.kind, T.began_on, T.due_on, T.fired_until, T.fires_on, T.ended_on)
    for row in session.execute(sa.select(*columns).execution_options(yield_per=1000)):
        day = None
        if row.ended_on is None:
            day = next_day(row.kind, row.began_on, row.due_on, row.fired_until)
        if row.fires_on != day:
            yield f"task {row.id}: its next reminder is on {row.fires_on}, by the table on {day}"


def live_counts(session: Session) -> dict[tuple[Any, ...], int]:
    """Return how many open tasks there are, by the key of the counters."""
    columns = (T.desk, T.office_id, T.due_on, T.kind, T.role, T.publication)
    number = sa.func.count().label("number")
    rows = sa.select(*columns, number).where(T.ended_on.is_(None)).group_by(*columns)
    found: Counter[tuple[Any, ...]] = Counter()
    for row in session.execute(rows):
        found.update(dict.fromkeys(count_keys(row), row.number))
    return dict(found)


def followed(session: Session) -> Iterator[tuple[Any, ...]]:
    """Yield what waits for each recommendation, as its state says."""
    office, undone = Desk.OFFICE, sorted(UNDONE)
    deferred = R.progress == Progress.DEFERRED
    due = sa.case((deferred, R.review_on), else_=R.due_on)
    shown = (R.publication, due, R.proposal_id)
    held, stands = list(HELD), R.ended_as.is_(None)
    leads = sa.select(R.id, R.lead_office_id, *shown).where(
        R.lead_status.in_(held), R.progress.in_(undone), stands
    )
    for number, lead, *rest in session.execute(leads):
        yield (number, office, lead, TaskKind.IMPLEMENT, LEAD, *rest)
    joins = sa.select(R.id, BESIDE.office_id, ROLE_BESIDE, *shown)
    joins = joins.join(BESIDE, BESIDE.recommendation_id == R.id).outerjoin(*BY_ASSIGNMENT)
    joins = joins.where(BESIDE.withdrawn_at.is_(None), R.progress.in_(undone), stands)
    for number, beside, role, *rest in session.execute(joins):
        yield (number, office, beside, TaskKind.IMPLEMENT, role, *rest)
    claimed = R.progress == Progress.IMPLEMENTED
    kind = sa.case((claimed, TaskKind.VERIFY), else_=TaskKind.LOOK_BACK)
    judged = sa.select(R.id, kind, R.publication, R.look_back_on, R.proposal_id).where(stands)
    for number, what, *rest in session.execute(judged.where(claimed | R.look_back_on.is_not(None))):
        yield (number, Desk.SUPERVISORS, 0, what, None, *rest)


def following(session: Session) -> Iterator[tuple[Any, ...]]:
    """Yield what waits on the desks because of the state of a recommendation."""
    columns = (
        T.recommendation_id,
        T.desk,
        T.office_id,
        T.kind,
        T.role,
        T.publication,
        T.due_on,
        T.proposal_id,
    )
    odd = sa.or_(
        T.original_due_on.is_not(None),
        T.limit.is_not(None),
        T.outcome.is_not(None),
        T.is_provisional,
        T.pauses != [],
        T.extensions != [],
        T.reply_id.is_not(None),
        T.milestone_id.is_not(None),
        T.awaits_receipt.is_not(None),
    )
    waits = (FOLLOWS, T.ended_on.is_(None), T.kind != TaskKind.REPORT)
    for *row, strange in session.execute(sa.select(*columns, odd.label("odd")).where(*waits)):
        yield (*row, "odd") if strange else tuple(row)
