"""Loading the days off of a year, offline."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app.api.requests import database
from app.commands.operators import named, operator
from app.seeding.papers import check_papers, read_calendar
from app.services.calendars import load_calendar

calendar = AppGroup("calendar", help="The days off of each year, as their papers say.")


@calendar.command("load")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@named
def load(path: Path, who: str, reason: str) -> None:
    """Add the editions in the file PATH, and work out anew every open date they move.

    The file is one of seeds/calendars, with a further edition for an amendment.
    """
    editions = read_calendar(path)
    problems = list(check_papers({"calendars": editions, "profiles": [], "schemes": []}))
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise click.ClickException(f"{len(problems)} problems in {path}")
    added, moved = database().write(
        lambda session: load_calendar(session, operator(who), editions, reason)
    )
    click.echo(f"added: {', '.join(added) or 'nothing'}")
    for told in moved:
        click.echo(f"{told.reference} {told.kind}: {told.before} → {told.after}")
    click.echo(f"{len(moved)} due dates are other ones now")
