"""Accepting a restored backup: what this host remembers of the history after it is given up."""

from sqlalchemy.orm import Session

from app.audit.anchors import Anchor
from app.audit.services.checkpoints import last_number, make_checkpoint
from app.audit.services.covering import record_register
from app.audit.signing import Signer
from app.core.base import Head
from app.core.rules.permissions import Actor
from app.core.types import Values
from app.models import Checkpoint

ACCEPTED = "register.restore_accepted"


def accept_restore(
    session: Session,
    actor: Actor,
    reason: str,
    signer: Signer,
    anchor: Anchor | None,
    outside: Values | None,
) -> tuple[Values, Values, Checkpoint]:
    """Give up what comes after the restored database, in an event, and sign that.

    *anchor* is what this host remembers, *outside* the last line of the file outside with its
    ``number``; the later of both is given up. Return what was given up, what the database held,
    and the checkpoint, which says after which number the history goes on.
    """
    head: Head = session.info["head"]
    held = {"number": last_number(session), "sequence": head.sequence, "hash": head.hash}
    remembered = [outside or {}]
    if anchor is not None:
        remembered.append({n: getattr(anchor, n) for n in ("number", "sequence", "hash", "at")})
    gone = max(remembered, key=lambda row: row.get("number") or 0)
    record_register(session, actor, ACCEPTED, {"anchor": (gone, held)}, reason)
    made = make_checkpoint(session, signer, gone.get("number") or 0)
    assert made is not None  # noqa: S101  (the event above waits for it)
    return gone, held, made
