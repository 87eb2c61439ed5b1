"""What a pass of the reminders costs among few and among many clocks that do not fire."""

import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.config import Settings
from app.database import Database
from app.migrating import upgrade
from app.models import Organization, Proposal, Recommendation, Task
from app.queries.vocabulary import read_book
from app.rules.permissions import Actor
from app.rules.vocabularies import ActorKind, AssignmentRole, Role
from app.seeding.files import read_seeds
from app.seeding.loader import load_seeds
from app.services.cases import Work
from app.services.dispatch import Dispatched, dispatch
from app.services.reminders import tick
from app.signing import Signer
from benchmarks.measuring import Ratio, spread

ON = date(2026, 3, 2)
FIRING = ON + timedelta(days=3)
FEW, MANY = 100_000, 1_000_000
ROUNDS = 7
TARGET = 1.3
DISPATCHER = Actor(ActorKind.OPERATOR, "benchmark", roles=frozenset({Role.DISPATCHER}))
TASKS = Task.metadata.tables["tasks"]


def passes() -> Iterator[tuple[str, Ratio, str]]:
    """Yield the ratio of a pass among MANY clocks to one among FEW; the same ones fire."""
    with tempfile.TemporaryDirectory() as folder:
        found = {number: spent(f"sqlite:///{folder}/{number}.db", number) for number in (FEW, MANY)}
    ratios = spread([many / few for few, many in zip(found[FEW], found[MANY], strict=True)])
    verdict = f"<= {TARGET} {'reached' if ratios.median <= TARGET else 'MISSED'}"
    yield "pass over 1M clocks / over 100k", ratios, verdict
    yield "seconds of a pass over 1M clocks", spread(found[MANY]), ""


def spent(url: str, number: int) -> list[float]:
    """Return the seconds that passes take where *number* clocks wait besides those that fire."""
    database = Database(Settings(database_url=url))
    database.signer = Signer(bytes(32))
    upgrade(database.engine)
    seeds = read_seeds(Settings().seeds_dir)
    database.write(lambda session: load_seeds(session, seeds, lambda: None))
    firing = database.write(dispatched)
    database.write(lambda session: wait(session, number))
    seconds = []
    for _ in range(ROUNDS):
        with database.engine.connect() as connection:
            database.bind = connection.execution_options(begin="BEGIN IMMEDIATE")
            outer = connection.begin()
            begun = time.perf_counter()
            fired, _ = database.write(one_pass)
            seconds.append(time.perf_counter() - begun)
            outer.rollback()
            database.bind = database.engine
        if fired != firing:
            raise RuntimeError(f"{fired} clocks fired, not {firing}")
    database.engine.dispose()
    return seconds


def one_pass(session: Session) -> tuple[int, int]:
    """Fire what is due."""
    return tick(Work(session, read_book(session), FIRING))


def dispatched(session: Session) -> int:
    """Give a recommendation of each proposal to an office; return how many clocks will fire."""
    work = Work(session, read_book(session), ON)
    office = session.scalars(sa.select(Organization).where(Organization.is_office)).first()
    firsts = sa.select(sa.func.min(Recommendation.id)).group_by(Recommendation.proposal_id)
    rows = session.scalars(sa.select(Recommendation).where(Recommendation.id.in_(firsts))).all()
    for row in rows:
        proposal = session.get_one(Proposal, row.proposal_id)
        given = Dispatched(office, AssignmentRole.SOLE, ON, row)
        dispatch(DISPATCHER, proposal, given, work)
    return len(rows)


def wait(session: Session, number: int) -> None:
    """Add *number* clocks whose next reminder is years away."""
    some = session.execute(sa.select(TASKS).limit(1)).one()._mapping
    row = {name: value for name, value in some.items() if name not in ("id", "assignment_id")}
    row |= {"fires_on": date(2040, 1, 1), "assignment_id": None}
    for first in range(0, number, 10_000):
        days = [date(2040, 1, 1) + timedelta(days=(first + n) % 3000) for n in range(10_000)]
        session.execute(sa.insert(TASKS), [{**row, "fires_on": day} for day in days])
