"""The list of assignments over all proposals: who has what, since when, late or in time."""

from typing import Any

import sqlalchemy as sa

from app.accounts.queries.visibility import view_of
from app.core.codes import TaskKind, TaskOutcome
from app.core.queries.filters import VERSION, among, asked
from app.core.queries.keyset import Order
from app.core.queries.rows import labelled
from app.core.rules.permissions import Actor, Permission
from app.core.types import Conditions, Given
from app.handling.assignments.rules import OPEN
from app.models import Assignment, Proposal, Recommendation, Task
from app.register.periods.queries.standing import (
    MOMENT,
    as_then,
    conditions_then,
    shown_as,
    state_then,
    stood_in,
)
from app.register.proposals.queries import short_forms
from app.register.proposals.queries.handling_visibility import assignments_seen
from app.register.recommendations.queries import lateness

A = Assignment
ANSWERS = (TaskKind.REPLY, TaskKind.REHANDLE, TaskKind.CO_OPINION)
"""Kinds of tasks that an answer of the office ends."""


def answered(outcome: TaskOutcome) -> Any:
    """Return the condition that an answer of an assignment came with this *outcome*."""
    own = (Task.assignment_id == A.id, Task.kind.in_(ANSWERS), Task.outcome == outcome)
    return sa.exists().where(*own)


DONE, LATE = answered(TaskOutcome.DONE), answered(TaskOutcome.LATE)
OUTCOME = sa.case((LATE, TaskOutcome.LATE), (DONE, TaskOutcome.DONE))
"""Late where one answer of several was, null where none was given."""

ANSWERED = {"in_time": sa.and_(DONE, sa.not_(LATE)), "late": LATE}

SHOWN = (
    A.id,
    A.reference,
    A.office_id,
    A.role,
    A.state,
    A.dispatched_on,
    A.received_on,
    A.ended_on,
    A.version,
    A.created_at,
    A.updated_at,
    OUTCOME.label("outcome"),
    VERSION,
    *labelled(Proposal, "proposal", short_forms.CASE),
    *labelled(Recommendation, "recommendation", short_forms.RECOMMENDATION),
)


def due_of(actor: Actor) -> lateness.NextDue:
    """Return when assignments are next due, as *actor* sees it."""
    return lateness.next_due(A, view_of(actor), A.proposal_id)


def orders(actor: Actor) -> dict[str, Order]:
    """Return the orders that a list of what *actor* sees can have."""
    return lateness.orders(due_of(actor), A)


CONDITIONS: Conditions = {
    "office_id": among(A.office_id),
    "state": among(A.state),
    "role": among(A.role),
    "session_id": among(Proposal.session_id),
    "case_no": among(Proposal.case_key),
    "proposal_id": among(A.proposal_id),
    "recommendation_id": among(A.recommendation_id),
    "reference": among(A.reference),
    "updated_since": lambda value: A.updated_at >= value,
    "open": lambda value: A.is_open == value,
    "answered": lambda value: ANSWERED[value],
    "counted": lambda conditions: sa.and_(*conditions),
    **conditions_then("assignment", "state", A.id),
    "open_then": lambda value: stood_in(
        "assignment",
        "state",
        lambda state: state.in_(sorted(OPEN)) == value,
        A.id,
        MOMENT,
    ),
}
"""Filter → the condition on an assignment, given its value."""


STATE_THEN = state_then("assignment", "state", A.id)
UNTOLD = frozenset({"answered", "clock", "due_after", "due_before", "overdue"})
"""Filters on what no period keeps."""


def listed(actor: Actor, filters: Given) -> sa.Select:
    """Return the SELECT of the assignments that *filters* name: an office's own, or all."""
    due = due_of(actor)
    then = as_then(filters, state="state_then", office_id="office_then", open="open_then")
    shown = shown_as([*SHOWN, *due.shown()], filters, state=STATE_THEN)
    statement = assignments_seen(actor, shown).where(
        *asked(CONDITIONS, then),
        *lateness.late(due, filters),
    )
    if "clock" in filters:
        statement = statement.where(among(due.clock)(filters["clock"]))
    if actor.may(Permission.SEE_INTERNAL):
        return statement
    return statement.where(A.office_id == actor.office_id)
