"""Before a command works: whether the database is there, and at the revision of this program."""

import logging
from collections.abc import Callable
from copy import copy
from functools import wraps
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app.commands.operators import refusal, stop
from app.core.engines import file_of
from app.core.errors import Busy, OutcomeUnknown
from app.core.failures import first_line, unusable
from app.core.migrating import NEWEST_REVISION, revision_of
from app.core.types import Function
from app.http.requests import database, settings

log = logging.getLogger(__name__)

MIGRATE = "migrate"
NEEDS_NONE = {"audit key"}
"""Commands that never look into the database; so does any that is given --files-only."""


def looking_first(command: click.Command, above: str = "") -> click.Command:
    """Return a copy of *command*, with its subcommands, that first looks at the database."""
    found = copy(command)
    name = f"{above} {command.name}".strip()
    if isinstance(found, click.Group):
        inner = found.commands.items()
        found.commands = {word: looking_first(one, name) for word, one in inner}
    elif found.callback is not None and name not in NEEDS_NONE:
        found.callback = after_look(found.callback, nothing if name == MIGRATE else look)
    return found


def nothing() -> None:
    """Look at nothing: who migrates looks once it is alone with the database."""


def after_look(work: Function, first: Callable[[], None]) -> Function:
    """Return *work* with *first* before it, both in the context of the application."""

    @with_appcontext
    @wraps(work)
    def both(*args: Any, **options: Any) -> Any:
        try:
            if not options.get("files_only"):
                first()
            return work(*args, **options)
        except (Busy, OutcomeUnknown) as error:
            raise refusal(error) from None
        except DBAPIError as error:
            message = unusable(error.orig)
            if message is None:
                raise
            raise refusal(message) from None

    return both


def look() -> None:
    """Stop where the database is not at the revision of this program; say what goes unsigned."""
    found = known_revision()
    if found is None:
        raise stop(
            "数据库还没有建立：请先运行 `flask migrate`",
            "the database is empty: run `flask migrate` first",
        )
    if found < NEWEST_REVISION:
        raise stop(
            f"数据库的版本是 {found}，比本程序（{NEWEST_REVISION}）旧：请先运行 `flask migrate`",
            f"the database is at {found}, older than this program ({NEWEST_REVISION}):"
            " run `flask migrate` first",
        )
    if database().signer is None:
        log.error("AUDIT_KEY: %s is not there: nothing is signed", settings().audit_key)


def known_revision() -> str | None:
    """Return the revision of the database; stop where it does not answer, or is a newer one's.

    A file of SQLite that is not there is not made: only `flask migrate` does that.
    """
    path = file_of(database().engine.url)
    if path is not None and not path.exists():
        raise stop(
            f"没有数据库文件 {path}：请检查 DATABASE_URL，新建时先运行 `flask migrate`",
            f"there is no database at {path}: look at DATABASE_URL, and run `flask migrate` first"
            " for a new one",
        )
    try:
        found = revision_of(database().engine)
    except (SQLAlchemyError, Busy) as error:
        message = first_line(getattr(error, "orig", error))
        raise stop(
            f"数据库打不开或没有应答（{message}）：请检查 DATABASE_URL，"
            "新建时先运行 `flask migrate`",
            f"the database is not there or does not answer ({message}): look at DATABASE_URL, and"
            " run `flask migrate` first for a new one",
        ) from None
    if found is not None and found > NEWEST_REVISION:
        raise stop(
            f"数据库的版本是 {found}，比本程序（{NEWEST_REVISION}）新",
            f"the database is at {found}, newer than this program ({NEWEST_REVISION})",
        )
    return found
