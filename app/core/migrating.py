"""Bringing a database to the newest revision, and finding which one it is at."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy import Engine

from app.core.config import ROOT
from app.core.engines import file_of, make_file

NEWEST_REVISION = max(p.name[:4] for p in (ROOT / "migrations" / "versions").glob("0*.py"))


def revision_of(engine: Engine) -> str | None:
    """Return the revision that the database of *engine* is at, or None before the first."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return found


def has_checkpoints(engine: Engine) -> bool:
    """Return whether the database of *engine*, of any revision, holds a signed checkpoint."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("checkpoints"):
            return False
        return connection.scalar(sa.text("SELECT 1 FROM checkpoints LIMIT 1")) is not None


MIGRATION = 7_036_874_417
"""What PostgreSQL calls the lock of whoever migrates; no other part of the program takes one."""


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """Let one process at a time migrate the database of *engine*: another waits until it is done.

    The lock goes with the process that holds it, however that ends. Beside a file of SQLite it is
    one on its folder, which leaves nothing there.
    """
    path = file_of(engine.url)
    if path is not None:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)
    elif engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.detach()  # it is closed in the end, and its lock and its settings with it
            connection.exec_driver_sql("SET lock_timeout = 0")
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({MIGRATION})")
            yield
    else:
        yield


def upgrade(engine: Engine) -> None:
    """Run every migration that the database of *engine* lacks; a file of SQLite is made."""
    make_file(engine.url)
    from alembic import command  # only here: a server that starts does not pay for it
    from alembic.config import Config

    config = Config(toml_file=ROOT / "pyproject.toml")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
