"""What registrars correct on a proposal: its case number, its title, who may see it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import InvalidChange
from app.models import Document, Event, Proposal, Recommendation
from app.rules.permissions import Actor, Permission
from app.rules.vocabularies import HandlingState, Publication
from app.services import tasks
from app.services.counts import counted
from app.services.events import change, record_event
from app.services.permissions import require
from app.services.recommendations import TITLE_LINE, with_line


def edit_proposal(
    session: Session, actor: Actor, proposal: Proposal, values: Mapping[str, Any]
) -> None:
    """Change ``case_no``, ``title`` or ``publication``; *values* may hold a ``note``.

    The publication of a proposal is that of all its recommendations, and of the text of a draft.
    Raises PermissionDenied, InvalidChange when it would be published before it is filed.
    """
    require(actor, Permission.EDIT_PROPOSAL)
    check_publication(session, proposal, values.get("publication"))
    before = proposal.title
    changes = change(
        session, actor, proposal, "proposal.edited", values, reference=proposal.reference
    )
    if "publication" in changes:
        publish(session, actor, proposal)
    if "title" in changes:
        retitle(session, actor, proposal, before)
    session.flush()


def publish(session: Session, actor: Actor, proposal: Proposal) -> None:
    """Give every recommendation of *proposal* its publication."""
    session.flush()
    publish_text(session, actor, proposal)
    recommendations = recommendations_of(session, proposal)
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
    for recommendation in recommendations:
        tasks.follow(session, recommendation)
    tasks.publish(session, proposal.id, proposal.publication)


def check_publication(session: Session, proposal: Proposal, wanted: str | None) -> None:
    """Raise InvalidChange when *proposal*, which was entered here, is not filed and gets public."""
    text = session.get(Document, proposal.document_id) if proposal.document_id else None
    if wanted != Publication.PUBLISHED or text is None or text.publication is None:
        return
    filed = select(Event.sequence).where(
        Event.record_type == "proposal",
        Event.record_id == proposal.id,
        Event.operation == f"proposal.{HandlingState.FILED}",
    )
    if session.scalar(filed.limit(1)) is None:
        told = ("立案之前不能公开", "must not be published before it is filed")
        raise InvalidChange(fields={"publication": told})


def publish_text(session: Session, actor: Actor, proposal: Proposal) -> None:
    """Give the text of *proposal* its publication, where the text is its alone."""
    text = session.get(Document, proposal.document_id) if proposal.document_id else None
    if text is None or text.publication is None:
        return
    newest = select(func.max(Proposal.id)).where(Proposal.document_id == text.id)
    if session.scalar(newest) != proposal.id:  # another took its place, with the same text
        return
    values = {"publication": proposal.publication}
    change(session, actor, text, "document.edited", values, reference=text.reference)
    session.flush()


def retitle(session: Session, actor: Actor, proposal: Proposal, before: str) -> None:
    """Let the recommendations of *proposal* be found under its new title."""
    session.flush()
    for recommendation in recommendations_of(session, proposal):
        text = with_line(recommendation.search_text, TITLE_LINE, proposal.title)
        recommendation.search_text = text
        record_event(
            session,
            actor,
            recommendation,
            "recommendation.edited",
            {"proposal_title": (before, proposal.title)},
            reference=recommendation.reference,
        )


def recommendations_of(session: Session, proposal: Proposal) -> Sequence[Recommendation]:
    """Return the recommendations of *proposal*, in order."""
    rows = select(Recommendation).where(Recommendation.proposal_id == proposal.id)
    return session.scalars(rows.order_by(Recommendation.id)).all()
