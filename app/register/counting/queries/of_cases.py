"""Conditions on proposals and assignments that parts of figures are made of."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.accounts.queries.withheld import shown_to
from app.core.codes import (
    AssignmentState,
    Channel,
    HandlingState,
    TaskKind,
    TaskOutcome,
    WithheldKind,
)
from app.core.rules.state_groups import ANSWERING, GIVEN_BACK
from app.core.types import Condition, Expression
from app.models import (
    Assignment,
    Contact,
    Proposal,
    Reply,
    Task,
)
from app.register.counting.queries.looking import Looking, Part, State, every, fixed, stands

GIVEN = aliased(Assignment, name="given_to_answer")
SENT = aliased(Reply, name="sent")
HELD_STATES = sorted(set(AssignmentState) - GIVEN_BACK)


def handling(*states: HandlingState) -> State:
    """Return the condition that a proposal stands in one of *states*."""
    own = Proposal.handling_state, Proposal.id
    return stands("proposal", "handling", *own, states)


# -- proposals -----------------------------------------------------------------------------------


RECEIVED = sorted(
    set(HandlingState) - {HandlingState.DRAFT, HandlingState.MERGED, HandlingState.WITHDRAWN}
)
KEPT = stands("assignment", "state", GIVEN.state, GIVEN.id, HELD_STATES)


def replied_by(assignment: Expression, looking: Looking) -> Condition:
    """Return the condition that a reply of *assignment* had gone out by the day."""
    return sa.exists().where(SENT.assignment_id == assignment, SENT.sent_on <= looking.day)


def given(looking: Looking) -> tuple[Condition, ...]:
    """Return the conditions on an assignment by which an office is to answer a proposal."""
    return (
        GIVEN.proposal_id == Proposal.id,
        GIVEN.parent_id.is_(None),
        GIVEN.role.in_(sorted(ANSWERING)),
        KEPT(looking),
    )


def dispatched(looking: Looking) -> Condition:
    """Return the condition that an office was given the proposal to answer."""
    return sa.exists().where(*given(looking))


def all_replied(looking: Looking) -> Condition:
    """Return the condition that no office that was given the proposal has yet to reply."""
    return sa.not_(sa.exists().where(*given(looking), sa.not_(replied_by(GIVEN.id, looking))))


# -- assignments ---------------------------------------------------------------------------------


OF_CASES = fixed(Assignment.parent_id.is_(None), Assignment.role.in_(sorted(ANSWERING)))
"""That an assignment, or a reply of it, is of an office that answers the proposers."""

OWN_CASE = every(
    OF_CASES,
    stands("assignment", "state", Assignment.state, Assignment.id, HELD_STATES),
)
DUE, ORIGINAL = Task.due_on, sa.func.coalesce(Task.original_due_on, Task.due_on)


def reply_task(*conditions: Condition) -> Condition:
    """Return the condition that the first answer of an assignment is waited for as said."""
    own = (Task.assignment_id == Assignment.id, Task.kind == TaskKind.REPLY)
    return sa.exists().where(*own, *conditions)


def answered(looking: Looking) -> tuple[Condition, ...]:
    """Return the conditions on a task that its answer had come by the day."""
    return Task.outcome.in_([TaskOutcome.DONE, TaskOutcome.LATE]), Task.ended_on <= looking.day


def in_time(due: Expression) -> Part:
    """Return the part of what was answered by the day *due*."""
    return lambda looking: [
        *OWN_CASE(looking),
        reply_task(*answered(looking), Task.ended_on <= due),
    ]


def timed(due: Expression) -> Part:
    """Return the part of what was answered, or is overdue by the day *due*."""

    def conditions(looking: Looking) -> list[Condition]:
        waits = sa.or_(Task.ended_on.is_(None), Task.ended_on > looking.day)
        void = sa.func.coalesce(Task.outcome, "") == TaskOutcome.VOID
        overdue = sa.and_(waits, sa.not_(void), due < looking.day)
        done = sa.and_(*answered(looking), due.is_not(None))
        return [*OWN_CASE(looking), reply_task(sa.or_(done, overdue))]

    return conditions


def undated(looking: Looking) -> list[Condition]:
    """Return the conditions of what was answered and had no due day."""
    return [*OWN_CASE(looking), reply_task(*answered(looking), DUE.is_(None))]


def met(looking: Looking) -> list[Condition]:
    """Return the conditions of what a meeting or a visit was noted of, as it holds."""
    later = aliased(Contact)
    mended = sa.exists().where(later.corrects_id == Contact.id)
    noted = sa.exists().where(
        Contact.assignment_id == Assignment.id,
        Contact.channel.in_([Channel.MEETING, Channel.VISIT]),
        Contact.on <= looking.day,
        sa.not_(mended),
        shown_to(looking.actor, WithheldKind.CONTACT, Contact.id),
    )
    return [*OWN_CASE(looking), noted]


def has_replied(looking: Looking) -> Condition:
    """Return the condition that a reply of the assignment had gone out."""
    return replied_by(Assignment.id, looking)


def has_not_replied(looking: Looking) -> Condition:
    """Return the condition that none had."""
    return sa.not_(has_replied(looking))


def answered_by() -> sa.Select:
    """Return the SELECT of the proposals, each with the offices that are to answer it."""
    answering = (GIVEN.parent_id.is_(None), GIVEN.role.in_(sorted(ANSWERING)))
    has_it = GIVEN.state.in_(HELD_STATES)
    return sa.select(GIVEN.proposal_id, GIVEN.office_id).where(*answering, has_it).distinct()


def first_reply(looking: Looking) -> Expression:
    """Return the day on which the first reply of an assignment had gone out by the day."""
    sent = sa.select(sa.func.min(SENT.sent_on)).where(
        SENT.assignment_id == Assignment.id, SENT.sent_on <= looking.day
    )
    return sa.type_coerce(sent.correlate(Assignment).scalar_subquery(), sa.Date)
