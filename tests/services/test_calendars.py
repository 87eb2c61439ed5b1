"""A calendar that is loaded later: open dates move, the old ones stay in the history."""

import json
from datetime import date

import pytest
import sqlalchemy as sa

from app.errors import InvalidChange
from app.models import Assignment, CalendarEdition, Event, Task
from app.queries.vocabulary import read_book
from app.rules.deadlines import Limit
from app.rules.vocabularies import AssignmentRole, Role, TaskKind, Unit
from app.seeding.papers import read_calendar
from app.services.calendars import load_calendar
from app.services.cases import Work
from app.services.dispatch import Dispatched, dispatch
from tests.factories import INDUSTRY, OPERATOR, everything, make_actor, organization, recommendation

NEXT = """
year = 2027
[[editions]]
edition = 1
paper = "国办发明电〔2026〕0号"
rest = [{ from = 2027-01-01, to = 2027-01-03, holiday = "元旦" }]
work = [{ on = 2027-01-09, holiday = "元旦" }]
[[editions]]
edition = 2
paper = "国办发明电〔2027〕0号"
rest = [{ from = 2027-01-01, to = 2027-01-05, holiday = "元旦" }]
"""


@pytest.fixture
def editions(tmp_path):
    path = tmp_path / "2027.toml"
    path.write_text(NEXT, encoding="utf-8")
    return read_calendar(path)


@pytest.fixture
def given(session):
    """Give an assignment whose window to object reaches into a year that is not loaded."""
    from app.models import Proposal

    work = Work(session, read_book(session), date(2026, 12, 28))
    proposal = session.get_one(Proposal, recommendation(session).proposal_id)
    office = Dispatched(organization(session, INDUSTRY), AssignmentRole.LEAD, work.today)
    return dispatch(make_actor(session, Role.DISPATCHER), proposal, office, work)


def window(session, given):
    own = sa.select(Task).where(Task.assignment_id == given.id, Task.kind == "objection")
    task = session.scalars(own.execution_options(populate_existing=True)).one()
    return task.due_on, task.is_provisional


def test_a_year_that_comes_in_makes_dates_certain_and_an_amendment_moves_them(
    session, given, editions
):
    assert window(session, given) == (date(2027, 1, 11), True)
    added, moved = load_calendar(session, OPERATOR, editions[:1], "新年安排")
    assert added == ["2027@1"]
    assert [(m.reference, m.kind, m.before, m.after) for m in moved] == [
        (given.reference, "objection", date(2027, 1, 11), date(2027, 1, 11))
    ]
    assert window(session, given) == (date(2027, 1, 11), False)
    added, moved = load_calendar(session, OPERATOR, editions, "调整")
    assert (added, moved[0].after) == (["2027@2"], date(2027, 1, 14))
    assert window(session, given) == (date(2027, 1, 14), False)
    own = sa.select(Event.changes).where(Event.operation == "assignment.recomputed")
    days = [json.loads(c)["due_on"] for c in session.scalars(own.order_by(Event.sequence))]
    assert days == [["2027-01-11", "2027-01-11"], ["2027-01-11", "2027-01-14"]]
    assert everything(session) == []


def test_each_date_moves_once_however_few_are_read_at_a_time(session, given, editions, monkeypatch):
    from app.services import calendars
    from app.services.tasks import begin

    monkeypatch.setattr(calendars, "BATCH", 1)
    owner = session.get_one(Assignment, given.id)
    limit, calendar = Limit(10, Unit.WORKING_DAYS), read_book(session).calendar
    more = {"publication": "published", "limit": limit, "calendar": calendar}
    for _ in range(2):
        begin(session, owner, TaskKind.OBJECTION, date(2026, 12, 28), **more)
    _, moved = load_calendar(session, OPERATOR, editions, "新年安排")
    after = [(m.kind, m.after) for m in moved if m.kind == "objection"]
    assert after == [("objection", date(2027, 1, 14))] * 3


def test_what_is_known_is_not_loaded_again(session, given, editions):
    load_calendar(session, OPERATOR, editions, "一次")
    assert load_calendar(session, OPERATOR, editions, "又一次") == ([], [])


def test_what_ended_keeps_its_date(session, given, editions):
    from app.services.tasks import end, open_tasks

    owner = session.get_one(Assignment, given.id)
    for task in open_tasks(session, owner):
        end(session, task, date(2026, 12, 29))
    assert load_calendar(session, OPERATOR, editions, "新年安排")[1] == []
    assert window(session, given) == (date(2027, 1, 11), True)


def test_an_edition_in_the_register_is_never_changed(session, editions):
    changed = [{**editions[0], "rest": [], "reference": "2026@1", "year": 2026}]
    with pytest.raises(InvalidChange):
        load_calendar(session, OPERATOR, changed, "改写")
    kept = sa.select(CalendarEdition.rest).where(CalendarEdition.reference == "2026@1")
    assert session.scalar(kept)
