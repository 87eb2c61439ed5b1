"""Checkpoints: signing the chain of events as it is, every minute or hundred events."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.database import Head, utcnow
from app.models import Checkpoint
from app.rules.chain import checkpoint_text
from app.signing import Signer


def uncovered(head: Head) -> int:
    """Return how many events no checkpoint covers yet."""
    return head.sequence - head.checkpoint_sequence


def is_due(head: Head, *, seconds: int, events: int) -> bool:
    """Return whether a checkpoint must be made now."""
    waiting = uncovered(head)
    if waiting == 0:
        return False
    if waiting >= events or head.checkpoint_at is None:
        return True
    return utcnow() - head.checkpoint_at >= timedelta(seconds=seconds)


def make_checkpoint(session: Session, signer: Signer) -> Checkpoint | None:
    """Sign the chain up to its last event; None when that is covered already."""
    head: Head = session.info["head"]
    if uncovered(head) == 0:
        return None
    at = utcnow()
    text = checkpoint_text(head.sequence, head.hash, at.isoformat())
    made = Checkpoint(
        sequence=head.sequence,
        hash=head.hash,
        at=at,
        key_id=signer.key_id,
        signature=signer.sign(text),
    )
    session.add(made)
    head.checkpoint_sequence, head.checkpoint_at = head.sequence, at
    return made
