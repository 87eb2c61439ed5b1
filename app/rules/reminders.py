"""The points at which something that waits is brought to mind, as a table.

Days are natural ones. A point of a task fires on its day, once; the source of the points is the
register's domain paper, their distances are common practice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.rules.vocabularies import Desk, ReminderPoint, TaskKind, Urgency

K, P, U = TaskKind, ReminderPoint, Urgency


@dataclass(frozen=True)
class Point:
    """A point of the tasks of a kind: *days* after its beginning, or after its due date.

    *desks* are those that are told: its own office's, the dispatchers', the supervisors'.
    """

    kind: TaskKind
    point: ReminderPoint
    days: int
    urgency: Urgency
    desks: tuple[Desk, ...] = (Desk.OFFICE,)
    from_beginning: bool = False


OFFICE, DISPATCHERS = (Desk.OFFICE,), (Desk.DISPATCHERS,)
BOTH = (Desk.OFFICE, Desk.DISPATCHERS)

POINTS = (
    Point(K.DISPATCH, P.OVERDUE, 1, U.RED, DISPATCHERS),
    Point(K.RECEIVE, P.NOT_RECEIVED, 3, U.YELLOW, OFFICE, from_beginning=True),
    Point(K.RECEIVE, P.NOT_RECEIVED, 7, U.RED, BOTH, from_beginning=True),
    Point(K.OBJECTION, P.OBJECTION_CLOSING, -2, U.BLUE),
    Point(K.REPLY, P.NO_MEETING, 20, U.YELLOW, OFFICE, from_beginning=True),
    Point(K.REPLY, P.DUE_SOON, -14, U.BLUE),
    Point(K.REPLY, P.BEHIND, -5, U.YELLOW),
    Point(K.REPLY, P.OVERDUE, 1, U.RED, BOTH),
    Point(K.CO_OPINION, P.DUE_SOON, -5, U.BLUE),
    Point(K.CO_OPINION, P.OVERDUE, 1, U.RED, BOTH),
    Point(K.COUNTERSIGN, P.UNDECIDED, 5, U.YELLOW, OFFICE, from_beginning=True),
    Point(K.COUNTERSIGN, P.UNDECIDED, 10, U.RED, BOTH, from_beginning=True),
    Point(K.REHANDLE, P.BEGUN, 0, U.BLUE, OFFICE, from_beginning=True),
    Point(K.REHANDLE, P.DUE_SOON, -7, U.BLUE),
    Point(K.REHANDLE, P.BEHIND, -3, U.YELLOW),
    Point(K.REHANDLE, P.OVERDUE, 1, U.RED, BOTH),
    Point(K.DECIDE_OBJECTION, P.UNDECIDED, 3, U.YELLOW, DISPATCHERS, from_beginning=True),
    Point(K.DECIDE_EXTENSION, P.UNDECIDED, 3, U.YELLOW, DISPATCHERS, from_beginning=True),
    Point(K.REDISPATCH, P.OVERDUE, 1, U.RED, DISPATCHERS),
    Point(K.FEEDBACK, P.WINDOW_CLOSING, -2, U.BLUE, DISPATCHERS),
    Point(K.FEEDBACK, P.WINDOW_CLOSED, 1, U.BLUE, BOTH),
    Point(K.PUBLISH, P.NOT_PUBLISHED, 1, U.YELLOW, BOTH),
    Point(K.KEEP_PROMISE, P.DUE_SOON, -30, U.BLUE),
    Point(K.KEEP_PROMISE, P.MISSED, 1, U.RED, (Desk.OFFICE, Desk.SUPERVISORS)),
    Point(K.MILESTONE, P.DUE_SOON, -7, U.BLUE),
    Point(K.MILESTONE, P.OVERDUE, 1, U.YELLOW),
    Point(K.CONFIRM, P.DUE_SOON, -14, U.BLUE),
    Point(K.CONFIRM, P.OVERDUE, 1, U.YELLOW, (Desk.OFFICE, Desk.SUPERVISORS)),
    Point(K.LOOK_BACK, P.LOOK_BACK, 0, U.BLUE, (Desk.SUPERVISORS,)),
)


def points_of(
    kind: str, began_on: date | None, due_on: date | None
) -> Iterator[tuple[date, Point]]:
    """Yield every point of a task with its day; what has no such day has no such point."""
    for point in POINTS:
        start = began_on if point.from_beginning else due_on
        if point.kind == kind and start is not None:
            yield start + timedelta(days=point.days), point


def next_day(
    kind: str, began_on: date | None, due_on: date | None, after: date | None
) -> date | None:
    """Return the first day later than *after* on which a point of the task fires, or None."""
    days = (day for day, _ in points_of(kind, began_on, due_on))
    return min((day for day in days if after is None or day > after), default=None)


def firing(
    kind: str, began_on: date | None, due_on: date | None, after: date | None, today: date
) -> list[Point]:
    """Return the points that fire *today*, when those until *after* have.

    Of several that came due together each matters only where no later one says more.
    """
    due = [
        (day, point)
        for day, point in points_of(kind, began_on, due_on)
        if day <= today and (after is None or day > after)
    ]
    last = max((day for day, point in due if not point.from_beginning), default=None)
    return [point for day, point in due if point.from_beginning or day == last]
