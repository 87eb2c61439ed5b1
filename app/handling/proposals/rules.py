"""The steps of a proposal that someone decides on: from the draft to the archive.

What lies between dispatch and evaluation follows from the assignments; see
services/proposal_status.py. The states are those of the register's domain paper.
"""

from app.core.codes import HandlingState, Need
from app.core.rules.permissions import Permission
from app.core.rules.workflow import Step, Workflow

S, N = HandlingState, Need
FILE = Permission.FILE
REASON = frozenset({N.REASON})

REVIEW = (
    Step(S.DRAFT, S.SUBMITTED, FILE),
    Step(S.RETURNED_FOR_EDIT, S.SUBMITTED, FILE),
    Step(S.SUBMITTED, S.UNDER_REVIEW, FILE),
    Step(S.UNDER_REVIEW, S.FILED, FILE),
    Step(S.UNDER_REVIEW, S.NOT_FILED, FILE, frozenset({N.REASON_CODE})),
    Step(S.UNDER_REVIEW, S.RETURNED_FOR_EDIT, FILE, REASON),
    Step(S.UNDER_REVIEW, S.TRANSFERRED, FILE, REASON),
    Step(S.FILED, S.TRANSFERRED, FILE, REASON),
    Step(S.UNDER_REVIEW, S.MERGED, FILE, frozenset({N.INTO})),
    Step(S.FILED, S.MERGED, FILE, frozenset({N.INTO})),
)

WITHDRAWN = tuple(
    Step(state, S.WITHDRAWN, FILE, REASON)
    for state in (
        S.DRAFT,
        S.SUBMITTED,
        S.UNDER_REVIEW,
        S.RETURNED_FOR_EDIT,
        S.FILED,
        S.DISPATCHED,
        S.IN_PROGRESS,
        S.REPROCESSING,
    )
)

ENDING = (
    Step(S.REPLIED, S.CLOSED, FILE, REASON),
    Step(S.EVALUATED, S.CLOSED, FILE),
    Step(S.CLOSED, S.ARCHIVED, FILE),
)

BACK = (
    Step(S.WITHDRAWN, S.SUBMITTED, FILE, REASON),
    Step(S.NOT_FILED, S.UNDER_REVIEW, FILE, REASON),
    Step(S.TRANSFERRED, S.UNDER_REVIEW, FILE, REASON),
)
"""Steps back from where a proposal ended, and its recommendations with it."""

PROPOSAL = Workflow(
    name="proposal",
    record="proposal",
    thing=("提案", "the proposal"),
    operation="moveProposal",
    initial=S.DRAFT,
    steps=(*REVIEW, *WITHDRAWN, *ENDING, *BACK),
)


REWRITABLE = frozenset({S.DRAFT, S.RETURNED_FOR_EDIT})
"""States in which another text may take the place of a proposal's."""

HOLDS_MERGED = frozenset({S.FILED, S.DISPATCHED, S.IN_PROGRESS})
"""States of the proposal into which another can be merged: not answered yet."""


RELEASES = frozenset({S.WITHDRAWN, S.TRANSFERRED})
"""Steps after which a proposal answers nothing, so what was merged into it is reviewed again."""
