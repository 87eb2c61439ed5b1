"""The versions of replies, in lists."""

from functools import partial

from flask.views import MethodView

from app.core.types import Values
from app.handling.assignments.queries import assignments
from app.handling.replies import queries, schemas
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.http.paging import listing
from app.register.counting.api import as_counted
from app.register.counting.rules.figure import CountedUnit
from app.register.recommendations.api.resolving import resolved

blueprint = Blueprint("reply_list", __name__)


@blueprint.route("/replies")
class AllReplies(MethodView):
    """Versions of all replies."""

    @blueprint.reads("findReplies", schemas.ReplyPageSchema, schemas.ReplyFilterSchema)
    def get(self, call: Call, filters: Values) -> Answer:
        """List the versions of replies and joint opinions, by office, case, state or day.

        The public sees what is published; what is not is for those who handle the proposal, and
        for the staff. Texts and points are left to `getReply`.
        """
        return page_of_replies(call, filters)


@blueprint.route("/assignments/<id:assignment_id>/replies")
class AssignmentReplies(MethodView):
    """Versions of the reply of one assignment, listed."""

    @blueprint.reads(
        "listReplies", schemas.ReplyPageSchema, schemas.ReplyFilterSchema, errors=(404,)
    )
    def get(self, call: Call, filters: Values, assignment_id: int) -> Answer:
        """List the versions of the reply, or of the joint opinion, of one assignment.

        Every version stays; the last that was sent is the one that holds. Who sees which is as in
        `findReplies`.
        """
        record = found_or_404(assignments.record(call.session, call.actor, assignment_id))
        return page_of_replies(call, filters, record.id)


def page_of_replies(call: Call, filters: Values, assignment_id: int | None = None) -> Answer:
    """Return one page of the versions of replies, perhaps of one assignment."""
    values = resolved(call, filters) | as_counted(call, CountedUnit.REPLIES, filters)
    statement = queries.listed(call.actor, values, assignment_id)
    shown = partial(queries.with_references, call.session, call.actor)
    return listing(call, statement, filters, queries.ORDERS, shown=shown)
