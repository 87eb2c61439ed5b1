"""A dossier: who asked for something, whom, and what was answered, promised, done and verified."""

from marshmallow import fields

from app.core.rules.sizes import SHOWN
from app.core.schemas.fields import Input, Output
from app.core.schemas.output_fields import Cached, Object
from app.core.schemas.references import (
    DocumentRefSchema,
    OrganizationRefSchema,
    ProposerSchema,
    SessionRefSchema,
    TagRefSchema,
)
from app.handling.assignments.schemas.assignment_list import CaseRefSchema
from app.register.recommendations.schemas.recommendation_filters import RecommendationFilterSchema
from app.register.recommendations.schemas.recommendation_offices import (
    AnswerSchema,
    PromiseRefSchema,
)
from app.register.recommendations.schemas.recommendations import RecommendationSchema
from app.register.tags.schemas.tag_progress import CountSchema, SessionStagesSchema, StageSchema

MOST_SESSIONS = 50
"""Of how many sessions the figures tell: the newest."""


OF_LIST = RecommendationFilterSchema._declared_fields


class TagDossierFilterSchema(Input):
    """Which recommendations of a tag to tell of, and how many at once."""

    q = OF_LIST["q"]
    narrower = OF_LIST["narrower"]
    specificity = OF_LIST["specificity"]
    office = OF_LIST["office"]
    part = OF_LIST["part"]
    document = OF_LIST["document"]
    proposal = OF_LIST["proposal"]
    proposer = OF_LIST["proposer"]
    session = OF_LIST["session"]
    limit = OF_LIST["limit"]
    cursor = OF_LIST["cursor"]


class DossierFilterSchema(TagDossierFilterSchema):
    """Which recommendations to tell of, and how many at once."""

    tag = OF_LIST["tag"]
    tag_match = OF_LIST["tag_match"]


class DossierOfficeSchema(Output):
    """What one office answered and promised."""

    office = Cached(OrganizationRefSchema, "organization", attribute="office_id", required=True)
    answer = Object(AnswerSchema, required=True, allow_none=True)
    promises = fields.List(
        fields.Nested(PromiseRefSchema),
        required=True,
        metadata={"description": f"Among the newest {SHOWN} of all offices."},
    )


class DossierRecommendationSchema(Output):
    """A recommendation, and what came of it."""

    recommendation = Object(RecommendationSchema, required=True)
    moved_on = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "When it came to its progress; null: never."},
    )
    moved_by = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Who said so, or verified it."},
    )
    is_late = fields.Boolean(
        required=True, metadata={"description": "Whether `next_due_on` has passed."}
    )
    offices = fields.List(
        fields.Nested(DossierOfficeSchema),
        required=True,
        metadata={"description": "Those that answered or promised."},
    )


class DossierProposalSchema(Output):
    """A proposal, and what of it is told."""

    session = Object(SessionRefSchema, required=True, allow_none=True)
    proposal = Object(CaseRefSchema, required=True)
    document = Object(DocumentRefSchema, required=True, allow_none=True)
    proposers = fields.List(fields.Nested(ProposerSchema), required=True)
    recommendations = fields.List(
        fields.Nested(DossierRecommendationSchema),
        required=True,
        metadata={"description": "Those on the page."},
    )


class DossierFiguresSchema(Output):
    """Numbers of the whole dossier."""

    counts = fields.List(
        fields.Nested(CountSchema),
        required=True,
        metadata={"description": "Asked, by whom, accepted, promised, late."},
    )
    stages = fields.List(fields.Nested(StageSchema), required=True)
    sessions = fields.List(
        fields.Nested(SessionStagesSchema),
        required=True,
        metadata={"description": f"The newest {MOST_SESSIONS}."},
    )


class DossierSchema(Output):
    """One page of a dossier."""

    expands = tuple(
        f"recommendations.recommendation.{name}" for name in ("document", "proposers", "session")
    )

    tag = Cached(
        TagRefSchema,
        "tag",
        attribute="tag_id",
        required=True,
        allow_none=True,
        metadata={"description": "Null of a search."},
    )
    list = fields.String(required=True)
    figures = Object(DossierFiguresSchema, required=True)
    items = fields.List(fields.Nested(DossierProposalSchema), required=True)
    next = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The cursor of the next page, or null on the last one."},
    )
