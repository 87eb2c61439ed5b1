"""How each kind of database is opened, guarded, and asked whether it forgets."""

import os
import sqlite3
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from app.core.config import Settings
from app.core.errors import Busy, DatabaseUnusable, InFlight
from app.core.failures import GONE, is_busy, unusable

SQLITE = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16384")
"""How each connection to SQLite is set up.

The cache has 16 MiB, not 2: one page of a worklist among a million recommendations touches some
hundred pages of the file.
"""

OWNER_ONLY = 0o600
OTHERS = 0o077
"""The bits of a mode that let anyone but the owner in."""

Identity = tuple[int, int] | None
"""The device and the inode of a file; None where there is none."""

OPENED = "opened"
"""Under which name a connection keeps the path and the identity of the file it opened."""


def make_engine(settings: Settings) -> sa.Engine:
    """Return an engine for SQLite or PostgreSQL with the guards each of them needs.

    The file of SQLite must be there: see `make_file`.
    """
    url = sa.make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return sqlite_engine(url, settings)
    if url.drivername != "postgresql+psycopg":
        raise ValueError("DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://")
    return postgresql_engine(url, settings)


def sqlite_engine(url: sa.URL, settings: Settings) -> sa.Engine:
    """Return an engine whose transactions we begin ourselves, durable and with foreign keys."""
    waiting = {"timeout": settings.lock_timeout}
    engine = sa.create_engine(url, hide_parameters=True, connect_args=waiting)
    path = file_of(url)
    if path is not None:
        watch_file(engine, path)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        for pragma in SQLITE:
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        driver: Any = connection.connection.driver_connection
        if options.get("begin") is None:  # a read waits for nobody
            driver.execute("BEGIN")
        else:
            begin_writing(driver, settings.lock_timeout * 1000, options.get("patience"))

    return engine


def begin_writing(driver: Any, usual: int, patience: int | None) -> None:
    """Take the lock of the one that writes, waiting for *patience* or as *usual*, in milliseconds.

    Raises InFlight, without patience Busy, when another one holds it for longer.
    """
    driver.execute(f"PRAGMA busy_timeout = {usual if patience is None else patience}")
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:  # raised by the driver itself, not SQLAlchemy
        if is_busy(error):
            raise (Busy if patience is None else InFlight) from error
        if (message := unusable(error)) is not None:
            raise message from error
        raise


def watch_file(engine: sa.Engine, path: Path) -> None:
    """Let *engine* open the file at *path* only where it is, and use it only while it stays there.

    Each transaction looks at its begin and before its commit, so that nothing is read from a file
    that was deleted, moved or replaced, or written to it; the connections to it are then let go,
    and the next transaction opens what stands there by then.
    """

    @sa.event.listens_for(engine, "do_connect")
    def open_only(dialect: Any, record: Any, words: Any, options: Any) -> Any:
        return dialect.connect(f"file:{quote(str(path))}?mode=rw", **{**options, "uri": True})

    @sa.event.listens_for(engine, "connect")
    def remember(connection: Any, record: Any) -> None:
        record.info[OPENED] = (path, identity(path))

    @sa.event.listens_for(engine, "begin")
    @sa.event.listens_for(engine, "commit")
    def look(connection: sa.Connection) -> None:
        if is_gone(connection.info):
            engine.dispose()
            raise DatabaseUnusable.because(GONE)


def file_of(url: sa.URL) -> Path | None:
    """Return the absolute path of the file of SQLite at *url*; None where there is no such file."""
    named = url.database if url.get_backend_name() == "sqlite" else None
    if not named or named == ":memory:" or named.startswith("file:"):
        return None
    return Path(named).absolute()


def identity(path: Path) -> Identity:
    """Return what the file at *path* is, whatever it is called."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def is_gone(info: MutableMapping[Any, Any]) -> bool:
    """Return whether the file that a connection opened no longer stands where it was.

    *info* is what the connection keeps; it takes some microseconds.
    """
    path, opened = info.get(OPENED, (None, None))
    return path is not None and identity(path) != opened


def files_at(url: sa.URL) -> Iterator[Path]:
    """Yield the file of SQLite at *url* and those beside it, as far as they are there."""
    path = file_of(url)
    if path is None:
        return
    beside = (path.with_name(path.name + ending) for ending in ("", "-wal", "-shm"))
    yield from (one for one in beside if one.exists())


def open_to_others(url: sa.URL) -> list[Path]:
    """Return the files of the database at *url* that others than their owner can read or write."""
    return [path for path in files_at(url) if path.stat().st_mode & OTHERS]


def make_file(url: sa.URL) -> None:
    """Make the empty file of SQLite at *url*, with its folder, readable by its owner only.

    Those that SQLite puts beside it take its mode over. Nothing happens where it is there.
    """
    path = file_of(url)
    if path is None or path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
    except FileExistsError:  # another process was first
        return


def postgresql_engine(url: sa.URL, settings: Settings) -> sa.Engine:
    """Return a pooled engine with time-outs.

    Nothing is compiled just in time: that takes longer than our statements do, which end with a
    page. The first page of a search was found in 2 ms and compiled for 1,500.
    """
    options = (
        f"-c statement_timeout={settings.statement_timeout}s"
        f" -c lock_timeout={settings.lock_timeout}s"
        " -c idle_in_transaction_session_timeout=60s -c timezone=UTC -c jit=off"
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
