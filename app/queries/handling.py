"""Assignments with their clocks, and what lies on a desk."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.models import Assignment, Extension, Proposal, Recommendation, Task, TaskCount
from app.models.handling import DAY, MONTH, NO_DUE_DATE
from app.queries.paging import Order, ordered, read_number
from app.queries.recommendations import value
from app.queries.state import columns_of
from app.queries.visibility import visible
from app.queries.vocabulary import VERSION
from app.rules.deadlines import months_after
from app.rules.permissions import Actor
from app.rules.tasks import SOON
from app.rules.vocabularies import Bucket, TaskKind

T = Task.metadata.tables["tasks"].c
C = TaskCount.metadata.tables["task_counts"].c
A = Assignment.metadata.tables["assignments"].c
P = Proposal.metadata.tables["proposals"].c
R = Recommendation.metadata.tables["recommendations"].c


# -- assignments ---------------------------------------------------------------------------------


def record(session: Session, actor: Actor, assignment_id: int) -> Assignment | None:
    """Return the record itself, for a change, when *actor* may see its proposal."""
    return session.scalar(seen(actor).where(Assignment.id == assignment_id))


def tag_of(session: Session, actor: Actor, assignment_id: int) -> None:
    """Return None: what may be done changes with the day, so no tag says that it is the same."""


def by_reference(session: Session, actor: Actor, reference: str) -> Assignment | None:
    """Return the record with this reference when *actor* may see its proposal."""
    return session.scalar(seen(actor).where(Assignment.reference == reference))


def seen(actor: Actor) -> sa.Select:
    """Return the SELECT of the assignments whose proposal *actor* may see."""
    statement = sa.select(Assignment).join(Proposal, Proposal.id == Assignment.proposal_id)
    return visible(statement, actor, Proposal)


def of_proposal(session: Session, proposal_id: int) -> list[Assignment]:
    """Return the assignments of a proposal, in their order."""
    rows = sa.select(Assignment).where(Assignment.proposal_id == proposal_id)
    return list(session.scalars(rows.order_by(Assignment.number)))


def with_clocks(session: Session, assignments: list[Assignment]) -> list[SimpleNamespace]:
    """Return *assignments* with their tasks, extensions and what they are about."""
    ids = [row.id for row in assignments]
    tasks = session.scalars(sa.select(Task).where(Task.assignment_id.in_(ids)).order_by(Task.id))
    asked = sa.select(Extension).where(Extension.assignment_id.in_(ids)).order_by(Extension.id)
    by_owner: dict[int, tuple[list[Task], list[Extension]]] = {n: ([], []) for n in ids}
    for task in tasks:
        by_owner[task.assignment_id or 0][0].append(task)
    for extension in session.scalars(asked):
        by_owner[extension.assignment_id][1].append(extension)
    about = recommendations(session, {row.recommendation_id for row in assignments})
    proposals = named(session, {row.proposal_id for row in assignments})
    return [
        SimpleNamespace(
            **{name: getattr(row, name) for name in columns_of(Assignment)},
            proposal=proposals[row.proposal_id],
            profile=proposals[row.proposal_id].profile,
            recommendation=about.get(row.recommendation_id),
            tasks=by_owner[row.id][0],
            extensions=by_owner[row.id][1],
        )
        for row in assignments
    ]


def recommendations(session: Session, ids: set[int | None]) -> dict[int | None, sa.Row]:
    """Return recommendations in short, by id."""
    columns = (R.id, R.reference, R.summary_zh, R.progress)
    statement = sa.select(*columns).where(R.id.in_([i for i in ids if i is not None]))
    return {row.id: row for row in session.execute(statement)}


def named(session: Session, ids: set[int]) -> dict[int, sa.Row]:
    """Return proposals in short, by id, with the profile of their handling."""
    columns = (P.id, P.reference, P.title, P.kind, P.document_id, P.profile)
    return {row.id: row for row in session.execute(sa.select(*columns).where(P.id.in_(ids)))}


# -- worklists -----------------------------------------------------------------------------------

DUE = sa.func.coalesce(T.due_on, sa.literal_column("'9999-12-31'", sa.Date))
"""The order by lateness; what has no day comes last. Equal to the expression of the indexes."""


def by_lateness(row: Any) -> list[Any]:
    """Return the key of *row* in the order by lateness."""
    return [row.due_on or NO_DUE_DATE, row.id]


ORDER = Order((DUE, T.id), (date.fromisoformat, read_number), by_lateness)

WINDOW = Task.metadata.tables["tasks"].alias("windows")
UNTIL = (
    sa.select(sa.func.max(WINDOW.c.due_on))
    .where(WINDOW.c.assignment_id == T.assignment_id, WINDOW.c.kind == TaskKind.OBJECTION.value)
    .correlate(T.id.table)
    .scalar_subquery()
    .label("objection_until")
)

SHOWN = (
    T.id, T.kind, T.desk, T.office_id, T.role, T.began_on, T.due_on, T.original_due_on,
    T.is_provisional, T.assignment_id, A.state.label("assignment_state"),
    A.received_on, A.reference.label("assignment_reference"),
    P.id.label("proposal_id"), P.reference.label("proposal_reference"),
    P.title.label("proposal_title"), P.kind.label("proposal_kind"),
    P.document_id.label("proposal_document_id"),
    R.id.label("recommendation_id"), R.reference.label("recommendation_reference"),
    R.summary_zh.label("recommendation_summary_zh"),
    R.progress.label("recommendation_progress"), R.claimed_by_office_id, UNTIL, VERSION,
)  # fmt: skip

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
"""Bucket → the condition on a due date; see rules/tasks.py."""


def conditions(columns: Any, due: Any, names: frozenset[str]) -> list[Any]:
    """Return the conditions of a worklist on the table of *columns*, whose day is *due*."""
    known: dict[str, Any] = {
        "kind": columns.kind == value("kind", T.kind),
        "role": columns.role == value("role", T.role),
        "due_before": due < value("due_before", T.due_on),
        "due_after": due > value("due_after", T.due_on),
        **{str(bucket): window(due) for bucket, window in WINDOWS.items()},
    }
    desk = (
        columns.desk == value("desk", T.desk),
        columns.office_id == value("office", T.office_id),
    )
    seen = columns.publication.in_(sa.bindparam("publications", expanding=True))
    return [*desk, seen, *(known[name] for name in sorted(names & set(known)))]


@lru_cache(maxsize=200)
def listed(names: frozenset[str], goes_on: bool) -> sa.Select:
    """Return the SELECT of one page of a desk: cut in the index first, then what is shown."""
    ids = sa.select(T.id).where(T.ended_on.is_(None), *conditions(T, DUE, names))
    page = ordered(ids, ORDER, goes_on).subquery()
    source = (
        page.join(T.id.table, T.id == page.c.id)
        .join(P.id.table, P.id == T.proposal_id)
        .outerjoin(R.id.table, R.id == T.recommendation_id)
        .outerjoin(A.id.table, A.id == T.assignment_id)
    )
    return sa.select(*SHOWN).select_from(source).order_by(DUE, T.id)


@lru_cache(maxsize=200)
def counted(names: frozenset[str]) -> sa.Select:
    """Return the SELECT that counts a desk by bucket, from the counters.

    Whole months are taken as such, so it reads the days of at most two months. A window of due
    days is counted day by day.
    """
    plain = frozenset(names) - set(Bucket)
    windowed = bool(plain & {"due_before", "due_after"})
    whole, single = C.grain == MONTH, C.grain == DAY
    first, last = value("first_month", T.due_on), value("last_month", T.due_on)
    by_month: dict[Bucket, Any] = {
        Bucket.OVERDUE: sa.and_(whole, C.due_on < first),
        Bucket.LATER: sa.and_(whole, C.due_on > last, C.due_on < value("no_month", T.due_on)),
    }
    near = sa.and_(C.due_on >= first, C.due_on < value("next_month", T.due_on))
    never = C.due_on == value("never", T.due_on)
    sums = []
    for bucket, window in WINDOWS.items():
        by_day = sa.and_(single, window(C.due_on))
        if not windowed and bucket in by_month:
            by_day = sa.or_(sa.and_(by_day, near), by_month[bucket])
        sums.append(sa.func.coalesce(sa.func.sum(sa.case((by_day, C.number), else_=0)), 0))
    shown = [s.cast(sa.Integer).label(str(b)) for s, b in zip(sums, WINDOWS, strict=True)]
    read = single if windowed else sa.or_(whole, sa.and_(single, sa.or_(near, never)))
    return sa.select(*shown).where(read, *conditions(C, C.due_on, plain))


def parameters(
    filters: Mapping[str, Any], desk: str, office: int, publications: set[str], today: date
) -> dict[str, Any]:
    """Return the parameters of a worklist."""
    values = {n: filters[n] for n in ("due_before", "due_after") if n in filters}
    values |= {n: str(filters[n]) for n in ("kind", "role") if n in filters}
    soon = today + SOON
    last = soon.replace(day=1)
    days = {
        "today": today,
        "soon": soon,
        "never": NO_DUE_DATE,
        "first_month": today.replace(day=1),
        "last_month": last,
        "next_month": months_after(last, 1),
        "no_month": NO_DUE_DATE.replace(day=1),
    }
    own = {"desk": str(desk), "office": office, "publications": sorted(publications)}
    return {**values, **days, **own}


def shape_of(filters: Mapping[str, Any]) -> frozenset[str]:
    """Return which conditions a worklist with *filters* has."""
    named = {n for n in ("kind", "role", "due_before", "due_after") if n in filters}
    return frozenset(named | ({str(filters["bucket"])} if "bucket" in filters else set()))
