"""Whether the store holds the content of every file, as it came."""

from collections.abc import Iterator

import click
from flask import current_app
from flask.cli import with_appcontext

from app.api.requests import database
from app.queries import files as queries
from app.storage import Store


@click.group()
def files() -> None:
    """Look after the content of files."""


@files.command()
@with_appcontext
def check() -> None:
    """Read every content anew; fail when one is missing or is not what came in.

    Content that no record names was sent in a request that was then refused: it does no harm.
    """
    store: Store = current_app.extensions["store"]
    known = dict(database().read(lambda session: list(queries.contents(session))))
    problems = list(wrong(store, known))
    for problem in problems:
        click.echo(problem, err=True)
    unnamed = set(store.names()) - known.keys()
    if unnamed:
        click.echo(f"{len(unnamed)} contents that no record names")
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
