"""The bodies by which something is dispatched, and by which its assignment moves."""

from app.core import codes as words
from app.core.schemas.date_fields import BACK_DATED, Day
from app.core.schemas.fields import Choice, Code, Input, Line, Switch, Text
from app.core.schemas.filters import Named
from app.deadlines.schemas import PauseInputSchema

DECISIONS = {
    "grant": words.ExtensionState.GRANTED,
    "refuse": words.ExtensionState.REFUSED,
}


class DispatchInputSchema(Input):
    """An office that gets the proposal, or one recommendation of it, to handle."""

    office = Named(required=True)
    role = Code(words.AssignmentRole, required=True)
    recommendation = Line(48)
    parent = Line(48)
    profile = Named()
    on = Day(metadata={"description": "The day of the dispatch; today when left out."})
    paper = Line(300, metadata={"description": "The paper by which it was dispatched."})
    in_recess = Switch(load_default=False, metadata={"description": "Between two sessions."})
    note = Text(2000)


class AssignmentStepInputSchema(Input):
    """A step of an assignment, with what it needs."""

    to = Code(words.AssignmentState, required=True)
    on = Day(metadata={"description": "The day it was; today when left out."})
    paper = Line(300, metadata=BACK_DATED)
    reason = Text(2000)
    suggested_office = Named()
    note = Text(2000)


class ExtensionInputSchema(Input):
    """Until when more time is asked for, and why."""

    extended_to = Day(required=True)
    reason = Text(2000, required=True)
    on = Day(
        metadata={"description": "The day it was asked, today unless told; not after the due date."}
    )
    paper = Line(300, metadata=BACK_DATED)


class ClockPauseInputSchema(PauseInputSchema):
    """Days on which the clock stood still, both ends included, and why; ten years at most."""

    reason = Line(200, required=True)
    paper = Line(300, metadata=BACK_DATED)


class ExtensionDecisionInputSchema(Input):
    """What becomes of the request; a refusal needs a note."""

    decision = Choice(tuple(DECISIONS), required=True)
    on = Day(metadata={"description": "The day it was decided; today when left out."})
    paper = Line(300, metadata=BACK_DATED)
    note = Text(2000)
