"""The words and steps of the register, and who the caller is."""

from marshmallow import fields

from app.accounts.schemas.accounts import ACTS_FOR, KeySchema
from app.core import codes as words
from app.core.schemas.fields import Code, Output
from app.core.schemas.output_fields import Cached, Object
from app.core.schemas.references import OrganizationRefSchema


class WordSchema(Output):
    """One word of a vocabulary."""

    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class VocabularyListSchema(Output):
    """Every vocabulary by its name."""

    vocabularies = fields.Dict(
        keys=fields.String(), values=fields.List(fields.Nested(WordSchema)), required=True
    )
    open = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "The vocabularies that may gain words within this version of the API;"
            " all others are closed."
        },
    )


class WorkflowStepSchema(Output):
    """One step of a workflow."""

    source = fields.String(required=True)
    target = fields.String(required=True)
    permission = fields.String(required=True)
    roles = fields.List(
        Code(words.Role),
        required=True,
        metadata={"description": "The roles that grant the permission."},
    )
    needs = fields.List(Code(words.Need), required=True)


class WorkflowSchema(Output):
    """The steps of one kind of record; of a recommendation those of one axis."""

    name = fields.String(
        required=True,
        metadata={
            "description": "Its name, never two alike; an opinion is the reply of a joint office."
        },
    )
    record = fields.String(required=True, metadata={"description": "What it moves."})
    axis = Code(words.Axis, required=True, allow_none=True)
    vocabulary = fields.String(
        required=True, metadata={"description": "The list in `/vocabularies` that has its states."}
    )
    operation = fields.String(
        required=True, metadata={"description": "The operation that takes its steps."}
    )
    initial = fields.String(required=True)
    steps = fields.List(fields.Nested(WorkflowStepSchema), required=True)


class WorkflowListSchema(Output):
    """All workflows."""

    items = fields.List(fields.Nested(WorkflowSchema), required=True)


class MeSchema(Output):
    """Who the caller is to the register, and what they may do."""

    id = fields.Integer(
        required=True, metadata={"description": "The number of the account, for its keys."}
    )
    kind = Code(words.ActorKind, required=True)
    name = fields.String(required=True)
    office = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="office_id",
        required=True,
        allow_none=True,
        metadata=ACTS_FOR,
    )
    roles = fields.List(Code(words.Role), required=True)
    permissions = fields.List(fields.String(), required=True)
    key = Object(
        KeySchema,
        required=True,
        allow_none=True,
        metadata={
            "description": "The key of this call, with its end; null for a person who came with a"
            " token."
        },
    )


class HealthSchema(Output):
    """Whether the service can work."""

    status = fields.String(required=True)
