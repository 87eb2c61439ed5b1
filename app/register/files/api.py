"""Files that prove something: taken in, listed, given out."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from flask import Response
from flask.views import MethodView
from werkzeug.http import dump_options_header

from app.core.codes import Publication
from app.core.schemas.messages import say
from app.core.schemas.paging import ChangedFilterSchema, NoFilterSchema
from app.core.types import Values
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call, found_or_404
from app.http.context import Upload
from app.http.paging import listing
from app.http.problems import Invalid
from app.http.responses import part_of
from app.http.uploads import BINARY, held, settle, store
from app.models import File, Proposal
from app.register.files import schemas, services
from app.register.files.queries import files as queries
from app.register.files.rules.files import FORMATS, Format, format_of, mistake
from app.register.proposals.queries import proposals
from app.register.recommendations.api.resolving import named_record

blueprint = Blueprint("files", __name__)

CONTENT_POLICY = "default-src 'none'; sandbox"
"""A file is saved and not shown; where a browser shows it all the same it can do nothing."""


@contextmanager
def checked(values: Values, upload: Upload) -> Iterator[None]:
    """Hold what came in while the block writes the record of it.

    Raises Invalid for content that is not what its name says, before it is held.
    """
    message = mistake(type_of(values["filename"]), upload.file)
    if message is not None:
        raise Invalid({"content": [say(*message)]})
    with held(upload):
        yield


def type_of(filename: str) -> Format:
    """Return what *filename* says that it is; raise Invalid for what is not taken."""
    found = format_of(filename)
    if found is None:
        known = ", ".join(FORMATS)
        message = say(f"只接受这些类型：{known}", f"only these types are taken: {known}")
        raise Invalid({"filename": [message]})
    return found


def file_answer(call: Call, record: File) -> Answer:
    """Return one file as the caller sees it."""
    shown = queries.file_views(call.session, call.actor, [record])[0]
    return Answer(shown, version=record.version)


@blueprint.route("/proposals/<id:proposal_id>/files")
class ProposalFiles(MethodView):
    """Files of one proposal."""

    @blueprint.reads(
        "listFiles", schemas.ProposalFilePageSchema, ChangedFilterSchema, errors=(404,)
    )
    def get(self, call: Call, filters: Values, proposal_id: int) -> Answer:
        """List the files of a proposal, also those that were superseded.

        The public sees those that are attached to something public.
        """
        found_or_404(proposals.record(call.session, call.actor, proposal_id))
        return listing(
            call,
            queries.listed(call.actor, proposal_id, filters),
            filters,
            queries.ORDERS,
            shown=lambda rows: queries.file_views(call.session, call.actor, rows),
        )

    @blueprint.uploads(
        "uploadFile",
        schemas.ProposalFileSchema,
        schemas.UploadSchema,
        form=schemas.UploadInputSchema,
        find=proposals.record,
        part=services.require_part_in,
        named=lambda values: type_of(values["filename"]),
        holding=checked,
        made="/files/{record.id}",
    )
    def post(self, call: Call, record: Proposal, values: Values) -> Answer:
        """Add a file to a proposal: its bytes are the body, or one part of a form.

        As the body it needs `filename` in the query. In a form (`multipart/form-data`) its part is
        `file`, which brings its name, and all else are fields of the form; empty ones are as none.
        It is attached to something by naming its reference in the evidence of a report, a step,
        a promise, or among the attachments of a reply. Never replaced: a newer one supersedes it
        and takes its place, and both stay.
        """
        upload = call.upload
        content = services.Content(
            filename=values["filename"],
            media_type=type_of(values["filename"]).media_type,
            size=upload.size,
            sha256=upload.sha256,
        )
        made = services.add(
            call.session,
            call.actor,
            record,
            content,
            publication=Publication.INTERNAL if values["internal"] else Publication.PUBLISHED,
            supersedes=named_record(
                values,
                "supersedes",
                lambda name: queries.by_reference(call.session, call.actor, name),
            ),
        )
        settle(upload)
        return file_answer(call, made)


@blueprint.route("/files/<id:file_id>")
class FileById(MethodView):
    """One file."""

    @blueprint.reads("getFile", schemas.ProposalFileSchema, NoFilterSchema, errors=(404,))
    def get(self, call: Call, filters: Values, file_id: int) -> Answer:
        """Show what a file is, whose, and what it is attached to.

        An internal file is absent to whoever may not see it, and is named nowhere else
        either.
        """
        return file_answer(call, found_or_404(queries.record(call.session, call.actor, file_id)))


@blueprint.route("/files/<id:file_id>/content")
class FileContent(MethodView):
    """The content of one file."""

    @blueprint.reads(
        "getFileContent",
        None,
        NoFilterSchema,
        errors=(404, 416),
        content_type=BINARY,
        in_parts=True,
    )
    def get(self, call: Call, filters: Values, file_id: int) -> Response:
        """Give the content of a file, byte for byte as it came, to be saved under its name.

        It is bytes to whoever asks, never shown in a browser's page; which type they are of
        stands in `media_type` of the file. `ETag` is its SHA-256, so a known file costs a 304, and
        what broke off goes on with `Range`.
        """
        found = found_or_404(queries.record(call.session, call.actor, file_id))
        response = Response(store().pieces(found.sha256), mimetype=BINARY)
        response.content_length = found.size
        response.set_etag(found.sha256)
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Content-Disposition"] = disposition(found)
        response.headers["Content-Security-Policy"] = CONTENT_POLICY
        return part_of(response, found.size)


def disposition(file: File) -> str:
    """Return the header that names a download: for old readers by its reference (RFC 6266)."""
    extension = file.filename.rpartition(".")[2].lower()
    names = {"filename": f"{file.reference}.{extension}"}
    return dump_options_header(
        "attachment", names | {"filename*": f"UTF-8''{quote(file.filename, safe='')}"}
    )
