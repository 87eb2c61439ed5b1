"""Documents over HTTP."""

from flask import Response
from flask.views import MethodView

from app.core.schemas.paging import NoFilterSchema
from app.core.types import Values
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.http.paging import listing
from app.register.documents import queries, schemas
from app.register.recommendations.api.resolving import resolved

documents = Blueprint("documents", __name__)


@documents.route("/documents")
class Documents(MethodView):
    """All documents."""

    @documents.reads("listDocuments", schemas.DocumentPageSchema, schemas.DocumentFilterSchema)
    def get(self, call: Call, filters: Values) -> Answer:
        """List the source documents with their SHA-256.

        The whole text of one is a separate reading: see `getDocumentText`.
        """
        statement = queries.documents(call.actor, resolved(call, filters))
        return listing(
            call,
            statement,
            filters,
            queries.ORDERS,
            shown=lambda rows: queries.with_sessions(call.session, rows),
        )


@documents.route("/documents/<id:document_id>")
class DocumentById(MethodView):
    """One document."""

    @documents.reads(
        "getDocument",
        schemas.DocumentDetailSchema,
        NoFilterSchema,
        errors=(404,),
    )
    def get(self, call: Call, filters: Values, document_id: int) -> Answer:
        """Show a document with its misprints and what in it belongs to no proposal, and why.

        Offsets are Unicode code points of the text as it came, so that what is shown can be
        laid beside the very characters. In JavaScript, slice `Array.from(text)`, not the
        string.
        """
        found = found_or_404(queries.document(call.session, call.actor, document_id))
        return Answer(found, version=found.version)


@documents.route("/documents/<id:document_id>/text")
class DocumentText(MethodView):
    """The text of one document."""

    @documents.reads("getDocumentText", None, NoFilterSchema, errors=(404,))
    def get(self, call: Call, filters: Values, document_id: int) -> Response:
        """Give the text of a document, byte for byte as it came.

        Passages count Unicode code points of this text; its SHA-256 is the document's.
        """
        found = found_or_404(queries.document_text(call.session, call.actor, document_id))
        response = Response(found.text.encode(), mimetype="text/plain")
        response.set_etag(found.sha256)
        response.headers["Cache-Control"] = "private, no-cache"
        return response
