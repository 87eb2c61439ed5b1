"""What a reference stands for, as far as an actor may see it."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from app.core.queries.rows import View
from app.core.rules.permissions import Actor
from app.handling.assignments.queries import assignments
from app.handling.commitments import queries as commitments
from app.handling.replies import queries as replies
from app.register.documents import queries as documents
from app.register.files.queries import files
from app.register.proposals.queries import proposals
from app.register.recommendations.queries import recommendations

FINDERS: dict[str, tuple[str, Callable[[Session, Actor, str], object | None]]] = {
    "recommendation": ("/recommendations/{0.id}", recommendations.by_reference),
    "proposal": ("/proposals/{0.id}", proposals.by_reference),
    "document": ("/documents/{0.id}", documents.by_reference),
    "assignment": ("/assignments/{0.id}", assignments.by_reference),
    "commitment": ("/commitments/{0.id}", commitments.by_reference),
    "file": ("/files/{0.id}", files.by_reference),
    "reply": ("/assignments/{0.assignment_id}/replies/{0.number}", replies.named_reply),
}
"""Kind of record → where one is, and what finds it by its reference where the actor may see it."""


def referred(session: Session, actor: Actor, reference: str) -> View | None:
    """Return what *reference* stands for, and its path, or None; each record has its own."""
    for kind, (path, find) in FINDERS.items():
        found = find(session, actor, reference)
        if found is not None:
            number = getattr(found, "assignment_id" if kind == "reply" else "id")
            return View(reference=reference, record_type=kind, id=number, path=path.format(found))
    return None
