"""The points at which something that waits is brought to mind, as a table.

Days are natural ones. A point of a task fires on its day, once; what announces a day fires only
until that day. The source of the points is the register's domain paper, their distances are common
practice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.codes import Channel, Desk, ReminderPoint, TaskKind, Urgency

K, P, U = TaskKind, ReminderPoint, Urgency


@dataclass(frozen=True)
class ReminderRule:
    """A point of the tasks of a kind: *days* after its beginning, or after its due date.

    *desks* are those that are told: its own office's, the dispatchers', the supervisors'; where
    there are none, the day only does something.
    """

    kind: TaskKind
    point: ReminderPoint
    days: int
    urgency: Urgency
    desks: tuple[Desk, ...] = (Desk.OFFICE,)
    from_beginning: bool = False

    def is_past(self, due_on: date | None, today: date) -> bool:
        """Return whether this announces a day that is over *today*."""
        return not self.from_beginning and self.days < 0 and due_on is not None and today > due_on

    def says_more_than(self, other: "ReminderRule") -> bool:
        """Return whether nobody needs *other* beside this, which fell due later.

        So it is where both are the same point, or both tell how near the due date is.
        """
        return self.point is other.point or not (self.from_beginning or other.from_beginning)


OFFICE, DISPATCHERS = (Desk.OFFICE,), (Desk.DISPATCHERS,)
BOTH = (Desk.OFFICE, Desk.DISPATCHERS)
SUPERVISORS, WATCHED = (Desk.SUPERVISORS,), (Desk.OFFICE, Desk.SUPERVISORS)

POINTS = (
    ReminderRule(K.DISPATCH, P.OVERDUE, 1, U.RED, DISPATCHERS),
    ReminderRule(K.RECEIVE, P.NOT_RECEIVED, 3, U.YELLOW, OFFICE, from_beginning=True),
    ReminderRule(K.RECEIVE, P.NOT_RECEIVED, 1, U.RED, BOTH),
    ReminderRule(K.OBJECTION, P.OBJECTION_CLOSING, -2, U.BLUE),
    ReminderRule(K.OBJECTION, P.OBJECTION_CLOSED, 1, U.BLUE, ()),
    ReminderRule(K.REPLY, P.NO_MEETING, 20, U.YELLOW, OFFICE, from_beginning=True),
    ReminderRule(K.REPLY, P.DUE_SOON, -14, U.BLUE),
    ReminderRule(K.REPLY, P.BEHIND, -5, U.YELLOW),
    ReminderRule(K.REPLY, P.OVERDUE, 1, U.RED, BOTH),
    ReminderRule(K.CO_OPINION, P.DUE_SOON, -5, U.BLUE),
    ReminderRule(K.CO_OPINION, P.OVERDUE, 1, U.RED, BOTH),
    ReminderRule(K.COUNTERSIGN, P.UNDECIDED, 5, U.YELLOW, OFFICE, from_beginning=True),
    ReminderRule(K.COUNTERSIGN, P.UNDECIDED, 10, U.RED, BOTH, from_beginning=True),
    ReminderRule(K.REHANDLE, P.BEGUN, 0, U.BLUE, OFFICE, from_beginning=True),
    ReminderRule(K.REHANDLE, P.DUE_SOON, -7, U.BLUE),
    ReminderRule(K.REHANDLE, P.BEHIND, -3, U.YELLOW),
    ReminderRule(K.REHANDLE, P.OVERDUE, 1, U.RED, BOTH),
    ReminderRule(K.DECIDE_OBJECTION, P.UNDECIDED, 3, U.YELLOW, DISPATCHERS, from_beginning=True),
    ReminderRule(K.DECIDE_EXTENSION, P.UNDECIDED, 3, U.YELLOW, DISPATCHERS, from_beginning=True),
    ReminderRule(K.REDISPATCH, P.OVERDUE, 1, U.RED, DISPATCHERS),
    ReminderRule(K.FEEDBACK, P.WINDOW_CLOSING, -2, U.BLUE, DISPATCHERS),
    ReminderRule(K.FEEDBACK, P.WINDOW_CLOSED, 1, U.BLUE, BOTH),
    ReminderRule(K.PUBLISH, P.NOT_PUBLISHED, 1, U.YELLOW, BOTH),
    ReminderRule(K.KEEP_PROMISE, P.DUE_SOON, -30, U.BLUE),
    ReminderRule(K.KEEP_PROMISE, P.MISSED, 1, U.RED, WATCHED),
    ReminderRule(K.MILESTONE, P.DUE_SOON, -7, U.BLUE),
    ReminderRule(K.MILESTONE, P.OVERDUE, 1, U.YELLOW),
    ReminderRule(K.CONFIRM, P.DUE_SOON, -14, U.BLUE),
    ReminderRule(K.CONFIRM, P.OVERDUE, 1, U.YELLOW, WATCHED),
    ReminderRule(K.LOOK_BACK, P.LOOK_BACK, 0, U.BLUE, SUPERVISORS),
    ReminderRule(K.IMPLEMENT, P.DUE_SOON, -14, U.BLUE),
    ReminderRule(K.IMPLEMENT, P.BEHIND, -5, U.YELLOW),
    ReminderRule(K.IMPLEMENT, P.OVERDUE, 1, U.RED, WATCHED),
    ReminderRule(K.REPORT, P.DUE_SOON, -7, U.BLUE),
    ReminderRule(K.REPORT, P.OVERDUE, 1, U.YELLOW, WATCHED),
    ReminderRule(K.VERIFY, P.NOT_VERIFIED, 14, U.YELLOW, SUPERVISORS, from_beginning=True),
    ReminderRule(K.VERIFY, P.NOT_VERIFIED, 30, U.RED, SUPERVISORS, from_beginning=True),
    ReminderRule(K.ANSWER_PRESS, P.PRESSED, 0, U.YELLOW, OFFICE, from_beginning=True),
    ReminderRule(K.ANSWER_PRESS, P.OVERDUE, 1, U.RED, WATCHED),
)

IN_PERSON = (Channel.MEETING, Channel.VISIT)
"""Contacts after which it is not missed that there was no meeting."""

OF_DUE_DAY = frozenset(
    {(point.kind, point.point) for point in POINTS if not point.from_beginning and point.desks}
)
"""Points that tell of a due date, by kind: when that moves, what they told is out of date."""


def is_outdated(kind: str, point: str, announced: date | None, due_on: date | None) -> bool:
    """Return whether a notice of *point* tells of another day than *due_on*, when it is now."""
    return announced != due_on and (TaskKind(kind), ReminderPoint(point)) in OF_DUE_DAY


def points_of(
    kind: str, began_on: date | None, due_on: date | None
) -> Iterator[tuple[date, ReminderRule]]:
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
) -> list[ReminderRule]:
    """Return the points that fire *today*, when those until *after* have.

    Of several that came due together each matters only where no later one says more, and what
    announces a day only until that day.
    """
    due = [
        (day, point)
        for day, point in points_of(kind, began_on, due_on)
        if day <= today and (after is None or day > after) and not point.is_past(due_on, today)
    ]
    return [
        point
        for day, point in due
        if not any(later > day and other.says_more_than(point) for later, other in due)
    ]
