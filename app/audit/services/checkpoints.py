"""Checkpoints: signing the chain of events as it is, every minute or hundred events."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.rules.chain import checkpoint_text
from app.audit.signing import Signer
from app.core.base import Head
from app.core.clock import utcnow
from app.models import Checkpoint


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


def last_number(session: Session) -> int:
    """Return the number of the newest checkpoint; those without number count as one each."""
    return (
        session.scalar(select(func.max(Checkpoint.number)))
        or session.scalar(select(func.count(Checkpoint.hash)))
        or 0
    )


def make_checkpoint(
    session: Session, signer: Signer, given_up: int | None = None
) -> Checkpoint | None:
    """Sign the chain up to its last event; None when that is covered already.

    Where a restored backup is accepted, *given_up* is the highest number that was given up.
    """
    head: Head = session.info["head"]
    if uncovered(head) == 0:
        return None
    at, last = utcnow(), last_number(session)
    number, resumes_after = last + 1, None
    if given_up is not None:
        number, resumes_after = max(given_up, last) + 1, last
    text = checkpoint_text(head.sequence, head.hash, at.isoformat(), number, resumes_after)
    made = Checkpoint(
        sequence=head.sequence,
        hash=head.hash,
        at=at,
        key_id=signer.key_id,
        signature=signer.sign(text),
        number=number,
        resumes_after=resumes_after,
    )
    session.add(made)
    head.checkpoint_sequence, head.checkpoint_at = head.sequence, at
    return made
