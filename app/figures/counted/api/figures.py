"""Figures over HTTP: each with its formula, its numbers, and the lists of just what is counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import ceil
from statistics import median
from urllib.parse import urlencode

from flask import Response
from flask.views import MethodView

from app.core.codes import Specificity
from app.core.errors import KeyRequired, NotFound
from app.core.queries.rows import View
from app.core.rules.permissions import Actor, Permission
from app.core.schemas.messages import say
from app.core.schemas.paging import NoFilterSchema
from app.core.services.authorization import require
from app.core.types import Condition, Values
from app.figures.counted import queries, schemas
from app.figures.counted.api import pictures
from app.figures.counted.api.labels import Labels, scope
from app.figures.counted.queries import CountedRecords
from app.http.blueprints import Blueprint
from app.http.call import Answer, Call
from app.http.contract.operations import EntityTag
from app.http.problems import Invalid, language
from app.http.responses import CACHING, PREFIX
from app.register.counting.api import are_of, check_viewer, looking_on, read_value
from app.register.counting.queries.counters import Named
from app.register.counting.queries.dimensions import DIMENSIONS
from app.register.counting.rules.figure import (
    DENOMINATOR,
    NUMERATOR,
    CountedUnit,
    Dimension,
    Figure,
)
from app.register.counting.rules.figures import BY_ID, FIGURES
from app.register.periods.api import past_values
from app.register.periods.queries.standing import began_on, month_ends

blueprint = Blueprint("figures", __name__)


@blueprint.route("/figures")
class Definitions(MethodView):
    """All figures."""

    @blueprint.reads("listFigures", schemas.DefinitionsSchema, NoFilterSchema)
    def get(self, call: Call, filters: Values) -> View:
        """Show what can be counted: each figure with its formula, its parts and dimensions."""
        return View(items=[definition(figure) for figure in FIGURES])


@blueprint.route("/figures/<code:figure>")
class FigureById(MethodView):
    """One figure."""

    @blueprint.reads("getFigure", schemas.FigureSchema, schemas.FigureFilterSchema, errors=(404,))
    def get(self, call: Call, filters: Values, figure: str) -> Answer:
        """Show a figure: its formula, its numbers, and the list of the records each one counts.

        Counted are the records that the caller may see, as they stood at the end of the day
        `as_of`; who may see them is a matter of today. Comparing offices is the staff's.
        """
        asked = AskedFigure(call, figure_named(call.actor, figure), filters)
        asked.check()
        return Answer(asked.view(), vocabulary=call.vocabulary())


@blueprint.route("/figures/<code:figure>.svg")
class FigurePicture(MethodView):
    """One figure, drawn."""

    @blueprint.reads(
        "getFigurePicture",
        None,
        schemas.FigureFilterSchema,
        errors=(404,),
        content_type="image/svg+xml",
        tag=EntityTag.CONTENT,
    )
    def get(self, call: Call, filters: Values, figure: str) -> Response:
        """Draw a figure: its parts, its groups where it is a share, or its months.

        The numbers stand in the picture, and those of `getFigure` in its description.
        """
        asked = AskedFigure(call, figure_named(call.actor, figure), filters)
        asked.check()
        drawn = pictures.drawn(asked.figure, asked.view(), language())
        return Response(drawn.encode(), mimetype="image/svg+xml", headers=CACHING)


def figure_named(actor: Actor, name: str) -> Figure:
    """Return the figure *name*; raise NotFound, KeyRequired or PermissionDenied."""
    if name not in BY_ID:
        raise NotFound
    check_viewer(actor, BY_ID[name])
    return BY_ID[name]


def definition(figure: Figure) -> View:
    """Return what there is to say of *figure* before anything is counted."""
    return View(
        id=figure.id,
        name_zh=figure.name[0],
        name_en=figure.name[1],
        formula_zh=figure.formula[0],
        formula_en=figure.formula[1],
        unit=figure.unit,
        viewers=figure.viewers,
        has_past=figure.past,
        parts=[
            View(code=code, label_zh=zh, label_en=en) for code, (zh, en) in figure.parts.items()
        ],
        dimensions=list(DIMENSIONS[figure.unit]),
    )


@dataclass(frozen=True)
class AskedFigure:
    """A figure as a call asks for it by *filters*."""

    call: Call
    figure: Figure
    filters: Values

    def check(self) -> None:
        """Raise Invalid or PermissionDenied for what cannot be asked."""
        past_values(self.call, self.filters, ())
        past = {"as_of": self.day != self.today, "months": self.filters["months"] > 0}
        if not self.figure.past and any(past.values()):
            raise Invalid({name: [NOT_KEPT] for name, is_asked in past.items() if is_asked})
        if Dimension.OFFICE in self.by:
            if self.call.actor.principal_id is None:
                raise KeyRequired
            require(self.call.actor, Permission.SEE_INTERNAL)

    @property
    def today(self) -> date:
        """Return the day it is."""
        return self.call.today()

    @property
    def day(self) -> date:
        """Return the day at whose end is counted."""
        found: date = self.filters.get("as_of", self.today)
        return found

    @cached_property
    def by(self) -> list[Dimension]:
        """Return what it is broken down by."""
        return [Dimension(name) for name in self.filters.get("by", ())]

    @property
    def names(self) -> list[str]:
        """Return what the records are to be of, each as ``dimension:name``."""
        return list(self.filters.get("within", ()))

    @cached_property
    def named(self) -> list[Named]:
        """Return what the records are to be of: dimensions and values."""
        return [read_value(self.call, name) for name in self.names]

    @cached_property
    def conditions(self) -> list[Condition]:
        """Return the conditions that the records are of what is named."""
        return are_of(self.figure.unit, self.named)

    def population(self, day: date) -> CountedRecords:
        """Return the records that are counted at the end of *day*."""
        looking, filters = looking_on(self.call, day), self.own_filters
        if looking.moment is not None:
            filters = {**filters, "moment": looking.moment}
        within = self.conditions, self.named
        return CountedRecords(self.call.session, self.figure, looking, filters, *within)

    @property
    def own_filters(self) -> Values:
        """Return the filters of the list that the figure itself stands for."""
        if self.figure.unit is not CountedUnit.RECOMMENDATIONS:
            return {}
        kinds = self.filters["specificity"]
        return {"ended": False} | ({"specificity": kinds} if len(kinds) < len(Specificity) else {})

    def address(self, part: str, names: Sequence[str], day: date) -> str:
        """Return the address of the list of what *part* counts of *names* at the end of *day*."""
        own = {k: v for k, v in self.own_filters.items() if k != "ended"}
        past = {"as_of": day} if day != self.today else {}
        query = {"counted_in": f"{self.figure.id}.{part}", "within": names, **own, **past}
        return f"{PREFIX}/{self.figure.unit}?{urlencode(query, doseq=True)}"

    def view(self) -> View:
        """Return the figure with its numbers."""
        population = self.population(self.day)
        whole = self.whole(population)
        zh, en = scope(self.call.actor)
        groups = self.groups(population)
        return self.measured(whole, self.names, self.day).having(
            definition=definition(self.figure),
            as_of=self.day,
            scope_zh=zh,
            scope_en=en,
            groups=groups[0],
            groups_total=groups[1],
            over_time=[self.point(day) for day in self.days],
        )

    @property
    def days(self) -> list[date]:
        """Return the month ends that `over_time` has: none before the register began."""
        began = began_on(self.call.session, self.call.settings.zone, self.today)
        return [day for day in month_ends(self.day, self.filters["months"]) if day >= began]

    def point(self, day: date) -> View:
        """Return the figure at the end of *day*."""
        return self.measured(self.whole(self.population(day)), self.names, day).having(on=day)

    def whole(self, population: CountedRecords) -> "Measured":
        """Return the numbers of all records of *population*."""
        return Measured(queries.numbers(population), self.taken(population, ()).get((), ()))

    def taken(self, population: CountedRecords, by: Sequence[Dimension]) -> queries.DaysTaken:
        """Return how many days the records took, of a figure of days, by their values of *by*."""
        return queries.days(population, by) if self.figure.days else {}

    def groups(self, population: CountedRecords) -> tuple[list[View], int]:
        """Return the groups that have most, and how many there are."""
        if not self.by:
            return [], 0
        found = queries.grouped(population, self.by, schemas.MOST_GROUPS)
        taken = self.taken(population, self.by)
        labels = Labels(self.call, self.by, [values for values, _ in found.shown])
        shown = []
        for values, numbers in found.shown:
            names, (zh, en) = labels.of(values)
            group = Measured(numbers, taken.get(values, ()))
            view = self.measured(group, [*self.names, *names], self.day)
            shown.append(view.having(within=names, label_zh=zh, label_en=en))
        return shown, found.total

    def measured(self, measured: "Measured", names: Sequence[str], day: date) -> View:
        """Return numbers with the list of each."""
        return View(
            parts=[
                View(
                    code=code,
                    label_zh=zh,
                    label_en=en,
                    number=measured.numbers[code],
                    list=self.address(code, names, day),
                )
                for code, (zh, en) in self.figure.parts.items()
            ],
            rate=measured.rate,
            median_days=measured.median,
            p90_days=measured.ninetieth,
        )


@dataclass(frozen=True)
class Measured:
    """How many records each part counts, and how many days they took, in order."""

    numbers: queries.Numbers
    days: Sequence[int]

    @property
    def rate(self) -> float | None:
        """Return the numerator over the denominator; None of none."""
        below = self.numbers.get(DENOMINATOR)
        return round(self.numbers[NUMERATOR] / below, 4) if below else None

    @property
    def median(self) -> float | None:
        """Return the median of the days."""
        return float(median(self.days)) if self.days else None

    @property
    def ninetieth(self) -> int | None:
        """Return the days that nine in ten did not exceed, by the nearest rank."""
        return self.days[ceil(len(self.days) * 0.9) - 1] if self.days else None


NOT_KEPT = say(
    "这一指标不能按过去的日期计算：当时的情况没有留存", "this figure cannot be told of a past day"
)
