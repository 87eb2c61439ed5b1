"""Requests that may be sent again: claimed in the transaction that carries them out."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.clock import utcnow
from app.core.errors import InFlight, KeyReused
from app.models import Replay

REPLAYS = Replay.metadata.tables["replays"]
KEPT = timedelta(days=7)


@dataclass(frozen=True)
class Claim:
    """One request that names an Idempotency-Key: whose, where, under which key, with what."""

    principal_id: int
    method: str
    path: str
    key: str
    body_sha256: str


def same(claim: Claim) -> tuple[object, ...]:
    """Return the conditions of the row of *claim*."""
    return (
        Replay.principal_id == claim.principal_id,
        Replay.method == claim.method,
        Replay.path == claim.path,
        Replay.key == claim.key,
    )


def claimed(session: Session, claim: Claim) -> None:
    """Note that *claim* is being carried out; raise InFlight when someone else has noted it.

    Forgets what is older than seven days.
    """
    now = utcnow()
    session.execute(delete(REPLAYS).where(REPLAYS.c.created_at < now - KEPT))
    row = {**vars(claim), "created_at": now}
    try:
        with session.begin_nested():
            session.execute(insert(REPLAYS).values(row))
    except IntegrityError:
        raise InFlight from None


def answered(
    session: Session, claim: Claim, status: int, headers: dict[str, str], body: str | None
) -> None:
    """Keep the answer that *claim* got; *body* None when it must be kept nowhere."""
    statement = update(Replay).where(*same(claim))  # type: ignore[arg-type]
    session.execute(statement.values(status=status, headers=headers, body=body))


def earlier(session: Session, claim: Claim) -> Replay | None:
    """Return the answer that *claim* got before, or None; raise KeyReused for another body."""
    recent = Replay.created_at >= utcnow() - KEPT
    found = session.scalar(select(Replay).where(*same(claim), recent))  # type: ignore[arg-type]
    if found is not None and found.body_sha256 != claim.body_sha256:
        raise KeyReused
    return found
