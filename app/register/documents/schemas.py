"""Source documents over the interface."""

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.fields import Code, Line, Output
from app.core.schemas.filters import Named, Several
from app.core.schemas.output_fields import Object
from app.core.schemas.paging import ChangedFilterSchema, PageSchema
from app.core.schemas.references import (
    DocumentRefSchema,
    SessionRefSchema,
)


class DocumentSchema(Output):
    """A document, as lists show it."""

    id = fields.Integer(required=True)
    reference = fields.String(required=True)
    title = fields.String(required=True)
    subtitle = fields.String(required=True, allow_none=True)
    kind = Code(words.DocumentKind, required=True)
    level = Code(words.Level, required=True)
    publisher = fields.String(required=True, allow_none=True)
    session = Object(
        SessionRefSchema,
        required=True,
        allow_none=True,
        metadata={"description": "The session it belongs to; null where the source names none."},
    )
    sha256 = fields.String(
        required=True, metadata={"description": "Of the text's bytes in UTF-8, in hex."}
    )
    characters = fields.Integer(
        required=True, metadata={"description": "Unicode code points of the text."}
    )
    date_as_printed = fields.String(required=True, allow_none=True)
    earliest_on = fields.Date(required=True, allow_none=True)
    latest_on = fields.Date(required=True, allow_none=True)
    date_reason = fields.String(required=True, allow_none=True)
    note = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "A remark of the editors on the document; null where there is none."
        },
    )
    publication = Code(words.Publication, required=True)
    version = fields.Integer(required=True)
    updated_at = fields.AwareDateTime(required=True)


class CorrectionSchema(Output):
    """A misprint or misreading; the text itself is never edited."""

    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    as_printed = fields.String(required=True)
    as_meant = fields.String(required=True)
    reason = fields.String(
        required=True, metadata={"description": "How one can tell what was meant."}
    )
    confidence = Code(words.Confidence, required=True)


class StretchSchema(Output):
    """Characters that belong to no proposal, and why."""

    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    reason = Code(
        words.StretchReason,
        required=True,
        metadata={"description": "Why it belongs to no proposal."},
    )
    note = fields.String(required=True, allow_none=True)


class DocumentDetailSchema(DocumentSchema):
    """A document with its misprints and what in it belongs to no proposal."""

    corrections = fields.List(fields.Nested(CorrectionSchema), required=True)
    stretches = fields.List(fields.Nested(StretchSchema), required=True)
    replaces = Object(
        DocumentRefSchema,
        required=True,
        allow_none=True,
        metadata={"description": "The edition before it, which stays; null for a first one."},
    )
    replaced_by = Object(
        DocumentRefSchema,
        required=True,
        allow_none=True,
        metadata={"description": "The edition in its place; null while it is the newest."},
    )


class DocumentPageSchema(PageSchema):
    """One page of documents."""

    items = fields.List(fields.Nested(DocumentSchema), required=True)


class DocumentFilterSchema(ChangedFilterSchema):
    """Which documents to list."""

    session = Several(Named())
    level = Several(Code(words.Level))
    kind = Several(Code(words.DocumentKind))
    reference = Several(Line(40), metadata={"description": "Exactly this reference."})
