"""The audit: every event in full, and the checkpoints over them."""

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.date_fields import Instant
from app.core.schemas.fields import Choice, Code, Line, Number, Output
from app.core.schemas.filters import Several, sort_by
from app.core.schemas.paging import PageFilterSchema, PageSchema

RECORD_TYPES = (
    "approval",
    "assignment",
    "calendar",
    "category_scheme",
    "commitment",
    "document",
    "file",
    "key",
    "label_scheme",
    "organization",
    "person",
    "principal",
    "profile",
    "proposal",
    "recommendation",
    "register",
    "session",
    "tag",
)


class AuditEventSchema(Output):
    """An event with everything its hash covers; personal values stand as their seals.

    What people wrote is covered through *seals*: SHA-256 of salt, line end and text.
    """

    sequence = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    outcome = Code(words.Outcome, required=True)
    operation = fields.String(required=True)
    record_type = fields.String(required=True)
    record_id = fields.Integer(required=True)
    record_reference = fields.String(required=True)
    record_version = fields.Integer(required=True)
    publication = Code(words.Publication, required=True, allow_none=True)
    changes = fields.Dict(required=True, metadata={"description": "Column → [from, to]."})
    note = fields.String(required=True, allow_none=True)
    actor_kind = Code(words.ActorKind, required=True)
    actor_name = fields.String(required=True)
    actor_seal = fields.String(required=True, allow_none=True)
    principal_id = fields.Integer(required=True, allow_none=True)
    office_id = fields.Integer(required=True, allow_none=True)
    office_name = fields.String(required=True, allow_none=True)
    key_prefix = fields.String(required=True, allow_none=True)
    request_id = fields.String(required=True, allow_none=True)
    approval_id = fields.Integer(required=True, allow_none=True)
    scheme = fields.Integer(required=True, allow_none=True)
    record_hash = fields.String(required=True, allow_none=True)
    seals = fields.Dict(
        required=True,
        allow_none=True,
        metadata={
            "description": "`note`, `record_hash` or `changes.` and a field → its seal; null in"
            " events of earlier releases."
        },
    )
    salts = fields.Dict(
        required=True,
        allow_none=True,
        metadata={"description": "The same → its salt; none for what was erased, null likewise."},
    )
    previous_hash = fields.String(required=True)
    hash = fields.String(required=True)


class AuditPageSchema(PageSchema):
    """One page of the audit."""

    items = fields.List(fields.Nested(AuditEventSchema), required=True)


NEWEST_FIRST = ("-sequence", "sequence")


class CheckpointFilterSchema(PageFilterSchema):
    """In which order to list checkpoints."""

    sort = sort_by(NEWEST_FIRST)


class AuditFilterSchema(PageFilterSchema):
    """Which events to list."""

    record_type = Several(Choice(RECORD_TYPES))
    record = Several(
        Number(0, query=True),
        metadata={"description": "A record's id; with `record_type`, as each kind counts its own."},
    )
    reference = Several(
        Line(64), metadata={"description": "A record's reference, or its slug where it has none."}
    )
    principal = Several(Number(1, query=True), metadata={"description": "An account's id."})
    operation = Several(Line(64))
    outcome = Several(Code(words.Outcome))
    since = Instant(metadata={"description": "At or after this moment."})
    until = Instant(metadata={"description": "Before this moment."})
    sort = sort_by(NEWEST_FIRST)


class CheckpointSchema(Output):
    """A signature over the chain as it was."""

    sequence = fields.Integer(required=True, metadata={"description": "Up to this event."})
    hash = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    key_id = fields.String(required=True)
    signature = fields.String(required=True, metadata={"description": "Ed25519, in hex."})
    number = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Without gaps; null in those of earlier releases."},
    )
    resumes_after = fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": "In the one that accepts a restored backup: the number after which"
            " the history goes on, those between are given up; null in all others."
        },
    )


class CheckpointPageSchema(PageSchema):
    """One page of checkpoints."""

    items = fields.List(fields.Nested(CheckpointSchema), required=True)
