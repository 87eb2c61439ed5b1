"""Requests that wait for a second person."""

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.fields import Choice, Code, Input, Output, Text
from app.core.schemas.filters import BY_CHANGE, Several, sort_by
from app.core.schemas.paging import ChangedFilterSchema, PageSchema

DECISIONS = {
    "approve": words.ApprovalState.APPROVED,
    "reject": words.ApprovalState.REJECTED,
    "withdraw": words.ApprovalState.WITHDRAWN,
}


class ApprovalSchema(Output):
    """Something one person asked, and what another decided on it."""

    id = fields.Integer(required=True)
    kind = Code(words.ApprovalKind, required=True)
    state = Code(words.ApprovalState, required=True)
    record_type = fields.String(required=True)
    record_id = fields.Integer(
        required=True,
        metadata={
            "description": "Number of the record it is about; 0 where that is a new one, or the"
            " register as a whole."
        },
    )
    record_reference = fields.String(required=True)
    payload = fields.Dict(required=True, metadata={"description": "What will be done."})
    reason = fields.String(required=True)
    asked_by_id = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Account of whoever asked; null: an operator."},
    )
    asked_by = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)
    decided_by_id = fields.Integer(required=True, allow_none=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    decision_note = fields.String(required=True, allow_none=True)
    version = fields.Integer(
        required=True,
        metadata={"description": "Version of the approval; it is in the ETag as well."},
    )
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class HalfSchema(Output):
    """One half of the code that the holder of a new key exchanges for it; shown this once."""

    account = fields.Integer(
        required=True, metadata={"description": "Its place in the list of accounts, from 0."}
    )
    half = fields.String(required=True)


class KeysAskedSchema(ApprovalSchema):
    """A request, and the asker's half of the exchange code of each new key."""

    halves = fields.List(
        fields.Nested(HalfSchema),
        required=True,
        metadata={"description": "Shown this once: hand each to the holder. Empty without keys."},
    )


class DecidedSchema(KeysAskedSchema):
    """A request that was decided on, the approver's halves, and the accounts that were made."""

    principals = fields.List(
        fields.Integer(),
        required=True,
        metadata={"description": "The numbers of new accounts, in the order of the list."},
    )


class ApprovalPageSchema(PageSchema):
    """One page of requests."""

    items = fields.List(fields.Nested(ApprovalSchema), required=True)


class ApprovalFilterSchema(ChangedFilterSchema):
    """Which requests to list."""

    kind = Several(Code(words.ApprovalKind))
    state = Several(Code(words.ApprovalState))
    sort = sort_by(BY_CHANGE, "-id")


class DecisionInputSchema(Input):
    """What is decided on a request: by another person, or withdrawn by the one who asked."""

    decision = Choice(tuple(DECISIONS), required=True)
    note = Text(2000)


class EraseTextsInputSchema(Input):
    """Which words are to be erased wherever someone wrote them, and why."""

    words = Text(
        200,
        required=True,
        metadata={
            "description": "Letter for letter, four characters or more. Each text in which they"
            " stand is erased whole; of a document's text only they are.",
            "example": "0371-55501234",
        },
    )
    reason = Text(2000, required=True)


class ErasureInputSchema(Input):
    """Why personal data is to be erased."""

    reason = Text(2000, required=True)
