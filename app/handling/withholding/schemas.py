"""What is withheld from the public, over the interface."""

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.fields import Code, Flag, Input, Number, Output, Text
from app.core.schemas.filters import Named, Several
from app.core.schemas.output_fields import Cached
from app.core.schemas.paging import ChangedFilterSchema, PageSchema
from app.core.schemas.references import OrganizationRefSchema

NUMBER = (
    "Number of the record: its `id`; of a note the `sequence` of the entry of the history whose"
    " words they are."
)


class WithholdingSchema(Output):
    """Something that is withheld from the public, or was."""

    id = fields.Integer(required=True)
    kind = Code(words.WithheldKind, required=True)
    target_id = fields.Integer(required=True, metadata={"description": NUMBER})
    proposal = fields.String(
        required=True, metadata={"description": "Reference of the proposal that it is about."}
    )
    recommendation = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Reference of the recommendation; null: the whole proposal."},
    )
    office = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="office_id",
        on="created_at",
        required=True,
        allow_none=True,
        metadata={"description": "The office whose words they are; null: the staff's."},
    )
    reason = fields.String(
        required=True, metadata={"description": "Why; the public never reads it."}
    )
    withheld_by = fields.String(required=True)
    released_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When it was released to the public again; null: it is withheld."},
    )
    release_reason = fields.String(required=True, allow_none=True)
    released_by = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
    created_at = fields.AwareDateTime(
        required=True, metadata={"description": "Since when it is withheld."}
    )
    updated_at = fields.AwareDateTime(required=True)


class WithholdingPageSchema(PageSchema):
    """One page of what is withheld, or was."""

    items = fields.List(fields.Nested(WithholdingSchema), required=True)


class WithholdingFilterSchema(ChangedFilterSchema):
    """What of all that is withheld, or was, to list."""

    kind = Several(Code(words.WithheldKind))
    office = Several(Named(), metadata={"description": "Whose words they are."})
    proposal = Several(Named())
    is_released = Flag(metadata={"description": "true: released again; false: still withheld."})


class WithholdingInputSchema(Input):
    """What to withhold, and why."""

    kind = Code(words.WithheldKind, required=True)
    target_id = Number(1, required=True, metadata={"description": NUMBER})
    reason = Text(
        2000,
        required=True,
        metadata={
            "description": "Why. Its office and the staff read it, the public never does; do not"
            " repeat what must not be read."
        },
    )


class ReleaseInputSchema(Input):
    """Why the public may read it again."""

    reason = Text(2000, required=True)
