"""When reminders fire, by the table alone."""

from datetime import date, timedelta

import pytest

from app.core.codes import Desk, ReminderPoint, TaskKind, Urgency
from app.tasks.rules.reminders import POINTS, firing, next_day, points_of

BEGAN, DUE = date(2026, 3, 2), date(2026, 6, 2)
NEVER = date(2026, 1, 1)
KINDS = sorted({point.kind for point in POINTS})


def fired(kind, today, after=None, due_on=DUE):
    return [point.point for point in firing(kind, BEGAN, due_on, after, today)]


@pytest.mark.parametrize("kind", KINDS)
def test_what_announces_a_day_never_fires_after_it(kind):
    for late in range(1, 400):
        points = firing(kind, BEGAN, DUE, None, DUE + timedelta(days=late))
        assert not [p for p in points if p.days < 0 and not p.from_beginning], (kind, late)


@pytest.mark.parametrize("kind", KINDS)
def test_looking_each_day_fires_each_point_on_its_day_and_once(kind):
    days = {point: day for day, point in points_of(kind, BEGAN, DUE)}
    after, found = None, {}
    for number in range(200):
        today = BEGAN + timedelta(days=number)
        for point in firing(kind, BEGAN, DUE, after, today):
            assert point not in found
            found[point] = today
        after = today
    assert found == days


@pytest.mark.parametrize("kind", KINDS)
def test_the_next_day_is_one_on_which_something_fires_or_is_over(kind):
    after = None
    while (day := next_day(kind, BEGAN, DUE, after)) is not None:
        assert firing(kind, BEGAN, DUE, after, day)
        after = day


def test_of_the_same_point_only_the_later_is_told():
    [point] = firing(TaskKind.COUNTERSIGN, BEGAN, None, None, BEGAN + timedelta(days=10))
    assert (point.point, point.urgency) == (ReminderPoint.UNDECIDED, Urgency.RED)
    [late] = firing(TaskKind.RECEIVE, BEGAN, date(2026, 3, 5), None, date(2026, 3, 6))
    assert (late.point, late.urgency) == (ReminderPoint.NOT_RECEIVED, Urgency.RED)


def test_a_window_to_object_announces_its_end_only_before_it():
    assert fired(TaskKind.OBJECTION, DUE - timedelta(days=2)) == [ReminderPoint.OBJECTION_CLOSING]
    assert fired(TaskKind.OBJECTION, DUE) == [ReminderPoint.OBJECTION_CLOSING]
    months_later = DUE + timedelta(days=90)
    assert fired(TaskKind.OBJECTION, months_later) == [ReminderPoint.OBJECTION_CLOSED]


def test_a_claim_that_nobody_verifies_turns_yellow_and_red():
    for days, urgency in ((14, Urgency.YELLOW), (30, Urgency.RED)):
        [point] = firing(TaskKind.VERIFY, BEGAN, None, None, BEGAN + timedelta(days=days))
        assert (point.urgency, point.desks) == (urgency, (Desk.SUPERVISORS,))
    assert firing(TaskKind.VERIFY, BEGAN, None, None, BEGAN + timedelta(days=13)) == []


def test_what_has_no_day_is_not_reminded_of_it():
    assert fired(TaskKind.IMPLEMENT, date(2030, 1, 1), due_on=None) == []
    assert next_day(TaskKind.IMPLEMENT, BEGAN, None, None) is None
