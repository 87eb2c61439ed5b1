"""What a reference leads to."""

from marshmallow import fields

from app.core.schemas.fields import Output

RECORD_TYPES = (
    "document",
    "proposal",
    "recommendation",
    "assignment",
    "reply",
    "commitment",
    "file",
)


class ReferenceSchema(Output):
    """The record that a reference stands for, and where it can be read."""

    reference = fields.String(required=True)
    record_type = fields.String(
        required=True,
        metadata={
            "enum": list(RECORD_TYPES),
            "description": "Kind of the record it stands for.",
        },
    )
    id = fields.Integer(
        required=True,
        metadata={"description": "Number of the record; of a reply that of its assignment."},
    )
    address = fields.String(
        required=True,
        metadata={
            "description": "Where it can be read, on this server.",
            "format": "uri-reference",
        },
    )
