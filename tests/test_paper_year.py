"""A year that began on paper is entered afterwards: a plain recount comes to the same days."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.core.codes import Role
from app.http import pipeline
from app.models import Task
from drills import paper_calendar as plain
from drills.paper_drill import entered, recounted
from drills.paper_year import TODAY
from tests.support.factories import make_caller

pytestmark = [pytest.mark.long, pytest.mark.one_database]

CASES = 30


@pytest.fixture
def year(database, client, monkeypatch):
    """Give the cases of a small year that were entered, and what reads the register."""
    monkeypatch.setattr(pipeline.Call, "today", lambda call: TODAY)
    cases = entered(database, CASES)
    auditor = make_caller(client, database, Role.AUDITOR)
    return cases, lambda path: auditor.get(f"/api/v1{path}").get_json()


def found(database, year):
    """Return what is wrong with the year."""
    cases, get = year
    return database.examine(lambda session: recounted(session, get, cases))


def test_every_day_and_every_figure_is_that_of_the_papers(database, year):
    cases, _ = year
    steps = {paper.step for case in cases for paper in case.papers}
    assert {"dispatch", "received", "extension", "sent", "rated", "returned"} <= steps
    assert found(database, year) == []


def test_a_day_that_is_not_that_of_its_paper_is_told(database, year):
    def alter(session, column, days):
        own = (getattr(Task, column).is_not(None), Task.assignment_id.is_not(None))
        task = session.scalars(sa.select(Task).where(*own).order_by(Task.id).limit(1)).one()
        setattr(task, column, getattr(task, column) + timedelta(days=days))

    for column in ("began_on", "due_on", "ended_on"):
        database.write(lambda session, column=column: alter(session, column, 1))
        assert any("which no paper says" in told for told in found(database, year))
        database.write(lambda session, column=column: alter(session, column, -1))
    assert [told for told in found(database, year) if "paper" in told] == []


@pytest.mark.parametrize(
    ("start", "limit", "right"),
    [
        ("2025-02-26", (10, "wd"), "2025-03-12"),
        ("2025-01-22", (10, "wd"), "2025-02-11"),
        ("2025-09-26", (5, "wd"), "2025-10-10"),
        ("2025-09-26", (10, "wd"), "2025-10-16"),
        ("2025-04-25", (5, "wd"), "2025-05-06"),
        ("2026-02-10", (10, "wd"), "2026-03-02"),
        ("2024-11-30", (3, "m"), "2025-02-28"),
        ("2025-07-01", (3, "m"), "2025-10-09"),
        ("2025-11-30", (3, "m"), "2026-02-28"),
    ],
)
def test_the_plain_count_comes_to_the_days_of_the_domain_paper(start, limit, right):
    assert plain.due(limit, date.fromisoformat(start)) == date.fromisoformat(right)
