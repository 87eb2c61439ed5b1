"""The administrator's commands."""

import os
from collections import Counter
from datetime import timedelta
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

from app.api.requests import database, settings
from app.database import assert_durable, utcnow
from app.demo import demonstration_keys
from app.errors import InvalidChange
from app.migrating import upgrade
from app.queries import verification
from app.rules.permissions import Actor
from app.rules.vocabularies import ActorKind
from app.seeding.checks import check_seeds
from app.seeding.files import SeedSet, read_seeds
from app.seeding.loader import load_seeds
from app.seeding.overview import overview
from app.services import keys

seed = AppGroup("seed", help="The curated records in seeds/.")
key = AppGroup("key", help="Keys for offices and integrators.")


def operator() -> Actor:
    """Return whoever sits at the command line."""
    name = os.environ.get("SUDO_USER") or os.environ.get("USER") or "operator"
    return Actor(ActorKind.OPERATOR, name[:100])


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the database to the newest revision; refuse one that is not durable."""
    url = settings().database_url
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    engine = database().engine
    assert_durable(engine)
    upgrade(engine)
    click.echo("database is at the newest revision")


@seed.command("load")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def load(quiet: bool) -> None:
    """Load the curated records; what was changed since is left alone and named."""
    seeds = checked_seeds()
    with click.progressbar(
        length=record_count(seeds), label="seed records", hidden=quiet
    ) as progress_bar:
        outcome = database().write(
            lambda session: load_seeds(session, seeds, lambda: progress_bar.update(1))
        )
    for name, counts in (
        ("created", outcome.created),
        ("updated", outcome.updated),
        ("unchanged", outcome.unchanged),
    ):
        click.echo(f"{name}: {described(counts)}")
    for kept in outcome.kept:
        click.echo(f"left as people changed it: {kept}")
    for gone in outcome.gone:
        click.echo(f"left, though no longer in the files: {gone}")


def described(counts: Counter[str]) -> str:
    """Return *counts* in words."""
    return ", ".join(f"{n} {kind}" for kind, n in sorted(counts.items())) or "nothing"


def checked_seeds() -> SeedSet:
    """Read the seeds; stop with every problem when they are not clean."""
    seeds = read_seeds(settings().seeds_dir)
    problems = check_seeds(seeds)
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise click.ClickException(f"{len(problems)} problems in the seed records")
    return seeds


def record_count(seeds: SeedSet) -> int:
    """Return how many records a load places."""
    own = len(seeds.tags) + len(seeds.organizations) + len(seeds.sessions)
    return own + sum(
        1 + len(d.persons) + len(d.proposals) + len(d.recommendations) for d in seeds.documents
    )


@seed.command("check")
@click.option("--files-only", is_flag=True, help="Leave the database out.")
def check(files_only: bool) -> None:
    """Prove that every passage equals its slice and every name exists; show what is left over."""
    seeds = checked_seeds()
    for line in overview(seeds):
        click.echo(line)
    if not files_only:
        problems, passages = database().examine(verification.passages)
        for problem in problems:
            click.echo(problem, err=True)
        if problems:
            raise click.ClickException(f"{len(problems)} passages in the database are wrong")
        click.echo(f"database: {passages} passages equal their slice of their document")
    click.echo("seed records are clean")


@click.command()
@with_appcontext
def verify() -> None:
    """Count everything anew and walk the events; fail when anything differs."""
    problems = database().examine(verification.everything)
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise click.ClickException(f"{len(problems)} differences")
    click.echo("counters, tag index, passages and the chain of events are whole")


@key.command("add")
@click.option("--name", required=True, help="Whose key it is; stands in the history.")
@click.option("--role", "roles", required=True, multiple=True, help="May be given several times.")
@click.option("--office", help="The slug of the holder's office.")
@click.option("--days", default=90, type=click.IntRange(1, 365), help="Valid for so many days.")
def add(name: str, roles: tuple[str, ...], office: str | None, days: int) -> None:
    """Make a key and print it once; only its hash is kept."""
    expires_at = utcnow() + timedelta(days=days)
    try:
        secret = database().write(
            lambda session: keys.add_key(
                session, operator(), name=name, roles=roles, office=office, expires_at=expires_at
            )
        )
    except InvalidChange as error:
        told = "; ".join(f"{field}: {en}" for field, (_, en) in error.fields.items())
        raise click.ClickException(told) from None
    click.echo(secret)


@key.command("revoke")
@click.argument("prefix")
def revoke(prefix: str) -> None:
    """Revoke the key with PREFIX, its first twelve characters, from the next request on."""
    known = prefix[: keys.PREFIX_LENGTH]
    number = database().write(lambda session: keys.revoke_key(session, operator(), known))
    if not number:
        raise click.ClickException(f"no valid key begins with {prefix}")
    click.echo(f"revoked {number} key(s)")


@click.command("demo-keys")
@click.argument("path", type=click.Path(path_type=Path))
@with_appcontext
def demo_keys(path: Path) -> None:
    """Write four demonstration keys to PATH, readable by its owner only, unless they are there."""
    made = demonstration_keys(database(), operator(), path)
    click.echo(f"{'made' if made else 'kept'} demonstration keys in {path}")


def register_commands(app: Flask) -> None:
    """Add the commands to *app*."""
    for group in (seed, key, migrate, verify, demo_keys):
        app.cli.add_command(group)
