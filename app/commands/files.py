"""Whether the store holds the content of every file, as it came, and what lies there besides."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

import click
from flask import current_app
from flask.cli import with_appcontext

from app.core.clock import utcnow
from app.core.storage import Store
from app.http.requests import database
from app.register.files.queries import files as queries
from app.register.files.services import remove_unnamed

PASSING = timedelta(days=1)
"""What came in lies in a passing place for seconds; what lies there longer was left by a crash."""


@click.group()
def files() -> None:
    """Look after the content of files."""


@files.command()
@click.option("--remove", is_flag=True, help="Take away what no record names.")
@with_appcontext
def check(remove: bool) -> None:
    """Read every content anew; fail when one is missing or is not what came in.

    Says how much lies there that no record names: contents and, older than a day, pieces of what
    came in when the register was stopped. With --remove it goes. After a restore such contents
    may belong to records that were lost: bring those back first.
    """
    store: Store = current_app.extensions["store"]
    known = dict(database().read(lambda session: list(queries.contents(session))))
    problems = list(wrong(store, known))
    for problem in problems:
        click.echo(problem, err=True)
    report_rest(store, known, remove)
    if problems:
        raise click.ClickException(f"{len(problems)} of {len(known)} contents are not as they came")
    click.echo(f"{len(known)} contents are as they came")


def wrong(store: Store, known: dict[str, str]) -> Iterator[str]:
    """Yield a sentence for each content that is missing or altered; *known*: SHA-256 → file."""
    for sha256, reference in known.items():
        found = store.digest(sha256)
        if found is None:
            yield f"{reference}: its content is missing ({sha256})"
        elif found != sha256:
            yield f"{reference}: its content was altered: its SHA-256 is {found}, not {sha256}"


def report_rest(store: Store, known: Iterable[str], remove: bool) -> None:
    """Say what lies in the store that none of the *known* contents is; take it away where asked."""
    unnamed = {sha256: store.size(sha256) for sha256 in set(store.names()) - set(known)}
    pieces = dict(store.left_over(utcnow() - PASSING))
    if unnamed:
        click.echo(f"{len(unnamed)} contents that no record names, {sum(unnamed.values())} bytes")
    if pieces:
        size = sum(pieces.values())
        click.echo(f"{len(pieces)} temporary pieces older than a day, {size} bytes")
    if not remove:
        return
    gone = [size for sha256, size in unnamed.items() if removed(store, sha256)]
    for passing, size in pieces.items():
        store.drop(passing)
        gone.append(size)
    click.echo(f"removed {len(gone)} of them, {sum(gone)} bytes")


def removed(store: Store, sha256: str) -> bool:
    """Take a content away unless a record came to name it meanwhile; return whether it went."""
    return database().write(lambda session: remove_unnamed(session, sha256, store.remove))
