"""What registrars correct on a proposal: its case number, its title, who may see it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.services.recorder import change, record_event
from app.core.codes import HandlingState, Publication
from app.core.errors import AlreadyExists, InvalidChange
from app.core.rules.folding import folded
from app.core.rules.permissions import Actor, Permission
from app.core.services.authorization import require
from app.core.types import Given
from app.models import Document, Event, Proposal
from app.register.recommendations.services import state_tasks
from app.register.recommendations.services.holders import recommendations_of
from app.register.recommendations.services.search_texts import TITLE_LINE, with_line
from app.tasks.services import tasks


def edit_proposal(session: Session, actor: Actor, proposal: Proposal, values: Given) -> None:
    """Change ``case_no``, ``title`` or ``publication``; *values* may hold a ``note``.

    The publication of a proposal is that of all its recommendations, and of the text of a draft.
    Raises PermissionDenied, InvalidChange when it would be published before it is filed,
    AlreadyExists for a case number that another proposal of the session and kind has.
    """
    require(actor, Permission.EDIT_PROPOSAL)
    check_publication(session, proposal, values.get("publication"))
    if proposal.handling_state != HandlingState.WITHDRAWN:
        check_case_no(session, proposal, values.get("case_no"))
    before = proposal.title
    changes = change(session, actor, proposal, "proposal.edited", values)
    if "publication" in changes:
        publish(session, actor, proposal)
    if "title" in changes:
        retitle(session, actor, proposal, before)
    session.flush()


def publish(session: Session, actor: Actor, proposal: Proposal) -> None:
    """Give every recommendation of *proposal* its publication."""
    session.flush()
    publish_text(session, actor, proposal)
    recommendations = recommendations_of(session, proposal.id)
    for recommendation in recommendations:
        change(
            session,
            actor,
            recommendation,
            "recommendation.edited",
            {"publication": proposal.publication},
        )
    for recommendation in recommendations:
        state_tasks.sync_tasks(session, recommendation)
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
        message = ("立案之前不能公开", "must not be published before it is filed")
        raise InvalidChange(fields={"publication": message})


def check_case_no(
    session: Session, proposal: Proposal, case_no: str | None, series: Given | None = None
) -> None:
    """Raise AlreadyExists, naming it, when another proposal of the series has *case_no*.

    Each kind has a series of its own at each session: those that *proposal* has, or *series* says
    that it will. A case that was withdrawn frees its number.
    """
    series = {"kind": proposal.kind, "session_id": proposal.session_id, **(series or {})}
    if case_no is None:
        return
    other = select(Proposal.reference).where(
        Proposal.case_key == folded(case_no),
        Proposal.session_id.is_not_distinct_from(series["session_id"]),
        Proposal.kind == series["kind"],
        Proposal.handling_state != HandlingState.WITHDRAWN,
        Proposal.id != proposal.id,
    )
    if (known := session.scalar(other.limit(1))) is not None:
        raise AlreadyExists(what="case number", what_zh="案号", value=f"{case_no} ({known})")


def publish_text(session: Session, actor: Actor, proposal: Proposal) -> None:
    """Give the text of *proposal* its publication, where it was entered here."""
    text = session.get(Document, proposal.document_id) if proposal.document_id else None
    if text is None or text.publication is None:
        return
    values = {"publication": publication_of(session, text)}
    change(session, actor, text, "document.edited", values)
    session.flush()


def publication_of(session: Session, text: Document) -> str:
    """Return that of the proposals with *text* which is seen by most; what was withdrawn is none.

    Several may stand on the same text.
    """
    rows = select(Proposal.publication, Proposal.handling_state).where(
        Proposal.document_id == text.id
    )
    found = session.execute(rows.order_by(Proposal.id)).all()
    standing = [row for row in found if row.handling_state != HandlingState.WITHDRAWN] or found
    return min((row.publication for row in standing), key=list(Publication).index)


def retitle(session: Session, actor: Actor, proposal: Proposal, before: str) -> None:
    """Let the recommendations of *proposal* be found under its new title."""
    session.flush()
    for recommendation in recommendations_of(session, proposal.id):
        text = with_line(recommendation.search_text, TITLE_LINE, proposal.title)
        recommendation.search_text = text
        record_event(
            session,
            actor,
            recommendation,
            "recommendation.edited",
            {"proposal_title": (before, proposal.title)},
        )
