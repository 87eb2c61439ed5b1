"""How a due date came about, line by line: each day that was skipped, made up or moved it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.rules.calendars import DAY, Calendar, days_between
from app.rules.deadlines import (
    Deadline,
    Extension,
    Limit,
    Pause,
    deadline,
    merged,
    paused,
    unpaused,
)
from app.rules.vocabularies import DeadlineStep, Unit

S = DeadlineStep
WEEKDAYS = (
    ("周一", "Monday"), ("周二", "Tuesday"), ("周三", "Wednesday"), ("周四", "Thursday"),
    ("周五", "Friday"), ("周六", "Saturday"), ("周日", "Sunday"),
)  # fmt: skip


@dataclass(frozen=True)
class Told:
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
    extensions: Sequence[Extension] = (),
) -> list[Told]:
    """Return how the due date came about, line by line, in an order that a clerk can count along.

    The rule and the start come first, then each day that was skipped or made up, each pause and
    extension, at the end the due date.
    """
    found = deadline(limit, start, calendar, pauses, extensions)
    lines = [rule_line(limit, start), start_line(limit, start)]
    if limit.unit is Unit.WORKING_DAYS:
        lines += day_lines(start, found.original_due_on, calendar, pauses)
    else:
        lines += end_lines(limit, start, calendar, pauses)
    lines += [pause_line(pause) for pause in merged(pauses)]
    lines += [extension_line(extension) for extension in extensions]
    if extensions and found.due_on != extensions[-1].until:
        lines.append(moved_line(found.due_on))
    lines += source_lines(limit, start, found, calendar)
    return [*sorted(lines, key=place), due_line(found)]


PLACES = {S.RULE: 0, S.START: 1, S.EXTENDED: 3, S.PAPER: 4, S.PROVISIONAL: 5}


def place(line: Told) -> tuple[int, date]:
    """Return where *line* stands: rule, start, days by date, extensions as given, papers."""
    return PLACES.get(line.step, 2), date.min if line.step is S.EXTENDED else line.on


def told_limit(limit: Limit) -> tuple[str, str]:
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


def rule_line(limit: Limit, start: date) -> Told:
    """Return the line of the rule itself."""
    zh, en = told_limit(limit)
    origin, ours = limit.count_from, OURS if limit.is_default else ("", "")
    if limit.unit is Unit.FIXED:
        return Told(S.RULE, start, f"期限：{zh}", f"limit: {en}")
    zh, en = f"期限：自{origin.zh}之日起{zh}{ours[0]}", f"limit: {en} from {origin.en}{ours[1]}"
    return Told(S.RULE, start, zh, en)


OURS = ("（本登记簿默认，办理规则未作规定）", " (the register's own: the rules name none)")
"""How a limit is marked that no paper names."""


def start_line(limit: Limit, start: date) -> Told:
    """Return the line of the first day, which is not counted (art. 201)."""
    zh, en = named_day(start)
    origin = limit.count_from
    return Told(
        S.START, start, f"{origin.zh}之日 {zh}，当日不计", f"{origin.en} on {en}, not counted"
    )


def named_day(day: date) -> tuple[str, str]:
    """Return *day* with its weekday, in zh and en."""
    zh, en = WEEKDAYS[day.weekday()]
    return f"{day.isoformat()}（{zh}）", f"{day.isoformat()} ({en})"


def day_lines(
    start: date, end: date, calendar: Calendar, pauses: Sequence[Pause]
) -> Iterator[Told]:
    """Yield a line for each day between *start* and *end* that was skipped or made up."""
    for day in days_between(start + DAY, end):
        if any(pause.first <= day <= pause.last for pause in pauses):
            continue
        if not calendar.works(day):
            yield skipped(day, calendar)
        elif calendar.made_up(day):
            yield made_up(day, calendar)


def why_off(day: date, calendar: Calendar) -> tuple[str, str]:
    """Return why *day* is a rest day, in zh and en."""
    holiday = calendar.holiday(day)
    return (f"{holiday}放假", f"off for {holiday}") if holiday else ("休息日", "a rest day")


def skipped(day: date, calendar: Calendar) -> Told:
    """Return the line of a rest day that is not counted."""
    zh, en = named_day(day)
    why = why_off(day, calendar)
    return Told(S.SKIPPED, day, f"{zh} {why[0]}，不计", f"{en} {why[1]}, not counted")


def made_up(day: date, calendar: Calendar) -> Told:
    """Return the line of a weekend day that is worked."""
    zh, en = named_day(day)
    holiday = calendar.holiday(day) or ""
    return Told(S.MADE_UP, day, f"{zh} {holiday}调休上班", f"{en} worked in exchange for {holiday}")


def end_lines(
    limit: Limit, start: date, calendar: Calendar, pauses: Sequence[Pause]
) -> Iterator[Told]:
    """Yield the lines about the last day of a limit in days, months or at a fixed date."""
    plain = unpaused(limit, start)
    if limit.unit is Unit.MONTHS and plain.day != start.day:
        zh, en = named_day(plain)
        yield Told(
            S.MONTH_END, plain, f"该月没有{start.day}日，止于月末 {zh}",
            f"that month has no day {start.day}; it ends on its last, {en}",
        )  # fmt: skip
    end = paused(plain, start, pauses)
    if not limit.roll:
        return
    if calendar.made_up(end):
        yield made_up(end, calendar)
    last = calendar.on_or_after(end)
    for day in days_between(end, last - DAY):
        zh, en = named_day(day)
        why = why_off(day, calendar)
        yield Told(
            S.ROLLED, day, f"最后一日 {zh} {why[0]}，顺延", f"last day {en} is {why[1]}, moved on"
        )


def pause_line(pause: Pause) -> Told:
    """Return the line of a pause."""
    days = (pause.last - pause.first).days + 1
    zh = f"{pause.first}至{pause.last}中止计时（{days}日）"
    en = f"stood still from {pause.first} to {pause.last} ({days} days)"
    why = f"：{pause.reason}" if pause.reason else ""
    return Told(S.PAUSED, pause.first, zh + why, en + (f": {pause.reason}" if why else ""))


def extension_line(extension: Extension) -> Told:
    """Return the line of an extension."""
    zh, en = named_day(extension.until)
    ground = extension.ground
    return Told(
        S.EXTENDED, extension.until, f"延期至 {zh}" + (f"：{ground}" if ground else ""),
        f"extended to {en}" + (f": {ground}" if ground else ""),
    )  # fmt: skip


def moved_line(due_on: date) -> Told:
    """Return the line of an extended end that later pauses moved on."""
    zh, en = named_day(due_on)
    told = f"延期之后又中止计时，顺延至 {zh}"
    return Told(S.EXTENDED, due_on, told, f"stood still after that, moved on to {en}")


def source_lines(limit: Limit, start: date, found: Deadline, calendar: Calendar) -> Iterator[Told]:
    """Yield a line for each paper that the date rests on, and one when a year is missing."""
    counted = limit.unit is Unit.WORKING_DAYS
    if not counted and not limit.roll:
        return
    first = start + DAY if counted else found.original_due_on
    for year in range(first.year, found.original_due_on.year + 1):
        known = calendar.years.get(year)
        on = date(year, 1, 1)
        if known:
            zh = f"{year}年日历依据：{known.paper}"
            yield Told(S.PAPER, on, zh, f"calendar of {year}: {known.paper}")
        else:
            yield Told(
                S.PROVISIONAL, on, f"{year}年放假安排尚未录入，仅除周末，日期待定",
                f"the days off of {year} are not loaded; only weekends were taken out",
            )  # fmt: skip


def due_line(found: Deadline) -> Told:
    """Return the last line: the due date."""
    zh, en = named_day(found.due_on)
    if found.due_on == found.original_due_on:
        return Told(S.DUE, found.due_on, f"到期 {zh}", f"due on {en}")
    before = named_day(found.original_due_on)
    return Told(
        S.DUE,
        found.due_on,
        f"到期 {zh}，原到期 {before[0]}",
        f"due on {en}, first due on {before[1]}",
    )
