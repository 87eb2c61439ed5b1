"""One database, the transactions on it, and the one place that commits."""

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from app.core.base import Head
from app.core.clock import not_before
from app.core.config import Settings
from app.core.engines import is_gone, make_engine
from app.core.errors import Busy, InFlight, OutcomeUnknown
from app.core.failures import is_locked, is_passing, may_be_kept, unusable
from app.core.types import Values

log = logging.getLogger(__name__)
Result = TypeVar("Result")

Work = Callable[[Session], Any]

ATTEMPTS = 3
PATIENCE = 1000
"""Milliseconds that a claim waits for another's."""


class Database:
    """One database and the transactions on it."""

    def __init__(self, settings: Settings) -> None:
        self.engine = make_engine(settings)
        self.autocommit = self.engine
        if self.engine.dialect.name == "postgresql":  # a read needs no BEGIN and no ROLLBACK
            self.autocommit = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self.bind: sa.Engine | sa.Connection = self.engine
        self.before_commit: list[Work] = []
        self.signer: Any = None

    @property
    def reader(self) -> sa.Engine | sa.Connection:
        """Return what reads run on."""
        return self.autocommit if self.bind is self.engine else self.bind

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that is never committed."""
        with Session(self.reader, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self, claim: Work | None = None) -> Iterator[Session]:
        """Give a session that holds the write lock; commit at the end, roll back on any error.

        *claim* runs first, within a second; raises InFlight when the lock is not free by then.
        """
        with self.changing(claim) as session:
            session.info["head"] = head = session.get_one(Head, 1, with_for_update=True)
            head.writes += 1
            with not_before(head.event_at):
                yield session
                for work in self.before_commit:
                    work(session)
            commit(session)

    @contextmanager
    def changing(self, claim: Work | None = None, patience: int | None = None) -> Iterator[Session]:
        """Give a session that may write, before it has locked the head.

        *patience* is how many milliseconds SQLite waits for another writer; with a *claim* it is
        a second. Raises InFlight when that is not enough, without patience Busy.
        """
        patience = patience if claim is None else PATIENCE
        with Session(self.bind, expire_on_commit=False, **self.joins()) as session:
            options = {"begin": "BEGIN IMMEDIATE", "patience": patience}
            try:
                session.connection(execution_options=options)
                if claim is not None:
                    patiently(session, claim)
            except OperationalError as error:
                if claim is not None and is_locked(error):
                    raise InFlight from error
                raise
            yield session

    @contextmanager
    def counting(self, patience: int | None = None) -> Iterator[Session]:
        """Give a session that may write what is no record, without locking the head."""
        with self.changing(patience=patience) as session:
            yield session
            commit(session)

    def joins(self) -> Values:
        """Return how a session joins a transaction that a test began outside."""
        outside = isinstance(self.bind, sa.Connection)
        return {"join_transaction_mode": "create_savepoint"} if outside else {}

    def read(self, work: Callable[[Session], Result]) -> Result:
        """Run *work* in a reading session and return what it returns."""
        return self.retrying(self.reading, work)

    def examine(self, work: Callable[[Session], Result]) -> Result:
        """Run *work* on one snapshot of the database, whatever is written meanwhile."""
        bind = self.bind
        if isinstance(bind, sa.Engine) and bind.dialect.name == "postgresql":
            bind = bind.execution_options(isolation_level="REPEATABLE READ")
        with Session(bind, expire_on_commit=False, autoflush=False) as session:
            return work(session)

    def count(self, work: Callable[[Session], Result], patience: int | None = None) -> Result:
        """Run *work*, which keeps counts such as those of limits, in a transaction of its own.

        *patience* is how many milliseconds SQLite waits for another writer; raises InFlight when
        that is not enough.
        """
        return self.retrying(partial(self.counting, patience), work)

    def write(self, work: Callable[[Session], Result], claim: Work | None = None) -> Result:
        """Run *work* in one transaction and commit it.

        The whole unit is run again, up to three times, after a deadlock, a serialization failure,
        a lock time-out or a connection lost before the commit. Raises Busy when that does not
        help, DatabaseUnusable when it keeps nothing until someone sees to it, OutcomeUnknown when
        the connection was lost during the commit.
        """
        return self.retrying(partial(self.writing, claim), work)

    def retrying(self, unit: Callable[[], Any], work: Callable[[Session], Result]) -> Result:
        """Run *work* in *unit* until it ends or has failed three times for a passing reason."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with unit() as session:
                    return work(session)
            except DBAPIError as error:
                if (message := unusable(error.orig)) is not None:
                    raise message from error
                if not is_passing(error):
                    raise
                log.warning("attempt %s of %s failed: %s", attempt, ATTEMPTS, error.orig)
                time.sleep(random.uniform(0.01, 0.05) * attempt)  # noqa: S311
        raise Busy


def patiently(session: Session, claim: Work) -> None:
    """Run *claim*, waiting for another transaction's claim no longer than a second."""
    if session.get_bind().dialect.name == "sqlite":
        claim(session)
        return
    usual = session.execute(sa.text("SHOW lock_timeout")).scalar_one()
    session.execute(sa.text(f"SET LOCAL lock_timeout = '{PATIENCE}ms'"))
    claim(session)
    session.execute(sa.text(f"SET LOCAL lock_timeout = '{usual}'"))


def commit(session: Session) -> None:
    """Commit *session*.

    Raises OutcomeUnknown when the connection went away meanwhile, the disk failed, or the file of
    SQLite went away.
    """
    session.flush()
    opened = session.connection().info
    try:
        session.commit()
    except DBAPIError as error:
        if may_be_kept(error):
            raise OutcomeUnknown from error
        raise
    if is_gone(opened):  # between the look before the commit and the commit itself
        raise OutcomeUnknown
