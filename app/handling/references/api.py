"""From a reference to the record it stands for, over HTTP."""

from flask.views import MethodView

from app.core.schemas.paging import NoFilterSchema
from app.core.types import Values
from app.handling.references import queries, schemas
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.http.responses import PREFIX

blueprint = Blueprint("references", __name__)


@blueprint.route("/references/<reference:reference>")
class Reference(MethodView):
    """What one reference stands for."""

    @blueprint.reads("findReference", schemas.ReferenceSchema, NoFilterSchema, errors=(404,))
    def get(self, call: Call, filters: Values, reference: str) -> Answer:
        """Say which record a reference stands for, and where it can be read.

        References of documents, proposals, recommendations, assignments, replies, promises and
        files, as papers and letters quote them: they never change. A case number is none: lists
        find by it, as `case_no`.
        """
        found = found_or_404(queries.referred(call.session, call.actor, reference))
        return Answer(found.having(address=PREFIX + found.path))
