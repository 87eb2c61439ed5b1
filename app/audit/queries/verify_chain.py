"""Whether the history is whole, and whether the records are what it made of them."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.audit.outside_copies import number_of
from app.audit.queries import former_state
from app.audit.queries.record_state import CHILDREN, RECORDS, children_hashes, columns_of, is_state
from app.audit.rules import chain
from app.audit.rules.chain import ERASED
from app.core.base import Head
from app.core.codes import Outcome
from app.core.types import Given, Model, Row, Values
from app.models import Checkpoint, Event, Person, Principal, SealedValue

BATCH = 1000
SEAL_LENGTH = 64
DONE = Outcome.DONE.value

BY_NAME = 3
"""The scheme that came between: its record hashes are those of today."""

IS_STATE = {former_state.SCHEME: former_state.is_state, BY_NAME: is_state, chain.SCHEME: is_state}
"""Whether a hash is that of a record, by the scheme of the event that holds it."""

ChildrenHashes = Callable[[Session, Model, list[int]], dict[int, str]]

CHILDREN_HASHES: dict[int | None, ChildrenHashes] = {
    former_state.SCHEME: former_state.children_hashes,
    BY_NAME: children_hashes,
    chain.SCHEME: children_hashes,
}
"""The hashes of what hangs on curated records, by the scheme of the event that holds them."""


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
        yield from chain.false_checkpoints(signed + kept, hashes, public_key)
        yield from chain.false_signatures(gone, public_key)


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


def false_seals(session: Session) -> Iterator[str]:
    """Yield a sentence for each sealed value that was altered, lost, or erased without an event."""
    rows = session.execute(sa.select(SealedValue.seal, SealedValue.salt, SealedValue.value))
    yield from chain.false_seals([dict(row._mapping) for row in rows])
    for column in (Event.actor_seal, Principal.name_seal, Person.contact_seal):
        known = sa.exists().where(SealedValue.seal == column)
        lost = sa.select(column).where(column.is_not(None), column != "", ~known).distinct()
        for mark in session.scalars(lost):
            yield f"seal {str(mark)[:16]}…: what it stands for is missing"
    yield from false_names(session)
    yield from stray_seals(session)
    columns = (SealedValue.subject_type, SealedValue.subject_id, SealedValue.erased_at)
    erased = sa.select(*columns).where(SealedValue.salt.is_(None)).distinct()
    for kind, number, at in session.execute(erased):
        told_at = sa.select(Event.at).where(
            Event.record_type == kind,
            Event.record_id == number,
            Event.outcome == DONE,
            Event.operation == f"{kind}.erased",
        )
        if at not in session.scalars(told_at).all():
            yield f"{kind} {number}: values were erased without an event"


def false_names(session: Session) -> Iterator[str]:
    """Yield a sentence for each account whose name is not the one that was sealed.

    An erased account has neither a name nor a subject.
    """
    S, P = SealedValue, Principal
    statement = sa.select(P.id).join(S, S.seal == P.name_seal)
    erased = sa.and_(S.salt.is_(None), sa.or_(P.name != ERASED, P.subject.is_not(None)))
    changed = sa.or_(erased, sa.and_(S.salt.is_not(None), S.value != P.name))
    for number in session.scalars(statement.where(changed)):
        yield f"principal {number}: its name is not the one that was sealed"


def stray_seals(session: Session) -> Iterator[str]:
    """Yield a sentence for each sealed value that does not belong to whom it names.

    An account has the one seal of its name; the seals of a person stand in the person's events.
    """
    S, E = SealedValue, Event
    named = sa.exists().where(Principal.id == S.subject_id, Principal.name_seal == S.seal)
    recorded = sa.exists().where(
        E.record_type == "person", E.record_id == S.subject_id, E.changes.contains(S.seal)
    )
    whole = sa.func.length(S.seal) == SEAL_LENGTH
    owned = sa.or_(
        sa.and_(S.subject_type == "principal", named), sa.and_(S.subject_type == "person", recorded)
    )
    for mark in session.scalars(sa.select(S.seal).where(~sa.and_(whole, owned))):
        yield f"seal {mark[:16]}…: it belongs to nobody that it names"
    yield from lost_contacts(session)
    gone = S.salt.is_(None)
    torn = sa.or_(gone != S.erased_at.is_not(None), gone != S.value.is_(None))
    half = sa.select(S.seal).where(torn)
    for mark in session.scalars(half):
        yield f"seal {mark[:16]}…: erased in part"


def lost_contacts(session: Session) -> Iterator[str]:
    """Yield a sentence for each seal that a person's events name and that nothing stands under."""
    rows = sa.select(Event.changes).where(
        Event.record_type == "person", Event.changes.contains('"sealed":')
    )
    named: set[str] = set()
    for changes in session.scalars(rows):
        named |= {contact["sealed"] for contact in json.loads(changes)["contact"] if contact}
    known = set(session.scalars(sa.select(SealedValue.seal)))
    for mark in sorted(named - known):
        yield f"seal {mark[:16]}…: what it stands for is missing"


def unexplained(session: Session) -> Iterator[str]:
    """Yield a sentence for each record that is not what its last event says, or is missing."""
    for kind, model in RECORDS.items():
        last = 0
        while records := batch_after(session, model, last):
            first, last = records[0].id, records[-1].id
            events = last_events(session, kind, first, last)
            torn = false_children(session, kind, model, [record.id for record in records])
            for record in records:
                if message := difference(session, model, record, events.get(record.id)):
                    yield f"{kind} {record.id}: {message}"
                if record.id in torn:
                    yield f"{kind} {record.id}: what hangs on it is not what its events say"
        known = sa.exists().where(model.id == Event.record_id)
        gone = sa.select(Event.record_id).where(
            Event.record_type == kind, Event.outcome == DONE, ~known
        )
        for number in session.scalars(gone.distinct()):
            yield f"{kind} {number}: its events are there, the record is missing"


def batch_after(session: Session, model: Model, last: int) -> list[Any]:
    """Return the next records of *model* after the id *last*."""
    columns = [getattr(model, name) for name in columns_of(model)]
    statement = sa.select(*columns).where(model.id > last).order_by(model.id).limit(BATCH)
    return list(session.execute(statement))


def difference(session: Session, model: Model, record: Any, event: Row | None) -> str | None:
    """Return how *record* differs from what its last *event* says, or None."""
    if event is None:
        return "no event explains it"
    if event.record_version != record.version:
        return "no event explains its version"
    if event.record_hash is None and event.scheme is None:
        return None
    same, known = IS_STATE.get(event.scheme), event.record_hash
    if same is None or known is None or not same(session, model, record, known):
        return "no event explains its state"
    return None


def last_events(session: Session, kind: str, first: int, last: int) -> dict[int, Row]:
    """Return the last event of each record of *kind* from the id *first* to *last*."""
    newest = (
        sa.select(sa.func.max(Event.sequence))
        .where(
            Event.record_type == kind,
            Event.record_id.between(first, last),
            Event.outcome == DONE,
        )
        .group_by(Event.record_id)
    )
    columns = (Event.record_id, Event.record_version, Event.record_hash, Event.scheme)
    rows = session.execute(sa.select(*columns).where(Event.sequence.in_(newest)))
    return {row.record_id: row for row in rows}


def false_children(session: Session, kind: str, model: Model, ids: Sequence[int]) -> set[int]:
    """Return those of the records *ids* on which something else hangs than their events say."""
    if model not in CHILDREN:
        return set()
    false: set[int] = set()
    for scheme, known in last_children(session, kind, ids[0], ids[-1]).items():
        hashes_of = CHILDREN_HASHES.get(scheme)
        hashes = hashes_of(session, model, list(known)) if hashes_of else {}
        false |= {number for number in known if known[number] != hashes.get(number)}
    return false.intersection(ids)


def last_children(
    session: Session, kind: str, first: int, last: int
) -> dict[int | None, dict[int, str | None]]:
    """Return the hash of what hangs on each record, as its events say last, by their scheme."""
    statement = sa.select(Event.record_id, Event.changes, Event.scheme).where(
        Event.record_type == kind,
        Event.record_id.between(first, last),
        Event.outcome == DONE,
        Event.changes.like('%"children":%'),
    )
    found: dict[int, tuple[int | None, str | None]] = {}
    for number, changes, scheme in session.execute(statement.order_by(Event.sequence)):
        recorded = json.loads(changes)
        if "children" in recorded:
            found[number] = scheme, recorded["children"][1]
    by_scheme: dict[int | None, dict[int, str | None]] = {}
    for number, (scheme, known) in found.items():
        by_scheme.setdefault(scheme, {})[number] = known
    return by_scheme
