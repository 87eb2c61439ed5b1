"""How the commands that verify the register end."""

import logging
from collections.abc import Sequence
from datetime import datetime

import click
from sqlalchemy.exc import DBAPIError

from app.core.errors import DomainError
from app.http.requests import database
from app.register.verification.services import keep_result

log = logging.getLogger(__name__)


def conclude(command: str, began_at: datetime, problems: Sequence[str], whole: str) -> None:
    """Print the *problems* that *command* found, each once, or that the register is *whole*.

    How many there are is kept for administrators to see; a database that takes nothing, such as a
    copy that is not to be changed, is verified all the same. Raises ClickException for problems.
    """
    found = list(dict.fromkeys(problems))
    for problem in found:
        click.echo(problem, err=True)
    try:
        database().count(lambda session: keep_result(session, command, began_at, len(found)))
    except (DBAPIError, DomainError) as error:
        log.warning("the result of %s is not kept in the database: %s", command, error)
    if found:
        raise click.ClickException(f"{len(found)} differences")
    click.echo(whole)
