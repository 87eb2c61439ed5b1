"""Promises as they are made: by a reply that is sent, and by a case that is closed."""

from sqlalchemy import func, select

from app.core.canonical_json import as_json
from app.core.codes import (
    AssignmentState,
    CommitmentState,
    PromiseStrength,
    ReplyOutcome,
    TaskKind,
    TaskOutcome,
)
from app.core.rules.permissions import Actor
from app.core.rules.state_groups import OUT, UNDONE, reply_reference
from app.handling.assignments.services.context import Work, answers_proposers
from app.handling.commitments.rules import YEARLY
from app.handling.commitments.services.commitments import Promise
from app.models import Assignment, Commitment, Proposal, Recommendation, Reply, ReplyPoint
from app.register.recommendations.queries.recommendation_details import next_number

S = CommitmentState
O = ReplyOutcome  # noqa: E741
REFUSED = frozenset(o for o in (O.FOR_REFERENCE, O.NOT_FEASIBLE, O.REFERRED_UP))
"""Outcomes with which nothing is promised, should a check have put one in the place of another."""


def make(actor: Actor, assignment: Assignment, reply: Reply, work: Work) -> None:
    """Keep every promise of *reply*, which was sent, in the place of earlier ones still open.

    One that was missed stays: a new letter does not undo that. So does one that the new letter
    only passes over: whoever takes a promise back says so, with a reason.
    """
    points = select(ReplyPoint).where(ReplyPoint.reply_id == reply.id)
    for point in work.session.scalars(points.order_by(ReplyPoint.id)).all():
        if point.promise is not None and point.checked_outcome not in REFUSED:
            replace_former(actor, assignment, point, reply, work)
            add(actor, assignment, point, reply, work)


def replace_former(
    actor: Actor, assignment: Assignment, point: ReplyPoint, reply: Reply, work: Work
) -> None:
    """End what the office promised before about the recommendation of *point*."""
    former = select(Commitment).where(
        Commitment.office_id == assignment.office_id,
        Commitment.recommendation_id == point.recommendation_id,
        Commitment.state == S.OPEN,
    )
    for record in work.session.scalars(former.order_by(Commitment.id)).all():
        old, on = Promise(work, record), reply.sent_on or work.today
        old.end(on=on, outcome=TaskOutcome.VOID)
        changes = {"reply": (None, reply_reference(assignment.reference, reply.number))}
        values = {"state": S.REPLACED, "ended_on": on}
        old.tell(actor, "commitment.replaced", changes, values=values)


def add(
    actor: Actor, assignment: Assignment, point: ReplyPoint, reply: Reply, work: Work
) -> Commitment:
    """Keep the promise of *point*, or what it answers where it names none."""
    session, on = work.session, reply.sent_on or work.today
    about = session.get_one(Recommendation, point.recommendation_id)
    number = next_number(session, Commitment.number, Commitment.recommendation_id == about.id)
    record = Commitment(
        reference=f"{about.reference}-C{number:02d}",
        recommendation_id=about.id,
        number=number,
        proposal_id=about.proposal_id,
        point_id=point.id,
        office_id=assignment.office_id,
        state=S.OPEN,
        text=point.promise or point.text,
        strength=point.promise_strength or PromiseStrength.UNDATED,
        promised_on=point.promised_on,
        first_promised_on=point.promised_on,
        made_on=on,
    )
    session.add(record)
    session.flush()
    made = Promise(work, record)
    made.begin(TaskKind.KEEP_PROMISE, on, due_on=record.promised_on)
    made.begin(TaskKind.CONFIRM, on, limit=YEARLY)
    changes = {"text": (None, record.text), "promised_on": (None, as_json(record.promised_on))}
    made.tell(actor, "commitment.created", changes)
    return record


OWED = tuple(outcome for outcome in (O.IN_PROGRESS, O.PLANNED))
"""Outcomes after which something is still to be done."""


def keep_unpromised(actor: Actor, proposal: Proposal, work: Work) -> None:
    """Follow what *proposal*, which is closed, leaves planned or in progress and nobody follows.

    It becomes an undated promise of the office that answered so, unless an office promised
    something about it.
    """
    promised = select(Commitment.id).where(
        Commitment.recommendation_id == ReplyPoint.recommendation_id
    )
    rows = (
        select(ReplyPoint, Reply, Assignment)
        .join(Reply, Reply.id == ReplyPoint.reply_id)
        .join(Assignment, Assignment.id == ReplyPoint.assignment_id)
        .join(Recommendation, Recommendation.id == ReplyPoint.recommendation_id)
        .where(
            *answers_proposers(proposal.id),
            Assignment.state == AssignmentState.ANSWERED,
            Reply.state.in_(OUT),
            func.coalesce(ReplyPoint.checked_outcome, ReplyPoint.outcome).in_(OWED),
            Recommendation.progress.in_(UNDONE),
            ~promised.exists(),
        )
    )
    for point, reply, assignment in work.session.execute(rows.order_by(ReplyPoint.id)).all():
        add(actor, assignment, point, reply, work)
