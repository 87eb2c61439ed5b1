"""What a figure is: what it counts, by which parts, and who may ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.codes import LabelledEnum
from app.core.errors import Sentence


class CountedUnit(LabelledEnum):
    """What a figure counts: the records of one list."""

    PROPOSALS = "proposals", "提案", "proposals"
    RECOMMENDATIONS = "recommendations", "建议", "recommendations"
    ASSIGNMENTS = "assignments", "交办件", "assignments"
    COMMITMENTS = "commitments", "承诺", "promises"
    REPLIES = "replies", "答复", "replies"
    EVALUATIONS = "evaluations", "反馈表", "returned forms"


class Viewers(LabelledEnum):
    """Who may ask for a figure."""

    EVERYONE = "everyone", "所有人", "everyone"
    HANDLERS = "handlers", "承办单位（本单位）和工作人员", "offices, of their own, and the staff"
    STAFF = "staff", "工作人员", "the staff"


class Dimension(LabelledEnum):
    """What a figure can be broken down by."""

    OFFICE = "office", "单位", "office"
    TAG = "tag", "标签", "tag"
    SESSION = "session", "会议", "session"
    KIND = "kind", "种类", "kind of proposal"
    DOCUMENT = "document", "文件", "document"
    MONTH = "month", "月份", "month"
    YEAR = "year", "年份", "year"


NUMERATOR, DENOMINATOR = "numerator", "denominator"
SHARE = (NUMERATOR, DENOMINATOR)


@dataclass(frozen=True)
class Figure:
    """One figure: its name, its formula, what it counts, its *parts*, and who may ask for it.

    A share has a numerator and a denominator, of which the numerator is a part, and may have parts
    that are counted apart. One of *days* tells how many days its rows took, or have waited.
    Without a *past* it is told of today alone. Of a partition each record belongs to one part.
    """

    id: str
    unit: CountedUnit
    name: Sentence
    formula: Sentence
    parts: Mapping[str, Sentence]
    viewers: Viewers = Viewers.EVERYONE
    days: bool = False
    past: bool = True
    is_partition: bool = False

    @property
    def is_share(self) -> bool:
        """Return whether it is a numerator over a denominator."""
        return NUMERATOR in self.parts


def share(above: Sentence, below: Sentence, **apart: Sentence) -> dict[str, Sentence]:
    """Return the parts of a figure that is *above* over *below*, with what is counted *apart*."""
    return {NUMERATOR: above, DENOMINATOR: below, **apart}
