"""What makes up the history of a recommendation or a proposal: the records, and their events."""

import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.visibility import visible
from app.accounts.queries.withheld import (
    about_proposals,
    hidden_from,
    hidden_notes,
    withholdings_about,
)
from app.audit.queries.events import events_with_actor
from app.audit.rules.sentences import AnswerName, Point
from app.core.codes import Outcome, WithheldKind
from app.core.rules.permissions import Actor
from app.core.rules.state_groups import reply_reference
from app.core.types import Row
from app.models import Assignment, Commitment, Event, Proposal, Recommendation, Reply, ReplyPoint
from app.register.proposals.queries import handling_visibility

Records = Mapping[str, Iterable[int]]
"""Kind of record → numbers."""


class Merger(NamedTuple):
    """That a proposal was merged into another, until an event released it (None: it still is)."""

    into: int
    until: int | None


@dataclass
class Answers:
    """What was answered: the versions that left drafts, by assignment and number.

    *public* holds the versions that are published, by number and by name, *hidden* those that are
    withheld from the reader.
    """

    known: dict[tuple[int, int], AnswerName] = field(default_factory=dict)
    public: set[Any] = field(default_factory=set)
    hidden: set[Any] = field(default_factory=set)


@dataclass
class Subject:
    """What a history is about, and the records whose events make it up, as far as they are seen.

    *recommendation_id* None: the proposal. *proposals* names the cases it was merged into.
    *hidden_notes* are the events whose words are withheld from the reader, *withholdings* the
    offices of what is, or was, withheld, by the number of the withholding.
    """

    proposal_id: int
    recommendation_id: int | None
    mergers: list[Merger]
    proposals: dict[int, str]
    recommendations: dict[int, str]
    assignments: dict[int, Assignment]
    commitments: dict[int, Any]
    answers: Answers
    hidden_notes: frozenset[int]
    withholdings: dict[int, int | None]
    events: list[Any]

    def office_then(self, kind: str, record: Assignment | Row, sequence: int) -> int:
        """Return which office had *record*, an assignment or a promise, after that event."""
        return next(
            (before for at, before in self.passings.get((kind, record.id), []) if at > sequence),
            record.office_id,
        )

    @cached_property
    def passings(self) -> dict[tuple[str, int], list[tuple[int, int]]]:
        """Return the events by which records passed from one office to another, and from which."""
        found: dict[tuple[str, int], list[tuple[int, int]]] = {}
        for event in self.events:
            if event.operation in ("assignment.passed", "commitment.passed"):
                before, _ = json.loads(event.changes).get("office_id", (None, None))
                if before is not None:
                    known = found.setdefault((event.record_type, event.record_id), [])
                    known.append((event.sequence, before))
        return found

    def event(self, sequence: int) -> Row | None:
        """Return the event *sequence*, where it is one of these."""
        place = bisect_left(self.events, sequence, key=NUMBER)
        found = self.events[place] if place < len(self.events) else None
        return found if found is not None and found.sequence == sequence else None

    @cached_property
    def hidden_milestones(self) -> frozenset[tuple[int, int]]:
        """Return the milestones that are withheld from the reader, by promise and number."""
        told = (event for event in self.events if event.sequence in self.hidden_notes)
        return frozenset(
            (event.record_id, json.loads(event.changes)["milestone"][1])
            for event in told
            if event.operation == "commitment.milestone_added"
        )

    def until(self, assignment: Assignment) -> int | None:
        """Return the event from which *assignment* was another case's matter, or None: it is."""
        ends = [merger.until for merger in self.mergers if merger.into == assignment.proposal_id]
        if assignment.proposal_id == self.proposal_id or None in ends:
            return None
        return max((end for end in ends if end is not None), default=None)

    def beyond(self, sequence: int, backwards: bool) -> Iterator[Row]:
        """Yield the events after *sequence*, or *backwards* those before it; 0: all of them."""
        if backwards:
            end = bisect_left(self.events, sequence, key=NUMBER) if sequence else len(self.events)
            return (self.events[place] for place in reversed(range(end)))
        return islice(self.events, bisect_right(self.events, sequence, key=NUMBER), None)


NUMBER = attrgetter("sequence")


def subject(
    session: Session, actor: Actor, proposal_id: int, one: Recommendation | None = None
) -> Subject:
    """Return what the history of a proposal is made of, or that of *one* recommendation of it.

    How many statements that takes does not depend on how much there is.
    """
    recommendation_id = one.id if one else None
    own = events(session, {"proposal": [proposal_id]})
    mergers = mergers_in(own)
    cases = {merger.into for merger in mergers}
    found = {one.id: one.reference} if one else recommendations_of(session, actor, proposal_id)
    every = {proposal_id, *cases}
    given = assignments(session, actor, every, proposal_id, found, recommendation_id)
    promised = promises(session, actor, proposal_id, recommendation_id)
    about = {row.recommendation_id for row in given.values() if row.recommendation_id}
    withheld = withholdings_about(session, actor, every, recommendation_id)
    others: Records = {
        "proposal": cases,
        "recommendation": {*found, *about},
        "assignment": given,
        "commitment": promised,
        "withholding": withheld,
    }
    return Subject(
        proposal_id,
        recommendation_id,
        mergers,
        references(session, actor, cases),
        found,
        given,
        promised,
        answers(session, actor, given, recommendation_id),
        hidden_notes(session, actor, about_proposals(every)),
        withheld,
        sorted([*own, *events(session, others)], key=lambda event: event.sequence),
    )


def events(session: Session, records: Records) -> list[Any]:
    """Return the events that changed *records*, oldest first."""
    own = [
        sa.and_(Event.record_type == kind, Event.record_id.in_(sorted(ids)))
        for kind, ids in records.items()
        if ids
    ]
    if not own:
        return []
    rows = events_with_actor().where(sa.or_(*own), Event.outcome == Outcome.DONE)
    return list(session.execute(rows.order_by(Event.sequence)))


def mergers_in(own: Sequence[Any]) -> list[Merger]:
    """Return into which proposals one was merged, by its *own* events."""
    found: list[Merger] = []
    for event in own:
        before, after = json.loads(event.changes).get("merged_into_id", (None, None))
        if before is not None:
            found = [m._replace(until=event.sequence) if m.until is None else m for m in found]
        if after is not None:
            found.append(Merger(after, None))
    return found


def references(session: Session, actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Return the references of those of the proposals *ids* that *actor* sees."""
    if not ids:
        return {}
    rows = sa.select(Proposal.id, Proposal.reference).where(Proposal.id.in_(sorted(ids)))
    return {row.id: row.reference for row in session.execute(visible(rows, actor, Proposal))}


def recommendations_of(session: Session, actor: Actor, proposal_id: int) -> dict[int, str]:
    """Return the references of the recommendations of a proposal that *actor* sees."""
    R = Recommendation
    rows = sa.select(R.id, R.reference).where(R.proposal_id == proposal_id).order_by(R.id)
    return {row.id: row.reference for row in session.execute(visible(rows, actor, R))}


def assignments(
    session: Session,
    actor: Actor,
    cases: Iterable[int],
    proposal_id: int,
    recommendations: Mapping[int, str],
    recommendation_id: int | None,
) -> dict[int, Assignment]:
    """Return the assignments of *cases* that cover *recommendations*: given whole, or for one.

    Of the proposal whose history it is they are all, also those for what was merged into it.
    """
    A = Assignment
    covering = sa.or_(
        A.recommendation_id.is_(None), A.recommendation_id.in_(sorted(recommendations))
    )
    if recommendation_id is None:
        covering = sa.or_(covering, A.proposal_id == proposal_id)
    rows = handling_visibility.assignments_seen(actor).where(
        A.proposal_id.in_(sorted(cases)), covering
    )
    return {row.id: row for row in session.scalars(rows.order_by(A.id))}


def promises(
    session: Session, actor: Actor, proposal_id: int, recommendation_id: int | None
) -> dict[int, Any]:
    """Return the promises about a proposal, or about one recommendation, that *actor* sees."""
    C = Commitment
    own = C.proposal_id == proposal_id
    if recommendation_id is not None:
        own = C.recommendation_id == recommendation_id
    rows = handling_visibility.commitments_seen(
        (C.id, C.office_id, C.proposal_id, C.recommendation_id), actor
    )
    return {row.id: row for row in session.execute(rows.where(own).order_by(C.id))}


def answers(
    session: Session,
    actor: Actor,
    given: Mapping[int, Assignment],
    recommendation_id: int | None,
) -> Answers:
    """Return what was answered under *given*, on recommendations that *actor* sees, or on one."""
    found = Answers()
    if not given:
        return found
    points = points_of(session, actor, given, recommendation_id)
    V = Reply
    columns = (V.id, V.assignment_id, V.number, V.document_no, V.published_on)
    rows = session.execute(sa.select(*columns).where(V.assignment_id.in_(sorted(given)))).all()
    hidden = hidden_from(session, actor, WithheldKind.REPLY, {row.id for row in rows})
    for row in rows:
        key = row.assignment_id, row.number
        names = {key, reply_reference(given[row.assignment_id].reference, row.number)}
        if row.id in hidden:
            found.hidden |= names
            continue
        found.known[key] = AnswerName(row.document_no, points[row.id])
        if row.published_on is not None:
            found.public |= names
    return found


def points_of(
    session: Session,
    actor: Actor,
    given: Mapping[int, Assignment],
    recommendation_id: int | None,
) -> dict[int, list[Point]]:
    """Return what replies say of recommendations that *actor* sees, by the number of the reply."""
    P, R = ReplyPoint, Recommendation
    outcome = sa.func.coalesce(P.checked_outcome, P.outcome).label("outcome")
    columns = (P.reply_id, R.reference, outcome, P.promise, P.promised_on)
    rows = sa.select(*columns).join(R, R.id == P.recommendation_id)
    rows = rows.where(P.assignment_id.in_(sorted(given)))
    if recommendation_id is not None:
        rows = rows.where(P.recommendation_id == recommendation_id)
    found: dict[int, list[Point]] = defaultdict(list)
    for row in session.execute(visible(rows, actor, R).order_by(R.id)):
        day = row.promised_on.isoformat() if row.promised_on else None
        found[row.reply_id].append(Point(row.reference, row.outcome, row.promise, day))
    return found
