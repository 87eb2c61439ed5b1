"""Whether the database is the one that its witnesses saw: the anchor, and the file outside."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.anchors import Anchor
from app.audit.outside_copies import covering
from app.audit.rules import chain
from app.audit.signing import is_signed_hex
from app.core.base import Head
from app.core.errors import Sentence
from app.core.types import Row, Values
from app.models import Checkpoint, Event

IsSigned = Callable[[bytes, str], bool]
"""Whether a text was signed so, with the key of the register."""


@dataclass(frozen=True)
class Witness:
    """What was read outside the database, before the database itself was looked at.

    *lines* are those of the file outside, None where the settings name none; *problems* is what
    was wrong there already; *events* is how many may wait for a checkpoint.
    """

    anchor: Anchor | None = None
    lines: Sequence[Values] | None = None
    problems: Sequence[str] = field(default_factory=list)
    events: int = 100
    has_key: bool = True


def newest_checkpoint(session: Session) -> Row | None:
    """Return the newest checkpoint, with every column."""
    rows = sa.select(*Checkpoint.__table__.columns).order_by(Checkpoint.sequence.desc())
    return session.execute(rows.limit(1)).first()


def other_key(newest: Row | None, key_id: str) -> Sentence | None:
    """Return a sentence where the *newest* checkpoint was signed with another key than ours."""
    if newest is None or newest.key_id == key_id:
        return None
    return (
        f"审计密钥（AUDIT_KEY）是 {key_id}，而最新的检查点由 {newest.key_id} 签名："
        "请取回原来的密钥文件",
        f"the key of the audit (AUDIT_KEY) is {key_id}, and the newest checkpoint was signed with"
        f" {newest.key_id}: bring that key back",
    )


def foreign_anchor(anchor: Anchor, key_id: str, is_signed: IsSigned) -> Sentence | None:
    """Return a sentence where the *anchor* was not signed with our key."""
    text = chain.checkpoint_text(*anchor.event, anchor.at, anchor.number, anchor.resumes_after)
    if anchor.key_id == key_id and is_signed(text, anchor.signature):
        return None
    return (
        f"审计锚（AUDIT_ANCHOR）不是用本密钥 {key_id} 签名的：密钥或审计锚被换过，请取回原来的文件",
        f"the anchor of the audit (AUDIT_ANCHOR) was not signed with our key, {key_id}: one of the"
        " two files is another's, bring back the right one",
    )


def lost_anchor(session: Session, anchor: Anchor, is_signed: IsSigned) -> Sentence | None:
    """Return a sentence where the database is not the one that the *anchor* remembers."""
    if stands(session, anchor) or is_given_up(session, anchor, is_signed):
        return None
    at = anchor.at[:19]
    return (
        f"本机的审计锚记着第 {anchor.number} 个检查点（事件 {anchor.sequence}，{at}），"
        "数据库里没有它，或已是另一个：历史被改写或截短，或者恢复了备份，"
        "或者这是另一个登记库（须有自己的 AUDIT_KEY）。"
        "不再签名；经决定的恢复用 `flask audit accept-restore`",
        f"the anchor of this host remembers checkpoint {anchor.number}, at event"
        f" {anchor.sequence}, {at}; the database has none or another: the history was rewritten or"
        " cut short, or a backup was restored, or this is another register (which needs an"
        " AUDIT_KEY of its own). Nothing is signed; for a restore that was decided there is"
        " `flask audit accept-restore`",
    )


def stands(session: Session, anchor: Anchor) -> bool:
    """Return whether the database holds the anchored checkpoint, and its event, unchanged."""
    C, E = Checkpoint, Event
    there = sa.select(C.sequence).join(E, sa.and_(E.sequence == C.sequence, E.hash == C.hash))
    same = (C.number == anchor.number, C.hash == anchor.hash, C.signature == anchor.signature)
    own = there.where(C.sequence == anchor.sequence, *same)
    return session.scalar(own) is not None


def is_given_up(session: Session, anchor: Anchor, is_signed: IsSigned) -> bool:
    """Return whether a restore that was accepted, under a true signature, gave the anchor up."""
    rows = sa.select(*Checkpoint.__table__.columns).where(*covering(anchor.number))
    return any(is_true(session, row, is_signed) for row in session.execute(rows))


def is_true(session: Session, row: Row, is_signed: IsSigned) -> bool:
    """Return whether the checkpoint in *row* was signed as it stands, and fits its event."""
    known = session.scalar(sa.select(Event.hash).where(Event.sequence == row.sequence))
    return known == row.hash and is_signed(text_of(row), row.signature)


def text_of(row: Row) -> bytes:
    """Return what is signed of the checkpoint in *row*."""
    return chain.signed_text({**row._mapping, "at": row.at.isoformat()})


# -- for verify ----------------------------------------------------------------------------------


def differences(session: Session, public: str | None, witness: Witness) -> Iterator[str]:
    """Yield a sentence for each thing that the database and its *witness* do not agree on.

    *public* is the key in hex, None where it is not known.
    """
    yield from witness.problems
    newest = newest_checkpoint(session)
    if public is not None:
        yield from false_anchor(session, public, witness.anchor)
    if witness.has_key and witness.anchor is None and newest is not None:
        yield (
            "the anchor of this host is missing: `flask audit checkpoint` writes it; if it was"
            " there before, ask who took it away"
        )
    yield from unsigned_end(session, witness)
    if witness.lines is not None:
        yield from missing_outside(session, witness.lines)


def false_anchor(session: Session, public: str, anchor: Anchor | None) -> Iterator[str]:
    """Yield a sentence where the *anchor* of this host is false, or the database is another."""
    if anchor is None:
        return

    def is_signed(text: bytes, signature: str) -> bool:
        return is_signed_hex(public, text, signature)

    found = foreign_anchor(anchor, chain.key_id(public), is_signed)
    found = found or lost_anchor(session, anchor, is_signed)
    if found is not None:
        yield found[1]


def unsigned_end(session: Session, witness: Witness) -> Iterator[str]:
    """Yield a sentence where more events wait for a checkpoint than ever do by themselves."""
    head = session.get_one(Head, 1)
    waiting = head.sequence - head.checkpoint_sequence
    if witness.has_key and waiting >= witness.events:
        yield (
            f"{waiting} events at the end are not signed, though there is a key:"
            " `flask audit checkpoint` signs them"
        )


def missing_outside(session: Session, lines: Sequence[Values]) -> Iterator[str]:
    """Yield a sentence for each checkpoint that is missing among the *lines* outside.

    Those after the last line may still be on their way there.
    """
    if not lines and newest_checkpoint(session) is not None:
        yield "the file outside (CHECKPOINTS_FILE) is empty: `flask audit checkpoint` writes it"
    known = {line["signature"] for line in lines}
    last = lines[-1]["sequence"] if lines else 0
    rows = sa.select(Checkpoint.sequence, Checkpoint.signature).order_by(Checkpoint.sequence)
    for sequence, signature in session.execute(rows.where(Checkpoint.sequence <= last)):
        if signature not in known:
            yield f"checkpoint at event {sequence}: kept inside, missing outside"
