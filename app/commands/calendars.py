"""Loading the days off of a year, offline."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app.commands.operators import operator, refusal, run, with_operator
from app.core.errors import DomainError
from app.core.types import Values
from app.handling.assignments.services.calendars import load_calendar
from app.seeding.papers import check_papers, read_calendar

calendar = AppGroup("calendar", help="The days off of each year, as their papers say.")


@calendar.command("load")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_operator
def load(path: Path, who: str, reason: str) -> None:
    """Add the editions in the file PATH, and work out anew every open date they move.

    The file is one of seeds/calendars, with a further edition for an amendment. Loading it again
    adds nothing, and mends the open dates of its year.
    """
    editions = checked(path)
    added, changed = run(lambda session: load_calendar(session, operator(who), editions, reason))
    click.echo(f"added: {', '.join(added) or 'nothing'}")
    moved = [row for row in changed if row.is_other_day]
    for row in moved:
        click.echo(f"{row.reference} {row.kind}: {row.before} → {row.after}")
    click.echo(f"{len(moved)} due dates are other ones now")
    if len(changed) > len(moved):
        click.echo(f"{len(changed) - len(moved)} stay on their day, by this calendar")


def checked(path: Path) -> list[Values]:
    """Return the editions in the file *path*; stop with everything that is wrong with them."""
    try:
        editions = read_calendar(path)
    except DomainError as error:
        raise refusal(error) from None
    problems = list(check_papers({"calendars": editions, "profiles": [], "schemes": []}))
    if problems:
        raise click.ClickException("; ".join(f"{path.name} {problem}" for problem in problems))
    return editions
