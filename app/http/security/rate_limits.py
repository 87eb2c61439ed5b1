"""How much may come in: a token bucket for each caller, and failed attempts to sign in.

The counts stand in the database, so that every process knows them. A process takes tokens in
small handfuls, so most requests cost no write; it never lets more through than the bucket held.
"""

import ipaddress
import logging
import math
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from app.core.clock import utcnow
from app.core.config import Settings
from app.core.database import Database
from app.core.errors import Busy, SignInsExhausted, TooManyRequests
from app.core.types import Values
from app.models import FailedSignIns, RateBucket

log = logging.getLogger(__name__)

Row = TypeVar("Row", RateBucket, FailedSignIns)

HANDFULS = 20
"""A bucket holds so many handfuls."""

WINDOW = timedelta(minutes=15)
FORGOTTEN = timedelta(hours=1)
"""After so long an address that came no more is forgotten."""

MOST_SUBJECTS = 10_000
"""How many callers or networks a process remembers before it forgets them all."""


class Limits:
    """What one process knows of the limits of one database."""

    def __init__(self, database: Callable[[], Database], settings: Settings) -> None:
        self.database = database
        self.settings = settings
        self.lock = threading.Lock()
        self.held: dict[str, int] = {}
        self.blocked: dict[str, datetime] = {}

    @property
    def handful(self) -> int:
        """How many tokens a process takes at once."""
        return max(1, self.settings.key_burst // HANDFULS)

    def take(self, subject: str, *, lent: int = 0, number: int = 1, times: int = 1) -> None:
        """Take a *number* of tokens of *subject*; raise TooManyRequests when there are not so many.

        Its bucket is so many *times* the usual one. Of one that this process does not know yet so
        many are *lent* without asking the database.
        """
        if self.settings.key_rate <= 0:
            return
        self.refuse_blocked(subject, TooManyRequests)
        with self.lock:
            held = self.held.get(subject, lent)
            if held >= number:
                remember(self.held, subject, held - number)
                return
        got = self.refill(subject, number, times)
        with self.lock:
            remember(self.held, subject, self.held.get(subject, 0) + got - number)

    def take_more(self, subject: str, number: int, times: int) -> None:
        """Take a *number* of tokens beside the one that a request costs; raise TooManyRequests.

        Never more than a bucket holds beside that one.
        """
        number = min(number, self.settings.key_burst * times - 1)
        if number > 0:
            self.take(subject, number=number, times=times)

    def refill(self, subject: str, number: int, times: int) -> int:
        """Return a handful of tokens from the bucket of *subject*, or the *number* if that is more.

        Raises TooManyRequests when it does not hold the number.
        """
        try:
            got = self.database().count(lambda session: self.draw(session, subject, number, times))
        except (OperationalError, Busy):  # the limit must not stand in the way of a busy database
            log.warning("the bucket of %s could not be reached", subject)
            return number
        if got >= number:
            return int(got)
        again = number if number == 1 else number + 1  # and the one of the next request
        wait = math.ceil((again - got) / (self.settings.key_rate * times))
        self.block(subject, utcnow() + timedelta(seconds=wait))
        raise TooManyRequests(seconds=wait, first=True)

    def draw(self, session: Session, subject: str, number: int, times: int) -> float:
        """Take a handful from the bucket, or the *number* if that is more, and return how many.

        Where it does not hold the number nothing is taken, and what it holds is returned.
        """
        now, most = utcnow(), float(self.settings.key_burst * times)
        bucket = locked(session, RateBucket(subject=subject, tokens=most, filled_at=now))
        since = max((now - bucket.filled_at).total_seconds(), 0.0)
        tokens = min(most, bucket.tokens + since * self.settings.key_rate * times)
        got = min(max(self.handful, number), math.floor(tokens)) if tokens >= number else 0
        bucket.tokens, bucket.filled_at = tokens - got, now
        return float(got) or tokens

    def failed(self, subjects: list[str]) -> None:
        """Count a failed attempt of each of *subjects*; raise SignInsExhausted past the limit."""
        for subject in subjects:
            self.refuse_blocked(subject, SignInsExhausted)
        try:
            ends = self.database().count(
                lambda session: [self.note(session, subject) for subject in subjects]
            )
        except (OperationalError, Busy):
            log.warning("a failed attempt to sign in could not be counted")
            return
        for subject, end in zip(subjects, ends, strict=True):
            if end is not None:
                self.block(subject, end)
                self.refuse_blocked(subject, SignInsExhausted)

    def note(self, session: Session, subject: str) -> datetime | None:
        """Count one failure; return until when the subject is refused, or None."""
        now = utcnow()
        row = locked(session, FailedSignIns(subject=subject, number=0, since=now))
        if row.since + WINDOW <= now:
            row.number, row.since = 0, now
        row.number += 1
        return row.since + WINDOW if row.number > self.settings.failed_sign_ins else None

    def block(self, subject: str, until: datetime) -> None:
        """Refuse *subject* without asking the database until then."""
        with self.lock:
            remember(self.blocked, subject, until)

    def refuse_blocked(
        self, subject: str, error: type[TooManyRequests] | type[SignInsExhausted]
    ) -> None:
        """Raise *error* while *subject* is refused."""
        until = self.blocked.get(subject)
        if until is None:
            return
        left = (until - utcnow()).total_seconds()
        if left > 0:
            raise error(seconds=math.ceil(left))
        self.blocked.pop(subject, None)


def locked(session: Session, new: Row) -> Row:
    """Return the row of the subject of *new*, locked; *new* itself when there was none.

    Two processes may meet the same new subject at once: the later one waits for the other's row.
    """
    model, subject = type(new), new.subject
    found = session.get(model, subject, with_for_update=True)
    if found is not None:
        return found
    if isinstance(new, FailedSignIns):
        session.execute(delete(FailedSignIns).where(FailedSignIns.since < new.since - WINDOW))
    else:  # nobody's address is kept for longer than the limit needs it
        old = RateBucket.filled_at < new.filled_at - FORGOTTEN
        session.execute(delete(RateBucket).where(old, RateBucket.subject.like("address:%")))
    try:
        with session.begin_nested():
            session.add(new)
    except IntegrityError:
        return session.get_one(model, subject, with_for_update=True)
    return new


def remember(known: Values, subject: str, value: object) -> None:
    """Keep *value* of *subject*; forget all others when there are too many."""
    if len(known) >= MOST_SUBJECTS and subject not in known:
        known.clear()
    known[subject] = value


def network_of(address: str | None) -> str:
    """Return the network of an address: a /24, or a /56 of IPv6."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "network:unknown"
    length = 24 if ip.version == 4 else 56
    return f"network:{ipaddress.ip_network((ip, length), strict=False)}"
