"""The ledger of a session: its cases counted, each number beside its list."""

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.fields import Code, Output
from app.core.schemas.references import CategorySchema, SessionRefSchema


class LedgerCountSchema(Output):
    """How many cases, and the list that has just those."""

    number = fields.Integer(required=True)
    list = fields.String(required=True)


class LedgerStateSchema(LedgerCountSchema):
    """How many cases stand in one state."""

    handling_state = Code(words.HandlingState, required=True)


class LedgerLineSchema(LedgerCountSchema):
    """The cases of one category, or of several, by state and mark."""

    category = fields.Nested(
        CategorySchema,
        required=True,
        allow_none=True,
        metadata={"description": "Null: all cases; as the last line of a scheme, those of none."},
    )
    states = fields.List(
        fields.Nested(LedgerStateSchema),
        required=True,
        metadata={"description": "States in which none stands are left out."},
    )
    key = fields.Nested(
        LedgerCountSchema, required=True, metadata={"description": "Of them, key proposals."}
    )
    excellent = fields.Nested(
        LedgerCountSchema, required=True, metadata={"description": "Of them, marked excellent."}
    )


class LedgerSchemeSchema(Output):
    """The cases of a session by the categories of one scheme."""

    scheme = fields.String(required=True, metadata={"description": "Its slug."})
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True)
    lines = fields.List(
        fields.Nested(LedgerLineSchema),
        required=True,
        metadata={"description": "Of each edition in use; together they are all cases."},
    )


class LedgerSchema(Output):
    """The filed cases of a session; one that was merged is counted in the other."""

    session = fields.Nested(SessionRefSchema, required=True)
    as_of = fields.AwareDateTime(
        required=True, metadata={"description": "The moment at which it was counted."}
    )
    all = fields.Nested(LedgerLineSchema, required=True, metadata={"description": "All cases."})
    schemes = fields.List(
        fields.Nested(LedgerSchemeSchema),
        required=True,
        metadata={"description": "Those that hold for the session or are in use, by slug."},
    )
