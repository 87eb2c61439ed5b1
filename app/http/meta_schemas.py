"""The words and steps of the register, and who the caller is."""

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.fields import Cached, Code, Output
from app.core.schemas.references import OrganizationRefSchema


class WordSchema(Output):
    """One word of a vocabulary."""

    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class VocabulariesSchema(Output):
    """Every closed vocabulary by its name."""

    vocabularies = fields.Dict(
        keys=fields.String(), values=fields.List(fields.Nested(WordSchema)), required=True
    )


class WorkflowStepSchema(Output):
    """One step of a workflow."""

    source = fields.String(required=True)
    target = fields.String(required=True)
    permission = fields.String(required=True)
    roles = fields.List(Code(words.Role), required=True)
    needs = fields.List(Code(words.Need), required=True)


class WorkflowSchema(Output):
    """The steps of one axis of a recommendation."""

    axis = Code(words.Axis, required=True)
    initial = fields.String(required=True)
    steps = fields.List(fields.Nested(WorkflowStepSchema), required=True)


class WorkflowsSchema(Output):
    """Both axes."""

    items = fields.List(fields.Nested(WorkflowSchema), required=True)


class MeSchema(Output):
    """Who the caller is to the register, and what they may do."""

    kind = Code(words.ActorKind, required=True)
    name = fields.String(required=True)
    office = Cached(
        OrganizationRefSchema, "organization", attribute="office_id", required=True, allow_none=True
    )
    roles = fields.List(Code(words.Role), required=True)
    permissions = fields.List(fields.String(), required=True)


class HealthSchema(Output):
    """Whether the service can work."""

    status = fields.String(required=True)
