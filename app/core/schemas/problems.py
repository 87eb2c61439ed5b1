"""The shape of every error."""

from marshmallow import fields

from app.core.schemas.fields import Output
from app.core.schemas.output_fields import Object


class FieldProblemSchema(Output):
    """What is wrong with one field."""

    field = fields.String(required=True)
    message = fields.String(required=True)


class RowProblemSchema(Output):
    """Why a row was refused, as the problem document of a request for itself would say."""

    type = fields.String(required=True, metadata={"description": "Stable name of the problem."})
    title = fields.String(required=True)
    detail = fields.String(required=True)
    errors = fields.List(
        fields.Nested(FieldProblemSchema),
        required=True,
        metadata={"description": "What is wrong by field, such as `rows.3.body.title`."},
    )


class BatchRowSchema(Output):
    """What became of one row."""

    index = fields.Integer(
        required=True, metadata={"description": "Its place among the rows, from 0."}
    )
    status = fields.Integer(
        required=True,
        metadata={"description": "As a request for itself would have been answered."},
    )
    reference = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Of the record that was changed or made; null: there is none."},
    )
    id = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Of the record that was changed or made; null: there is none."},
    )
    version = fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": "Of that record now, and the one it has where the row named another;"
            " null where nothing was changed."
        },
    )
    approval = fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": "With 202: the request that another must approve, see `getApproval`."
        },
    )
    problem = Object(
        RowProblemSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Why it was refused; null where it was not."},
    )


class ProblemSchema(Output):
    """A problem document (RFC 9457), in the caller's language."""

    type = fields.String(required=True, metadata={"description": "Stable name of the problem."})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True, metadata={"description": "The request's id."})
    errors = fields.List(fields.Nested(FieldProblemSchema))
    rows = fields.List(
        fields.Nested(BatchRowSchema),
        metadata={
            "description": "Of a batch that was to be all or none: what would have become of each"
            " row."
        },
    )
