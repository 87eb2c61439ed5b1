"""Whether the history is whole, and whether the records are what it made of them."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.audit.outside_copies import number_of
from app.audit.rules import chain
from app.audit.signing import is_signed_hex
from app.core.base import Head
from app.core.codes import Outcome
from app.core.types import Given, Values
from app.models import Checkpoint, Event

BATCH = 1000
DONE = Outcome.DONE


def findings_of(part: Callable[[], Iterable[str]], name: str) -> Iterator[str]:
    """Yield what *part* finds; where a row is so wrong that it cannot be read, say that."""
    try:
        yield from part()
    except (LookupError, ValueError, TypeError, AttributeError, NoResultFound) as error:
        yield f"{name}: something there cannot be read: {type(error).__name__} {error}"


def chained_rows(session: Session) -> Iterator[Values]:
    """Yield every event as the chain covers it."""
    columns = [getattr(Event, name) for name in (*chain.EVENT, "hash")]
    statement = sa.select(*columns).order_by(Event.sequence)
    for row in session.execute(statement.execution_options(yield_per=BATCH)):
        yield {**row._mapping, "at": row.at.isoformat()}


def broken_chain(
    session: Session, public_key: str | None, outside: Sequence[Given]
) -> Iterator[str]:
    """Yield a sentence for each break in the chain, and each checkpoint that does not fit it.

    Of checkpoints outside that an accepted restore gave up, only the signature is checked.
    """
    inside = list(session.scalars(sa.select(Checkpoint).order_by(Checkpoint.sequence)))
    signed = [as_row(row) for row in inside]
    gaps = chain.given_up(signed)
    gone = [row for row in outside if chain.is_given_up(number_of(row), gaps)]
    kept = [dict(row) for row in outside if not chain.is_given_up(number_of(row), gaps)]
    wanted = {row["sequence"] for row in (*signed, *kept)}
    state: Values = {}
    hashes, erased = dict[int, str](), ErasedTexts()
    yield from chain.broken_links(noting(chained_rows(session), wanted, hashes, erased), state)
    yield from erased.unexplained()
    yield from false_head(session, state, inside[-1] if inside else None)
    yield from chain.missing_numbers(signed)
    for number in sorted({row["sequence"] for row in kept} - {row.sequence for row in inside}):
        yield f"checkpoint at event {number}: kept outside, missing inside"
    if public_key is not None:
        yield from chain.false_checkpoints(signed + kept, hashes, public_key, is_signed_hex)
        yield from chain.false_signatures(gone, public_key, is_signed_hex)


def object_in(text: Any) -> Values | None:
    """Return the JSON object in *text*, or None where there is none."""
    try:
        found = json.loads(text)
    except (ValueError, TypeError):
        return None
    return found if isinstance(found, dict) else None


class ErasedTexts:
    """Which texts of events were erased, and which of that the history tells."""

    def __init__(self) -> None:
        self.texts: set[str] = set()
        self.told: set[str] = set()
        self.states: dict[tuple[str, int], int] = {}
        self.covered: dict[tuple[str, int], int] = {}

    def note(self, row: Given) -> None:
        """Take what the event *row* lacks, or tells to be erased."""
        if row["scheme"] != chain.SCHEME:
            return
        erases = row["operation"].endswith(".text_erased")
        seals, salts = object_in(row["seals"]), object_in(row["salts"])
        changes = object_in(row["changes"]) if erases else {}
        if seals is None or salts is None or changes is None:
            return  # it fits no chain either
        record = (row["record_type"], row["record_id"])
        if erases:
            self.told |= set(changes["texts"][1])
            self.covered[record] = row["sequence"]
        for name in seals.keys() - salts.keys():
            if name in OF_STATES:
                self.states[record] = row["sequence"]
            else:
                self.texts.add(f"events {row['sequence']} {name}")

    def unexplained(self) -> Iterator[str]:
        """Yield a sentence for each text, and each record's hash, that went without an event.

        Hashes go from the events before the one that tells it: they covered the text.
        """
        for name in sorted(self.texts - self.told):
            yield f"{name}: erased without an event"
        for record, last in self.states.items():
            if self.covered.get(record, 0) <= last:
                kind, number = record
                yield f"{kind} {number}: a hash of it was erased without an event"


def noting(
    rows: Iterable[Values],
    wanted: Collection[int],
    hashes: dict[int, str],
    erased: ErasedTexts,
) -> Iterator[Values]:
    """Yield *rows* as they are; note the *hashes* of those *wanted*, and what is erased."""
    for row in rows:
        if row["sequence"] in wanted:
            hashes[row["sequence"]] = row["hash"]
        erased.note(row)
        yield row


OF_STATES = ("record_hash", f"{chain.OF_CHANGES}children")
"""What goes from the events of a record of which something was erased."""


def false_head(session: Session, last: Given, newest: Any) -> Iterator[str]:
    """Yield a sentence where the head does not name the *last* event or the *newest* checkpoint."""
    if session.scalar(sa.select(sa.func.count()).select_from(Head)) != 1:
        yield "there is more than one head"
    head = session.get_one(Head, 1)
    if (head.sequence, head.hash) != (last["sequence"], last["hash"]):
        yield "the head does not agree with the last event"
    newest_event = sa.select(Event.at).order_by(Event.sequence.desc()).limit(1)
    if head.event_at != session.scalar(newest_event):
        yield "the head does not agree with the moment of the last event"
    signed = (newest.sequence, newest.at) if newest else (0, None)
    if (head.checkpoint_sequence, head.checkpoint_at) != signed:
        yield f"the head does not know of the newest checkpoint, at event {signed[0]}"


def as_row(checkpoint: Checkpoint) -> Values:
    """Return a checkpoint as it was signed."""
    names = ("sequence", "hash", "key_id", "signature", "number", "resumes_after")
    return {n: getattr(checkpoint, n) for n in names} | {"at": checkpoint.at.isoformat()}


def false_receipts(session: Session, public_key: str, receipts: Collection[str]) -> list[str]:
    """Return a sentence for each receipt that is forged, or whose events are others now."""

    def hash_of(sequence: int) -> str | None:
        return session.scalar(sa.select(Event.hash).where(Event.sequence == sequence))

    return list(chain.false_receipts(receipts, public_key, hash_of))
