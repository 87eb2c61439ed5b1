"""What was done to a record, as its history tells it."""

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.fields import Code, Output
from app.core.schemas.paging import PageSchema


class HistoryEventSchema(Output):
    """Something that was done: who, what, when and why."""

    sequence = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    operation = fields.String(required=True)
    record_type = fields.String(
        required=True,
        metadata={
            "description": "Which kind of record the event is about: the recommendation or the"
            " proposal itself, an assignment, a commitment.",
        },
    )
    record_reference = fields.String(
        required=True, metadata={"description": "Which record the event is about."}
    )
    story_zh = fields.String(required=True)
    story_en = fields.String(required=True)
    changes = fields.Dict(
        required=True,
        metadata={
            "description": "Field → [from, to]; offices and tags by slug, other records by"
            " reference, states by their codes."
        },
    )
    note = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why, or what was said; null where it is not for the reader."},
    )
    actor_kind = Code(words.ActorKind, required=True)
    actor_name = fields.String(
        required=True,
        metadata={
            "description": "Name of whoever acted, as it was then; of what the procedure did only"
            " for those who take part in it, empty for others."
        },
    )
    office_name = fields.String(required=True, allow_none=True)
    record_version = fields.Integer(required=True)


class HistoryPageSchema(PageSchema):
    """One page of what happened to it, as far as the reader may know, oldest first."""

    items = fields.List(fields.Nested(HistoryEventSchema), required=True)
