"""What the list of recommendations can be asked for."""

from app.core import codes as words
from app.core.schemas.date_fields import Day, Instant
from app.core.schemas.fields import Choice, Code, Flag, Line, Number
from app.core.schemas.filters import (
    BY_CHANGE,
    CASE_NO,
    UPDATED_SINCE,
    CaseNo,
    Named,
    Several,
    sort_by,
)
from app.core.schemas.lateness import DUE_AFTER, DUE_BEFORE, OVERDUE
from app.core.schemas.paging import PageFilterSchema, as_of_day
from app.core.schemas.selection import expand_of, fields_of
from app.register.counting.rules.figure import CountedUnit
from app.register.counting.schemas import FigurePart, within
from app.register.recommendations.schemas.recommendations import RecommendationPageSchema
from app.register.searching.schemas import SearchWords

SORTS = (*BY_CHANGE, "due_on")


class RecommendationFilterSchema(PageFilterSchema):
    """Which recommendations to list, and in which order."""

    tag = Several(Named(), metadata={"description": "With the narrower tags of each."})
    tag_match = Choice(
        ("any", "all"),
        load_default="any",
        metadata={"description": "Of several tags: one of them is enough, or all are needed."},
    )
    narrower = Flag(
        load_default=True, metadata={"description": "With `tag`: false leaves narrower tags out."}
    )
    tags_at_most = Number(
        0,
        50,
        query=True,
        metadata={
            "description": "Only what was given at most so many tags directly: 0 is what has none."
        },
    )
    caught_by = Named(
        metadata={"description": "Holds a word of this tag or a narrower one, and has not the tag."}
    )
    progress = Several(Code(words.Progress))
    acceptance = Several(Code(words.Acceptance))
    stance = Several(Code(words.Stance))
    specificity = Several(Code(words.Specificity))
    office = Several(
        Named(), metadata={"description": "Leads it, is suggested to, or has another part in it."}
    )
    part = Code(
        words.OfficeRole,
        metadata={"description": "The part that `office` has in it; of any office without."},
    )
    lead_status = Several(Code(words.LeadStatus))
    document = Several(Named())
    proposal = Several(Named())
    case_no = Several(CaseNo(40), metadata={"description": CASE_NO})
    proposer = Several(Named())
    session = Several(Named())
    reference = Several(Line(48), metadata={"description": "Exactly this reference."})
    ended = Flag(
        load_default=False,
        metadata={"description": "True: what ended with its proposal; otherwise what stands."},
    )
    overdue = Flag(metadata={"description": OVERDUE})
    clock = Several(Code(words.Clock), metadata={"description": "What is next due."})
    reported = Flag(metadata={"description": "Whether a percentage was reported."})
    promised = Flag(metadata={"description": "Whether an office promised something about it."})
    due_before = Day(metadata={"description": DUE_BEFORE})
    due_after = Day(metadata={"description": DUE_AFTER})
    updated_since = Instant(metadata={"description": UPDATED_SINCE})
    as_of = as_of_day()
    q = SearchWords(
        "In a summary, the quoted text, the proposal's title or a proposer's name; words of a tag"
        " also find its synonyms, unless quoted."
    )
    counted_in = FigurePart(CountedUnit.RECOMMENDATIONS)
    within = within()
    sort = sort_by(SORTS)
    expand = expand_of(RecommendationPageSchema)
    shown_fields = fields_of(RecommendationPageSchema)
