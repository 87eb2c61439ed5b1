"""The day on which a step of a proposal was taken, and that of the step before it."""

import json
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.audit.queries.hanging_rows import OF_PROPOSAL
from app.audit.rules.sentences import new
from app.core.errors import Sentence
from app.handling.assignments.services.context import Work
from app.handling.assignments.services.step_days import wrong_step_day
from app.models import Assignment, Cosignature, Evaluation, Event, Proposal, Task

Day = InstrumentedAttribute[date] | InstrumentedAttribute[date | None]


def wrong_proposal_day(work: Work, proposal: Proposal) -> dict[str, Sentence]:
    """Return what is wrong with the day of a step of *proposal*, as fields `on` and `paper`."""
    wrong = wrong_step_day(work)
    before = last_step_day(work, proposal) if work.today < work.entered_on else None
    if before is not None and work.today < before:
        wrong["on"] = (
            f"不能早于 {before}，即此前最近一步（提交、立案、交办、签收、答复、评价等）的日期",
            f"must not be before {before}, the day of the last thing done before: submitting,"
            " filing, dispatch, receipt, a reply, a rating",
        )
    return wrong


def last_step_day(work: Work, proposal: Proposal) -> date | None:
    """Return the last day on which something was done about *proposal*, or None where none is kept.

    That is the latest of: when it was submitted and filed, when what waited for it began and
    ended, the days of its own steps, and what its offices and its proposers did.
    """
    number = proposal.id
    given = select(Assignment.id).where(Assignment.proposal_id == number)
    of_offices = Task.assignment_id.in_(given)
    kept = [
        proposal.submitted_on,
        proposal.filed_on,
        *step_days(work, proposal),
        latest(work, Task.began_on, Task.proposal_id == number, OF_PROPOSAL),
        latest(work, Task.ended_on, or_((Task.proposal_id == number) & OF_PROPOSAL, of_offices)),
        latest(work, Assignment.dispatched_on, Assignment.proposal_id == number),
        latest(work, Assignment.received_on, Assignment.proposal_id == number),
        latest(work, Evaluation.rated_on, Evaluation.assignment_id.in_(given)),
        latest(work, Cosignature.on, Cosignature.proposal_id == number),
    ]
    return max((day for day in kept if day is not None), default=None)


def latest(work: Work, column: Day, *where: ColumnElement[bool]) -> date | None:
    """Return the latest day in *column* of the rows for which *where* holds, or None."""
    with work.session.no_autoflush:
        return work.session.scalar(select(func.max(column)).where(*where))


def step_days(work: Work, proposal: Proposal) -> list[date]:
    """Return the days of the steps of *proposal*, as its events tell them."""
    rows = select(Event.changes).where(
        Event.record_type == "proposal",
        Event.record_id == proposal.id,
        Event.changes.contains('"done_on"', autoescape=True),
    )
    days = [new(json.loads(changes), "done_on") for changes in work.session.scalars(rows)]
    return [date.fromisoformat(day) for day in days if day]
