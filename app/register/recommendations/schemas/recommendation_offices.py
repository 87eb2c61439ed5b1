"""The offices that have a recommendation: by what, since when, what they answered and owe."""

from marshmallow import fields

from app.core import codes as words
from app.core.rules.sizes import SHOWN
from app.core.schemas.fields import Code, Output
from app.core.schemas.output_fields import Cached, Stored
from app.core.schemas.references import OrganizationRefSchema
from app.deadlines.schemas import ExplanationSchema
from app.register.files.schemas import EvidenceSchema

OF_ONE = {"description": "What the reply says of this recommendation."}
PROMISE = {"description": "What is promised."}


class AssignmentRefSchema(Output):
    """An assignment, in short."""

    id = fields.Integer(required=True)
    reference = fields.String(required=True)
    role = Code(words.AssignmentRole, required=True)
    state = Code(words.AssignmentState, required=True)
    is_whole = fields.Boolean(
        required=True,
        metadata={
            "description": "Whether the whole case was given, not this recommendation by itself."
        },
    )
    dispatched_on = fields.Date(required=True)
    received_on = fields.Date(required=True, allow_none=True)
    ended_on = fields.Date(required=True, allow_none=True)


class AnswerSchema(Output):
    """What the reply of an office says of the recommendation, in the version that holds."""

    reply = fields.String(required=True, metadata={"description": "The reference of the version."})
    sent_on = fields.Date(required=True, allow_none=True)
    published_on = fields.Date(required=True, allow_none=True)
    text = fields.String(required=True, metadata=OF_ONE)
    acceptance = Code(words.Acceptance, required=True)
    outcome = Code(
        words.ReplyOutcome, required=True, metadata={"description": "As checked, if it was."}
    )
    label = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "The letter of the place, as checked, if it was; null where it has none"
            " for this."
        },
    )
    promise = fields.String(required=True, allow_none=True)
    promised_on = fields.Date(required=True, allow_none=True)


class PromiseRefSchema(Output):
    """A promise, in short."""

    id = fields.Integer(required=True)
    reference = fields.String(required=True)
    state = Code(words.CommitmentState, required=True)
    text = fields.String(required=True, metadata=PROMISE)
    strength = Code(words.PromiseStrength, required=True)
    promised_on = fields.Date(required=True, allow_none=True)
    missed_on = fields.Date(required=True, allow_none=True)
    ended_on = fields.Date(required=True, allow_none=True)


class WaitingSchema(Output):
    """Something that is waited for, on whose desk, and until when."""

    kind = Code(words.TaskKind, required=True)
    desk = Code(words.Desk, required=True)
    office = Cached(
        OrganizationRefSchema,
        "organization",
        attribute="desk_office_id",
        required=True,
        allow_none=True,
        metadata={"description": "Whose desk it is; null for dispatchers and supervisors."},
    )
    due_on = fields.Date(required=True, allow_none=True)
    clock = Code(words.Clock, required=True, allow_none=True)
    awaits_receipt = fields.Boolean(required=True)
    explanation = fields.List(
        fields.Nested(ExplanationSchema),
        required=True,
        metadata={
            "description": "How the day came about, line by line; empty where there is none, and"
            " for a day that the recommendation has itself: `due_on`, `review_on`, `look_back_on`."
        },
    )


class OfficePartSchema(Output):
    """An office that has the recommendation: its part, by what, since when, and what came of it.

    What is not published yet is shown to those who take part in the handling, and to the staff.
    """

    office = Cached(OrganizationRefSchema, "organization", attribute="office_id", required=True)
    role = Code(words.OfficeRole, required=True)
    assignment = fields.Nested(
        AssignmentRefSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Null: it took it on, or was named, without a dispatch."},
    )
    since = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "Since when it has it; null where the history does not say."},
    )
    next_due_on = fields.Date(
        required=True,
        allow_none=True,
        metadata={"description": "Its next day to keep; null where nothing is due."},
    )
    next_clock = Code(words.Clock, required=True, allow_none=True)
    answer = fields.Nested(AnswerSchema, required=True, allow_none=True)
    promises = fields.List(
        fields.Nested(PromiseRefSchema),
        required=True,
        metadata={
            "description": f"Those among the newest {SHOWN} of all offices; `listCommitments` has"
            " all."
        },
    )
    promises_total = fields.Integer(
        required=True,
        metadata={"description": "How many promises of the office about it there are."},
    )
    evidence = Stored(
        EvidenceSchema,
        many=True,
        required=True,
        metadata={
            "description": "Of its reports among `reports`; `listReports` has all by `office`."
        },
    )
    reports_total = fields.Integer(
        required=True,
        metadata={"description": "How many progress reports of the office there are."},
    )
    percent = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "As it reported last; null where none was reported."},
    )
    last_reported_at = fields.AwareDateTime(required=True, allow_none=True)
