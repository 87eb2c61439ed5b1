"""Bringing the register up, and checking that it is whole."""

from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app.api.requests import database, settings, vocabulary_cache
from app.commands.demo import demonstration_keys
from app.commands.operators import operator, stop
from app.database import assert_durable, utcnow
from app.migrating import has_checkpoints, upgrade
from app.queries import proof, verification
from app.services.adoption import adopt
from app.services.cases import Work
from app.services.followers import follow_all
from app.services.reminders import close_windows, plan_reminders
from app.signing import make_signer


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the database to the newest revision; make the key of the audit where there is none.

    Records of the first release are taken into the audit. A register that was signed before gets
    no other key: its checkpoints could no longer be checked with one.
    """
    engine = database().engine
    if database().signer is None and has_checkpoints(engine):
        place = settings().audit_key
        raise stop(
            f"审计密钥 {place} 不在，而库中已有用它签名的检查点：请从备份恢复这个文件",
            f"the key of the audit, {place}, is missing, and checkpoints were signed with it:"
            " restore that file",
        )
    assert_durable(engine)
    upgrade(engine)
    adopted = database().write(adopt)
    if adopted:
        click.echo(f"took {adopted} records of the first release into the audit")
    waiting = database().write(follow_all)
    if waiting:
        click.echo(f"put {waiting} recommendations on the desks of their offices")
    closed = database().write(close_past_windows)
    if closed:
        click.echo(f"closed {closed} windows to object that were over")
    reminded = database().write(plan_reminders)
    if reminded:
        click.echo(f"noted when {reminded} clocks are brought to mind")
    if database().signer is None:
        database().signer = signer = make_signer(settings().audit_key)
        click.echo(f"made the key that signs the audit; its public key is {signer.public_key}")
        click.echo("keep the public key outside this machine: it proves what was signed")
    click.echo("database is at the newest revision")


def close_past_windows(session: Session) -> int:
    """Close the windows to object that are over today; return how many."""
    book = vocabulary_cache().fresh(session).book
    return close_windows(Work(session, book, utcnow().astimezone(settings().zone).date()))


@click.command()
@with_appcontext
def verify() -> None:
    """Count everything anew and walk the events; fail when anything differs."""
    problems = database().examine(verification.everything)
    signer = database().signer
    if signer is None:
        problems.append("the key of the audit is missing: checkpoints cannot be checked")
    problems += database().examine(
        lambda session: proof.everything(session, signer.public_key if signer else None)
    )
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise click.ClickException(f"{len(problems)} differences")
    click.echo("counters, tag index, passages, records and the chain of events are whole")


@click.command("demo-keys")
@click.argument("path", type=click.Path(path_type=Path))
@with_appcontext
def demo_keys(path: Path) -> None:
    """Write demonstration keys to PATH, readable by its owner only, unless they are there.

    Only on a register without any other account: a demonstration is no way round two persons.
    """
    made = demonstration_keys(database(), operator(), path)
    click.echo(f"{'made' if made else 'kept'} demonstration keys in {path}")
