"""A history as one reader sees it: which events, what of each, and in which words."""

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.queries import visibility
from app.accounts.queries.visibility import handled_now, view_of
from app.audit.rules.narration import narrate
from app.audit.rules.sentences import About, new
from app.core.queries.rows import View
from app.core.rules.permissions import Actor, Permission
from app.core.types import Row, Values
from app.handling.assignments.rules import is_insider
from app.history.queries.histories import Subject
from app.history.queries.withheld_words import Entry, version_in, without_withheld
from app.history.rules import Reader, audience_of, shown_fields
from app.models import Assignment, Proposal, Recommendation
from app.register.files.queries import evidence
from app.register.people.queries.former_names import Names
from app.register.proposals.queries.handling_visibility import takes_part
from app.register.recommendations.queries import event_views

ECHOES = frozenset({"publication", "proposal_title", "proposers"})
"""What a change of a proposal repeats on each of its recommendations: its own event tells it."""

ONE_BY_ONE = ("recommendation.created", "recommendation.adopted", "recommendation.given")
"""What the history of a proposal leaves out, as its own events and its assignments tell it."""

ENTERED = ("proposal.created", "proposal.adopted")
"""What the history of a recommendation leaves out: it came in with its proposal."""

PROCEDURE = frozenset(f"recommendation.{word}" for word in ("given", "ended", "restored"))
"""What the procedure does to a recommendation: who acted in it is named to those who take part."""

MODELS = {"proposal": Proposal, "recommendation": Recommendation}


class HistoryReading:
    """The history of *subject* for one reader."""

    def __init__(self, session: Session, actor: Actor, subject: Subject, names: Names) -> None:
        self.session = session
        self.actor = actor
        self.subject = subject
        self.names = names
        self.view = view_of(actor)
        self.inside: dict[int, bool] = {}

    def entries(self, beyond: int, backwards: bool = False) -> Iterator[Entry]:
        """Yield what the reader may know that came after the event *beyond*, oldest first.

        *backwards* what came before it, newest first; with 0 from the end.
        """
        for event in self.subject.beyond(beyond, backwards):
            changes = json.loads(event.changes)
            if self.belongs(event, changes) and self.saw(event):
                audience = audience_of(event, getattr(self.given(event), "role", None), changes)
                readers = self.readers(event)
                if audience.event in readers:
                    note = event.note if audience.note in readers else None
                    entry = Entry(event.sequence, event, event.operation, changes, readers, note)
                    yield from without_withheld(entry, self.subject, self.sees_entry)

    def shown(self, entries: Sequence[Entry]) -> list[View]:
        """Return *entries* as the API shows them, and of other records what the reader sees."""
        events = [entry.event for entry in entries]
        known = self.known_in(events)
        return [self.shown_event(entry, known) for entry in entries]

    def sees_entry(self, sequence: int) -> bool:
        """Return whether the reader is told the words of the event *sequence*."""
        event, hidden = self.subject.event(sequence), self.subject.hidden_notes
        return event is not None and sequence not in hidden and self.saw(event)

    # -- which events ----------------------------------------------------------------------------

    def belongs(self, event: Row, changes: Values) -> bool:
        """Return whether *event* is part of the history, and says something of its own."""
        if event.operation.endswith(".reminded") and not new(changes, "points"):
            return False
        return BELONGS[event.record_type](self.subject, event, changes)

    def saw(self, event: Row) -> bool:
        """Return whether the reader saw, by today's rights, what *event* is about at that time.

        An assignment and a promise have no publication of their own: they were as public as
        their proposal and their recommendation were.
        """
        if event.record_type == "withholding":
            return event.record_id in self.subject.withholdings
        about = self.given(event) or self.subject.commitments.get(event.record_id)
        if event.record_type in MODELS or about is None:
            return self.sees(event.record_type, event.record_id, event.publication)
        holders = (("proposal", about.proposal_id), ("recommendation", about.recommendation_id))
        return all(
            self.sees(kind, number, self.publication_then(kind, number, event.sequence))
            for kind, number in holders
            if number is not None
        )

    def sees(self, kind: str, number: int, publication: str | None) -> bool:
        """Return whether the reader sees a record of *kind* while it has this *publication*."""
        return visibility.sees(self.view, publication, lambda: number in self.handled[kind])

    @cached_property
    def handled(self) -> Mapping[str, frozenset[int]]:
        """Return the records that the reader's office has to do with, by kind."""
        ids: dict[str, set[int]] = {kind: set() for kind in MODELS}
        for event in self.subject.events:
            if event.record_type in ids:
                ids[event.record_type].add(event.record_id)
        return {
            kind: handled_now(self.session, self.actor, model, ids[kind])
            for kind, model in MODELS.items()
        }

    @cached_property
    def publications(self) -> Mapping[tuple[str, int], list[tuple[int, str | None]]]:
        """Return how public proposals and recommendations were, from which event on."""
        found: dict[tuple[str, int], list[tuple[int, str | None]]] = {}
        for event in self.subject.events:
            if event.record_type in MODELS:
                known = found.setdefault((event.record_type, event.record_id), [])
                known.append((event.sequence, event.publication))
        return found

    def publication_then(self, kind: str, number: int, sequence: int) -> str | None:
        """Return how public a record was when the event *sequence* was written."""
        known = self.publications.get((kind, number), [])
        until = bisect_right(known, sequence, key=lambda shown: shown[0])
        return known[until - 1][1] if until else None

    # -- for whom --------------------------------------------------------------------------------

    def given(self, event: Row) -> Assignment | None:
        """Return the assignment that *event* is about, or None."""
        if event.record_type != "assignment":
            return None
        return self.subject.assignments.get(event.record_id)

    def readers(self, event: Row) -> frozenset[Reader]:
        """Return which readers the one who reads is, for *event*."""
        if self.actor.may(Permission.SEE_INTERNAL):
            return frozenset(Reader)
        found, given = {Reader.ANYONE}, self.given(event)
        promise = self.subject.commitments.get(event.record_id)
        case = given.proposal_id if given else self.subject.proposal_id
        if not is_tracking(event) and self.takes_part(case):
            found.add(Reader.INSIDE)
        if given is not None and is_insider(self.actor, given.office_id, self.above(given)):
            found.add(Reader.OFFICE)
        if event.record_type == "withholding":
            own = self.subject.withholdings[event.record_id] == self.actor.office_id
            return frozenset({Reader.ANYONE, *((Reader.OFFICE,) if own else ())})
        if event.record_type == "commitment" and promise is not None:
            own = is_insider(self.actor, promise.office_id, None)
            found |= {Reader.OFFICE} if own or Reader.INSIDE in found else set()
        return frozenset(found)

    def takes_part(self, proposal_id: int) -> bool:
        """Return whether the reader takes part in handling a proposal; asked once of each."""
        if proposal_id not in self.inside:
            self.inside[proposal_id] = takes_part(self.session, self.actor, proposal_id)
        return self.inside[proposal_id]

    def above(self, given: Assignment) -> int | None:
        """Return the office that dispatched *given* on, or None."""
        parent = self.subject.assignments.get(given.parent_id or 0)
        return parent.office_id if parent else None

    def shown_event(self, entry: Entry, known: frozenset[str]) -> View:
        """Return *entry* as the API shows it; of other records it names those that are *known*."""
        _, event, operation, changes, readers, note = entry
        public = self.is_public(event, changes)
        kept = list(shown_fields(event.record_type, changes, readers, public))
        own = self.with_references({name: changes[name] for name in kept})
        own = event_views.known_changes(own, known)
        shown = event_views.translated(own, self.slug)
        about = self.about(event, changes, public or Reader.INSIDE in readers)
        story = narrate(operation, self.named(own, event.sequence), replace(about, note=note))
        by_name = is_tracking(event) or len(readers) > 1
        actor = event.shown_name if by_name else ""
        named = {"operation": operation, "note": note, "actor_name": actor}
        return event_views.as_shown(event, shown, story, **named)

    @cached_property
    def slug(self) -> Callable[[int], str]:
        """Return what gives the slug of an organization."""
        return event_views.slug_by(self.names.vocabulary)

    def known_in(self, events: Sequence[Row]) -> frozenset[str]:
        """Return the records and files that *events* name and the reader sees, by reference."""
        asked = self.session, self.actor, events
        recommendations = event_views.known_references(*asked)
        proposals = event_views.known_references(*asked, event_views.RELATED_PROPOSALS, Proposal)
        return recommendations | proposals | evidence.files_in(*asked)

    def is_public(self, event: Row, changes: Values) -> bool:
        """Return whether the version of a reply that *event* is about is published."""
        return version_in(event, changes) in self.subject.answers.public

    @cached_property
    def references(self) -> Mapping[int, str]:
        """Return the references of the recommendations that assignments are about, and others."""
        found = self.subject.events
        return {e.record_id: e.record_reference for e in found if e.record_type == "recommendation"}

    def with_references(self, changes: Values) -> Values:
        """Return *changes* with the references of records in place of their numbers."""
        known = {
            "recommendation_id": self.references,
            "parent_id": {n: row.reference for n, row in self.subject.assignments.items()},
            "merged_into_id": self.subject.proposals,
        }
        return {
            name.removesuffix("_id") if name in known else name: (
                [known[name].get(number) for number in pair] if name in known else pair
            )
            for name, pair in changes.items()
        }

    def named(self, changes: Values, sequence: int) -> Values:
        """Return *changes* with the names of offices and tags as they were after *sequence*."""
        found = event_views.translated(changes, lambda n: self.names.organization(n, sequence))
        found |= self.names.told(found, sequence)
        if "redispatched" in found:
            offices = {row.reference: row.office_id for row in self.subject.assignments.values()}
            names = (offices.get(reference) for reference in found["redispatched"])
            found["redispatched"] = [self.names.organization(n, sequence) for n in names]
        if "outcomes" in found and self.subject.recommendation_id is not None:
            mine = set(self.subject.recommendations.values())
            found["outcomes"] = [
                {name: said for name, said in (pair or {}).items() if name in mine}
                for pair in found["outcomes"]
            ]
        return found

    def about(self, event: Row, changes: Values, knows: bool) -> About:
        """Return what the sentence of *event* names; *knows*: what the version says."""
        given, promise = self.given(event), self.subject.commitments.get(event.record_id)
        if event.record_type == "commitment" and promise is not None:
            owing = self.subject.office_then("commitment", promise, event.sequence)
            return About(self.names.organization(owing, event.sequence) or NOBODY)
        if given is None:
            return About()
        version = event.record_id, new(changes, "reply")
        office = self.subject.office_then("assignment", given, event.sequence)
        return About(
            self.names.organization(office, event.sequence) or NOBODY,
            given.role,
            self.names.organization(self.above(given), event.sequence),
            self.references.get(given.recommendation_id or 0),
            self.subject.answers.known.get(version) if knows else None,
        )


NOBODY = About().office


def is_tracking(event: Row) -> bool:
    """Return whether *event* is what was done to a recommendation, and not by the procedure."""
    return event.record_type == "recommendation" and event.operation not in PROCEDURE


def is_own(subject: Subject, event: Row, changes: Values) -> bool:
    """Return whether *event* is the proposal's own, and not that of one it was merged into."""
    told = subject.recommendation_id is None or event.operation not in ENTERED
    return told and bool(event.record_id == subject.proposal_id)


def is_step(subject: Subject, event: Row, changes: Values) -> bool:
    """Return whether *event* is a step of a recommendation that nothing else tells."""
    if event.operation == "recommendation.edited" and changes and changes.keys() <= ECHOES:
        return False
    if subject.recommendation_id is not None:
        return bool(event.record_id == subject.recommendation_id)
    return event.record_id in subject.recommendations and event.operation not in ONE_BY_ONE


def is_of_the_case(subject: Subject, event: Row, changes: Values) -> bool:
    """Return whether *event* of an assignment was written while that covered the subject."""
    until = subject.until(subject.assignments[event.record_id])
    return until is None or event.sequence < until


BELONGS: dict[str, Callable[[Subject, Any, Values], bool]] = {
    "proposal": is_own,
    "recommendation": is_step,
    "assignment": is_of_the_case,
    "commitment": lambda subject, event, changes: True,
    "withholding": lambda subject, event, changes: True,
}
"""Kind of record → whether an event of it is part of a history."""
