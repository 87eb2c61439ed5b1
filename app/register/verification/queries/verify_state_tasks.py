"""Whether what follows from the state of recommendations, which no event covers, is as it must be.

That is the reports that offices owe, what ended and stays for its notices, and those notices.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.queries.hanging_rows import FOLLOWS
from app.core.codes import Desk, LimitKind, ReminderPoint, TaskKind, Urgency
from app.core.types import Row
from app.models import Notice, Proposal, Task
from app.register.people.queries.reference_data import read_book
from app.register.recommendations.queries.report_intervals import report_limit
from app.tasks.rules.reminders import POINTS
from app.tasks.rules.tasks import as_rule

N, P, T = Notice, Proposal, Task
IMPLEMENT, REPORT = TaskKind.IMPLEMENT, TaskKind.REPORT
PASSED_ON = (IMPLEMENT, ReminderPoint.PASSED_ON, Urgency.YELLOW)


def false_followers(session: Session) -> Iterator[str]:
    """Yield a sentence for each of them that is not as it must be."""
    yield from false_reports(session)
    yield from false_ends(session)
    yield from false_notices(session)


def false_reports(session: Session) -> Iterator[str]:
    """Yield a sentence for each report that is owed and not waited for, or the other way round."""
    wanted, found = Counter(owed_reports(session)), Counter(awaited_reports(session))
    for key, number in ((wanted - found) + (found - wanted)).items():
        message = "should not wait" if found[key] > wanted[key] else "is missing"
        yield f"recommendation {key[0]}: a report of {key[1]} {message} ({number})"


def owed_reports(session: Session) -> Iterator[tuple[Any, ...]]:
    """Yield what each office owes that carries out something under rules that ask for reports."""
    known = read_book(session).profiles.values()
    asking = [profile.reference for profile in known if LimitKind.REPORT in profile.limits]
    rows = waiting(IMPLEMENT).join(P, P.id == T.proposal_id).where(P.profile.in_(asking))
    for row in session.execute(rows) if asking else ():
        limit = report_limit(session, row.proposal_id)
        yield (*row, None if limit is None else tuple(sorted(as_rule(limit).items())))


def awaited_reports(session: Session) -> Iterator[tuple[Any, ...]]:
    """Yield the reports that are waited for, with what their days are worked out from."""
    for *row, rule in session.execute(waiting(REPORT, T.limit)):
        yield (*row, None if rule is None else tuple(sorted(rule.items())))


def waiting(kind: str, *more: Any) -> sa.Select:
    """Return the SELECT of the tasks of *kind* that follow from a state and wait."""
    columns = (T.recommendation_id, T.office_id, T.desk, T.role, T.publication, T.proposal_id)
    return sa.select(*columns, *more).where(FOLLOWS, T.kind == kind, T.ended_on.is_(None))


def false_ends(session: Session) -> Iterator[str]:
    """Yield a sentence for each task that ended without an outcome, or is kept for nothing."""
    told_of = sa.exists().where(N.task_id == T.id)
    wrong = sa.or_(~told_of, T.outcome.is_(None))
    for number in session.scalars(sa.select(T.id).where(FOLLOWS, T.ended_on.is_not(None), wrong)):
        yield f"task {number}: it ended, and stays without an outcome or a notice"
    fired = sa.and_(T.fired_until.is_not(None), T.ended_on.is_(None))
    for number in session.scalars(sa.select(T.id).where(FOLLOWS, fired, ~told_of)):
        yield f"task {number}: it fired, and there is no notice"


def false_notices(session: Session) -> Iterator[str]:
    """Yield a sentence for each notice about a recommendation that the table does not give."""
    columns = (
        N.id,
        N.desk,
        N.office_id,
        N.point,
        N.urgency,
        N.about_id,
        N.fired_on,
        T.kind,
        T.office_id.label("own"),
        T.fired_until,
    )
    rows = sa.select(*columns).join(T, T.id == N.task_id).where(FOLLOWS)
    for row in session.execute(rows.execution_options(yield_per=1000)):
        if not is_given(row):
            yield f"notice {row.id}: it is none that the table of reminders gives"


def is_given(row: Row) -> bool:
    """Return whether the table of reminders gives a notice like *row*, or an office lost its task.

    A key proposal's red ones go to supervisors and to whoever watches over it as well, or did when
    it was one.
    """
    if row.about_id is not None:
        return False
    if (row.kind, row.point, row.urgency) == PASSED_ON:
        return (row.desk, row.office_id) == (Desk.OFFICE, row.own)
    desks = [
        point.desks
        for point in POINTS
        if (point.kind, point.point, point.urgency) == (row.kind, row.point, row.urgency)
    ]
    if not desks or row.fired_until is None or row.fired_on > row.fired_until:
        return False
    if row.urgency == Urgency.RED:
        return row.desk in (Desk.OFFICE, Desk.SUPERVISORS)
    return row.desk in desks[0] and row.office_id == (row.own if row.desk == Desk.OFFICE else 0)
