"""What lies on a desk: one page, what is latest first, and how much there is."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from app.core.codes import Bucket, TaskKind
from app.core.queries.filters import VERSION, either, spread, value
from app.core.queries.keyset import Order, by_number, ordered, read_number, sorted_by
from app.core.queries.register_state import STATE
from app.core.queries.rows import labelled
from app.core.types import Given, Row, Values
from app.deadlines.rules.deadlines import months_after
from app.handling.assignments.models.assignments import DAY, MONTH
from app.models import (
    Assignment,
    Commitment,
    Milestone,
    Notice,
    Proposal,
    Recommendation,
    Reply,
    Task,
    TaskCount,
)
from app.register.proposals.queries import short_forms
from app.register.recommendations.models import NO_DUE_DATE
from app.tasks.rules.tasks import SOON

T = Task.metadata.tables["tasks"].c
C = TaskCount.metadata.tables["task_counts"].c
A = Assignment.metadata.tables["assignments"].c
M = Commitment.metadata.tables["commitments"].c
N = Notice.metadata.tables["notices"].c
P = Proposal.metadata.tables["proposals"].c
R = Recommendation.metadata.tables["recommendations"].c
L = Milestone.metadata.tables["milestones"].c

DUE = sa.func.coalesce(T.due_on, sa.literal_column("'9999-12-31'", sa.Date))
"""The order by lateness; what has no day comes last. Equal to the expression of the indexes."""


def by_lateness(row: Row) -> list[Any]:
    """Return the key of *row* in the order by lateness."""
    return [row.due_on or NO_DUE_DATE, row.id]


ORDERS = {
    "due_on": Order((DUE, T.id), (date.fromisoformat, read_number), by_lateness),
    **by_number(T.id, "id"),
}

WINDOW = Task.metadata.tables["tasks"].alias("windows")
UNTIL = (
    sa.select(sa.func.max(WINDOW.c.due_on))
    .where(WINDOW.c.assignment_id == T.assignment_id, WINDOW.c.kind == TaskKind.OBJECTION)
    .correlate(T.id.table)
    .scalar_subquery()
    .label("objection_until")
)

Y = Reply.metadata.tables["replies"].alias("versions")
B = Assignment.metadata.tables["assignments"].alias("answering")
DRAFTED = sa.select(sa.func.max(Reply.id)).where(
    Reply.assignment_id == T.assignment_id,
    T.kind.in_((TaskKind.REPLY, TaskKind.REHANDLE, TaskKind.CO_OPINION)),
)
VERSION_OF = sa.func.coalesce(T.reply_id, DRAFTED.correlate(T.id.table).scalar_subquery())
"""The version of a reply that a task is about, or the newest one of what is to be answered."""

SHOWN = (
    T.id,
    T.kind,
    T.desk,
    T.office_id,
    T.role,
    T.began_on,
    T.due_on,
    T.original_due_on,
    T.is_provisional,
    T.assignment_id,
    A.state.label("assignment_state"),
    A.role.label("assignment_role"),
    A.received_on,
    A.reference.label("assignment_reference"),
    A.office_id.label("assignment_office_id"),
    *labelled(P, "proposal", short_forms.PROPOSAL),
    *labelled(R, "recommendation", short_forms.RECOMMENDATION),
    R.claimed_by_office_id,
    UNTIL,
    VERSION,
    T.commitment_id,
    M.reference.label("commitment_reference"),
    Y.c.number.label("reply_number"),
    Y.c.state.label("reply_state"),
    Y.c.assignment_id.label("reply_assignment_id"),
    B.c.reference.label("reply_assignment_reference"),
    L.number.label("milestone_number"),
    sa.func.coalesce(A.version, M.version, R.version, P.version).label("version"),
    P.handling_state,
    M.state.label("commitment_state"),
    M.office_id.label("commitment_office_id"),
)

WINDOWS: dict[Bucket, Callable[[Any], Any]] = {
    Bucket.OVERDUE: lambda due: due < value("today", T.due_on),
    Bucket.SOON: lambda due: sa.and_(
        due >= value("today", T.due_on), due <= value("soon", T.due_on)
    ),
    Bucket.LATER: lambda due: sa.and_(
        due > value("soon", T.due_on), due < value("never", T.due_on)
    ),
    Bucket.UNDATED: lambda due: due == value("never", T.due_on),
}
"""Bucket → the condition on a due date; see tasks/rules/tasks.py."""


IN_COUNTS = ("kind", "role")
IN_TASKS: Values = {
    "state": A.state,
    "case_no": P.case_key,
    "session_id": P.session_id,
    "proposal_id": T.proposal_id,
}
"""Filter → the column that has one of its values: what counters know as well, and what not."""

OF_TASKS = either(IN_TASKS)


def conditions(columns: Any, due: Any, names: frozenset[str]) -> list[Any]:
    """Return the conditions of a worklist on the table of *columns*, whose day is *due*."""
    known: Values = {
        **either({name: getattr(columns, name) for name in IN_COUNTS}),
        "due_before": due < value("due_before", T.due_on),
        "due_after": due > value("due_after", T.due_on),
    }
    desk = (
        columns.desk == value("desk", T.desk),
        columns.office_id == value("office", T.office_id),
    )
    seen = columns.publication.in_(sa.bindparam("publications", expanding=True))
    near = [window(due) for bucket, window in WINDOWS.items() if bucket in names]
    windows = [sa.or_(*near)] if near else []
    return [*desk, seen, *windows, *(known[name] for name in sorted(names & set(known)))]


@lru_cache(maxsize=200)
def listed(names: frozenset[str], sort: str, goes_on: bool) -> sa.Select:
    """Return the SELECT of one page of a desk: cut in the index first, then what is shown."""
    order = ORDERS[sort]
    ids = of_tasks(sa.select(T.id), names).where(T.ended_on.is_(None), *conditions(T, DUE, names))
    page = ordered(ids, order, goes_on).subquery()
    source = (
        page.join(T.id.table, T.id == page.c.id)
        .join(P.id.table, P.id == T.proposal_id)
        .outerjoin(R.id.table, R.id == T.recommendation_id)
        .outerjoin(A.id.table, A.id == T.assignment_id)
        .outerjoin(M.id.table, M.id == T.commitment_id)
        .outerjoin(Y, Y.c.id == VERSION_OF)
        .outerjoin(B, B.c.id == Y.c.assignment_id)
        .outerjoin(L.id.table, L.id == T.milestone_id)
    )
    return sa.select(*SHOWN, STATE).select_from(source).order_by(*sorted_by(order))


def of_tasks(statement: sa.Select, names: frozenset[str]) -> sa.Select:
    """Leave in *statement* only tasks that fit what *names* say of their assignment or case."""
    own = sorted(names & OF_TASKS.keys())
    if any(name.endswith("state") for name in own):
        statement = statement.join(A.id.table, A.id == T.assignment_id)
    if any(name.endswith(("case_no", "session_id")) for name in own):
        statement = statement.join(P.id.table, P.id == T.proposal_id)
    return statement.where(*(OF_TASKS[name] for name in own))


def counted_tasks(names: frozenset[str]) -> sa.Select:
    """Return the SELECT that counts a desk by bucket, task by task: what no counter knows."""
    sums = [
        sa.func.coalesce(sa.func.sum(sa.case((window(DUE), 1), else_=0)), 0)
        .cast(sa.Integer)
        .label(bucket)
        for bucket, window in WINDOWS.items()
    ]
    plain = frozenset(names) - set(Bucket)
    counts = sa.select(*sums).select_from(T.id.table)
    return of_tasks(counts, names).where(T.ended_on.is_(None), *conditions(T, DUE, plain))


@lru_cache(maxsize=200)
def counted(names: frozenset[str]) -> sa.Select:
    """Return the SELECT that counts a desk by bucket, from the counters.

    Whole months are taken as such, so it adds up the days of at most two months. A window of due
    days is counted day by day.
    """
    if names & OF_TASKS.keys():
        return counted_tasks(names)
    plain = frozenset(names) - set(Bucket)
    windowed = plain & {"due_before", "due_after"}
    read = C.grain == DAY if windowed else sa.or_(*ranges_of_days())
    sums = [
        sa.func.coalesce(sa.func.sum(sa.case((window(C.due_on), C.number), else_=0)), 0)
        .cast(sa.Integer)
        .label(bucket)
        for bucket, window in WINDOWS.items()
    ]
    return sa.select(*sums).where(read, *conditions(C, C.due_on, plain))


def ranges_of_days() -> list[Any]:
    """Return the conditions on counters that together hold each open task of a desk once.

    That is by day in the months that hold today and the end of what is soon, and for what has no
    due date, else by month: all days of such a month, and its first, are in one bucket.
    """
    whole, single = C.grain == MONTH, C.grain == DAY
    first, after = value("first_month", T.due_on), value("next_month", T.due_on)
    return [
        sa.and_(whole, C.due_on < first),
        sa.and_(single, C.due_on >= first, C.due_on < after),
        sa.and_(whole, C.due_on >= after, C.due_on < value("no_month", T.due_on)),
        sa.and_(single, C.due_on == value("never", T.due_on)),
    ]


def parameters(
    filters: Given, desk: str, office: int, publications: set[str], today: date
) -> Values:
    """Return the parameters of a worklist; see shape_of()."""
    values = {n: filters[n] for n in ("due_before", "due_after") if n in filters}
    values |= spread(filters, (*IN_COUNTS, *IN_TASKS))
    soon = today + SOON
    days = {
        "today": today,
        "soon": soon,
        "never": NO_DUE_DATE,
        "first_month": today.replace(day=1),
        "next_month": months_after(soon.replace(day=1), 1),
        "no_month": NO_DUE_DATE.replace(day=1),
    }
    own = {"desk": str(desk), "office": office, "publications": sorted(publications)}
    return {**values, **days, **own}


FILTERS = frozenset(either(dict.fromkeys(IN_COUNTS, T.kind))) | OF_TASKS.keys()


def shape_of(filters: Given, values: Given) -> frozenset[str]:
    """Return which conditions a worklist with *filters*, whose parameters are *values*, has."""
    named = (FILTERS | {"due_before", "due_after"}) & values.keys()
    return frozenset(named | {str(bucket) for bucket in filters.get("bucket", ())})
