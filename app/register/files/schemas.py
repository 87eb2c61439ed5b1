"""Files that prove something, and the lists of evidence that name them."""

from typing import Any

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.fields import Code, Flag, Input, Line, Link, Output
from app.core.schemas.messages import Messages, say
from app.core.schemas.output_fields import Cached
from app.core.schemas.paging import PageSchema
from app.core.schemas.references import OrganizationRefSchema, withheld
from app.core.types import Given

REFERENCE = 60


class EvidenceSchema(Output):
    """Something that proves what is said: a link, or a file of the register."""

    title = fields.String(required=True)
    url = fields.String(
        required=True,
        metadata={
            "description": "Where it can be seen; of a file where its content is, on this server."
        },
    )
    file = fields.String(metadata={"description": "The reference of the file; absent for a link."})
    sha256 = fields.String(metadata={"description": "Of the content of the file."})


class EvidenceInputSchema(Input):
    """Something that proves what is said: what it is, and either a link or a file."""

    title = Line(200, required=True)
    url = Link(metadata={"description": "Where it can be seen; not with `file`."})
    file = Line(
        REFERENCE,
        metadata={"description": "The reference of a file of the same proposal; not with `url`."},
    )


class Filename(Line):
    """The name of a file as it is shown: without a folder, with its extension."""

    default_error_messages: Messages = {
        "sign": say(
            '文件名不能含有 \\ / : * ? " < > |', 'holds one of the signs \\ / : * ? " < > |'
        )
    }

    def __init__(self, **kwargs: Any) -> None:
        """Allow 200 characters."""
        super().__init__(200, **kwargs)

    def _deserialize(
        self, value: object, attr: str | None, data: Given | None, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if set(text) & set('\\/:*?"<>|'):
            raise self.make_error("sign")
        return text


class UploadSchema(Input):
    """What a file is called, who may see it, and in whose place it comes."""

    filename = Filename(
        required=True,
        metadata={
            "description": "With its extension, which says what it is: pdf, ofd, docx, xlsx, pptx,"
            " doc, xls, wps, et, jpg, jpeg, png, txt or csv. Needed where the body is the file"
            " itself.",
            "example": "竣工验收报告.pdf",
        },
    )
    internal = Flag(
        load_default=False,
        metadata={
            "description": "true: never for the public, whatever it is attached to. Otherwise it"
            " is internal until a report, a reply or a promise that names it is published, and as"
            " public as that from then on."
        },
    )
    supersedes = Line(
        REFERENCE,
        metadata={
            "description": "The reference of the file of the same office that this one replaces."
        },
    )


class FilePart(fields.Raw):
    """A part of a form that is a file; it is taken in before the other fields are loaded."""


class UploadInputSchema(UploadSchema):
    """A form with a file, and with what else is told of it."""

    file = FilePart(
        required=True,
        metadata={
            "type": "string",
            "format": "binary",
            "description": "The file, as one part with a file name; folders before that are left"
            " out.",
        },
    )
    filename = Filename(
        metadata={
            "description": "With its extension, in the place of the name that the part itself has.",
            "example": "竣工验收报告.pdf",
        },
    )


class ProposalFileSchema(Output):
    """A file of a proposal; its content never changes."""

    id = fields.Integer(required=True)
    reference = fields.String(required=True)
    proposal_id = fields.Integer(required=True)
    filename = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "In bytes."})
    sha256 = fields.String(required=True)
    publication = Code(
        words.Publication,
        required=True,
        metadata={
            "description": "`internal` until something that it proves is published, and while it,"
            " or all of that, is withheld."
        },
    )
    is_internal = fields.Boolean(
        required=True,
        metadata={"description": "Whether it stays internal whatever it is attached to."},
    )
    office = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="office_id",
        on="created_at",
        required=True,
        allow_none=True,
        metadata={"description": "The office that added it; null where the staff did."},
    )
    attached_to = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "References of recommendations, replies and promises."},
    )
    supersedes = fields.String(required=True, allow_none=True)
    superseded_by = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "The newer one in its place; null where there is none, or the caller may"
            " not see it."
        },
    )
    withheld = withheld()
    version = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class ProposalFilePageSchema(PageSchema):
    """One page of files."""

    items = fields.List(fields.Nested(ProposalFileSchema), required=True)
