"""Short forms by which records point at each other."""

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.fields import Code, Number, Output
from app.core.schemas.output_fields import Cached


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


class CategorySchema(Output):
    """A category under the edition of its scheme in which it was given."""

    scheme = fields.String(required=True, metadata={"description": "Reference of the edition."})
    code = fields.String(required=True, metadata={"description": "The category in it."})
    label_zh = fields.String(required=True)
    label_en = fields.String(required=True)


class MarkSchema(Output):
    """What a body calls a proposal, such as excellent."""

    kind = Code(words.MarkKind, required=True)
    on = fields.Date(required=True, metadata={"description": "The day it was given."})
    given_by = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="giver_id",
        on="on",
        required=True,
        metadata={"description": "Who gave it."},
    )
    paper = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What it rests on; null where its words are withheld."},
    )
    note = fields.String(required=True, allow_none=True)


class PassageSchema(Output):
    """A span of a document; offsets count Unicode code points, the end is exclusive."""

    document_id = fields.Integer(required=True)
    position = fields.Integer(required=True)
    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    text = fields.String(required=True)


class WithheldSchema(Output):
    """How something is withheld from the public, as its office and the staff are told."""

    id = fields.Integer(required=True, metadata={"description": "Number of the withholding."})
    reason = fields.String(required=True)
    withheld_by = fields.String(required=True)
    withheld_at = fields.AwareDateTime(required=True, attribute="created_at")


def withheld() -> fields.Nested:
    """Return the field that says how a record is withheld."""
    return fields.Nested(
        WithheldSchema,
        required=True,
        allow_none=True,
        metadata={
            "description": "How it is withheld from the public; null: it is not. What is withheld"
            " only its office and the staff see."
        },
    )


def corrects() -> fields.Integer:
    """Return the field that says which version one mends."""
    return fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": "Number of the version that it mends; null: none, or none that the"
            " caller sees."
        },
    )


def mends(what: str, whose: str) -> Number:
    """Return the field of a body that says which *what* it mends, by the same *whose*."""
    return Number(
        1,
        allow_none=True,
        metadata={
            "description": f"Number of the {what} of the same {whose} that this one mends. That one"
            " stays; what was mended already is mended by way of its last version."
        },
    )


def corrected_by() -> fields.Integer:
    """Return the field that says which version mends one."""
    return fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": "Number of the further version that mends it; null: none, or none that"
            " the caller sees."
        },
    )
