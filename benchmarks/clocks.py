"""A database in which many clocks run, most of them copies of one."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.signing import Signer
from app.core.codes import ActorKind, AssignmentRole, Role
from app.core.config import Settings
from app.core.database import Database
from app.core.rules.permissions import Actor
from app.handling.assignments.services.context import Work
from app.handling.assignments.services.dispatch import DispatchInput, dispatch
from app.models import Organization, Proposal, Recommendation, Task
from app.register.people.queries.reference_data import read_book
from benchmarks.databases import migrate_and_seed

ON = date(2026, 3, 2)
"""The day on which the clocks begin that are no copies."""

BATCH = 10_000
DISPATCHER = Actor(ActorKind.OPERATOR, "benchmark", roles=frozenset({Role.DISPATCHER}))
TASKS = Task.metadata.tables["tasks"]


def with_clocks(
    url: str, number: int, copied: Callable[[date], dict[str, Any]], first: date
) -> tuple[Database, int]:
    """Return a new database in which *number* copies wait, and how many clocks are none.

    What *copied* returns stands in a copy; it is called with one of the 3,000 days from *first*.
    """
    database = Database(Settings(database_url=url))
    database.signer = Signer(bytes(32))
    migrate_and_seed(database)
    own = database.write(dispatched)
    database.write(lambda session: copy(session, number, copied, first))
    return database, own


def dispatched(session: Session) -> int:
    """Give a recommendation of each proposal to an office; return how many there are."""
    work = Work(session, read_book(session), ON)
    office = session.scalars(sa.select(Organization).where(Organization.is_office)).first()
    firsts = sa.select(sa.func.min(Recommendation.id)).group_by(Recommendation.proposal_id)
    rows = session.scalars(sa.select(Recommendation).where(Recommendation.id.in_(firsts))).all()
    for row in rows:
        proposal = session.get_one(Proposal, row.proposal_id)
        given = DispatchInput(office, AssignmentRole.SOLE, ON, row)
        dispatch(DISPATCHER, proposal, given, work)
    return len(rows)


def copy(
    session: Session, number: int, copied: Callable[[date], dict[str, Any]], first: date
) -> None:
    """Add *number* copies of a task, each with what *copied* returns for its day."""
    some = session.execute(sa.select(TASKS).limit(1)).one()._mapping
    row = {name: value for name, value in some.items() if name not in ("id", "assignment_id")}
    for begun in range(0, number, BATCH):
        days = (first + timedelta(days=(begun + n) % 3000) for n in range(BATCH))
        session.execute(
            sa.insert(TASKS), [{**row, "assignment_id": None, **copied(day)} for day in days]
        )
