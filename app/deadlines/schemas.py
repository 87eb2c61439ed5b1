"""The papers that procedure follows, and due dates that explain themselves."""

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.date_fields import Day
from app.core.schemas.fields import Choice, Code, Input, Items, Line, Number, Output, Slug, Switch
from app.core.schemas.output_fields import Object
from app.core.schemas.references import CategorySchema

LEVELS = ("national", "provincial", "city")
MOST_AMOUNT = 1000
DAYS_OFF = {"description": "Spans of days off, both ends included: from, to, holiday."}
WORKED = {"description": "Saturdays and Sundays that are worked: on, holiday."}
EDITIONS = {"description": "The editions, in order."}


class CalendarSchema(Output):
    """Which days of a year are off or worked, by one paper."""

    reference = fields.String(required=True)
    year = fields.Integer(required=True)
    edition = fields.Integer(
        required=True, metadata={"description": "1, and one more for each amendment."}
    )
    in_force = fields.Boolean(
        required=True,
        metadata={"description": "Whether it is the newest edition of its year, which holds."},
    )
    paper = fields.String(required=True)
    rest = fields.List(fields.Dict(), required=True, metadata=DAYS_OFF)
    work = fields.List(fields.Dict(), required=True, metadata=WORKED)


class CalendarFilterSchema(Input):
    """Of which year."""

    year = Number(1949, 2199, query=True)


class EditionFilterSchema(Input):
    """Of which profile or scheme."""

    slug = Line(64)


class CalendarListSchema(Output):
    """Every edition of every year."""

    items = fields.List(fields.Nested(CalendarSchema), required=True, metadata=EDITIONS)


class LimitSchema(Output):
    """How long something may take."""

    kind = Code(words.LimitKind, required=True, allow_none=True)
    unit = Code(words.Unit, required=True)
    amount = fields.Integer(required=True, allow_none=True)
    dates = fields.Dict(
        required=True,
        allow_none=True,
        metadata={
            "description": "For `fixed`: month and day by the level of the origin, or `on` where"
            " it is chosen; null otherwise."
        },
    )
    count_from = Code(words.CountFrom, required=True)
    roll_if_rest_day = fields.Boolean(required=True)
    is_common_practice = fields.Boolean(
        required=True,
        metadata={"description": "True: no paper of the place is known to say so; it is usual."},
    )


class EditionSchema(Output):
    """An edition of a paper: what it is called, and where it comes from."""

    reference = fields.String(required=True)
    slug = fields.String(required=True)
    edition = fields.Integer(required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True)
    source = fields.String(required=True)


class RuleProfileSchema(EditionSchema):
    """Which limits hold for the proposals of some places, kinds and sessions; empty means any."""

    regions = fields.List(fields.String(), required=True)
    kinds = fields.List(Code(words.ProposalKind), required=True)
    sessions = fields.List(fields.String(), required=True)
    is_default = fields.Boolean(required=True)
    extension = Code(words.ExtensionMode, required=True)
    assessment = Code(words.Assessment, required=True, allow_none=True)
    label_scheme = fields.String(required=True, allow_none=True)
    note_zh = fields.String(required=True, allow_none=True)
    note_en = fields.String(required=True, allow_none=True)
    limits = fields.List(fields.Nested(LimitSchema), required=True)


class RuleProfileListSchema(Output):
    """Every edition of every profile."""

    items = fields.List(fields.Nested(RuleProfileSchema), required=True, metadata=EDITIONS)


class LabelSchema(Output):
    """A letter with the outcomes it stands for."""

    label = fields.String(required=True)
    meaning_zh = fields.String(required=True)
    meaning_en = fields.String(required=True)
    outcomes = fields.List(Code(words.ReplyOutcome), required=True)
    is_ambiguous = fields.Boolean(
        required=True,
        metadata={
            "description": "Whether it stands for several outcomes, so that it alone does not say."
        },
    )
    needs_date = fields.Boolean(required=True)


class OutcomeLabelSchema(Output):
    """An outcome with the letter that stands for it."""

    outcome = Code(words.ReplyOutcome, required=True)
    label = fields.String(required=True, allow_none=True)


class LabelSchemeSchema(EditionSchema):
    """What the letters of a place mean, and back."""

    is_default = fields.Boolean(required=True)
    labels = fields.List(fields.Nested(LabelSchema), required=True)
    outcomes = fields.List(fields.Nested(OutcomeLabelSchema), required=True)


class LabelSchemeListSchema(Output):
    """Every edition of every scheme."""

    items = fields.List(fields.Nested(LabelSchemeSchema), required=True, metadata=EDITIONS)


class CategorySchemeSchema(EditionSchema):
    """The categories that proposals of some bodies, kinds and sessions are sorted into."""

    bodies = fields.List(fields.String(), required=True)
    kinds = fields.List(Code(words.ProposalKind), required=True)
    sessions = fields.List(fields.String(), required=True)
    holds_from = fields.Date(required=True, allow_none=True)
    is_default = fields.Boolean(required=True)
    categories = fields.List(fields.Nested(CategorySchema), required=True)


class CategorySchemeListSchema(Output):
    """Every edition of every scheme of categories."""

    items = fields.List(fields.Nested(CategorySchemeSchema), required=True, metadata=EDITIONS)


class LimitInputSchema(Input):
    """A limit that stands in no profile."""

    amount = Number(1, MOST_AMOUNT, required=True)
    unit = Code(words.Unit, required=True, metadata={"description": "Any but `fixed`."})
    count_from = Code(words.CountFrom, load_default=words.CountFrom.START)
    roll_if_rest_day = Switch(load_default=True)


class PauseInputSchema(Input):
    """Days on which the clock stood still, both ends included; ten years at most."""

    first = Day(required=True)
    last = Day(required=True)
    reason = Line(200, metadata={"description": "Why; it stands in the explanation."})


class PreviewInputSchema(Input):
    """What the date would be: of a `limit`, or of the limit that a profile has of a `kind`."""

    start = Day(required=True, metadata={"description": "The day it begins; not counted itself."})
    limit = Object(LimitInputSchema)
    profile = Slug(
        metadata={
            "description": "Slug of the rules, in their newest edition; the usual ones when left"
            " out."
        }
    )
    kind = Code(
        words.LimitKind,
        metadata={"description": "Which limit of the profile; needed without `limit`."},
    )
    level = Choice(
        LEVELS,
        load_default="city",
        metadata={
            "description": "Level of the body that the proposal was made to; it chooses among"
            " fixed dates."
        },
    )
    pauses = Items(Object(PauseInputSchema), 20, load_default=list)
    extended_to = Day(
        metadata={"description": "The day to which it was extended, that day included."}
    )


class ExplanationSchema(Output):
    """One line of how a due date came about."""

    step = Code(words.DeadlineStep, required=True)
    on = fields.Date(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class DeadlineSchema(Output):
    """A due date with how it came about."""

    start = fields.Date(required=True)
    due_on = fields.Date(required=True)
    original_due_on = fields.Date(required=True)
    is_provisional = fields.Boolean(required=True)
    profile = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The edition it stands in; null where it stands in none."},
    )
    limit = fields.Nested(LimitSchema, required=True)
    explanation = fields.List(fields.Nested(ExplanationSchema), required=True)
