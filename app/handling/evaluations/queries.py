"""The forms on which proposers rated replies, in one list."""

import sqlalchemy as sa

from app.accounts.queries.withheld import shown_to
from app.audit.queries.events import SHOWN_NAME
from app.core.base import columns_of
from app.core.codes import WithheldKind
from app.core.queries.filters import VERSION, among, asked
from app.core.queries.keyset import by_number
from app.core.queries.rows import labelled
from app.core.rules.permissions import Actor, Permission
from app.core.types import Conditions, Given
from app.models import Assignment, Evaluation, Event, Proposal, Reply, SealedValue
from app.register.proposals.queries import short_forms
from app.register.proposals.queries.handling_visibility import SENT_BY, assignments_seen

E = Evaluation
SHOWN = (
    *(getattr(E, name).label(name) for name in columns_of(E)),
    SHOWN_NAME.label("entered_by"),
    Assignment.reference.label("assignment_reference"),
    Reply.number.label("reply_number"),
    SENT_BY.label("office_id"),
    *labelled(Proposal, "proposal", short_forms.CASE),
    VERSION,
)
ORDERS = by_number(E.id, "id")
CONDITIONS: Conditions = {
    "office_id": among(SENT_BY),
    "proposal_id": among(Assignment.proposal_id),
    "session_id": among(Proposal.session_id),
    "counted": lambda conditions: sa.and_(*conditions),
}
"""Filter → the condition on a form, given its value."""


def listed(actor: Actor, filters: Given) -> sa.Select:
    """Return the SELECT of the forms that *filters* name: of an office's replies, or of all.

    Of what passed to another office, the present one has them.
    """
    statement = (
        assignments_seen(actor, SHOWN)
        .join(E, E.assignment_id == Assignment.id)
        .join(Reply, Reply.id == E.reply_id)
        .join(Event, Event.sequence == E.sequence)
        .outerjoin(SealedValue, SealedValue.seal == Event.actor_seal)
        .where(shown_to(actor, WithheldKind.EVALUATION, E.id), *asked(CONDITIONS, filters))
    )
    if actor.may(Permission.SEE_INTERNAL):
        return statement
    return statement.where(Assignment.office_id == actor.office_id)
