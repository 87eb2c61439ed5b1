"""What hangs on the records that events explain: rows that a record's hash covers as well."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.core.base import columns_of
from app.core.types import Condition, Expression, Model, Row
from app.models import (
    AccessKey,
    Approval,
    Assignment,
    Attachment,
    Commitment,
    Contact,
    Cosignature,
    Countersignature,
    DelayExplanation,
    Evaluation,
    Exchange,
    Extension,
    File,
    KeySecret,
    Milestone,
    Notice,
    Organization,
    OrganizationName,
    Press,
    Proposal,
    ProposalMark,
    Remark,
    Reply,
    ReplyPoint,
    Task,
)

FOLLOWS = sa.and_(
    Task.assignment_id.is_(None),
    Task.commitment_id.is_(None),
    Task.recommendation_id.is_not(None),
)
"""Tasks that follow from the state of a recommendation; each other one is covered by events."""

OF_PROPOSAL = sa.and_(
    Task.assignment_id.is_(None),
    Task.commitment_id.is_(None),
    Task.recommendation_id.is_(None),
)
"""Tasks about a proposal as a whole, before its dispatch."""


class Hanging(NamedTuple):
    """Rows of *model* that hang on the record whose id is *owner*, where *there* holds."""

    model: Model
    owner: Expression
    there: Condition = sa.true()


HANGING: dict[Model, dict[str, Hanging]] = {
    AccessKey: {"secrets": Hanging(KeySecret, KeySecret.key_id)},
    Approval: {"exchanges": Hanging(Exchange, Exchange.approval_id)},
    Assignment: {
        "contacts": Hanging(Contact, Contact.assignment_id),
        "countersignatures": Hanging(Countersignature, Countersignature.assignment_id),
        "evaluations": Hanging(Evaluation, Evaluation.assignment_id),
        "explanations": Hanging(DelayExplanation, DelayExplanation.assignment_id),
        "extensions": Hanging(Extension, Extension.assignment_id),
        "notices": Hanging(Notice, Notice.assignment_id),
        "points": Hanging(ReplyPoint, ReplyPoint.assignment_id),
        "presses": Hanging(Press, Press.assignment_id),
        "replies": Hanging(Reply, Reply.assignment_id),
        "tasks": Hanging(Task, Task.assignment_id),
    },
    Commitment: {
        "milestones": Hanging(Milestone, Milestone.commitment_id),
        "notices": Hanging(Notice, Notice.commitment_id),
        "remarks": Hanging(Remark, Remark.commitment_id),
        "tasks": Hanging(Task, Task.commitment_id),
    },
    File: {"attachments": Hanging(Attachment, Attachment.file_id)},
    Organization: {"names": Hanging(OrganizationName, OrganizationName.organization_id)},
    Proposal: {
        "cosignatures": Hanging(Cosignature, Cosignature.proposal_id),
        "marks": Hanging(ProposalMark, ProposalMark.proposal_id),
        "notices": Hanging(
            Notice, Task.proposal_id, sa.and_(Notice.task_id == Task.id, OF_PROPOSAL)
        ),
        "tasks": Hanging(Task, Task.proposal_id, OF_PROPOSAL),
    },
}
"""What hangs on a record, by its role."""

Hung = Mapping[str, Sequence[Row]]
"""The rows that hang on a record by their role, in the order of their ids."""


def hanging_on(session: Session, model: Model, number: int) -> Hung:
    """Return the rows that hang on the record *number* of *model*."""
    with session.no_autoflush:
        return {
            role: session.execute(statement, {"number": number}).all()
            for role, statement in statements(model, False).items()  # type: ignore[arg-type]
        }


def hanging_on_each(session: Session, model: Model, numbers: Sequence[int]) -> dict[int, Hung]:
    """Return the same of each of the records *numbers*, by a statement for each role."""
    found: dict[int, dict[str, list[Row]]] = {number: {} for number in numbers}
    for role, statement in statements(model, True).items():  # type: ignore[arg-type]
        for row in session.execute(statement, {"numbers": numbers}):
            found[row.owner].setdefault(role, []).append(row)
    return {**found}


@cache
def statements(model: Model, of_several: bool) -> dict[str, sa.Select]:
    """Return the SELECT, by role, of all that hangs on the record *number* of *model*.

    Of several it is that of *numbers*, and each row says its ``owner`` as well.
    """
    found = {}
    for role, one in HANGING.get(model, {}).items():
        columns: list[Expression] = [getattr(one.model, name) for name in columns_of(one.model)]
        own: Condition
        if of_several:
            own = one.owner.in_(sa.bindparam("numbers", expanding=True))
            columns.append(one.owner.label("owner"))
        else:
            own = one.owner == sa.bindparam("number")
        rows = sa.select(*columns).where(own, one.there)
        found[role] = rows.order_by(one.model.id)
    return found
