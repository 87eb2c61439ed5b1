"""Pressing for an answer, and saying why something is late."""

from marshmallow import fields

from app.core import codes as words
from app.core.schemas.date_fields import Day
from app.core.schemas.fields import Code, Input, Output, Text

INSIDERS = "For the office, the one above it and the staff"
NUMBER = {"description": "Its number within the assignment, counted from 1."}
WHY_LATE = {"description": "Why it is late."}
PRESSED_FOR = {"description": "What the office is pressed for."}


class DelayExplanationSchema(Output):
    """Why an office is late, and by when it will be done."""

    number = fields.Integer(required=True, metadata=NUMBER)
    on = fields.Date(required=True)
    text = fields.String(required=True, metadata=WHY_LATE)
    done_by = fields.Date(required=True)
    entered_by = fields.String(required=True, allow_none=True)


class PressSchema(Output):
    """That an office was pressed for an answer, and how that ended."""

    number = fields.Integer(required=True, metadata=NUMBER)
    on = fields.Date(required=True)
    text = fields.String(required=True, metadata=PRESSED_FOR)
    answer_by = fields.Date(required=True)
    entered_by = fields.String(required=True, allow_none=True)
    answered_in = fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": "The number of the explanation that answered it; null where none did."
        },
    )
    ended_on = fields.Date(
        required=True, allow_none=True, metadata={"description": "Null: an answer is waited for."}
    )
    outcome = Code(words.TaskOutcome, required=True, allow_none=True)


class DelayExplanationInputSchema(Input):
    """Why the office is late, and by when it will be done; no due date changes."""

    text = Text(2000, required=True, metadata=WHY_LATE)
    done_by = Day(
        required=True,
        metadata={"description": "The day by which it will be done; later than today."},
    )
    on = Day(metadata={"description": "The day it was said; today when left out."})


class PressInputSchema(Input):
    """What the office is pressed for, and by when it is to answer."""

    text = Text(2000, required=True, metadata=PRESSED_FOR)
    answer_by = Day(
        required=True,
        metadata={
            "description": "The day by which the office has to explain itself; later than the day"
            " it was pressed."
        },
    )
    on = Day(metadata={"description": "The day it was; today when left out."})
