"""What was done to a record, and how it stood at a past moment."""

import json
from collections.abc import Iterable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.models import Event, Recommendation, SealedValue
from app.queries.visibility import handles_now, view_of, visible
from app.queries.vocabulary import Vocabulary
from app.rules.permissions import Actor
from app.rules.stories import tell
from app.rules.vocabularies import Outcome, Publication

HIDDEN_FIELDS = ("reference", "children")
"""Fields of a creation that every record has and no reader needs."""

ERASED = "（已删除）"
"""What stands in place of a name that was erased."""

SHOWN_NAME = sa.case(
    (Event.actor_seal.is_(None), Event.actor_name),
    else_=sa.func.coalesce(SealedValue.value, ERASED),
)
"""The name of whoever acted: an account's stands sealed in the event."""


def told_events() -> sa.Select:
    """Return the SELECT of events with every column, and the name of the actor."""
    statement = sa.select(*Event.__table__.columns, SHOWN_NAME.label("shown_name"))
    return statement.outerjoin(SealedValue, SealedValue.seal == Event.actor_seal)


OFFICE_FIELDS = {"lead_office_id": "lead_office", "claimed_by_office_id": "claimed_by_office"}


def events_of(
    session: Session, record_type: str, record_id: int, after: datetime | None = None
) -> list[sa.Row]:
    """Return the events of a record, oldest first; with *after* only those later than it."""
    statement = told_events().where(*done_to(record_type, record_id))
    if after is not None:
        statement = statement.where(Event.at > after)
    return list(session.execute(statement.order_by(Event.sequence)))


def done_to(record_type: str, record_id: int) -> tuple[Any, ...]:
    """Return the conditions of the events that changed a record."""
    own = (Event.record_type == record_type, Event.record_id == record_id)
    return (*own, Event.outcome == Outcome.DONE.value)


def sees(session: Session, actor: Actor, event: Any) -> bool:
    """Return whether *actor*, who sees a recommendation, may also see what was done to it then.

    What was done while it was internal is for the offices that handle it and for the staff; what
    was done while it was restricted, for those who see it restricted.
    """
    view = view_of(actor)
    if event.publication is None or event.publication in view.whole:
        return True
    internal = event.publication == Publication.INTERNAL.value
    return internal and view.own and handles_now(session, actor, event.record_id)


def events_at(session: Session, sequences: Iterable[int]) -> dict[int, sa.Row]:
    """Return the events with these sequences."""
    rows = session.execute(told_events().where(Event.sequence.in_(list(sequences))))
    return {event.sequence: event for event in rows}


RELATED = ("superseded_by", "supersedes", "lineage")
"""Fields that name other recommendations."""


def references_in(value: Any) -> set[str]:
    """Return the references that a value of one of RELATED names: a relation's last word."""
    told = value if isinstance(value, list) else [value]
    return {text.rpartition(" ")[2] for text in told if text}


def known_references(session: Session, actor: Actor, events: Iterable[Any]) -> frozenset[str]:
    """Return which of the recommendations that *events* name *actor* sees now."""
    named: set[str] = set()
    for event in events:
        changes = json.loads(event.changes)
        for name in changes.keys() & set(RELATED):
            named = named.union(*map(references_in, changes[name]))
    if not named:
        return frozenset()
    statement = sa.select(Recommendation.reference).where(Recommendation.reference.in_(named))
    return frozenset(session.scalars(visible(statement, actor, Recommendation)))


def shown_relation(value: Any, known: frozenset[str]) -> Any:
    """Return a value of one of RELATED without the recommendations that are not *known*."""
    if isinstance(value, list):
        return [told for told in value if references_in(told) <= known]
    return value if references_in(value) <= known else None


def shown_event(event: Any, vocabulary: Vocabulary, known: frozenset[str]) -> SimpleNamespace:
    """Return *event* as the API shows it: offices by slug, and its sentence in zh and en.

    Of other recommendations only those that are *known* are named.
    """
    changes = shown_changes(json.loads(event.changes), vocabulary)
    for name in changes.keys() & set(RELATED):
        changes[name] = [shown_relation(value, known) for value in changes[name]]
    names = (
        "sequence", "at", "operation", "note", "actor_kind", "office_name", "record_version",
    )  # fmt: skip
    values = {name: getattr(event, name) for name in names} | {"actor_name": event.shown_name}
    zh, en = tell(event.operation, changes)
    return SimpleNamespace(**values, changes=changes, story_zh=zh, story_en=en)


def shown_changes(changes: dict[str, list[Any]], vocabulary: Vocabulary) -> dict[str, Any]:
    """Return *changes* with the names and values of the API in place of columns and ids."""
    shown: dict[str, Any] = {}
    for name, pair in changes.items():
        if name in OFFICE_FIELDS:
            refs = [vocabulary.organization(value) for value in pair]
            shown[OFFICE_FIELDS[name]] = [ref["slug"] if ref else None for ref in refs]
        elif name == "joint_office_ids":
            lists = [vocabulary.list_organizations(joined(value)) for value in pair]
            shown["joint_offices"] = [[ref["slug"] for ref in refs] for refs in lists]
        elif name not in HIDDEN_FIELDS:
            shown[name] = pair
    return shown


def joined(numbers: list[int] | None) -> str | None:
    """Return *numbers* joined by commas."""
    return ",".join(map(str, numbers)) if numbers else None


def state_as_of(
    session: Session, record_type: str, record_id: int, moment: datetime
) -> tuple[dict[str, Any], Any]:
    """Return the values that columns had at *moment* where they differ from now, and its event.

    The event is the last one at or before *moment*; None means that there was no record yet.
    """
    values: dict[str, Any] = {}
    for event in reversed(events_of(session, record_type, record_id, after=moment)):
        for name, (old, _) in json.loads(event.changes).items():
            values[name] = old
    last = session.scalar(
        sa.select(Event)
        .where(*done_to(record_type, record_id), Event.at <= moment)
        .order_by(Event.sequence.desc())
        .limit(1)
    )
    return values, last
