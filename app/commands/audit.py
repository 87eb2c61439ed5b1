"""Checking the audit, signing it, and taking it outside."""

import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from app.audit.checkpointing import Checkpointing
from app.audit.outside_copies import as_line, read_lines
from app.audit.queries import covered, database_schema, verify_chain, witnesses
from app.audit.rules import chain
from app.audit.services.covering import cover_schema
from app.audit.signing import Signer
from app.commands.operators import operator, stop, with_operator
from app.commands.verifying import conclude
from app.core.base import Head
from app.core.clock import utcnow
from app.core.types import Values
from app.http.requests import database
from app.models import Checkpoint, Event, SealedValue
from app.register.verification.queries import verification

audit = AppGroup("audit", help="The chain of events: check it, sign it, take it outside.")


def signer() -> Signer:
    """Return the key of the audit; stop where there is none."""
    found = database().signer
    if found is None:
        raise stop(
            "没有审计密钥；新登记库由 `flask migrate` 生成",
            "there is no key of the audit; `flask migrate` makes one for a new register",
        )
    return found


def checkpointing() -> Checkpointing:
    """Return what makes the checkpoints of this application."""
    found: Checkpointing = current_app.extensions["checkpointing"]
    return found


def trusted_signer() -> Signer:
    """Return the key of the audit; stop where the database is another than this host remembers."""
    key = signer()
    refused = database().read(lambda session: checkpointing().objection(session, key))
    if refused is not None:
        raise stop(*refused)
    return key


@audit.command("key")
def public_key() -> None:
    """Print the public key by which checkpoints, receipts and bundles are checked."""
    click.echo(signer().public_key)


@audit.command("checkpoint")
def checkpoint() -> None:
    """Sign the chain as it is now, and write outside what is missing there."""
    trusted_signer()
    made = database().write(checkpointing().make)
    keep_outside()
    click.echo(f"signed up to event {made.sequence}" if made else "nothing new to sign")


def keep_outside() -> None:
    """Write the file outside and the anchor; stop where that is not possible."""
    try:
        checkpointing().catch_up()
    except (OSError, ValueError) as error:
        raise stop(
            f"检查点没有写到库外（CHECKPOINTS_FILE、AUDIT_ANCHOR）：{error}",
            f"the checkpoints were not written outside (CHECKPOINTS_FILE, AUDIT_ANCHOR): {error}",
        ) from None


@audit.command("verify")
@click.option("--public-key", help="In hex, from outside; else that of the key on this machine.")
@click.option(
    "--checkpoints",
    type=click.Path(exists=True, path_type=Path),
    help="Checkpoints that were written outside (CHECKPOINTS_FILE).",
)
@click.option("--receipt", multiple=True, help="A receipt (Audit-Receipt) to check as well.")
def verify(public_key: str | None, checkpoints: Path | None, receipt: tuple[str, ...]) -> None:
    """Recompute the chain, check checkpoints, replay the events and compare with the records.

    What this host remembers, and the file outside that the settings name, are looked at as well.
    """
    began = utcnow()
    known = public_key.strip().lower() if public_key else signer().public_key
    kept = read_checkpoints(checkpoints) if checkpoints else []
    witness = checkpointing().witness()

    def work(session: Session) -> tuple[list[str], Head]:
        problems = verification.history_differences(session, known, [*kept, *(witness.lines or [])])
        problems += witnesses.differences(session, known, witness)
        problems += covered.everything(session)
        problems += verify_chain.false_receipts(session, known, receipt)
        return problems, session.get_one(Head, 1)

    problems, head = database().examine(work)
    waiting = head.sequence - head.checkpoint_sequence
    whole = f"{head.sequence} events are whole, {waiting} of them after the newest checkpoint"
    conclude("audit verify", began, problems, whole)


def read_checkpoints(path: Path) -> list[Values]:
    """Return the checkpoints in a file of lines of JSON; stop at a line that is none."""
    try:
        return read_lines(path)
    except (OSError, ValueError) as error:
        raise stop(f"{path} 不能读作检查点：{error}", str(error)) from None


@audit.command("accept-schema")
@with_operator
def accept_schema(who: str, reason: str) -> None:
    """Say in the history that the schema is what it is now, as after an index of your own."""
    known = database().read(lambda session: covered.last_told(session, "objects")[1])
    now = database().read(database_schema.objects)
    number = database().write(lambda session: cover_schema(session, operator(who), reason))
    if not number:
        raise stop(
            "没有要接受的：结构与事件所说的一致",
            "nothing is to be accepted: the schema is as its event says",
        )
    for difference in database_schema.differences(known or {}, now):
        click.echo(f"accepted: {difference}")


@audit.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
def export(folder: Path) -> None:
    """Write a signed bundle to FOLDER, with the script that checks it without this program.

    It holds every event, checkpoint and account name that was not erased; no contact data.
    """
    key = trusted_signer()
    with new_folder(folder):
        number = database().examine(lambda session: write_bundle(session, folder, key))
    click.echo(f"wrote {number} events to {folder}; check them anywhere with")
    click.echo(f"python3 {folder}/check.py {folder} --public-key {key.public_key}")
    click.echo(f"the SHA-256 of check.py is {chain.digest_of(folder / 'check.py')}")


@contextmanager
def new_folder(folder: Path) -> Iterator[None]:
    """Make *folder*; take it away again when what follows fails. Stop where it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=False)
    except FileExistsError:
        raise stop(f"{folder} 已存在，请另选目录", f"{folder} is there; name another") from None
    except OSError as error:
        raise stop(f"不能建立 {folder}：{error}", f"{folder} cannot be made: {error}") from None
    try:
        yield
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise stop(f"写入 {folder} 失败：{error}", f"writing {folder} failed: {error}") from None
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def write_bundle(session: Session, folder: Path, key: Signer) -> int:
    """Write the files of a bundle and return how many events it holds."""
    number = write_lines(folder / chain.FILES[0], events(session))
    write_lines(folder / chain.FILES[1], checkpoints_of(session))
    write_lines(folder / chain.FILES[2], names(session))
    shutil.copy(str(chain.__file__), folder / "check.py")
    manifest: Values = {
        "made_at": utcnow().isoformat(),
        "events": number,
        "public_key": key.public_key,
        "files": {name: chain.digest_of(folder / name) for name in chain.FILES},
    }
    manifest["signature"] = key.sign(chain.plain_json(manifest).encode())
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return number


def write_lines(path: Path, rows: Iterable[Values]) -> int:
    """Write *rows* as lines of JSON and return how many there are."""
    number = 0
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(chain.plain_json(row) + "\n")
            number += 1
    return number


def events(session: Session) -> Iterable[Values]:
    """Yield every event as the chain covers it."""
    yield from verify_chain.chained_rows(session)


def checkpoints_of(session: Session) -> Iterable[Values]:
    """Yield every checkpoint."""
    for row in session.scalars(sa.select(Checkpoint).order_by(Checkpoint.sequence)):
        yield as_line(row)


def names(session: Session) -> Iterable[Values]:
    """Yield the account names that events hold sealed; erased ones without salt and value."""
    used = sa.select(Event.actor_seal).where(Event.actor_seal.is_not(None)).distinct()
    statement = sa.select(SealedValue).where(SealedValue.seal.in_(used))
    for row in session.scalars(statement.order_by(SealedValue.seal)):
        yield {"seal": row.seal, "salt": row.salt, "value": row.value}
