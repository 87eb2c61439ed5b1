"""The shape of every error."""

from marshmallow import fields

from app.core.schemas.fields import Output


class FieldProblemSchema(Output):
    """What is wrong with one field."""

    field = fields.String(required=True)
    message = fields.String(required=True)


class ProblemSchema(Output):
    """A problem document (RFC 9457), in the caller's language."""

    type = fields.String(required=True, metadata={"description": "Stable name of the problem."})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True, metadata={"description": "The request's id."})
    errors = fields.List(fields.Nested(FieldProblemSchema))
