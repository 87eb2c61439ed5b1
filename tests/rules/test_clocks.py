"""Clocks against the plain count: every unit, calendar, pause, extension and roll, day by day."""

import re
from datetime import date

from hypothesis import given, settings

from app.core.codes import DeadlineStep, Unit
from app.deadlines.rules.deadlines import deadline
from app.deadlines.rules.explanations import explain
from tests.support.clocks import DAY, PlainCount, days, plain, situations

many = settings(max_examples=1300, derandomize=True, database=None, deadline=None)
"""Each example is one start, calendar and set of pauses, for 16 clocks: twenty thousand."""


@many
@given(situations)
def test_every_clock_is_due_when_the_plain_count_says(situation):
    for clock in situation.clocks():
        found = deadline(*clock)
        told = (found.due_on, found.original_due_on, found.provisional)
        assert told == plain(*clock), clock


# -- along the lines -----------------------------------------------------------------------------

STILL = re.compile(r"stood still from (\S+) to (\S+) \(")
LOST = re.compile(r"stood still for (\d+) ")
Step = DeadlineStep


def on(lines, *steps):
    """Return the days of the *lines* about *steps*."""
    return {line.on for line in lines if line.step in steps}


def still(lines):
    """Return the days that stand still, as the *lines* say."""
    spans = [STILL.match(line.en).groups() for line in lines if line.step is Step.PAUSED]
    return {day for span in spans for day in days(*map(date.fromisoformat, span))}


def along(limit, lines, stood, day, number):
    """Return where who counts *number* days after *day* along the *lines* comes to."""
    skipped, made_up = on(lines, Step.SKIPPED), on(lines, Step.MADE_UP)
    while number:
        day += DAY
        if day not in stood and not (limit.unit is Unit.WORKING_DAYS and day in skipped):
            number -= 1
            weekend = limit.unit is Unit.WORKING_DAYS and day.weekday() >= 5
            assert not weekend or day in made_up
    while day in stood | on(lines, Step.ROLLED):
        day += DAY
    assert day.weekday() < 5 or not limit.roll or day in made_up
    return day


def counted_along(limit, needed, lines):
    """Return the first due day and the due day, as the *lines* lead to them."""
    stood, [start] = still(lines), on(lines, Step.START)
    places = [n for n, line in enumerate(lines) if line.step is Step.EXTENDED]
    first = places[0] if places else len(lines)
    original = along(limit, lines[:first], stood, start, needed)
    if not places:
        return original, original
    moved = lines[places[-1]] if "moved on to" in lines[places[-1]].en else None
    if moved is None:
        return original, lines[places[-1]].on
    lost = LOST.match(moved.en)
    until, more = lines[places[-2]].on, lines[places[-2] + 1 : places[-1]]
    return original, along(limit, more, stood, until, int(lost[1]) if lost else 0)


@settings(many, max_examples=400)
@given(situations)
def test_whoever_counts_along_an_explanation_comes_to_the_due_day(situation):
    for clock in situation.clocks():
        found, lines = deadline(*clock), explain(*clock)
        needed = PlainCount(*clock[:4]).needed()
        told = counted_along(clock[0], needed, lines)
        assert told == (found.original_due_on, found.due_on), [line.en for line in lines]
        assert lines[-1].on == found.due_on
        missing = on(lines, Step.PROVISIONAL)
        assert missing or not found.provisional
        assert clock[4] or found.provisional == bool(missing)
