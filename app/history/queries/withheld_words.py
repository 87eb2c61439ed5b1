"""Entries of a history without the words that are withheld from its reader."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from app.audit.rules.sentences import new
from app.core.types import Row, Values
from app.history.queries.histories import Subject
from app.history.rules import Reader
from app.register.recommendations.queries.event_views import without_words

TELLING = frozenset(
    {
        "recommendation.reported",
        "recommendation.report_corrected",
        "assignment.contacted",
        "assignment.contact_corrected",
        "assignment.rated",
        "assignment.rating_corrected",
        "commitment.explanation",
        "commitment.confirmation",
        "commitment.rating",
        "commitment.look_back",
        "commitment.milestone_added",
        "commitment.milestone_reached",
    }
)
"""What tells of words alone: where they are withheld, nothing of it is told."""

FIRST = {
    "recommendation.report_corrected": "recommendation.reported",
    "assignment.contact_corrected": "assignment.contacted",
    "assignment.rating_corrected": "assignment.rated",
}
"""What a further version is told as to whoever may not know that there was another before."""


class Entry(NamedTuple):
    """An event that the reader is told of, as one of *readers*, with the reason if they are."""

    sequence: int
    event: Row
    operation: str
    changes: Values
    readers: frozenset[Reader]
    note: str | None


def without_withheld(
    entry: Entry, subject: Subject, sees_entry: Callable[[int], bool]
) -> Iterator[Entry]:
    """Yield *entry* without words that are withheld; nothing where they were all it told.

    What it corrects is named where the reader *sees_entry* of it.
    """
    if is_withheld(subject, entry.event, entry.changes):
        if entry.operation in TELLING:
            return
        entry = entry._replace(changes=without_words(entry.changes), note=None)
    if "corrects" in entry.changes and not sees_entry(new(entry.changes, "corrects")):
        changes = {n: pair for n, pair in entry.changes.items() if n != "corrects"}
        entry = entry._replace(changes=changes, operation=FIRST[entry.operation])
    yield entry


def is_withheld(subject: Subject, event: Row, changes: Values) -> bool:
    """Return whether the words of *event* are withheld from the reader of *subject*."""
    milestone = event.record_id, new(changes, "milestone")
    is_step = event.operation == "commitment.milestone_reached"
    return (
        event.sequence in subject.hidden_notes
        or (is_step and milestone in subject.hidden_milestones)
        or version_in(event, changes) in subject.answers.hidden
    )


def version_in(event: Row, changes: Values) -> object:
    """Return what the version of a reply that *event* is about is known by."""
    version = new(changes, "reply")
    return (event.record_id, version) if isinstance(version, int) else version
