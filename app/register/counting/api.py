"""Lists of just what a part of a figure counts: names and days turned into conditions."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from app.accounts.queries.visibility import INTERNAL, view_of
from app.core.codes import ProposalKind
from app.core.errors import KeyRequired, PermissionDenied
from app.core.rules.permissions import Actor
from app.core.types import Condition, Given, Values
from app.http.call import Call
from app.http.problems import Invalid, unknown
from app.register.counting.queries.dimensions import DIMENSIONS, Value
from app.register.counting.queries.looking import Looking
from app.register.counting.queries.parts import PARTS
from app.register.counting.rules.figure import CountedUnit, Dimension, Figure, Viewers
from app.register.counting.rules.figures import BY_ID
from app.register.periods.queries.standing import end_of
from app.register.recommendations.api import resolving

NONE = "none"
MONTH, YEAR = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])"), re.compile(r"[0-9]{4}")


def as_counted(call: Call, unit: CountedUnit, filters: Given) -> Values:
    """Return the filter ``counted`` of a list of *unit*: the conditions of `counted_in` and
    `within` of *filters*; nothing without them.

    Raises Invalid for names that nothing has, KeyRequired and PermissionDenied for a figure that is
    not everyone's.
    """
    found = within(call, unit, filters.get("within", ()))
    if "counted_in" in filters:
        figure = BY_ID[filters["counted_in"].partition(".")[0]]
        check_viewer(call.actor, figure)
        found += PARTS[filters["counted_in"]](looking_on(call, filters.get("as_of")))
    return {"counted": found} if found else {}


def looking_on(call: Call, day: date | None) -> Looking:
    """Return how the caller looks at records on a past *day*, or now."""
    today, zone = call.today(), call.settings.zone
    if day is None or day == today:
        return Looking(call.actor, today)
    return Looking(call.actor, day, end_of(day, zone))


def within(call: Call, unit: CountedUnit, names: Sequence[str]) -> list[Condition]:
    """Return the conditions that a record of *unit* is of all that *names* say, each as
    ``dimension:name``.

    Raises Invalid for names that nothing has.
    """
    return are_of(unit, [read_value(call, name) for name in names])


def are_of(unit: CountedUnit, named: Sequence[tuple[Dimension, Value]]) -> list[Condition]:
    """Return the conditions that a record of *unit* is of each of *named*."""
    known = DIMENSIONS[unit]
    return [known[dimension].is_value(value) for dimension, value in named]


def read_value(call: Call, text: str) -> tuple[Dimension, Value]:
    """Return the dimension that *text* names, and what of it."""
    word, _, name = text.partition(":")
    dimension = Dimension(word)
    if name == NONE:
        return dimension, None
    value = READERS[dimension](call, name)
    if value is None:
        hint = resolving.meant(call, word, name) if word in ("office", "tag", "session") else None
        raise Invalid({"within": [unknown(name, hint)]})
    return dimension, value


def kind_named(call: Call, name: str) -> str | None:
    """Return the code of a kind of proposal."""
    return name if name in set(ProposalKind) else None


def month_named(call: Call, name: str) -> int | None:
    """Return the number of a month: 202603 for 2026-03."""
    found = MONTH.fullmatch(name)
    return int(found[1] + found[2]) if found else None


def year_named(call: Call, name: str) -> int | None:
    """Return the number of a year."""
    return int(name) if YEAR.fullmatch(name) else None


READERS: dict[Dimension, Callable[[Call, str], Value]] = {
    Dimension.OFFICE: resolving.organization_id,
    Dimension.TAG: resolving.tag_id,
    Dimension.SESSION: resolving.sitting_id,
    Dimension.DOCUMENT: resolving.document_id,
    Dimension.KIND: kind_named,
    Dimension.MONTH: month_named,
    Dimension.YEAR: year_named,
}
"""Dimension → what finds the value that a name of it stands for; None: nothing."""


def check_viewer(actor: Actor, figure: Figure) -> None:
    """Raise KeyRequired or PermissionDenied where *figure* is not for *actor*."""
    view = view_of(actor)
    inside, own = INTERNAL in view.whole, view.own and figure.viewers is Viewers.HANDLERS
    if figure.viewers is Viewers.EVERYONE or inside or own:
        return
    if actor.principal_id is None:
        raise KeyRequired
    zh, en = figure.viewers.labels
    raise PermissionDenied(reason_zh=f"这一指标供{zh}查看", reason_en=f"this figure is for {en}")
