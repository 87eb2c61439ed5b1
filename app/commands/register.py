"""Bringing the register up, and checking that it is whole."""

import logging
from collections.abc import Callable
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.audit.checkpointing import Checkpointing
from app.audit.queries import covered, witnesses
from app.audit.services.covering import cover, cover_schema
from app.audit.signing import make_signer, read_signer
from app.commands.demo import demonstration_keys
from app.commands.operators import operator, stop
from app.commands.revisions import known_revision
from app.commands.verifying import conclude
from app.core.clock import utcnow
from app.core.engines import OTHERS, assert_durable, file_of, make_file, open_to_others
from app.core.migrating import NEWEST_REVISION, alone, has_checkpoints, revision_of, upgrade
from app.core.storage import Store
from app.handling.assignments.services.agreement import UPGRADE, agree
from app.handling.assignments.services.calendars import recompute_open
from app.handling.assignments.services.context import Work
from app.handling.worklists.services import close_windows, plan_reminders
from app.http.requests import database, settings
from app.register.people.queries.reference_data import read_book
from app.register.periods.services import fill_periods
from app.register.recommendations.services.state_tasks import sync_all_tasks
from app.register.searching.services import fill_index
from app.register.verification.queries import verification

log = logging.getLogger(__name__)


def work_of(session: Session) -> Work:
    """Return what handling is done with, today."""
    return Work(session, read_book(session), utcnow().astimezone(settings().zone).date())


ADOPTIONS: tuple[tuple[Callable[[Session], int], str], ...] = (
    (fill_index, "made {} records to be found by their words"),
    (fill_periods, "worked out from the history how {} records stood through time"),
    (lambda s: len(recompute_open(s, UPGRADE)), "worked {} open due dates out anew"),
    (lambda s: agree(work_of(s)), "brought {} assignments and recommendations to one truth"),
    (sync_all_tasks, "put {} recommendations on the desks of their offices"),
    (lambda s: close_windows(work_of(s)), "closed {} windows to object that were over"),
    (plan_reminders, "noted when {} clocks are brought to mind"),
)
"""What brings a register of an earlier release to this one, and what is said where it did."""


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the database to the newest revision; make the key of the audit where there is none.

    A register that was signed before gets
    no other key: its checkpoints could no longer be checked with one. Another process that
    migrates is waited for. What others than its owner can read of the register is closed to them.
    What the tables look like after a revision stands in an event; a change of theirs before it is
    not taken for it.
    """
    engine = database().engine
    try:
        make_file(engine.url)
    except OSError as error:
        message = f"{file_of(engine.url)}: {error.strerror}"
        raise stop(
            f"数据库不能建立（{message}）", f"the database cannot be made ({message})"
        ) from None
    if file_of(engine.url) is None:
        known_revision()  # a server that does not answer is told before its lock is waited for
    with alone(engine):
        known_revision()
        close_to_others()
        bring_up()
    click.echo("database is at the newest revision")


def close_to_others() -> None:
    """Take from everyone but the owner what they may do with the files of the register."""
    own: Store = current_app.extensions["store"]
    folder = Path(own.root) if own.is_local else None
    for path in (*open_to_others(database().engine.url), *open_folder(folder)):
        try:
            path.chmod(path.stat().st_mode & ~OTHERS)
            click.echo(f"closed {path} to everyone but its owner")
        except OSError as error:
            click.echo(f"{path} is open to others, and stays so: {error.strerror}", err=True)


def open_folder(folder: Path | None) -> list[Path]:
    """Return the *folder* when it is there and others than its owner can look into it."""
    is_open = folder is not None and folder.is_dir() and folder.stat().st_mode & OTHERS
    return [folder] if folder is not None and is_open else []


def bring_up() -> None:
    """Run the migrations and what follows them, and make the key where there is none."""
    engine = database().engine
    if database().signer is None:  # another process may have made it since
        database().signer = read_signer(settings().audit_key)
    refuse_lost_key(engine)
    assert_durable(engine)
    before = revision_of(engine)
    if before is not None and before < NEWEST_REVISION:
        refuse_drift()
    upgrade(engine)
    refuse_other_key()
    if database().signer is None:
        make_key()
    for work, done in ADOPTIONS:
        number = database().write(work)
        if number:
            click.echo(done.format(number))
    database().write(lambda session: cover(session, UPGRADE))
    if before != NEWEST_REVISION:
        database().write(lambda session: cover_schema(session, UPGRADE))
    report_drift()
    keep_what_is_signed()


def refuse_lost_key(engine: Engine) -> None:
    """Stop where the key is missing, and the database was signed with it."""
    if database().signer is None and has_checkpoints(engine):
        place = settings().audit_key
        raise stop(
            f"审计密钥 {place} 不在，而库中已有用它签名的检查点：请从备份恢复这个文件",
            f"the key of the audit, {place}, is missing, and checkpoints were signed with it:"
            " restore that file",
        )


def refuse_other_key() -> None:
    """Stop where the newest checkpoint was signed with another key than ours."""
    key = database().signer
    if key is not None:
        newest = database().read(witnesses.newest_checkpoint)
        message = witnesses.other_key(newest, key.key_id)
        if message is not None:
            raise stop(*message)


def drift() -> list[str]:
    """Return what differs from what the last event about the schema says; nothing without one."""

    def work(session: Session) -> list[str]:
        return list(covered.false_schema(session)) if covered.is_covered(session) else []

    return database().examine(work)


def refuse_drift() -> None:
    """Stop where the schema was changed by something else before a revision is run."""
    if found := drift():
        raise stop(
            "数据库结构被改动过：迁移前请先还原，或用原版本的 `flask audit accept-schema` 接受："
            f"{found[0]}",
            f"the schema was changed ({len(found)} differences): put it back before migrating, or"
            f" accept it with `flask audit accept-schema` of the release before: {found[0]}",
        )


def report_drift() -> None:
    """Say what differs in the schema: nothing is taken for granted here, and `verify` fails."""
    for difference in drift():
        click.echo(difference, err=True)


def make_key() -> None:
    """Make the key of the audit, and say what to do with its public half."""
    database().signer = signer = make_signer(settings().audit_key)
    click.echo(f"made the key that signs the audit; its public key is {signer.public_key}")
    click.echo("keep the public key outside this machine: it proves what was signed")


def keep_what_is_signed() -> None:
    """Write the newest checkpoint outside and into the anchor; say where that is not possible.

    Nothing is written for a database that is another than this host remembers: that is said.
    """
    checkpointing: Checkpointing = current_app.extensions["checkpointing"]
    key = database().signer
    if key is None or database().read(lambda session: checkpointing.objection(session, key)):
        return
    try:
        checkpointing.catch_up()
    except (OSError, ValueError) as error:
        log.error("checkpoints could not be written outside: %s", error)


@click.command()
@with_appcontext
def verify() -> None:
    """Count everything anew and walk the events; fail when anything differs.

    What this host remembers, and the file outside that the settings name, are looked at as well.
    When it was done, and how many differences there were, is kept for administrators to see.
    """
    began = utcnow()
    witness = current_app.extensions["checkpointing"].witness()
    problems = database().examine(verification.index_differences)
    signer = database().signer
    if signer is None:
        problems.append("the key of the audit is missing: checkpoints cannot be checked")
    known = signer.public_key if signer else None

    def work(session: Session) -> list[str]:
        found = verification.history_differences(session, known, witness.lines or [])
        found += witnesses.differences(session, known, witness)
        return found + covered.everything(session)

    problems += database().examine(work)
    whole = "counters, tag index, passages, records and the chain of events are whole"
    conclude("verify", began, problems, whole)


@click.command("demo-keys")
@click.argument("path", type=click.Path(path_type=Path))
@with_appcontext
def demo_keys(path: Path) -> None:
    """Write demonstration keys to PATH, readable by its owner only, unless they are there.

    Only on a register without any other account: a demonstration is no way round two persons.
    """
    made = demonstration_keys(database(), operator(), path)
    click.echo(f"{'made' if made else 'kept'} demonstration keys in {path}")
