"""Erasing what people wrote: the text and its salt go, the chain of events stays whole."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.services.principals import forget_answers
from app.audit.queries.record_state import CHILDREN, RECORDS, children_hash
from app.audit.rules.chain import ERASED, OF_CHANGES, without_words
from app.audit.rules.sealed_texts import leaves
from app.audit.services.recorder import record_event
from app.core.canonical_json import canonical_json
from app.core.clock import utcnow
from app.core.errors import InvalidChange
from app.core.rules.permissions import Actor, Permission
from app.core.services.authorization import require
from app.core.types import Given, NewChanges
from app.history.queries.written_words import (
    BY_TABLE,
    DOCUMENTS,
    EVENTS,
    STAGED,
    WRITTEN,
    Found,
    find_words,
)
from app.models import Approval, Document, Event, Passage, Proposal, Recommendation, UnsentForm
from app.register.recommendations.services.search_texts import search_text
from app.register.searching.services import forget_former_words

Record = tuple[str, int]
"""The kind of a record and its number."""

BLOT = "█"
"""What stands for each erased character of a document, so that its passages keep their places."""

LEAST = 4
"""Characters of the words to be erased: fewer stand in too much that nobody means."""

MOST_PLACES = 200
CHILDREN_FIELD = f"{OF_CHANGES}children"


def look_for(session: Session, actor: Actor, words: str, reason: str) -> Found:
    """Return where *words* stand and can be erased.

    Raises PermissionDenied; InvalidChange where they stand nowhere, or in too many places, or in
    the *reason* itself, which stays.
    """
    require(actor, Permission.ERASE)
    if len(words) < LEAST:
        message = (f"至少 {LEAST} 个字符", f"must have at least {LEAST} characters")
        raise InvalidChange(fields={"words": message})
    if words in reason:
        message = ("不得包含要删除的文字", "must not hold the words to be erased")
        raise InvalidChange(fields={"reason": message})
    found = find_words(session, words)
    if not found.places:
        zh, en = "没有可删除的文字", "they stand nowhere that they can be erased from"
        if found.kept:
            zh += f"（另有 {found.kept} 处不能删除）"
            en += f" ({found.kept} places cannot be erased)"
        raise InvalidChange(fields={"words": (zh, en)})
    if len(found.places) > MOST_PLACES:
        number = len(found.places)
        message = (
            f"共 {number} 处，每次最多 {MOST_PLACES} 处：请写得更具体",
            f"they stand in {number} places, {MOST_PLACES} at most: name longer words",
        )
        raise InvalidChange(fields={"words": message})
    return found


def erase_texts(session: Session, actor: Actor, places: Iterable[Given], reason: str) -> None:
    """Erase the texts in *places* (see find_words), and tell it in the history of their records.

    Kept answers in which they stand go too. Raises PermissionDenied.
    """
    require(actor, Permission.ERASE)
    fields: dict[Record, list[str]] = {}
    for place in places:
        for record in erase_place(session, place):
            fields.setdefault(record, []).append(name_of(place))
    forget_former_words(session)
    at = utcnow()
    for (kind, number), names in sorted(fields.items()):
        record_erasure(session, actor, (kind, number), sorted(set(names)), reason, at)


def name_of(place: Given) -> str:
    """Return how *place* is called in the history."""
    return f"{place['table']} {place['id']} {place.get('field') or place['column']}"


def erase_place(session: Session, place: Given) -> list[Record]:
    """Erase the text in one place and return the records that it was of."""
    if place["table"] == EVENTS:
        return erase_in_event(session, place["id"], place["field"])
    if place["table"] == DOCUMENTS:
        return blot(session, session.get_one(Document, place["id"]), place["spans"])
    model = BY_TABLE[place["table"]]
    row, column = session.get_one(model, place["id"]), place["column"]
    if column == STAGED:  # shown in no answer; without it the request cannot be approved any more
        row.staged = None
        return [("approval", row.id)]
    before = getattr(row, column)
    for text in leaves(before):
        forget_copies(session, text)
    setattr(row, column, without_words(before))
    written = WRITTEN[model]
    owner: Record = (written.kind, getattr(row, written.owner))
    if model is Proposal:
        for found in recommendations_of(session, Recommendation.proposal_id == row.id):
            search_anew(session, found)
    if model is Recommendation:
        search_anew(session, row)
    return [owner]


def erase_in_event(session: Session, sequence: int, name: str) -> list[Record]:
    """Erase one text of an event, with its salt, and return the record that the event is of."""
    event = session.get_one(Event, sequence)
    changes = json.loads(event.changes)
    if name.startswith(OF_CHANGES):
        texts = changes[name.removeprefix(OF_CHANGES)]
        changes[name.removeprefix(OF_CHANGES)] = without_words(texts)
        event.changes = canonical_json(changes)
    else:
        texts, event.note = event.note, ERASED
    for text in leaves(texts):
        forget_copies(session, text)
    forget_salts(event, {name})
    session.flush()
    known = event.record_type in RECORDS
    return [(event.record_type, event.record_id)] if known else []


def forget_copies(session: Session, text: str) -> None:
    """Take kept answers, and what somebody typed and has not sent, away where *text* stands."""
    forget_answers(session, text)
    typed = sa.type_coerce(UnsentForm.content, sa.Text)
    written = canonical_json(text)[1:-1]
    session.execute(sa.delete(UnsentForm).where(typed.contains(written, autoescape=True)))


def forget_salts(event: Event, names: Iterable[str]) -> None:
    """Take the salts of the texts *names* away from *event*."""
    salts = json.loads(event.salts or "{}")
    event.salts = canonical_json({n: salt for n, salt in salts.items() if n not in set(names)})


def blot(session: Session, document: Document, spans: Iterable[list[int]]) -> list[Record]:
    """Blot out the *spans* of a text that was entered by hand; return the records that quote it.

    Every character keeps its place.
    """
    text = document.text
    for start, end in spans:
        forget_copies(session, text[start:end])
        text = text[:start] + BLOT * (end - start) + text[end:]
    document.text = text
    document.sha256 = hashlib.sha256(text.encode()).hexdigest()
    changed: set[Record] = {("document", document.id)}
    own = sa.select(Passage).where(Passage.document_id == document.id)
    for passage in session.scalars(own):
        words = text[passage.start : passage.end]
        if words != passage.text:
            passage.text = words
            changed |= owners_of(passage)
    session.flush()
    quoting = {number for kind, number in changed if kind == "recommendation"}
    for found in recommendations_of(session, Recommendation.id.in_(quoting)):
        search_anew(session, found)
    return sorted(changed)


def owners_of(passage: Passage) -> set[Record]:
    """Return the records that a passage is of."""
    owners = {"proposal": passage.proposal_id, "recommendation": passage.recommendation_id}
    return {(kind, number) for kind, number in owners.items() if number is not None}


def recommendations_of(session: Session, condition: Any) -> Iterable[Recommendation]:
    """Return the recommendations that meet *condition*."""
    return session.scalars(sa.select(Recommendation).where(condition)).all()


def search_anew(session: Session, record: Recommendation) -> None:
    """Work out anew what *record* is found by; its proposers are named as before."""
    words = sa.select(Passage.text).where(
        Passage.recommendation_id == record.id, Passage.withdrawn_at.is_(None)
    )
    record.search_text = search_text(
        record.summary_zh,
        record.summary_en,
        "".join(session.scalars(words.order_by(Passage.position))),
        session.get_one(Proposal, record.proposal_id).title,
        record.search_text.rpartition("\n")[2],
    )


def record_erasure(
    session: Session, actor: Actor, of: Record, names: list[str], reason: str, at: datetime
) -> None:
    """Write the event that *names* were erased from a record; no earlier hash of it is kept."""
    kind, number = of
    model = RECORDS[kind]
    record = session.get_one(model, number)
    changes: NewChanges = {"texts": ([], names)}
    if model in CHILDREN:
        changes["children"] = (None, children_hash(session, record))
    own = sa.select(Event).where(Event.record_type == kind, Event.record_id == number)
    for event in session.scalars(own.where(Event.salts.is_not(None))):
        forget_state(event)
    session.flush()
    record_event(
        session,
        actor,
        record,
        f"{kind}.text_erased",
        changes,
        note=reason,
        at=at,
    )
    session.flush()


def forget_state(event: Event) -> None:
    """Take from *event* the hash of its record, which covered the text: it could be guessed."""
    changes = json.loads(event.changes)
    if "children" in changes:
        changes["children"] = without_words(changes["children"])
        event.changes = canonical_json(changes)
    event.record_hash = None
    forget_salts(event, {"record_hash", CHILDREN_FIELD})


def erase_approved_texts(session: Session, actor: Actor, approval: Approval) -> list[int]:
    """Erase the texts in the places that were found."""
    erase_texts(session, actor, approval.payload["places"], approval.reason)
    return []
