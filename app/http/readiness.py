"""Whether the register can keep what it is told: tried out, every ten seconds at most."""

import logging
import os
import threading
import time
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.core.base import Head
from app.core.clock import check_clock, utcnow
from app.core.database import Database
from app.core.engines import file_of
from app.core.errors import Busy, ClockSetBack, DatabaseUnusable, InFlight, OutcomeUnknown, Sentence
from app.core.failures import FULL
from app.core.migrating import NEWEST_REVISION
from app.models import Readiness as Row
from app.register.verification.queries.verification import revision

log = logging.getLogger(__name__)

REMEMBERED = 10.0
"""Seconds for which an answer is given again: anyone may ask, so asking must cost little."""

PATIENCE = 100
"""Milliseconds that the trial waits for another writer; one that writes proves as much."""

LEAST_ROOM = 4 * 1024 * 1024
"""Bytes that must be free beside the file of SQLite: below that the next writes fail."""

Faults = dict[str, Sentence]
"""Which part is not ready → what is wrong with it."""

SILENT: Sentence = (
    "数据库没有应答，或尚未迁移",
    "the database does not answer, or was never migrated",
)
OTHER_REVISION: Sentence = (
    "数据库的版本不是本程序需要的：请运行 `flask migrate`",
    "the database is not at the revision of this program: run `flask migrate`",
)
FORGOTTEN: Sentence = (
    "写入的内容读不回来",
    "what was written cannot be read back",
)


class ReadinessCheck:
    """What one process last found out about its database."""

    def __init__(self, database: Callable[[], Database]) -> None:
        self.database = database
        self.lock = threading.Lock()
        self.found: Faults | None = None
        self.until = 0.0

    def faults(self) -> Faults:
        """Return what is not ready, nothing when all is; found out anew after ten seconds.

        While one thread finds out, others say what was found before.
        """
        if not self.lock.acquire(blocking=self.found is None):
            return self.found or {}
        try:
            if self.found is None or time.monotonic() >= self.until:
                self.renew()
            return self.found or {}
        finally:
            self.lock.release()

    def renew(self) -> None:
        """Find out how it is, and say it in the log where that is other than before."""
        found = faults_of(self.database())
        if found and found != self.found:
            log.error("not ready: %s", "; ".join(f"{n}: {en}" for n, (_, en) in found.items()))
        self.found, self.until = found, time.monotonic() + REMEMBERED


def faults_of(database: Database) -> Faults:
    """Return what keeps the register on *database* from working."""
    try:
        return database.read(lasting_faults) or keeping(database)
    except DatabaseUnusable as error:
        return {"database": (error.values["why_zh"], error.values["why_en"])}
    except (SQLAlchemyError, Busy, OutcomeUnknown, OSError):
        return {"database": SILENT}


def lasting_faults(session: Session) -> Faults:
    """Return what reading shows: another revision, or a clock far behind the last event."""
    if revision(session) != NEWEST_REVISION:
        return {"revision": OTHER_REVISION}
    try:
        check_clock(session.scalar(sa.select(Head.event_at)), utcnow())
    except ClockSetBack as error:
        return {"clock": (error.sentence("zh"), error.sentence("en"))}
    return {}


def keeping(database: Database) -> Faults:
    """Write a row and read it back; return what is wrong with that.

    A database in which another one writes at this moment is ready.
    """
    if is_nearly_full(database):
        return {"database": FULL}
    try:
        number = database.count(rewritten, PATIENCE)
    except DatabaseUnusable:
        raise
    except (InFlight, Busy):
        return {}
    kept = database.read(lambda session: session.scalar(sa.select(Row.number)))
    return {} if number is not None and kept is not None and kept >= number else FORGOT


FORGOT: Faults = {"database": FORGOTTEN}


def rewritten(session: Session) -> int | None:
    """Give the row its next number and return it, None where there is no row."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text(f"SET LOCAL lock_timeout = '{PATIENCE}ms'"))
    number = Row.number + 1
    return session.scalar(sa.update(Row).values(number=number).returning(Row.number))


def is_nearly_full(database: Database) -> bool:
    """Return whether there is no room left where the file of SQLite lies."""
    path = file_of(database.engine.url)
    if path is None:
        return False
    room = os.statvfs(path.parent)
    return room.f_bavail * room.f_frsize < LEAST_ROOM
