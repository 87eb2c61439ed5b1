"""Bringing the register up, and checking that it is whole."""

from collections.abc import Callable
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app.api.requests import database, settings
from app.commands.demo import demonstration_keys
from app.commands.operators import operator, stop
from app.database import assert_durable, utcnow
from app.migrating import has_checkpoints, upgrade
from app.queries import proof, verification
from app.queries.vocabulary import read_book
from app.services.adoption import UPGRADE, adopt
from app.services.agreement import agree
from app.services.calendars import recompute_open
from app.services.cases import Work
from app.services.followers import follow_all
from app.services.reminders import close_windows, plan_reminders
from app.signing import make_signer


def work_of(session: Session) -> Work:
    """Return what handling is done with, today."""
    return Work(session, read_book(session), utcnow().astimezone(settings().zone).date())


ADOPTIONS: tuple[tuple[Callable[[Session], int], str], ...] = (
    (adopt, "took {} records of the first release into the audit"),
    (lambda s: len(recompute_open(s, UPGRADE)), "worked {} open due dates out anew"),
    (lambda s: agree(work_of(s)), "brought {} assignments and recommendations to one truth"),
    (follow_all, "put {} recommendations on the desks of their offices"),
    (lambda s: close_windows(work_of(s)), "closed {} windows to object that were over"),
    (plan_reminders, "noted when {} clocks are brought to mind"),
)
"""What brings a register of an earlier release to this one, and what is said where it did."""


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
    for work, done in ADOPTIONS:
        number = database().write(work)
        if number:
            click.echo(done.format(number))
    if database().signer is None:
        database().signer = signer = make_signer(settings().audit_key)
        click.echo(f"made the key that signs the audit; its public key is {signer.public_key}")
        click.echo("keep the public key outside this machine: it proves what was signed")
    click.echo("database is at the newest revision")


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
