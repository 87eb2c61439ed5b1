"""The engine, the declarative base, the clock, and the one place that commits."""

import json
import logging
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column

from app.config import Settings
from app.errors import Busy, InFlight, OutcomeUnknown
from app.signing import read_signer

log = logging.getLogger(__name__)
Result = TypeVar("Result")

Work = Callable[[Session], Any]

ATTEMPTS = 3
PATIENCE = 1000
"""Milliseconds that a claim waits for another's."""

RETRYABLE_STATES = {"40001", "40P01", "55P03", "57P01", "57P02", "57P03"}
"""Serialization failure, deadlock, lock time-out, server going down or coming up."""


def system_clock() -> datetime:
    """Return the machine's time in UTC."""
    return datetime.now(UTC)


clock: Callable[[], datetime] = system_clock
"""What utcnow() reads; a test or a tool may put another clock in its place."""


def utcnow() -> datetime:
    """Return the present moment in UTC; nothing else in the project reads the clock."""
    return clock()


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

    It holds the last event's sequence and hash, the version of the cached vocabulary, and the
    last event that a checkpoint covers, with the moment of that checkpoint.
    """

    __tablename__ = "heads"

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    hash: Mapped[str] = mapped_column(sa.String(64))
    vocabulary_version: Mapped[int]
    checkpoint_sequence: Mapped[int] = mapped_column(server_default="0")
    checkpoint_at: Mapped[datetime | None]


class Database:
    """One database and the transactions on it."""

    def __init__(self, settings: Settings) -> None:
        self.engine = make_engine(settings)
        self.autocommit = self.engine
        if self.engine.dialect.name == "postgresql":  # a read needs no BEGIN and no ROLLBACK
            self.autocommit = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self.bind: sa.Engine | sa.Connection = self.engine
        self.before_commit: list[Work] = []
        self.signer = read_signer(settings.audit_key)

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
            session.info["head"] = session.get_one(Head, 1, with_for_update=True)
            yield session
            for work in self.before_commit:
                work(session)
            commit(session)

    @contextmanager
    def changing(self, claim: Work | None = None) -> Iterator[Session]:
        """Give a session that may write, before it has locked the head."""
        with Session(self.bind, expire_on_commit=False, **self.joins()) as session:
            options = {"begin": "BEGIN IMMEDIATE", "patience": None if claim is None else PATIENCE}
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
    def counting(self) -> Iterator[Session]:
        """Give a session that may write what is no record, without locking the head."""
        with self.changing() as session:
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

    def count(self, work: Callable[[Session], Result]) -> Result:
        """Run *work*, which keeps counts such as those of limits, in a transaction of its own."""
        return self.retrying(self.counting, work)

    def write(self, work: Callable[[Session], Result], claim: Work | None = None) -> Result:
        """Run *work* in one transaction and commit it.

        The whole unit is run again, up to three times, after a deadlock, a serialization failure,
        a lock time-out or a connection lost before the commit. Raises Busy when that does not
        help, OutcomeUnknown when the connection was lost during the commit.
        """
        return self.retrying(partial(self.writing, claim), work)

    def retrying(self, unit: Callable[[], Any], work: Callable[[Session], Result]) -> Result:
        """Run *work* in *unit* until it ends or has failed three times for a passing reason."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with unit() as session:
                    return work(session)
            except DBAPIError as error:
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


def is_locked(error: OperationalError) -> bool:
    """Return whether *error* of PostgreSQL says that another transaction holds the lock."""
    return getattr(error.orig, "sqlstate", None) == "55P03"


def commit(session: Session) -> None:
    """Commit *session*; raise OutcomeUnknown when the connection went away meanwhile."""
    session.flush()
    try:
        session.commit()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise OutcomeUnknown from error
        raise


def is_passing(error: DBAPIError) -> bool:
    """Return whether running the unit again may succeed."""
    state = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or state in RETRYABLE_STATES


def make_engine(settings: Settings) -> sa.Engine:
    """Return an engine for SQLite or PostgreSQL with the guards each of them needs."""
    url = sa.make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return sqlite_engine(url, settings)
    if url.drivername != "postgresql+psycopg":
        raise ValueError("DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://")
    return postgresql_engine(url, settings)


SQLITE = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16384")
"""How each connection to SQLite is set up.

The cache has 16 MiB, not 2: one page of a worklist among a million recommendations touches some
hundred pages of the file.
"""


def sqlite_engine(url: sa.URL, settings: Settings) -> sa.Engine:
    """Return an engine whose transactions we begin ourselves, durable and with foreign keys."""
    engine = sa.create_engine(
        url, hide_parameters=True, connect_args={"timeout": settings.lock_timeout}
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        for pragma in SQLITE:
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        driver: Any = connection.connection.driver_connection
        statement, patience = options.get("begin"), options.get("patience")
        if statement is None:  # a read waits for nobody
            driver.execute("BEGIN")
            return
        wait = settings.lock_timeout * 1000 if patience is None else patience
        driver.execute(f"PRAGMA busy_timeout = {wait}")
        try:
            driver.execute(statement)
        except sqlite3.OperationalError as error:  # raised by the driver itself, not SQLAlchemy
            if "locked" not in str(error):
                raise
            raise (Busy if patience is None else InFlight) from error

    return engine


def postgresql_engine(url: sa.URL, settings: Settings) -> sa.Engine:
    """Return a pooled engine with time-outs."""
    options = (
        f"-c statement_timeout={settings.statement_timeout}s"
        f" -c lock_timeout={settings.lock_timeout}s"
        " -c idle_in_transaction_session_timeout=60s -c timezone=UTC"
    )
    return sa.create_engine(
        url,
        pool_size=settings.pool_size,
        hide_parameters=True,
        connect_args={"options": options, "prepare_threshold": 2},
    )


def assert_durable(engine: sa.Engine) -> None:
    """Refuse a database that may forget what it acknowledged.

    Raises RuntimeError naming the setting.
    """
    sqlite = engine.dialect.name == "sqlite"
    wanted = (
        {"foreign_keys": "1", "synchronous": "2", "journal_mode": "wal"}
        if sqlite
        else {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
    )
    with engine.connect() as connection:
        for name, value in wanted.items():
            statement = f"PRAGMA {name}" if sqlite else f"SHOW {name}"
            found = str(connection.exec_driver_sql(statement).scalar())
            if found != value:
                raise RuntimeError(f"the database has {name} = {found}; it must be {value}")
