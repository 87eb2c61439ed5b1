"""States and roles that belong together, and how what offices write is named: known to all."""

from app.core.codes import (
    Acceptance,
    AssignmentRole,
    AssignmentState,
    CommitmentState,
    HandlingState,
    Progress,
    ReplyState,
)

GIVEN_BACK = frozenset({AssignmentState.RETURNED, AssignmentState.WITHDRAWN})
"""States in which the office no longer has what it was given, and did not answer it."""

ANSWERING = frozenset({AssignmentRole.LEAD, AssignmentRole.SEPARATE, AssignmentRole.SOLE})
"""Roles whose office replies to the proposers."""

OBJECTING = ANSWERING | {AssignmentRole.JOINT}
"""Roles whose office can say that it is not the right one; who is only informed owes nothing."""

ALONE = frozenset({AssignmentRole.LEAD, AssignmentRole.SOLE})
"""Roles of which a proposal, or a recommendation, has one at a time."""

RUNNING = frozenset({CommitmentState.OPEN, CommitmentState.MISSED})
"""States in which a promise is still owed."""

ENDS = frozenset({HandlingState.WITHDRAWN, HandlingState.NOT_FILED, HandlingState.TRANSFERRED})
"""States of a proposal with which its recommendations end."""


FILED_CASES = frozenset(
    {
        HandlingState.FILED,
        HandlingState.DISPATCHED,
        HandlingState.IN_PROGRESS,
        HandlingState.REPLIED,
        HandlingState.REPROCESSING,
        HandlingState.EVALUATED,
        HandlingState.CLOSED,
        HandlingState.ARCHIVED,
    }
)
"""States of a proposal that was filed and is answered by itself; one that was merged is not."""


def reply_reference(assignment: str, number: int) -> str:
    """Return the reference of version *number* of the reply of *assignment*, by its reference."""
    return f"{assignment}-V{number}"


UNSENT = frozenset({ReplyState.DRAFT, ReplyState.RETURNED, ReplyState.CHECKED})
"""States of a version of a reply that has not left the house."""


OUT = frozenset({ReplyState.SENT, ReplyState.PUBLISHED, ReplyState.WITHHELD})
"""States of the version of a reply that holds."""


UNDONE = frozenset(
    {
        Progress.NOT_STARTED,
        Progress.PLANNED,
        Progress.IN_PROGRESS,
        Progress.STALLED,
        Progress.DEFERRED,
    }
)
"""States in which a due date that has passed makes a recommendation overdue."""

CARRIED_OUT = frozenset({Progress.IMPLEMENTED, Progress.VERIFIED})
"""States of a recommendation of which an office says that it is done, or that was proven."""

BEGUN = CARRIED_OUT | {Progress.IN_PROGRESS}
"""The same, and those in which it is being done."""

ADOPTED = frozenset({Acceptance.ACCEPTED, Acceptance.PARTLY_ACCEPTED})
"""What an office says that will do what is asked, or a part of it."""

OPEN = UNDONE | {Progress.IMPLEMENTED}
"""States in which a recommendation still waits for something; reports may be added."""
