"""Replaying the events of recommendations: state, tags, offices, relations, reports."""

import json
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.models import (
    Event,
    JointOffice,
    Lineage,
    ProgressReport,
    Recommendation,
    RecommendationTag,
    Tag,
)
from app.rules.vocabularies import LineageKind, Outcome

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


def empty() -> SimpleNamespace:
    """Return the state of a recommendation without events."""
    compared = ("tags", "offices", "relations", "reports")
    sets: dict[str, Any] = {"tags": set(), "offices": set(), "relations": set()}
    return SimpleNamespace(compared=compared, columns={}, reports={}, **sets)


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
    columns = (E.sequence, E.record_id, E.operation, E.changes, E.note, E.scheme)
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
    if event.operation == "recommendation.reported":
        state.reports[event.sequence] = (percent, evidence, event.note)
    elif evidence:
        state.reports[event.sequence] = (None, evidence, None)


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
        claim = row.operation != "recommendation.reported"
        text = None if claim else row.text
        of(row.recommendation_id).reports[row.sequence] = (row.percent, row.evidence, text)
    return found


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
        M.recommendation_id, M.sequence, M.percent, M.evidence, M.text, Event.operation
    ).join(Event, Event.sequence == M.sequence)
    return statement.where(M.recommendation_id.between(first, last))
