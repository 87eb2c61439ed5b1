"""Reminders and escalations: one pass, or one after another."""

import logging
import threading
from datetime import date, datetime

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from app.commands.operators import stop
from app.core.clock import utcnow
from app.core.errors import Busy, OutcomeUnknown
from app.handling.assignments.services.context import Work
from app.handling.worklists.services import BATCH, tick
from app.http.requests import database, settings, vocabulary_cache

log = logging.getLogger(__name__)


def one_pass(on: date | None = None) -> tuple[int, int]:
    """Fire everything that is due until the day *on*, or today; return tasks and notices.

    Each batch is one transaction: what a pass that was cut short left is found by the next.
    Refuses a day that has not come: what fires is written for good.
    """
    today = utcnow().astimezone(settings().zone).date()
    if on is not None and on > today:
        raise stop(
            f"{on} 还没有到，今天是 {today}；触发的提醒不能收回",
            f"{on} has not come, it is {today}; what fires is not taken back",
        )
    number, sent, today = 0, 0, on or today

    def work(session: object) -> tuple[int, int]:
        book = vocabulary_cache().fresh(session).book  # type: ignore[arg-type]
        return tick(Work(session, book, today))  # type: ignore[arg-type]

    while True:
        tasks, notices = database().write(work)
        number, sent = number + tasks, sent + notices
        if tasks < BATCH:
            return number, sent


@click.command("tick")
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="As if it were this day, today or before."
)
@with_appcontext
def one_tick(on: datetime | None) -> None:
    """Fire the reminders that are due, once: again on the same day nothing fires again."""
    number, notices = one_pass(on.date() if on else None)
    click.echo(f"{number} clocks fired, {notices} notices")


@click.command("worker")
@click.option("--every", type=click.IntRange(1, 86400), default=300, help="Seconds between.")
@click.option("--passes", type=click.IntRange(1), help="End after so many; never when left out.")
@with_appcontext
def worker(every: int, passes: int | None) -> None:
    """Fire the reminders that are due, pass after pass; stop it with a signal.

    Several may run: whatever one fired, no other fires again.
    """
    pause, done = threading.Event(), 0
    while True:
        try:
            number, notices = one_pass()
            click.echo(f"{number} clocks fired, {notices} notices")
        except (Busy, OutcomeUnknown) as error:  # the next pass finds what this one left
            click.echo(str(error), err=True)
        except SQLAlchemyError as error:  # the database went away, and may be back by then
            first, _, _ = str(error).partition("\n")
            log.error("the pass broke off: %s", first)
        done += 1
        if done == passes or pause.wait(every):
            return
