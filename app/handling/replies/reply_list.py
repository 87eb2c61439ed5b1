"""The list of the versions of replies: of whom, about which case, in which state."""

from collections.abc import Sequence

import sqlalchemy as sa

from app.core.queries.filters import VERSION, among, asked
from app.core.queries.keyset import by_number
from app.core.queries.rows import View, as_text
from app.core.rules.permissions import Actor
from app.core.rules.state_groups import reply_reference
from app.core.types import Conditions, Given, Row
from app.models import Assignment, Proposal, Reply
from app.register.proposals.queries.handling_visibility import replies_seen

A = Assignment
SHOWN = (
    Reply.id,
    Reply.assignment_id,
    Reply.number,
    Reply.round.label("round"),
    Reply.state,
    Reply.document_no,
    Reply.drafted_on,
    Reply.sent_on,
    Reply.published_on,
    A.reference.label("assignment_reference"),
    A.office_id,
    A.role,
    Proposal.id.label("proposal_id"),
    Proposal.reference.label("proposal_reference"),
    Proposal.title.label("proposal_title"),
    Proposal.kind.label("proposal_kind"),
    Proposal.document_id.label("proposal_document_id"),
    Proposal.case_no.label("proposal_case_no"),
    VERSION,
)
ORDERS = by_number(Reply.id, "id")
CONDITIONS: Conditions = {
    "office_id": among(A.office_id),
    "role": among(A.role),
    "proposal_id": among(A.proposal_id),
    "case_no": among(Proposal.case_no),
    "session_id": among(Proposal.session_id),
    "state": among(Reply.state),
    "sent_before": lambda value: Reply.sent_on < value,
    "sent_after": lambda value: Reply.sent_on > value,
    "published_before": lambda value: Reply.published_on < value,
    "published_after": lambda value: Reply.published_on > value,
}
"""Filter → the condition on a version, given its value."""


def listed(actor: Actor, filters: Given, assignment_id: int | None) -> sa.Select:
    """Return the SELECT of the versions that *filters* name, perhaps of one assignment."""
    statement = replies_seen(actor, as_text(SHOWN)).where(*asked(CONDITIONS, filters))
    return statement if assignment_id is None else statement.where(A.id == assignment_id)


def named(rows: Sequence[Row]) -> list[View]:
    """Return rows of listed() with the references of the versions."""
    return [
        View.of(row, reference=reply_reference(row.assignment_reference, row.number))
        for row in rows
    ]
