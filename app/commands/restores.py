"""Accepting a restored backup, which this host would otherwise take for a history cut short."""

from pathlib import Path

import click
from sqlalchemy.orm import Session

from app.audit import outside_copies
from app.audit.anchors import anchor_of
from app.audit.queries import witnesses
from app.audit.services.restoring import accept_restore
from app.audit.signing import Signer
from app.commands.audit import checkpointing, keep_outside, signer
from app.commands.operators import operator, stop, with_operator
from app.core.rules.permissions import Actor
from app.core.types import Values
from app.http.requests import database, settings
from app.models import Checkpoint

Accepted = tuple[Values, Values, Checkpoint]


@click.command("accept-restore")
@with_operator
def accept(who: str, reason: str) -> None:
    """Accept that a backup was restored: say what is given up, in the history, and sign on.

    Nothing that was signed after the backup counts from then on. On each host that still says so.
    """
    key, last = signer(), last_outside()
    gone, held, made = database().write(
        lambda session: accepted(session, operator(who), reason, key, last)
    )
    checkpointing().anchor.forget_outside(anchor_of(made))
    keep_outside()
    at = f", {gone['at'][:19]}" if gone.get("at") else ""
    click.echo(f"given up: until checkpoint {gone['number']}, event {gone['sequence']}{at}")
    click.echo(f"goes on: after checkpoint {held['number']}, event {held['sequence']}")
    click.echo(f"signed up to event {made.sequence}, as checkpoint {made.number}")


def last_outside() -> Values | None:
    """Return the last checkpoint of the file outside with its number, None where there is none."""
    path: Path | None = settings().checkpoints_file
    if path is None or not path.exists():
        return None
    try:
        lines = outside_copies.read_lines(path)
    except (OSError, ValueError) as error:
        raise stop(f"CHECKPOINTS_FILE 不能读取：{error}", f"CHECKPOINTS_FILE: {error}") from None
    return {**lines[-1], "number": outside_copies.number_of(lines[-1])} if lines else None


def accepted(
    session: Session, actor: Actor, reason: str, key: Signer, last: Values | None
) -> Accepted:
    """Accept the restore in *session*; stop where there is none, or what cannot be accepted."""
    refuse_other_key(session, key)
    anchor = checkpointing().anchor.read()
    lost = anchor is not None and witnesses.lost_anchor(session, anchor, key.has_signed)
    known = last is None or outside_copies.stands(session, last)
    if not lost and (
        known or outside_copies.gave_up(session, outside_copies.number_of(last or {}))
    ):
        raise stop(
            "没有要接受的恢复：数据库与本机记住的一致",
            "there is no restore to accept: the database is the one that this host remembers",
        )
    kept = ("number", "sequence", "hash", "at")
    changes = None if known or last is None else {name: last[name] for name in kept}
    return accept_restore(session, actor, reason, key, anchor if lost else None, changes)


def refuse_other_key(session: Session, key: Signer) -> None:
    """Stop where the key or the anchor is another's: that is no restore."""
    message = witnesses.other_key(witnesses.newest_checkpoint(session), key.key_id)
    try:
        anchor = checkpointing().anchor.read()
    except ValueError as error:
        raise stop(f"审计锚不能读取：{error}", f"the anchor cannot be read: {error}") from None
    if message is None and anchor is not None:
        message = witnesses.foreign_anchor(anchor, key.key_id, key.has_signed)
    if message is not None:
        raise stop(*message)
