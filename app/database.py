"""The declarative base, the clock, and the one place that commits."""

import json
import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column

from app.config import Settings
from app.engines import is_gone, make_engine
from app.errors import Busy, ClockSetBack, InFlight, OutcomeUnknown
from app.failures import is_locked, is_passing, may_be_kept, unusable

log = logging.getLogger(__name__)
Result = TypeVar("Result")

Work = Callable[[Session], Any]

ATTEMPTS = 3
PATIENCE = 1000
"""Milliseconds that a claim waits for another's."""

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
    tell_back(last - now)
    return last


def check_clock(last: datetime | None, now: datetime) -> None:
    """Raise ClockSetBack where *now* is too far before the moment of the *last* event."""
    if last is not None and last - now > MOST_BACK:
        raise ClockSetBack(
            now=now.isoformat(timespec="seconds"), last=last.isoformat(timespec="seconds")
        )


def tell_back(behind: timedelta) -> None:
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


class Moment(sa.TypeDecorator[datetime]):
    """A moment, stored in UTC; refuses a datetime without a time zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Turn an aware datetime into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:
        """Read UTC: SQLite holds text without its zone; PostgreSQL's connections are in UTC."""
        return utc_text if dialect.name == "sqlite" else None


def utc_text(value: str | None) -> datetime | None:
    """Return the moment that SQLite holds as text, with its zone."""
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


class JsonText(sa.TypeDecorator[Any]):
    """A JSON value in a text column, opaque to the database."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        """Write canonical JSON: sorted keys, no spaces, characters as they are."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:
        """Read the JSON back."""
        return None if value is None else json.loads(value)


def canonical_json(value: Any) -> str:
    """Return *value* as JSON with sorted keys, without spaces, characters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def as_json(value: Any) -> Any:
    """Return a date or a moment as text, anything else as it is."""
    return value.isoformat() if isinstance(value, date) else value


Key = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""BIGINT, which SQLite only numbers by itself when it is called INTEGER."""


class Base(DeclarativeBase):
    """What every table shares: its metadata and the types of plain annotations."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {int: sa.BigInteger, datetime: Moment, str: sa.Text}


class Tracked:
    """A record with a number, a version that refuses stale writes, and its times."""

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    version: Mapped[int] = mapped_column(sa.Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Let the version column decide each UPDATE."""
        return {"version_id_col": cls.__dict__.get("version", cls.version)}


class Head(Base):
    """The one row that every writing transaction locks first, so that writes come one by one.

    It holds the last event's sequence, hash and moment, the version of the cached vocabulary, and
    the last event that a checkpoint covers, with the moment of that checkpoint.
    """

    __tablename__ = "heads"

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    hash: Mapped[str] = mapped_column(sa.String(64))
    vocabulary_version: Mapped[int]
    checkpoint_sequence: Mapped[int] = mapped_column(server_default="0")
    checkpoint_at: Mapped[datetime | None]
    event_at: Mapped[datetime | None]


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

    def joins(self) -> dict[str, Any]:
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
                if (told := unusable(error.orig)) is not None:
                    raise told from error
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
