"""How a due date came about, line by line: each day that was skipped, made up or moved it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.core.codes import DeadlineStep, Unit
from app.core.errors import Sentence
from app.deadlines.rules.calendars import DAY, Calendar, days_between
from app.deadlines.rules.deadlines import (
    End,
    GrantedExtension,
    Limit,
    Pause,
    RunningClock,
    granted_end,
    merged,
    original_end,
    running,
    unpaused,
)

S = DeadlineStep
WEEKDAYS = (
    ("周一", "Monday"),
    ("周二", "Tuesday"),
    ("周三", "Wednesday"),
    ("周四", "Thursday"),
    ("周五", "Friday"),
    ("周六", "Saturday"),
    ("周日", "Sunday"),
)


@dataclass(frozen=True)
class ExplanationLine:
    """One line of an explanation: what happened on which day, in zh and en."""

    step: DeadlineStep
    on: date
    zh: str
    en: str


def explain(
    limit: Limit,
    start: date,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[GrantedExtension] = (),
) -> list[ExplanationLine]:
    """Return how the due date came about, line by line, in an order that a clerk can count along.

    The rule and the start come first, then each day that was skipped or made up and each pause up
    to the first due date, then the extensions and what moved the last one on, the papers, and at
    the end the due date.
    """
    clock = RunningClock(limit, start, calendar, merged(pauses))
    end = original = original_end(clock)
    more: list[ExplanationLine] = []
    if extensions:
        end = granted_end(clock, extensions[-1], pauses)
        more = [extension_line(extension) for extension in extensions]
        more += moved_lines(clock, extensions[-1].until, end)
    lines = [*month_lines(clock), *day_lines(clock, start, original)]
    lines += map(pause_line, clock.pauses)
    papers = source_lines(calendar, original, end)
    return [
        rule_line(limit, start),
        start_line(limit, start),
        *sorted(lines, key=lambda line: line.on),
        *more,
        *sorted(papers, key=lambda line: (line.step is S.PROVISIONAL, line.on)),
        due_line(end.due, original.due),
    ]


def limit_in_words(limit: Limit) -> tuple[str, str]:
    """Return *limit* in words."""
    if limit.unit is Unit.FIXED:
        return f"{limit.month}月{limit.day}日前", f"by {limit.month:02}-{limit.day:02}"
    plural = "" if limit.amount == 1 else "s"
    named = {
        Unit.DAYS: ("日", f"day{plural}"),
        Unit.WORKING_DAYS: ("个工作日", f"working day{plural}"),
        Unit.MONTHS: ("个月", f"month{plural}"),
    }
    zh, en = named[limit.unit]
    return f"{limit.amount}{zh}", f"{limit.amount} {en}"


def rule_line(limit: Limit, start: date) -> ExplanationLine:
    """Return the line of the rule itself."""
    zh, en = limit_in_words(limit)
    origin, mark = limit.count_from, mark_of(limit)
    if limit.unit is Unit.FIXED:
        return ExplanationLine(S.RULE, start, f"期限：{zh}{mark[0]}", f"limit: {en}{mark[1]}")
    zh, en = f"期限：自{origin.zh}之日起{zh}{mark[0]}", f"limit: {en} from {origin.en}{mark[1]}"
    return ExplanationLine(S.RULE, start, zh, en)


OURS = ("（本登记簿默认，办理规则未作规定）", " (the register's own: the rules name none)")
"""How a limit is marked that no paper names."""

COMMON = ("（通行做法，未见当地文件）", " (common practice: no paper of the place is known)")
"""How a limit is marked of a profile that rests on no paper."""


def mark_of(limit: Limit) -> Sentence:
    """Return how *limit* is marked where it stands in no paper of the place."""
    if limit.is_default:
        return OURS
    return COMMON if limit.is_common else ("", "")


def start_line(limit: Limit, start: date) -> ExplanationLine:
    """Return the line of the first day, which is not counted (art. 201)."""
    zh, en = named_day(start)
    origin = limit.count_from
    return ExplanationLine(
        S.START, start, f"{origin.zh}之日 {zh}，当日不计", f"{origin.en} on {en}, not counted"
    )


def named_day(day: date) -> tuple[str, str]:
    """Return *day* with its weekday, in zh and en."""
    zh, en = WEEKDAYS[day.weekday()]
    return f"{day.isoformat()}（{zh}）", f"{day.isoformat()} ({en})"


def day_lines(
    clock: RunningClock, after: date, end: End, counted: bool = True
) -> Iterator[ExplanationLine]:
    """Yield a line for each day after *after* that was skipped, made up or moved on.

    In working days each day that was *counted* has its turn, else those from the day on which the
    count was full. What stood still is told by the pauses.
    """
    if counted and clock.limit.unit is Unit.WORKING_DAYS:
        first, line = after + DAY, skipped
    elif clock.limit.roll:
        first, line = end.full, rolled
    else:
        return
    for first_day, last_day in running(first, end.due, clock.pauses):
        for day in days_between(first_day, last_day):
            if clock.calendar.made_up(day):
                yield made_up(day, clock.calendar)
            elif not clock.calendar.works(day):
                yield line(day, clock.calendar)


def why_off(day: date, calendar: Calendar) -> tuple[str, str]:
    """Return why *day* is a rest day, in zh and en."""
    holiday = calendar.holiday(day)
    return (f"{holiday}放假", f"off for {holiday}") if holiday else ("休息日", "a rest day")


def skipped(day: date, calendar: Calendar) -> ExplanationLine:
    """Return the line of a rest day that is not counted."""
    zh, en = named_day(day)
    why = why_off(day, calendar)
    return ExplanationLine(S.SKIPPED, day, f"{zh} {why[0]}，不计", f"{en} {why[1]}, not counted")


def made_up(day: date, calendar: Calendar) -> ExplanationLine:
    """Return the line of a weekend day that is worked."""
    zh, en = named_day(day)
    holiday = calendar.holiday(day) or ""
    return ExplanationLine(
        S.MADE_UP, day, f"{zh} {holiday}调休上班", f"{en} worked in exchange for {holiday}"
    )


def rolled(day: date, calendar: Calendar) -> ExplanationLine:
    """Return the line of a rest day on which nothing is due."""
    zh, en = named_day(day)
    why = why_off(day, calendar)
    return ExplanationLine(
        S.ROLLED, day, f"最后一日 {zh} {why[0]}，顺延", f"last day {en} is {why[1]}, moved on"
    )


def month_lines(clock: RunningClock) -> Iterator[ExplanationLine]:
    """Yield the line about a month that is too short for the day-number of the start."""
    start, end = clock.start, unpaused(clock)
    if clock.limit.unit is Unit.MONTHS and end.day != start.day:
        zh, en = named_day(end)
        yield ExplanationLine(
            S.MONTH_END,
            end,
            f"该月没有{start.day}日，止于月末 {zh}",
            f"that month has no day {start.day}; it ends on its last, {en}",
        )


def pause_line(pause: Pause) -> ExplanationLine:
    """Return the line of a pause."""
    days = (pause.last - pause.first).days + 1
    zh = f"{pause.first}至{pause.last}中止计时（{days}日）"
    en = f"stood still from {pause.first} to {pause.last} ({days} days)"
    why = f"：{pause.reason}" if pause.reason else ""
    return ExplanationLine(
        S.PAUSED, pause.first, zh + why, en + (f": {pause.reason}" if why else "")
    )


def extension_line(extension: GrantedExtension) -> ExplanationLine:
    """Return the line of an extension."""
    zh, en = named_day(extension.until)
    ground = extension.ground
    return ExplanationLine(
        S.EXTENDED,
        extension.until,
        f"延期至 {zh}" + (f"：{ground}" if ground else ""),
        f"extended to {en}" + (f": {ground}" if ground else ""),
    )


def moved_lines(clock: RunningClock, until: date, end: End) -> Iterator[ExplanationLine]:
    """Yield the lines about a granted day that later pauses moved on, if they did."""
    if end.due == until:
        return
    zh, en = named_day(end.due)
    lost_zh, lost_en = lost_days(clock.limit.unit, end.lost)
    yield from day_lines(clock, until, end, counted=end.lost > 0)
    yield ExplanationLine(
        S.EXTENDED,
        end.due,
        f"延期之后又中止计时{lost_zh}，顺延至 {zh}",
        f"stood still{lost_en} after that, moved on to {en}",
    )


def lost_days(unit: Unit, number: int) -> tuple[str, str]:
    """Return in words how many counted days a pause took, in zh and en; nothing where none."""
    if not number:
        return "", ""
    words = ("个工作日", "working day") if unit is Unit.WORKING_DAYS else ("日", "day")
    return f"{number}{words[0]}", f" for {number} {words[1]}{'' if number == 1 else 's'}"


def source_lines(calendar: Calendar, *ends: End) -> Iterator[ExplanationLine]:
    """Yield a line for each paper that *ends* rest on, and one for each year that is missing."""
    stretches = [stretch for end in ends for stretch in end.asked]
    for year in sorted({y for a, b in stretches for y in range(a.year, b.year + 1)}):
        known = calendar.years.get(year)
        on = date(year, 1, 1)
        if known:
            zh = f"{year}年日历依据：{known.paper}"
            yield ExplanationLine(S.PAPER, on, zh, f"calendar of {year}: {known.paper}")
        else:
            yield ExplanationLine(
                S.PROVISIONAL,
                on,
                f"{year}年放假安排尚未录入，仅除周末，日期待定",
                f"the days off of {year} are not loaded; only weekends were taken out",
            )


def due_line(due: date, original: date) -> ExplanationLine:
    """Return the last line: the due date, and the first one where it differs."""
    zh, en = named_day(due)
    if due == original:
        return ExplanationLine(S.DUE, due, f"到期 {zh}", f"due on {en}")
    before = named_day(original)
    return ExplanationLine(
        S.DUE, due, f"到期 {zh}，原到期 {before[0]}", f"due on {en}, first due on {before[1]}"
    )
