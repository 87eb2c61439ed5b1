"""The clock: nothing else in the project reads the time."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

from app.core.errors import ClockSetBack

log = logging.getLogger(__name__)

MOST_BACK = timedelta(minutes=5)
"""How far the clock may be behind the last event; moments then wait at the event's."""


WORTH_TELLING = timedelta(seconds=1)
"""How far the clocks of several machines may differ without a line in the log."""


TOLD_EVERY = 60
"""Seconds between two lines of the log about a clock that was set back."""


def system_clock() -> datetime:
    """Return the machine's time in UTC."""
    return datetime.now(UTC)


clock: Callable[[], datetime] = system_clock
"""What utcnow() reads; a test or a tool may put another clock in its place."""


LAST: ContextVar[datetime | None] = ContextVar("last", default=None)
"""The moment of the last event, while a transaction writes: nothing it writes is earlier."""


def utcnow() -> datetime:
    """Return the present moment in UTC; nothing else in the project reads the clock.

    While a transaction writes, that is never before the last event: a clock that was set back by
    up to five minutes waits for it. Raises ClockSetBack when it is further behind.
    """
    now, last = clock(), LAST.get()
    if last is None or now >= last:
        return now
    check_clock(last, now)
    log_set_back(last - now)
    return last


def check_clock(last: datetime | None, now: datetime) -> None:
    """Raise ClockSetBack where *now* is too far before the moment of the *last* event."""
    if last is not None and last - now > MOST_BACK:
        raise ClockSetBack(
            now=now.isoformat(timespec="seconds"), last=last.isoformat(timespec="seconds")
        )


def log_set_back(behind: timedelta) -> None:
    """Say in the log that the clock is *behind* the last event, once a minute at most."""
    now = time.monotonic()
    if behind < WORTH_TELLING or now < QUIET["until"]:
        return
    QUIET["until"] = now + TOLD_EVERY
    log.warning("the clock was set back: it is %s behind the last event", behind)


QUIET = {"until": 0.0}
"""Until when this process says nothing more about its clock, as time.monotonic() counts."""


@contextmanager
def not_before(last: datetime | None) -> Iterator[None]:
    """Let no moment in the block be before *last*, that of the last event."""
    earlier = LAST.get()
    LAST.set(last)
    try:
        yield
    finally:
        LAST.set(earlier)
