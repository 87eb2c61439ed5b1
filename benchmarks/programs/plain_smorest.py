"""flask-smorest as it is usually written: ORM entities, selectinload, a marshmallow dump."""

from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.views import MethodView
from flask_smorest import Api, Blueprint
from marshmallow import Schema, fields
from sqlalchemy.orm import Session, selectinload

from benchmarks.programs.plain_models import Recommendation, listed

SETTINGS = {"API_TITLE": "plain", "API_VERSION": "1", "OPENAPI_VERSION": "3.0.3"}
RELATED = (
    selectinload(Recommendation.tags),
    selectinload(Recommendation.joint_offices),
    selectinload(Recommendation.lead_office),
    selectinload(Recommendation.proposal),
)


class RefSchema(Schema):
    """A tag or an office."""

    slug = fields.String()
    name_zh = fields.String()
    name_en = fields.String()


class ProposalSchema(Schema):
    """A proposal."""

    id = fields.Integer()
    reference = fields.String()
    title = fields.String()
    kind = fields.String()
    document_id = fields.Integer()


class RecommendationSchema(Schema):
    """A recommendation."""

    id = fields.Integer()
    reference = fields.String()
    number = fields.Integer()
    summary_zh = fields.String()
    summary_en = fields.String()
    stance = fields.String()
    acceptance = fields.String()
    progress = fields.String()
    lead_office = fields.Nested(RefSchema)
    lead_status = fields.String()
    joint_offices = fields.List(fields.Nested(RefSchema))
    due_on = fields.Date()
    review_on = fields.Date()
    tags = fields.List(fields.Nested(RefSchema))
    proposal = fields.Nested(ProposalSchema)
    publication = fields.String()
    version = fields.Integer()
    created_at = fields.DateTime()
    updated_at = fields.DateTime()


class PageSchema(Schema):
    """A page."""

    items = fields.List(fields.Nested(RecommendationSchema))
    next = fields.Integer()


class FilterSchema(Schema):
    """The filters of the list."""

    tag = fields.String(required=True)
    progress = fields.String(required=True)
    limit = fields.Integer(load_default=50)


def make_program(url: str) -> Flask:
    """Return the program on the database at *url*."""
    engine = sa.create_engine(url)
    blueprint = Blueprint("recommendations", __name__)

    @blueprint.route("/api/v1/recommendations")
    class Recommendations(MethodView):
        @blueprint.arguments(FilterSchema, location="query")
        @blueprint.response(200, PageSchema)
        def get(self, filters: dict[str, Any]) -> dict[str, Any]:
            limit = filters["limit"]
            with Session(engine) as session:
                found = list(session.scalars(listed(**filters).options(*RELATED)))
                session.expunge_all()
            following = found[limit - 1].id if len(found) > limit else None
            return {"items": found[:limit], "next": following}

    app = Flask(__name__)
    app.config.update(SETTINGS)
    Api(app).register_blueprint(blueprint)
    return app
