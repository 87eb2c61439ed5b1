"""Due dates: the vectors of the field, another library's calendar, what an explanation says."""

from dataclasses import replace
from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.codes import CountFrom, DeadlineStep, Unit
from app.core.config import ROOT
from app.deadlines.rules.calendars import LAST_YEAR, Calendar, Year, days_between
from app.deadlines.rules.deadlines import (
    GrantedExtension,
    Limit,
    Pause,
    deadline,
    months_after,
)
from app.deadlines.rules.explanations import explain
from app.deadlines.rules.rulebook import RuleBook, year_of
from app.seeding.files import read_files
from app.seeding.papers import papers_in
from tests.support.rulebook import row

PAPERS = papers_in(read_files(ROOT / "seeds"))
EDITIONS = [year_of(row(content)) for content in PAPERS["calendars"]]
CALENDAR = RuleBook(EDITIONS, [], []).calendar
YEARS = range(2015, 2027)


def day(text):
    return date.fromisoformat(text)


def working_days(amount):
    return Limit(amount, Unit.WORKING_DAYS)


def months(amount, roll=True):
    return Limit(amount, Unit.MONTHS, roll=roll)


def due(limit, start, *more, calendar=CALENDAR):
    return deadline(limit, day(start), calendar, *more)


# -- the register's own vectors ------------------------------------------------------------------

VECTORS = [
    ("2025-02-26", working_days(10), "2025-03-12"),
    ("2025-01-22", working_days(10), "2025-02-11"),
    ("2025-09-26", working_days(5), "2025-10-10"),
    ("2025-09-26", working_days(10), "2025-10-16"),
    ("2025-04-25", working_days(5), "2025-05-06"),
    ("2026-02-10", working_days(10), "2026-03-02"),
    ("2024-11-30", months(3), "2025-02-28"),
    ("2025-07-01", months(3), "2025-10-09"),
    ("2025-07-01", months(3, roll=False), "2025-10-01"),
    ("2025-11-30", months(3), "2026-02-28"),
]


@pytest.mark.parametrize(("start", "limit", "end"), VECTORS)
def test_the_vectors_of_the_field(start, limit, end):
    found = due(limit, start)
    assert found.due_on == found.original_due_on == day(end)
    assert not found.provisional


def test_working_days_agree_with_another_library():
    """Every start day of 2015 to 2026, and every limit of 1 to 90 working days."""
    first, last = date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)
    worked = [d for d in days_between(first, last) if chinese_calendar.is_workday(d)]
    compared = 0
    position = 0
    for start in days_between(first, last):
        while position < len(worked) and worked[position] <= start:
            position += 1
        for amount, wanted in enumerate(worked[position : position + 90], 1):
            assert CALENDAR.after(start, amount) == wanted
            compared += 1
    assert compared > 380_000


def test_every_loaded_day_agrees_with_another_library():
    for known in days_between(date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)):
        assert CALENDAR.works(known) == chinese_calendar.is_workday(known)


# -- calendars -----------------------------------------------------------------------------------


def at_edition(year, edition):
    """Return the calendar with an earlier edition of *year* in force."""
    kept = [e for e in EDITIONS if e.year != year or e.edition <= edition]
    return RuleBook(kept, [], []).calendar


@pytest.mark.parametrize(
    ("year", "start", "before", "after"),
    [
        (2015, "2015-08-31", "2015-09-04", "2015-09-07"),
        (2019, "2019-04-26", "2019-05-02", "2019-04-30"),
        (2020, "2020-01-22", "2020-02-03", "2020-02-05"),
    ],
)
def test_an_amendment_in_the_middle_of_a_year_moves_dates(year, start, before, after):
    limit = working_days({2015: 4, 2019: 3, 2020: 4}[year])
    assert due(limit, start, calendar=at_edition(year, 1)).due_on == day(before)
    assert due(limit, start).due_on == day(after)


def test_a_year_that_is_not_loaded_makes_a_date_provisional():
    found = due(working_days(10), "2026-12-25")
    assert found.provisional
    assert found.due_on == day("2027-01-08")
    assert not due(months(3, roll=False), "2026-12-25").provisional
    assert due(months(3), "2026-12-25").provisional
    told = explain(working_days(10), day("2026-12-25"), CALENDAR)
    assert [line.on.year for line in told if line.step is DeadlineStep.PROVISIONAL] == [2027]


def test_what_was_granted_is_not_provisional():
    granted = [GrantedExtension(day("2027-06-01"))]
    assert not due(months(3), "2026-12-25", (), granted).provisional


def test_far_beyond_nothing_is_worked_out():
    with pytest.raises(OverflowError):
        Calendar().after(date(LAST_YEAR, 12, 30), 10)


# -- counting ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-10-31", 1, "2024-11-30"),
        ("2024-12-31", 2, "2025-02-28"),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(start, amount, end):
    assert months_after(day(start), amount) == day(end)


def test_natural_days_count_every_day_and_roll():
    assert due(Limit(5, Unit.DAYS), "2025-09-26").due_on == day("2025-10-09")
    assert due(Limit(5, Unit.DAYS, roll=False), "2025-09-26").due_on == day("2025-10-01")


def test_a_fixed_date_is_the_next_one_after_the_start():
    fixed = Limit(0, Unit.FIXED, month=5, day=10, roll=False)
    assert due(fixed, "2025-03-01").due_on == day("2025-05-10")
    assert due(fixed, "2025-05-10").due_on == day("2026-05-10")
    leap = Limit(0, Unit.FIXED, month=2, day=29, roll=False)
    assert due(leap, "2024-12-01").due_on == day("2025-02-28")


def test_a_pause_moves_the_end_by_the_days_it_took():
    pause = Pause(day("2025-03-03"), day("2025-03-07"))
    assert due(working_days(10), "2025-02-26", [pause]).due_on == day("2025-03-19")
    assert due(Limit(10, Unit.DAYS, roll=False), "2025-02-26", [pause]).due_on == day("2025-03-13")
    later = Pause(day("2026-03-03"), day("2026-03-07"))
    assert due(working_days(10), "2025-02-26", [later]).due_on == day("2025-03-12")
    twice = [pause, Pause(day("2025-03-05"), day("2025-03-10"))]
    one = [Pause(day("2025-03-03"), day("2025-03-10"))]
    assert due(working_days(10), "2025-02-26", twice) == due(working_days(10), "2025-02-26", one)


def test_an_extension_keeps_the_first_date():
    found = due(months(3), "2025-07-01", (), [GrantedExtension(day("2025-11-03"), "经代表同意")])
    assert (found.due_on, found.original_due_on) == (day("2025-11-03"), day("2025-10-09"))


def test_a_pause_that_was_noted_after_an_extension_moves_it():
    before = Pause(day("2025-07-07"), day("2025-07-08"))
    after = Pause(day("2025-08-01"), day("2025-08-10"))
    granted = [GrantedExtension(day("2025-11-03"), "经代表同意", pauses=1)]
    assert due(months(3), "2025-07-01", [before], granted).due_on == day("2025-11-03")
    found = due(months(3), "2025-07-01", [before, after], granted)
    assert (found.due_on, found.original_due_on) == (day("2025-11-13"), day("2025-10-13"))
    inside = Pause(day("2025-10-20"), day("2025-10-24"))  # after the first end, before the second
    found = due(months(3), "2025-07-01", [before, inside], granted)
    assert found.due_on == day("2025-11-10")  # from Saturday the 8th it rolls
    told = explain(months(3), day("2025-07-01"), CALENDAR, [before, after], granted)
    assert [line.zh for line in told if line.step is DeadlineStep.EXTENDED] == [
        "延期至 2025-11-03（周一）：经代表同意",
        "延期之后又中止计时10日，顺延至 2025-11-13（周四）",
    ]


def test_working_days_that_were_paused_after_an_extension_are_given_back():
    after = Pause(day("2025-03-10"), day("2025-03-16"))  # five working days and a weekend
    granted = [GrantedExtension(day("2025-03-21"), "", pauses=0)]
    assert due(working_days(10), "2025-02-26", [after], granted).due_on == day("2025-03-28")


def test_a_pause_on_the_day_that_a_rest_day_moved_the_end_to_moves_it_on():
    """The last day was a Saturday; on the Monday after it the clock stood still."""
    pause = Pause(day("2027-02-22"), day("2027-03-12"))
    saturday = [
        (Limit(31, Unit.DAYS), "2027-01-20"),
        (months(3), "2026-11-20"),
        (Limit(0, Unit.FIXED, month=2, day=20), "2026-11-20"),
    ]
    for limit, start in saturday:
        assert due(limit, start).due_on == day("2027-02-22")
        assert due(limit, start, [pause]).due_on == day("2027-03-15")
    still = Limit(31, Unit.DAYS, roll=False)
    assert due(still, "2027-01-20", [pause]).due_on == day("2027-02-20")


def test_working_days_that_were_left_of_a_granted_time_are_counted_after_the_pause():
    pause = Pause(day("2027-01-13"), day("2027-01-20"))
    granted = [GrantedExtension(day("2027-01-15"), "", pauses=0)]  # a Friday
    found = due(working_days(5), "2026-12-21", [pause], granted)
    assert found.due_on == day("2027-01-25")
    assert found.original_due_on == day("2026-12-28")
    assert found.provisional  # nothing is known of 2027
    told = explain(working_days(5), day("2026-12-21"), CALENDAR, [pause], granted)
    assert [(str(line.step), line.en) for line in told][-7:] == [
        ("extended", "extended to 2027-01-15 (Friday)"),
        ("skipped", "2027-01-23 (Saturday) a rest day, not counted"),
        ("skipped", "2027-01-24 (Sunday) a rest day, not counted"),
        ("extended", "stood still for 3 working days after that, moved on to 2027-01-25 (Monday)"),
        ("paper", "calendar of 2026: 国办发明电〔2025〕7号"),
        ("provisional", "the days off of 2027 are not loaded; only weekends were taken out"),
        ("due", "due on 2027-01-25 (Monday), first due on 2026-12-28 (Monday)"),
    ]


def test_a_granted_day_that_nothing_moved_is_due_as_granted():
    """Also on a rest day, whatever was known before, and whatever stands still after it."""
    saturday = day("2026-05-16")
    known = Pause(day("2026-05-11"), day("2026-05-18"))
    for limit in (months(1), working_days(20)):
        for noted, extension in (
            ([], GrantedExtension(saturday)),
            ([known], GrantedExtension(saturday, "", 1)),
            ([Pause(day("2026-05-18"), day("2026-05-20"))], GrantedExtension(saturday, "", 0)),
        ):
            found = due(limit, "2026-03-02", noted, [extension])
            assert (found.due_on, found.provisional) == (saturday, False)


def test_the_last_of_several_grants_holds():
    noted = [
        Pause(day("2026-04-07"), day("2026-04-09")),
        Pause(day("2026-05-12"), day("2026-05-13")),
    ]
    granted = [
        GrantedExtension(day("2026-05-11"), "", 0),
        GrantedExtension(day("2026-05-20"), "", 1),
    ]
    assert due(months(1), "2026-03-02", noted, granted).due_on == day("2026-05-22")
    assert due(months(1), "2026-03-02", noted, granted[:1]).due_on == day("2026-05-18")


def test_days_that_stood_still_are_asked_of_no_calendar():
    """A year of which every day stood still need not be loaded."""
    calendar = Calendar({year: CALENDAR.years[year] for year in (2023, 2025)})
    whole = Pause(day("2024-01-01"), day("2024-12-31"))
    for limit, start in ((working_days(10), "2023-12-25"), (Limit(5, Unit.DAYS), "2023-12-26")):
        found = due(limit, start, [whole], calendar=calendar)
        assert (found.due_on.year, found.provisional) == (2025, False)
        assert due(
            limit, start, [replace(whole, last=day("2024-12-30"))], calendar=calendar
        ).provisional


starts = st.dates(date(2015, 1, 1), date(2026, 6, 1))
amounts = st.integers(1, 60)


@given(starts, amounts, starts, st.integers(0, 40))
def test_no_paused_day_is_counted(start, amount, first, length):
    pause = Pause(first, first + timedelta(days=length))
    end = due(working_days(amount), start.isoformat(), [pause]).due_on
    counted = [
        d
        for d in days_between(start + timedelta(days=1), end)
        if CALENDAR.works(d) and not pause.first <= d <= pause.last
    ]
    assert len(counted) == amount
    assert counted[-1] == end or pause.first <= end <= pause.last


@given(starts, amounts)
def test_a_longer_limit_never_ends_sooner(start, amount):
    for unit in (Unit.DAYS, Unit.WORKING_DAYS, Unit.MONTHS):
        ends = [due(Limit(n, unit), start.isoformat()).due_on for n in (amount, amount + 1)]
        assert start < ends[0] <= ends[1]


# -- explanations --------------------------------------------------------------------------------


@given(starts, amounts)
def test_whoever_counts_along_an_explanation_comes_to_the_due_date(start, amount):
    """Each day after the start is worked unless a line skips it or a line makes it up."""
    limit = working_days(amount)
    told = explain(limit, start, CALENDAR)
    days = {step: {line.on for line in told if line.step is step} for step in DeadlineStep}
    counted, at = 0, start
    while counted < amount:
        at += timedelta(days=1)
        weekend = at.weekday() >= 5
        assert not (weekend and at not in days["skipped"] | days["made_up"])
        counted += at not in days["skipped"]
    assert {at} == days["due"]
    assert at == deadline(limit, start, CALENDAR).due_on


def test_an_explanation_reads_like_a_clerk_counts():
    told = explain(working_days(5), day("2025-09-26"), CALENDAR)
    assert [line.zh for line in told][:5] == [
        "期限：自交办之日起5个工作日",
        "交办之日 2025-09-26（周五），当日不计",
        "2025-09-27（周六） 休息日，不计",
        "2025-09-28（周日） 国庆节调休上班",
        "2025-10-01（周三） 国庆节放假，不计",
    ]
    assert told[-2].zh == "2025年日历依据：国办发明电〔2024〕12号"
    assert told[-1].zh == "到期 2025-10-10（周五）"
    assert told[-1].en == "due on 2025-10-10 (Friday)"


def test_an_explanation_tells_pauses_extensions_and_month_ends():
    limit = Limit(3, Unit.MONTHS, CountFrom.RECEIPT)
    pauses = [Pause(day("2024-12-02"), day("2024-12-03"), "补充材料")]
    granted = [
        GrantedExtension(day("2025-04-01"), "经代表同意"),
        GrantedExtension(day("2025-05-06")),
    ]
    told = explain(limit, day("2024-11-30"), CALENDAR, pauses, granted)
    steps = [str(line.step) for line in told]
    assert steps == [
        "rule", "start", "paused", "month_end", "rolled", "extended", "extended", "paper", "due",
    ]  # fmt: skip
    assert told[1].zh == "签收之日 2024-11-30（周六），当日不计"
    assert told[3].zh == "该月没有30日，止于月末 2025-02-28（周五）"
    assert told[4].on == day("2025-03-02")
    assert told[-1].zh == "到期 2025-05-06（周二），原到期 2025-03-03（周一）"


def test_a_last_day_that_is_made_up_does_not_move():
    told = explain(months(3), day("2025-11-30"), CALENDAR)
    assert [str(line.step) for line in told] == [
        "rule", "start", "month_end", "made_up", "paper", "due",
    ]  # fmt: skip


def test_a_calendar_without_years_knows_only_weekends():
    plain = Calendar()
    assert plain.works(date(2025, 10, 1))
    assert not plain.works(date(2025, 10, 4))
    assert plain.holiday(date(2025, 10, 1)) is None
    odd = Calendar({2025: Year(2025, 1, "x", {date(2025, 10, 1): "节"}, {date(2025, 10, 4): "节"})})
    assert (odd.works(date(2025, 10, 1)), odd.works(date(2025, 10, 4))) == (False, True)
