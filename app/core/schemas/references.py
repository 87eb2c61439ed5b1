"""Short forms by which records point at each other."""

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.fields import Code, Output


class TagRefSchema(Output):
    """A tag, in short."""

    slug = fields.String(required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True)


class OrganizationRefSchema(Output):
    """An organization, in short."""

    slug = fields.String(required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True, allow_none=True)


class DocumentRefSchema(Output):
    """A document, in short."""

    id = fields.Integer(required=True)
    reference = fields.String(required=True)
    title = fields.String(required=True)
    sha256 = fields.String(required=True)


class SessionRefSchema(Output):
    """A session, in short."""

    slug = fields.String(required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True, allow_none=True)


class ProposalRefSchema(Output):
    """A proposal, in short."""

    id = fields.Integer(required=True)
    reference = fields.String(required=True)
    title = fields.String(required=True)
    kind = Code(words.ProposalKind, required=True)
    document_id = fields.Integer(required=True, allow_none=True)


class RecommendationRefSchema(Output):
    """A recommendation, in short."""

    id = fields.Integer(required=True)
    reference = fields.String(required=True)
    summary_zh = fields.String(required=True)
    progress = Code(words.Progress, required=True)


class ProposerSchema(Output):
    """Who proposes: a person or an organization, and how the source prints them."""

    position = fields.Integer(required=True)
    role = Code(words.ProposerRole, required=True)
    as_printed = fields.String(required=True)
    kind = fields.String(required=True, metadata={"enum": ["person", "organization"]})
    slug = fields.String(required=True)
    name = fields.String(required=True)


class PassageSchema(Output):
    """A span of a document; offsets count Unicode code points, the end is exclusive."""

    document_id = fields.Integer(required=True)
    position = fields.Integer(required=True)
    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    text = fields.String(required=True)
