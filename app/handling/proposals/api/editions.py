"""Another edition of a text that was entered by hand, over HTTP."""

from flask.views import MethodView

from app.core.types import Values
from app.handling.assignments.api.assignment_details import work_of
from app.handling.proposals.schemas.splitting import TextEditionInputSchema
from app.handling.proposals.services.draft_checks import Quote
from app.handling.proposals.services.editions import Edition, revise
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.models import Document
from app.register.documents import queries
from app.register.documents.schemas import DocumentDetailSchema

blueprint = Blueprint("editions", __name__)


@blueprint.route("/documents/<id:document_id>/editions")
class TextEditions(MethodView):
    """Editions of one text."""

    @blueprint.writes(
        "reviseText",
        DocumentDetailSchema,
        TextEditionInputSchema,
        find=queries.record,
        made="/documents/{record.id}",
        errors=(409,),
    )
    def post(self, call: Call, record: Document, values: Values) -> Answer:
        """Put another edition in the place of a text that was entered by hand.

        Proposals and recommendations are carried along where the new text holds their words just
        once; what it does not is named and nothing changes. The former edition stays.
        """
        quotes = {
            one["recommendation"]: [Quote(**quote) for quote in one["quotes"]]
            for one in values["passages"]
        }
        edition = Edition(values["text"], values["reason"], quotes)
        made = revise(call.actor, record, edition, work_of(call))
        found = found_or_404(queries.document(call.session, call.actor, made.id))
        return Answer(found, version=found.version)
