"""Which readers are told of an event, and of the reason for it: never more than records show."""

from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import NamedTuple

from app.core.codes import AssignmentRole
from app.core.types import Given, Row
from app.tasks.rules.tasks import INSIDE


class Reader(StrEnum):
    """For whom something is: *inside* are the offices that take part in handling the proposal.

    *office* is the one that was given the assignment, or made the promise, with the one above it;
    the staff, who see internal records, are all of these.
    """

    ANYONE = "anyone"
    INSIDE = "inside"
    OFFICE = "office"
    STAFF = "staff"


class Readership(NamedTuple):
    """Who is told of an event at all, and who of its note."""

    event: Reader
    note: Reader


R = Reader
OPEN = Readership(R.ANYONE, R.ANYONE)
CLOSED = Readership(R.INSIDE, R.INSIDE)
REASONED = Readership(R.ANYONE, R.OFFICE)
"""What an office and whoever dispatched it do: the step is public, the reason theirs."""

STATED = Readership(R.ANYONE, R.INSIDE)

STEPS = (
    "created",
    "received",
    "in_progress",
    "objection_pending",
    "upheld",
    "returned",
    "withdrawn",
    "redispatched",
    "extension_asked",
    "extension_granted",
    "extension_refused",
    "paused",
    "recomputed",
    "dated",
)
STATES = (
    "created",
    "edited",
    "submitted",
    "under_review",
    "returned_for_edit",
    "filed",
    "not_filed",
    "merged",
    "transferred",
    "withdrawn",
    "dispatched",
    "in_progress",
    "replied",
    "reprocessing",
    "evaluated",
    "closed",
    "archived",
    "added_to",
    "clock_taken_over",
    "recomputed",
    "adopted",
)
SAID = (
    "created",
    "kept",
    "explanation",
    "confirmation",
    "look_back",
    "milestone_added",
    "milestone_reached",
    "recomputed",
    "adopted",
)

READERS: dict[str, Readership] = {
    **{f"assignment.{step}": REASONED for step in STEPS},
    "assignment.adopted": OPEN,
    "assignment.contacted": STATED,
    "assignment.feedback_closed": STATED,
    "assignment.objection_closed": STATED,
    "assignment.explained": Readership(R.OFFICE, R.OFFICE),
    "assignment.pressed": Readership(R.OFFICE, R.OFFICE),
    "assignment.reply_sent": STATED,
    "assignment.reply_published": STATED,
    **{f"proposal.{state}": STATED for state in STATES},
    "proposal.categorised": STATED,
    "proposal.marked": OPEN,
    "proposal.mark_ended": OPEN,
    "proposal.cosigned": Readership(R.STAFF, R.STAFF),
    **{f"commitment.{what}": OPEN for what in SAID},
    **{f"{kind}.passed": OPEN for kind in ("assignment", "commitment", "proposal")},
    **{f"withholding.{what}": Readership(R.OFFICE, R.OFFICE) for what in ("created", "released")},
    "assignment.contact_corrected": STATED,
    "commitment.missed": REASONED,
    "commitment.open": REASONED,
    "commitment.withdrawn": REASONED,
    "commitment.replaced": REASONED,
}
"""Operation → who is told; what stands not here is for those who take part.

Drafts, checks, returns, countersignatures, ratings, assessments and reminders are theirs alone.
What is done to a recommendation is told with its note to whoever sees the recommendation.
"""

OF_FIELD: dict[tuple[str, str], Reader] = {
    ("assignment", "objection"): R.OFFICE,
    ("assignment", "suggested_office_id"): R.OFFICE,
    ("proposal", "proposers_left_out"): R.STAFF,
}
"""Record and field → for whom it is, where that is not whoever is told of the event."""

OF_A_VERSION = frozenset({"reply", "reply_state"})
"""Fields that name a version of a reply, which everyone knows once it is published."""


def audience_of(event: Row, role: str | None, changes: Given) -> Readership:
    """Return who is told of *event*, which is about the assignment of an office in *role*.

    A joint opinion stays inside, and so does what is waited for of a draft or a rating.
    """
    if event.record_type == "recommendation":
        return OPEN
    opinion = role == AssignmentRole.JOINT and ".reply_" in event.operation
    waited = changes.get("task", (None, None))[1] in INSIDE
    return CLOSED if opinion or waited else READERS.get(event.operation, CLOSED)


def shown_fields(
    record_type: str, changes: Given, readers: Collection[Reader], is_public: bool
) -> Iterator[str]:
    """Yield the fields of *changes* that are for one of *readers*.

    *is_public*: the version of the reply that the event is about is published.
    """
    for name in changes:
        of_version = name in OF_A_VERSION and record_type != "recommendation"
        known = is_public or Reader.INSIDE in readers
        if OF_FIELD.get((record_type, name), Reader.ANYONE) in readers and (
            known or not of_version
        ):
            yield name
