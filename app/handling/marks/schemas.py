"""The body that marks a proposal."""

from app.core import codes as words
from app.core.schemas.date_fields import Day
from app.core.schemas.fields import Code, Input, Line, Switch, Text
from app.core.schemas.filters import Named


class MarkInputSchema(Input):
    """What a proposal is called, by whom and by what paper; or that it is called so no more."""

    kind = Code(words.MarkKind, required=True)
    stands = Switch(load_default=True, metadata={"description": "False: it is taken back."})
    given_by = Named(metadata={"description": "Slug of who gives it; needed to give it."})
    paper = Line(300, metadata={"description": "What it rests on; needed to give it."})
    on = Day(metadata={"description": "The day it was; today when left out."})
    note = Text(2000, metadata={"description": "A remark; why, where it is taken back."})
