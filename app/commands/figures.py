"""Whether what figures of past days are counted from is what the events say."""

import click
from flask.cli import AppGroup

from app.http.requests import database
from app.register.periods.queries.period_drift import period_drift
from app.register.periods.services import mend_periods

figures = AppGroup("figures", help="What figures of past days are counted from.")


@figures.command("verify")
@click.option("--mend", is_flag=True, help="Write anew what differs: it is an index of the events.")
def verify_figures(mend: bool) -> None:
    """Work out from the events when each record stood how; fail when the periods differ.

    With --mend the periods of the records that differ are written anew from their events.
    """
    if mend:
        problems = database().write(mend_periods)
    else:
        problems = database().examine(lambda session: list(period_drift(session)))
    for problem in problems:
        click.echo(problem, err=True)
    if problems and not mend:
        raise click.ClickException(f"{len(problems)} differences")
    click.echo(f"wrote {len(problems)} records anew" if mend else "the periods are whole")
