"""A calendar that is loaded later: open dates move, the old ones stay in the history."""

import json
from datetime import date, timedelta
from random import Random

import pytest
import sqlalchemy as sa

from app.audit.services.recorder import record_change
from app.core.codes import AssignmentRole, Role, TaskKind, Unit
from app.core.errors import InvalidChange
from app.deadlines.rules.deadlines import Limit
from app.handling.assignments.services.calendars import load_calendar, recompute_open
from app.handling.assignments.services.context import Work
from app.handling.assignments.services.dispatch import DispatchInput, dispatch
from app.models import Assignment, CalendarEdition, Event, Task
from app.register.people.queries.reference_data import read_book
from app.register.verification.queries.verify_worklists import desk_drift, false_days
from app.seeding.papers import read_calendar
from app.tasks.rules.tasks import due_of
from app.tasks.services.tasks import TaskInput, begin, count_task, end, fires_on, open_tasks
from tests.support.factories import (
    INDUSTRY,
    OPERATOR,
    everything,
    make_actor,
    organization,
    recommendation,
)

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
    office = DispatchInput(organization(session, INDUSTRY), AssignmentRole.LEAD, work.today)
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
        (given.reference, "objection", date(2027, 1, 11), date(2027, 1, 11)),
        (given.reference, "reply", date(2027, 3, 31), date(2027, 3, 31)),
    ]
    assert window(session, given) == (date(2027, 1, 11), False)
    added, moved = load_calendar(session, OPERATOR, editions, "调整")
    assert (added, moved[0].after) == (["2027@2"], date(2027, 1, 14))
    assert window(session, given) == (date(2027, 1, 14), False)
    own = sa.select(Event.changes).where(Event.operation == "assignment.recomputed")
    changes = map(json.loads, session.scalars(own.order_by(Event.sequence)))
    days = [told["due_on"] for told in changes if told["task"][1] == "objection"]
    assert days == [["2027-01-11", "2027-01-11"], ["2027-01-11", "2027-01-14"]]
    assert everything(session) == []


def test_each_date_moves_once_however_few_are_read_at_a_time(session, given, editions, monkeypatch):
    from app.handling.assignments.services import calendars

    monkeypatch.setattr(calendars, "BATCH", 1)
    owner = session.get_one(Assignment, given.id)
    limit, calendar = Limit(10, Unit.WORKING_DAYS), read_book(session).calendar
    more = {"publication": "published", "limit": limit, "calendar": calendar}
    for _ in range(2):
        begin(session, owner, TaskInput(kind=TaskKind.OBJECTION, on=date(2026, 12, 28), **more))
    _, moved = load_calendar(session, OPERATOR, editions, "新年安排")
    after = [(m.kind, m.after) for m in moved if m.kind == "objection"]
    assert after == [("objection", date(2027, 1, 14))] * 3


def test_what_is_known_is_not_loaded_again(session, given, editions):
    load_calendar(session, OPERATOR, editions, "一次")
    assert load_calendar(session, OPERATOR, editions, "又一次") == ([], [])


def test_what_ended_keeps_its_date(session, given, editions):
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


# -- clocks that stood still, and such as were granted more time ---------------------------------


def wait(session, given, limit, began, pauses=(), extensions=(), **kept):
    """Let something wait for *given* under *limit*, with pauses and extensions, and return it.

    *kept* is what stands in its row, whatever its papers give.
    """
    owner, calendar = session.get_one(Assignment, given.id), read_book(session).calendar
    more = {"publication": "published", "limit": limit, "calendar": calendar}
    task = begin(session, owner, TaskInput(kind=TaskKind.CO_OPINION, on=began, **more))
    count_task(session, task, -1)
    task.pauses = [{"first": str(a), "last": str(b), "reason": "等待材料"} for a, b in pauses]
    task.extensions = [
        {"until": str(until), "ground": "经同意", "pauses": known} for until, known in extensions
    ]
    found = due_of(task, calendar)
    days = {"due_on": found.due_on, "original_due_on": found.original_due_on}
    for name, value in {**days, "is_provisional": found.provisional, **kept}.items():
        setattr(task, name, value)
    task.fires_on = fires_on(task)
    session.flush()
    count_task(session, task, 1)
    return task


def explain(session, given):
    """Write the event that covers what was done to *given* beside the services."""
    record_change(session, OPERATOR, session.get_one(Assignment, given.id), "assignment.paused", {})


def recomputed(session):
    """Return what the events say of due dates that were worked out anew."""
    own = sa.select(Event.changes).where(Event.operation == "assignment.recomputed")
    return [json.loads(changes) for changes in session.scalars(own.order_by(Event.sequence))]


EXTENDED = {
    "began": date(2026, 12, 1),
    "pauses": [(date(2027, 1, 13), date(2027, 1, 20))],
    "extensions": [(date(2027, 1, 15), 0)],
}
"""An opinion of ten working days, extended to a Friday of 2027, that stood still from before it."""

TEN = Limit(10, Unit.WORKING_DAYS)


def test_a_granted_day_that_moved_into_a_missing_year_is_found_when_it_comes(
    session, given, editions
):
    task = wait(session, given, TEN, **EXTENDED)
    explain(session, given)
    assert (task.due_on, task.is_provisional) == (date(2027, 1, 25), True)
    assert task.original_due_on == date(2026, 12, 15)
    off = [{"from": "2027-01-21", "to": "2027-01-22", "holiday": "腊八"}]
    year = [{**editions[0], "rest": off, "work": []}]
    moved = load_calendar(session, OPERATOR, year, "新年安排")[1]
    assert (moved[-1].before, moved[-1].after) == (date(2027, 1, 25), date(2027, 1, 27))
    assert (task.due_on, task.is_provisional) == (date(2027, 1, 27), False)
    assert recomputed(session)[-1] == {
        "task": [None, "co_opinion"],
        "due_on": ["2027-01-25", "2027-01-27"],
        "is_provisional": [True, False],
    }
    assert everything(session) == []
    assert load_calendar(session, OPERATOR, year, "又一次") == ([], [])


def test_a_day_that_was_worked_out_wrong_is_mended_with_the_file_of_its_year(
    session, given, editions
):
    wrong = {"due_on": date(2027, 1, 20), "is_provisional": False}
    task = wait(session, given, TEN, **EXTENDED, **wrong)
    explain(session, given)
    assert list(false_days(session)) == [
        f"task {task.id}: due on 2027-01-20, first 2026-12-15,"
        " by its papers on 2027-01-25, first 2026-12-15 (may move)"
    ]
    load_calendar(session, OPERATOR, editions[:1], "新年安排")
    assert (task.due_on, task.is_provisional) == (date(2027, 1, 25), False)
    assert everything(session) == []


def test_a_first_day_that_moves_behind_a_granted_one_is_told(session, given, editions):
    granted = [(date(2027, 3, 1), 0)]
    task = wait(session, given, TEN, date(2026, 12, 25), extensions=granted)
    explain(session, given)
    assert not task.is_provisional
    load_calendar(session, OPERATOR, editions, "新年安排")
    assert recomputed(session)[-1]["original_due_on"] == ["2027-01-08", "2027-01-13"]
    assert task.due_on == date(2027, 3, 1)
    assert everything(session) == []


def random_clock(dice):
    """Return the limit, start, pauses and extensions of a clock around the turn of the year."""
    began = date(2026, 1, 1) + timedelta(days=dice.randrange(600))
    limit = dice.choice(
        [
            Limit(dice.randint(1, 60), Unit.WORKING_DAYS), Limit(dice.randint(1, 90), Unit.DAYS),
            Limit(dice.randint(1, 6), Unit.MONTHS, roll=dice.random() < 0.7),
            Limit(0, Unit.FIXED, month=dice.randint(1, 12), day=dice.randint(1, 28)),
        ]
    )  # fmt: skip
    firsts = [began + timedelta(days=dice.randint(1, 150)) for _ in range(dice.randrange(4))]
    pauses = [(first, first + timedelta(days=dice.randrange(40))) for first in firsts]
    extensions = [
        (began + timedelta(days=dice.randint(20, 400)), dice.randint(0, len(pauses)))
        for _ in range(dice.randrange(3))
    ]
    return limit, began, pauses, extensions


def random_year(dice, year, edition):
    """Return an edition of a calendar with a few days off and worked."""
    firsts = [date(year, 1, 1) + timedelta(days=dice.randrange(360)) for _ in range(8)]
    rest = [
        {"from": str(first), "to": str(first + timedelta(days=dice.randrange(4))), "holiday": "节"}
        for first in firsts
    ]
    place = {"year": year, "edition": edition, "reference": f"{year}@{edition}"}
    return {**place, "paper": "国办发明电", "rest": rest, "work": []}


def test_whatever_calendar_is_loaded_every_open_day_is_right_and_what_moved_is_told(session, given):
    dice = Random(12)
    for _ in range(60):
        wait(session, given, *random_clock(dice))
    explain(session, given)
    assert list(desk_drift(session)) == []
    days = sa.select(Task.id, Task.due_on, Task.original_due_on, Task.is_provisional)
    days = days.where(Task.limit.is_not(None)).order_by(Task.id)
    for year, edition in ((2027, 1), (2028, 1), (2027, 2), (2026, 2), (2027, 3)):
        before, events = session.execute(days).all(), len(recomputed(session))
        content = [random_year(dice, year, edition)]
        added, moved = load_calendar(session, OPERATOR, content, "新年安排")
        assert added == [f"{year}@{edition}"]
        assert list(desk_drift(session)) == []
        after = session.execute(days).all()
        others = [(a.due_on, b.due_on) for a, b in zip(before, after, strict=True) if a != b]
        assert others
        assert [(m.before, m.after) for m in moved] == others
        assert len(recomputed(session)) == events + len(others)
        assert load_calendar(session, OPERATOR, content, "又一次") == ([], [])
    assert everything(session) == []


def test_a_release_that_counts_otherwise_works_open_dates_out_anew(session, given, monkeypatch):
    from app.handling.assignments.services import calendars

    monkeypatch.setattr(calendars, "BATCH", 2)
    still = [(date(2026, 7, 6), date(2026, 7, 17))]
    wrong = {"due_on": date(2026, 7, 6), "original_due_on": date(2026, 7, 6)}
    month = Limit(1, Unit.MONTHS)  # to Saturday 4 July, which moves on into the pause
    rows = [wait(session, given, month, date(2026, 6, 4), still, **wrong) for _ in range(4)]
    right = wait(session, given, month, date(2026, 6, 4))
    end(session, rows[0], date(2026, 7, 6))
    explain(session, given)
    moved = recompute_open(session, OPERATOR)
    assert [(m.reference, m.before, m.after) for m in moved] == [
        (given.reference, date(2026, 7, 6), date(2026, 7, 20))
    ] * 3
    assert [row.due_on.day for row in (*rows, right)] == [6, 20, 20, 20, 6]
    assert (
        recomputed(session)
        == [
            {
                "task": [None, "co_opinion"],
                "due_on": ["2026-07-06", "2026-07-20"],
                "is_provisional": [False, False],
                "original_due_on": ["2026-07-06", "2026-07-20"],
            }
        ]
        * 3
    )
    assert everything(session) == []
    assert recompute_open(session, OPERATOR) == []
