"""Replaying the events of recommendations: state, tags, offices, relations, reports."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.core.canonical_json import as_json
from app.core.codes import LineageKind, Outcome
from app.core.types import Pair, Row, Values
from app.models import (
    Event,
    Lineage,
    ProgressReport,
    Recommendation,
    RecommendationOffice,
    RecommendationTag,
    Tag,
)
from app.tasks.rules.holders import PARTS

BATCH = 1000
FOLDED = (
    "progress",
    "acceptance",
    "lead_office_id",
    "lead_status",
    "claimed_by_office_id",
    "due_on",
    "review_on",
    "look_back_on",
    "ended_as",
)
"""The columns of a recommendation that its events explain one by one."""

REPORTING = (
    "recommendation.reported",
    "recommendation.report_corrected",
    "recommendation.looked_back",
)
"""Operations that leave a report, with evidence or without."""

ALL = ("tags", "offices", "left", "left_as", "relations", "spans", "reports")
"""What stands beside a recommendation: offices that left with the moment they did and the part that
they had, relations with the events at which they began and ended."""

R = Recommendation


def differences(session: Session) -> Iterator[str]:
    """Yield a sentence for each recommendation that is not what its events made of it."""
    last = 0
    while rows := batch_after(session, last):
        first, last = rows[0].id, rows[-1].id
        states = folded(session, first, last)
        known = stored_reports(session, first, last)
        for row in rows:
            state = states.get(row.id) or FoldedState()
            for name in FOLDED:
                if as_json(getattr(row, name)) != state.columns.get(name):
                    yield f"recommendation {row.reference}: no event explains its {name}"
            stands = known.get(row.id) or FoldedState()
            for name in state.compared:
                if not agree(name, getattr(stands, name), getattr(state, name), state):
                    yield f"recommendation {row.reference}: no event explains its {name}"


@dataclass
class FoldedState:
    """What the events of a recommendation make of it, and which parts of that are *compared*.

    *reports* are as told, *spans* from which event to which a relation stood, *left* when an
    office went and *left_as* what part it had then.
    """

    compared: tuple[str, ...] = ALL
    first_release: bool = False
    columns: Values = field(default_factory=dict)
    tags: set[str] = field(default_factory=set)
    offices: set[Pair] = field(default_factory=set)
    relations: set[str] = field(default_factory=set)
    reports: list[tuple[Any, ...]] = field(default_factory=list)
    spans: dict[str, Pair] = field(default_factory=dict)
    left: dict[int, Any] = field(default_factory=dict)
    left_as: dict[int, Pair] = field(default_factory=dict)


def agree(name: str, stands: Any, folded: Any, state: FoldedState) -> bool:
    """Return whether what *stands* is what was *folded*; the first release wrote times apart."""
    if name != "left" or not state.first_release:
        return bool(stands == folded)
    apart = (abs(stands[n] - folded[n]) for n in folded.keys() & stands.keys())
    return stands.keys() == folded.keys() and all(gap < NEAR for gap in apart)


def batch_after(session: Session, last: int) -> list[Row]:
    """Return the next recommendations after the id *last*."""
    columns = [getattr(R, name) for name in FOLDED]
    statement = sa.select(R.id, R.reference, *columns).where(R.id > last)
    return list(session.execute(statement.order_by(R.id).limit(BATCH)))


def folded(session: Session, first: int, last: int) -> dict[int, FoldedState]:
    """Return what the events of the recommendations *first* to *last* make of each."""
    E = Event
    columns = (E.sequence, E.record_id, E.operation, E.changes, E.scheme, E.office_id, E.at)
    statement = sa.select(*columns).where(
        Event.record_type == "recommendation",
        Event.record_id.between(first, last),
        Event.outcome == Outcome.DONE,
    )
    states: dict[int, FoldedState] = {}
    for event in session.execute(statement.order_by(Event.sequence)):
        fold(states.setdefault(event.record_id, FoldedState()), event, json.loads(event.changes))
    return states


def fold(state: FoldedState, event: Row, changes: Values) -> None:
    """Let *state* take what one event changed.

    Events of the first scheme did not tell how curated recommendations relate to each other.
    """
    if event.scheme is None and event.operation == "recommendation.created":
        state.first_release = True
        state.compared = tuple(name for name in ALL if name not in ("relations", "spans"))
    state.columns |= {name: changes[name][1] for name in FOLDED if name in changes}
    if "tags" in changes:
        state.tags = set(changes["tags"][1])
    fold_offices(state, event, changes)
    fold_relations(state, event, changes)
    percent = changes.get("percent", (None, None))[1]
    evidence = changes.get("evidence", ([], []))[1]
    if event.operation in REPORTING or evidence:
        mended = changes.get("corrects", (None, None))[1]
        state.reports.append((event.sequence, percent, evidence, event.office_id, mended))


def fold_offices(state: FoldedState, event: Row, changes: Values) -> None:
    """Let *state* take which offices came, left or have another part by one event."""
    before = dict(state.offices)
    for role in PARTS:
        if f"{role}_office_ids" in changes:
            others = {known for known in state.offices if known[1] != role}
            state.offices = others | {(n, role) for n in changes[f"{role}_office_ids"][1]}
    now = {office for office, _ in state.offices}
    gone = before.keys() - now
    state.left |= dict.fromkeys(gone, event.at)
    state.left_as |= {office: (before[office], None) for office in gone}
    for office in now:
        state.left.pop(office, None)
        state.left_as.pop(office, None)


def fold_relations(state: FoldedState, event: Row, changes: Values) -> None:
    """Let *state* take which relations one event began or ended."""
    if "lineage" in changes:
        state.compared = tuple(n for n in ALL if n != "spans" or not state.first_release)
        succeeded = {relation for relation in state.relations if relation.startswith("supersedes ")}
        state.relations = set(changes["lineage"][1]) | succeeded
        for relation in set(changes["lineage"][1]) - set(changes["lineage"][0]):
            state.spans[relation] = (event.sequence, None)
    if "relation" in changes:
        fold_relation(state, event, *changes["relation"])
    if "supersedes" in changes:
        gone, come = (f"{LineageKind.SUPERSEDES} {relation}" for relation in changes["supersedes"])
        state.relations = (state.relations - {gone}) | {come} - {f"{LineageKind.SUPERSEDES} None"}
        move = event.sequence - 1  # the event of the one that was superseded comes just before
        if changes["supersedes"][0]:
            state.spans[gone] = (state.spans.get(gone, (0, None))[0], move)
        if changes["supersedes"][1]:
            state.spans[come] = (move, None)


def fold_relation(state: FoldedState, event: Row, gone: str | None, come: str | None) -> None:
    """Let *state* take a relation that someone ended, or one that someone began."""
    if gone is not None:
        state.relations.discard(gone)
        state.spans[gone] = (state.spans.get(gone, (0, None))[0], event.sequence)
    if come is not None:
        state.relations.add(come)
        state.spans[come] = (event.sequence, None)


def stored_reports(session: Session, first: int, last: int) -> dict[int, FoldedState]:
    """Return what stands in the tables beside the recommendations *first* to *last*."""
    found: dict[int, FoldedState] = {}

    def of(number: int) -> FoldedState:
        return found.setdefault(number, FoldedState())

    for number, slug in session.execute(tags(first, last)):
        of(number).tags.add(slug)
    for number, office, role, assignment, left in session.execute(offices(first, last)):
        if left is None:
            of(number).offices.add((office, role))
        else:
            of(number).left[office] = left
            of(number).left_as[office] = (role, assignment)
    for number, kind, reference, began, ended in session.execute(relations(first, last)):
        of(number).spans[f"{kind} {reference}"] = (began, ended)
        if ended is None:
            of(number).relations.add(f"{kind} {reference}")
    for row in session.execute(reports(first, last)):
        reported = (row.sequence, row.percent, row.evidence, row.office_id, row.mended)
        of(row.recommendation_id).reports.append(reported if is_true(row) else (*reported, "false"))
    return found


REPORTED = frozenset({"recommendation.reported", "recommendation.report_corrected"})
"""Operations whose note is the whole text of the report."""

NEAR = timedelta(minutes=1)
"""Within this a report and its event were written in the first release."""


def is_true(row: Row) -> bool:
    """Return whether the text, the author and the time of a report are those of its event.

    A claim's text is what followed the reason in its event. The author of a report is named
    beside an event of the first release alone, unless the name was erased.
    """
    claims = row.operation not in REPORTED
    note, text = row.note, row.text
    said = text == note or (claims and (text is None or str(note).endswith(f"\n{text}")))
    named = row.reported_by in ("", "" if row.actor_seal else row.actor_name)
    apart = abs(row.reported_at - row.at)
    return said and named and (apart < NEAR if row.scheme is None else not apart)


def tags(first: int, last: int) -> sa.Select:
    """Return the SELECT of the tags that were given directly."""
    T = RecommendationTag
    statement = sa.select(T.recommendation_id, Tag.slug).join(Tag, Tag.id == T.tag_id)
    return statement.where(T.recommendation_id.between(first, last), T.is_direct)


def offices(first: int, last: int) -> sa.Select:
    """Return the SELECT of the offices beside the leads, also of those that left."""
    J = RecommendationOffice
    columns = (J.recommendation_id, J.office_id, J.role, J.assignment_id, J.withdrawn_at)
    return sa.select(*columns).where(J.recommendation_id.between(first, last))


def relations(first: int, last: int) -> sa.Select:
    """Return the SELECT of how recommendations relate to others, or did."""
    L = Lineage
    columns = (L.recommendation_id, L.kind, R.reference, L.sequence, L.withdrawn_sequence)
    statement = sa.select(*columns).join(R, R.id == L.other_id)
    return statement.where(L.recommendation_id.between(first, last))


def reports(first: int, last: int) -> sa.Select:
    """Return the SELECT of the progress reports with the operation they came with."""
    M, former = ProgressReport, aliased(ProgressReport)
    statement = sa.select(
        M.recommendation_id,
        M.sequence,
        M.percent,
        M.evidence,
        M.text,
        M.office_id,
        M.reported_by,
        M.reported_at,
        Event.operation,
        Event.note,
        Event.actor_seal,
        Event.actor_name,
        Event.at,
        Event.scheme,
        former.sequence.label("mended"),
    ).join(Event, Event.sequence == M.sequence)
    statement = statement.outerjoin(former, former.id == M.corrects_id)
    return statement.where(M.recommendation_id.between(first, last)).order_by(M.sequence, M.id)
