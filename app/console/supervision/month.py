"""The report of a month: what is late, and how timely, how true to their word offices are."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Response, request

from app.console.calls import ask
from app.console.pages import Pages, page
from app.console.supervision.watching import watched
from app.core.types import Given, Values

blueprint = Pages("month", __name__)

FIGURES = (
    "on_time_reply_rate",
    "commitment_kept_rate",
    "implementation_rate_strict",
    "implementation_rate_broad",
)
"""The figures of the report, in the order of its columns."""

LATE = "late_recommendations"
"""Told of today alone: it is not kept how late something was on a past day."""

MONTHS = 12
"""So many month ends the pictures go back, and so many can be chosen."""


@dataclass
class OfficeRow:
    """What the figures say of one office: its names, and its group in each figure by id."""

    name_zh: str
    name_en: str
    groups: dict[str, Given] = field(default_factory=dict)

    def lateness(self) -> int:
        """Return how many of the office's recommendations are late."""
        parts = self.groups[LATE]["parts"] if LATE in self.groups else ()
        return next((int(part["number"]) for part in parts), 0)


@blueprint.get("/supervision/month")
def month_report() -> Response:
    """Show what is late and the figures of every office on one page, to be printed."""
    desk = watched()
    as_of = request.args.get("as_of") or None
    figures = {name: by_office(name, as_of=as_of, months=MONTHS) for name in FIGURES}
    shown = figures if as_of else {LATE: by_office(LATE), **figures}
    first = figures[FIGURES[0]]
    return page(
        "supervision/month.html",
        desk=desk,
        as_of=first["as_of"],
        is_past=as_of is not None,
        figures=shown,
        pictures=FIGURES,
        rows=rows_of(shown),
        ends=[point["on"] for point in first["over_time"][:-1]],
        months=MONTHS,
    )


def by_office(figure: str, **query: object) -> Values:
    """Return a figure with its number for each office."""
    return ask("getFigure", {"figure": figure}, by="office", **query)


def rows_of(figures: Mapping[str, Values]) -> list[OfficeRow]:
    """Return a row for each office that any of *figures* has, what is late most first."""
    rows: dict[tuple[str, ...], OfficeRow] = {}
    for name, figure in figures.items():
        for group in figure["groups"]:
            key = tuple(group["within"])
            row = rows.setdefault(key, OfficeRow(group["label_zh"], group["label_en"]))
            row.groups[name] = group
    return sorted(rows.values(), key=OfficeRow.lateness, reverse=True)
