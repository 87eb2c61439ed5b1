"""The filters by which a list shows just what a part of a figure counts."""

from app.core.rules.nearest import nearest
from app.core.schemas.fields import Line, hinting
from app.core.schemas.filters import Several
from app.core.schemas.messages import Messages, say
from app.core.types import Given
from app.register.counting.rules.figure import CountedUnit, Dimension
from app.register.counting.rules.figures import figures_with_parts

WITHIN = (
    f"Of each `dimension:name`: {', '.join(map(str, Dimension))} (2026-03, 2026); `none`: of none."
)


class FigurePart(Line):
    """A part of a figure of one unit, such as ``reply_rate.numerator``."""

    default_error_messages: Messages = {
        "part": say(
            "这个列表没有这一指标或部分，请写作 {example}；/figures 列出全部",
            "no figure of this list has this part; write {example}, say: /figures has them all",
        )
    }

    def __init__(self, unit: CountedUnit) -> None:
        """Take the parts of the figures of *unit*."""
        self.parts = figures_with_parts(unit)
        words = {"description": "Those that this part of a figure counts, as /figures names both."}
        super().__init__(60, metadata=words)

    def _deserialize(
        self, value: object, attr: str | None, data: Given | None, **kwargs: object
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text not in self.parts:
            error = self.make_error("part", example=self.parts[0])
            raise hinting(error, nearest(text, self.parts))
        return text


class DimensionName(Line):
    """A dimension and a name of it, such as ``session:zhengzhou-npc-2026``."""

    default_error_messages: Messages = {
        "dimension": say(
            f"须写作 维度:名称，如 month:2026-03；维度只能是：{', '.join(map(str, Dimension))}",
            "must be a dimension and a name, such as month:2026-03; dimensions:"
            f" {', '.join(map(str, Dimension))}",
        )
    }

    def _deserialize(
        self, value: object, attr: str | None, data: Given | None, **kwargs: object
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        word, _, name = text.partition(":")
        if word not in set(Dimension) or not name:
            raise hinting(self.make_error("dimension"), nearest(word, list(Dimension)))
        return text


def within() -> Several:
    """Return the filter for what is of one office, tag, session or another dimension."""
    return Several(DimensionName(120), metadata={"description": WITHIN})
