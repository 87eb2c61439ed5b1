"""Migrated and seeded databases to work on, each a copy of one template."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from app.core.config import Settings
from app.core.database import Database
from tests.database.templates import TEMPLATE, make_template, run_on_server


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder for files, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="register-drill-", dir="/tmp") as name:
        yield Path(name)


def new_template(server: str | None, place: Path) -> str:
    """Make a template on the PostgreSQL *server*, or in *place*; return what copied() takes."""
    if server is None:
        url = f"sqlite:///{place / 'template.db'}"
        make_template(url)
        return url
    run_on_server(server, f"CREATE DATABASE {TEMPLATE}")
    make_template(at(server, TEMPLATE))
    return server


@contextmanager
def copied(template: str, place: Path, name: str = "register_drill") -> Iterator[str]:
    """Give the URL of a copy of the *template* called *name*.

    The template is the URL of a SQLite file, or of a PostgreSQL server that has TEMPLATE. The
    copy is removed at the end; on a PostgreSQL, with the server or when the next one is made.
    """
    if template.startswith("sqlite"):
        target = place / f"{name}.db"
        shutil.copy(template.removeprefix("sqlite:///"), target)
        yield f"sqlite:///{target}"
        for left in place.glob(f"{name}.db*"):
            left.unlink()
        return
    run_on_server(template, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    run_on_server(template, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield at(template, name)


def at(server: str, name: str) -> str:
    """Return the URL of the database *name* on *server*."""
    return sa.make_url(server).set(database=name).render_as_string(hide_password=False)


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """Give a database that no connection of ours stays open to.

    After a kill it must be the restarted server that recovers it, not we; and an open
    connection to SQLite would keep the memory that the recovery is about.
    """
    database = Database(Settings(database_url=url))
    try:
        yield database
    finally:
        database.engine.dispose()
