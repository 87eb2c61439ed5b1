"""Replaying the events of recommendations: state, tags, offices, relations, reports."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.models import (
    Event,
    JointOffice,
    Lineage,
    ProgressReport,
    Recommendation,
    RecommendationTag,
    Tag,
)
from app.rules.vocabularies import LineageKind, Outcome, Progress

BATCH = 1000
FOLDED = (
    "progress", "acceptance", "lead_office_id", "lead_status", "claimed_by_office_id", "due_on",
    "review_on",
)  # fmt: skip
"""The columns of a recommendation that its events explain one by one."""

R = Recommendation


def differences(session: Session) -> Iterator[str]:
    """Yield a sentence for each recommendation that is not what its events made of it."""
    last = 0
    while rows := batch_after(session, last):
        first, last = rows[0].id, rows[-1].id
        states = folded(session, first, last)
        known = standing(session, first, last)
        for row in rows:
            state = states.get(row.id) or empty()
            for name in FOLDED:
                if shown(getattr(row, name)) != state.columns.get(name):
                    yield f"recommendation {row.reference}: no event explains its {name}"
            stands = known.get(row.id) or empty()
            for name in state.compared:
                if getattr(stands, name) != getattr(state, name):
                    yield f"recommendation {row.reference}: no event explains its {name}"
    yield from untold_relations(session)


def untold_relations(session: Session) -> Iterator[str]:
    """Yield a sentence for each relation that began or ended at an event that tells nothing of it.

    Those of the first release are left out: it did not say at which event a relation began.
    """
    L, E, other = Lineage, Event, aliased(R)

    def tells(sequence: Any) -> Any:
        about = sa.or_(
            sa.and_(E.record_id == R.id, E.changes.contains(other.reference)),
            sa.and_(E.record_id == other.id, E.changes.contains(R.reference)),
            sa.and_(E.record_id == other.id, E.changes.contains(Progress.SUPERSEDED.value)),
        )
        return sa.exists().where(E.sequence == sequence, E.record_type == "recommendation", about)

    first_release = sa.exists().where(
        E.record_type == "recommendation", E.record_id == R.id, E.scheme.is_(None)
    )
    ended = sa.or_(L.withdrawn_sequence.is_(None), tells(L.withdrawn_sequence))
    statement = (
        sa.select(R.reference, L.kind, other.reference.label("other"))
        .join_from(L, R, R.id == L.recommendation_id)
        .join(other, other.id == L.other_id)
        .where(~sa.and_(tells(L.sequence), ended), ~first_release)
    )
    for row in session.execute(statement):
        yield f"recommendation {row.reference}: no event explains {row.kind} {row.other}"


def empty() -> SimpleNamespace:
    """Return the state of a recommendation without events."""
    compared = ("tags", "offices", "relations", "reports")
    sets: dict[str, Any] = {"tags": set(), "offices": set(), "relations": set()}
    return SimpleNamespace(compared=compared, columns={}, reports=[], **sets)


def batch_after(session: Session, last: int) -> list[sa.Row]:
    """Return the next recommendations after the id *last*."""
    columns = [getattr(R, name) for name in FOLDED]
    statement = sa.select(R.id, R.reference, *columns).where(R.id > last)
    return list(session.execute(statement.order_by(R.id).limit(BATCH)))


def shown(value: Any) -> Any:
    """Return a column's value as events hold it."""
    return value.isoformat() if isinstance(value, date) else value


def folded(session: Session, first: int, last: int) -> dict[int, SimpleNamespace]:
    """Return what the events of the recommendations *first* to *last* make of each."""
    E = Event
    columns = (E.sequence, E.record_id, E.operation, E.changes, E.scheme, E.office_id)
    statement = sa.select(*columns).where(
        Event.record_type == "recommendation",
        Event.record_id.between(first, last),
        Event.outcome == Outcome.DONE.value,
    )
    states: dict[int, SimpleNamespace] = {}
    for event in session.execute(statement.order_by(Event.sequence)):
        fold(states.setdefault(event.record_id, empty()), event, json.loads(event.changes))
    return states


def fold(state: SimpleNamespace, event: Any, changes: dict[str, Any]) -> None:
    """Let *state* take what one event changed.

    Events of the first scheme did not tell how curated recommendations relate to each other.
    """
    if event.scheme is None and event.operation == "recommendation.created":
        state.compared = ("tags", "offices", "reports")
    state.columns |= {name: changes[name][1] for name in FOLDED if name in changes}
    if "tags" in changes:
        state.tags = set(changes["tags"][1])
    if "joint_office_ids" in changes:
        state.offices = set(changes["joint_office_ids"][1])
    if "lineage" in changes:
        state.compared = empty().compared
        succeeded = {told for told in state.relations if told.startswith("supersedes ")}
        state.relations = set(changes["lineage"][1]) | succeeded
    if "supersedes" in changes:
        gone, come = (f"{LineageKind.SUPERSEDES} {told}" for told in changes["supersedes"])
        state.relations = (state.relations - {gone}) | {come} - {f"{LineageKind.SUPERSEDES} None"}
    percent = changes.get("percent", (None, None))[1]
    evidence = changes.get("evidence", ([], []))[1]
    if event.operation == "recommendation.reported" or evidence:
        state.reports.append((event.sequence, percent, evidence, event.office_id))


def standing(session: Session, first: int, last: int) -> dict[int, SimpleNamespace]:
    """Return what stands in the tables beside the recommendations *first* to *last*."""
    found: dict[int, SimpleNamespace] = {}

    def of(number: int) -> SimpleNamespace:
        return found.setdefault(number, empty())

    for number, slug in session.execute(tags(first, last)):
        of(number).tags.add(slug)
    for number, office in session.execute(offices(first, last)):
        of(number).offices.add(office)
    for number, kind, reference in session.execute(relations(first, last)):
        of(number).relations.add(f"{kind} {reference}")
    for row in session.execute(reports(first, last)):
        told = (row.sequence, row.percent, row.evidence, row.office_id)
        of(row.recommendation_id).reports.append(told if is_true(row) else (*told, "false"))
    return found


NEAR = timedelta(minutes=1)
"""Within this a report and its event were written, in one transaction."""


def is_true(row: Any) -> bool:
    """Return whether the text, the author and the time of a report are those of its event.

    A claim's text is what followed the reason in its event. The author of a report is named
    beside an event of the first release alone, unless the name was erased.
    """
    claims = row.operation != "recommendation.reported"
    note, text = row.note, row.text
    said = text == note or (claims and (text is None or str(note).endswith(f"\n{text}")))
    named = row.reported_by in ("", "" if row.actor_seal else row.actor_name)
    return said and named and abs(row.reported_at - row.at) < NEAR


def tags(first: int, last: int) -> sa.Select:
    """Return the SELECT of the tags that were given directly."""
    T = RecommendationTag
    statement = sa.select(T.recommendation_id, Tag.slug).join(Tag, Tag.id == T.tag_id)
    return statement.where(T.recommendation_id.between(first, last), T.is_direct)


def offices(first: int, last: int) -> sa.Select:
    """Return the SELECT of the joint offices."""
    J = JointOffice
    own = J.recommendation_id.between(first, last)
    return sa.select(J.recommendation_id, J.office_id).where(own, J.withdrawn_at.is_(None))


def relations(first: int, last: int) -> sa.Select:
    """Return the SELECT of how recommendations relate to others."""
    L = Lineage
    statement = sa.select(L.recommendation_id, L.kind, R.reference).join(R, R.id == L.other_id)
    own = L.recommendation_id.between(first, last)
    return statement.where(own, L.withdrawn_sequence.is_(None))


def reports(first: int, last: int) -> sa.Select:
    """Return the SELECT of the progress reports with the operation they came with."""
    M = ProgressReport
    statement = sa.select(
        M.recommendation_id, M.sequence, M.percent, M.evidence, M.text, M.office_id,
        M.reported_by, M.reported_at, Event.operation, Event.note, Event.actor_seal,
        Event.actor_name, Event.at,
    ).join(Event, Event.sequence == M.sequence)  # fmt: skip
    return statement.where(M.recommendation_id.between(first, last)).order_by(M.sequence, M.id)
