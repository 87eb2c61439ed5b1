"""What registrars correct on a proposal: its case number, its title, who may see it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Proposal, Recommendation
from app.rules.permissions import Actor, Permission
from app.services.counts import counted
from app.services.events import change
from app.services.permissions import require


def edit_proposal(
    session: Session, actor: Actor, proposal: Proposal, values: Mapping[str, Any]
) -> None:
    """Change ``case_no``, ``title`` or ``publication``; *values* may hold a ``note``.

    The publication of a proposal is that of all its recommendations. Raises PermissionDenied.
    """
    require(actor, Permission.EDIT_PROPOSAL)
    wanted = {name: value for name, value in values.items() if name != "note"}
    changes = change(
        session,
        actor,
        proposal,
        "proposal.edited",
        wanted,
        reference=proposal.reference,
        note=values.get("note"),
    )
    if "publication" in changes:
        publish(session, actor, proposal)
    session.flush()


def publish(session: Session, actor: Actor, proposal: Proposal) -> None:
    """Give every recommendation of *proposal* its publication."""
    rows = select(Recommendation).where(Recommendation.proposal_id == proposal.id)
    recommendations = session.scalars(rows.order_by(Recommendation.id)).all()
    with counted(session, [r.id for r in recommendations]):
        for recommendation in recommendations:
            change(
                session,
                actor,
                recommendation,
                "recommendation.edited",
                {"publication": proposal.publication},
                reference=recommendation.reference,
            )
