"""What the list of recommendations brings along of each, when it is asked to."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.core.queries.rows import View
from app.core.types import Row
from app.register.documents.queries import documents_by_id
from app.register.people.queries import sittings
from app.register.proposals.queries import proposers
from app.register.recommendations.queries.recommendation_details import passages_of


def expanded_rows(session: Session, expand: Sequence[str], rows: Sequence[Row]) -> list[View]:
    """Return *rows* with what *expand* names: their passages, document, session and proposers.

    They are what the page of each recommendation shows to whoever sees it, each read at once.
    """
    proposals = {row.proposal_id for row in rows}
    views = [View.of(row) for row in rows]
    if "passages" in expand:
        words = passages_of(session, "recommendation_id", [row.id for row in rows])
        views = [view.having(passages=words[view.id]) for view in views]
    if "document" in expand:
        documents = documents_by_id(session, {row.proposal_document_id for row in rows})
        views = [view.having(document=documents.get(view.proposal_document_id)) for view in views]
    if "session" in expand:
        found = sittings.sittings_of_proposals(session, proposals)
        views = [view.having(session=found.get(view.proposal_id)) for view in views]
    if "proposers" in expand:
        people = proposers.proposers(session, sorted(proposals))
        views = [view.having(proposers=people[view.proposal_id]) for view in views]
    return views
