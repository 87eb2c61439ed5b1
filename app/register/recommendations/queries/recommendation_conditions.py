"""Conditions on recommendations that read other tables, or that depend on who looks."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.accounts.queries.visibility import ActorView
from app.core.codes import OfficeRole
from app.core.queries.filters import as_kept, one_of, value
from app.core.types import Condition, Expression, Values
from app.models import Commitment, Proposer, RecommendationOffice, RecommendationTag
from app.register.periods.models import StatePeriod
from app.register.periods.queries.standing import MOMENT, stood_in, stood_with
from app.register.periods.rules import NOT_ENDED
from app.register.proposals.queries.handling_visibility import promises_shown
from app.register.recommendations.queries import lateness
from app.register.recommendations.queries.recommendation_columns import C, P, last_percent


def proposer_is() -> Condition:
    """Return the condition that one of some persons and organizations is among the proposers."""
    wanted = sa.or_(
        one_of("person_id", Proposer.person_id),
        one_of("organization_id", Proposer.organization_id),
    )
    return P.id.in_(sa.select(Proposer.proposal_id).where(wanted, Proposer.withdrawn_at.is_(None)))


def office_is(is_named: Callable[[Expression], Condition]) -> Condition:
    """Return the condition that an office leads, is suggested to lead, or has another part.

    *is_named* tells of a column that it is the office, or one of those that are named.
    """
    beside = sa.select(RecommendationOffice.recommendation_id).where(
        is_named(RecommendationOffice.office_id), RecommendationOffice.withdrawn_at.is_(None)
    )
    return sa.or_(is_named(C.lead_office_id), C.id.in_(beside))


def part_is(*offices: Condition) -> Condition:
    """Return the condition that one of *offices*, or any, has the part beside the lead."""
    J = RecommendationOffice
    own = J.role == value("part", J.role), J.withdrawn_at.is_(None)
    return C.id.in_(sa.select(J.recommendation_id).where(*own, *offices))


def tagged_with(*more: Expression) -> sa.Select:
    """Return the SELECT of the recommendations that have one of the tags that are asked for."""
    columns = sa.select(RecommendationTag.recommendation_id)
    return columns.where(one_of("any_tag_id", RecommendationTag.tag_id), *more)


def with_every_tag(*more: Expression) -> sa.Select:
    """Return the SELECT of the recommendations that have all the tags that are asked for."""
    grouped = tagged_with(*more).group_by(RecommendationTag.recommendation_id)
    return grouped.having(sa.func.count() == value("number_of_tags", P.id))


G = aliased(RecommendationTag)


def without_tag() -> Condition:
    """Return the condition that a recommendation has not the tag whose words caught it."""
    tagged = sa.select(G.recommendation_id).where(G.tag_id == value("caught_by_id", G.tag_id))
    return C.id.not_in(tagged)


def number_of_tags() -> Expression:
    """Return the subquery that counts the tags a recommendation was given directly."""
    own = (RecommendationTag.recommendation_id == C.id, RecommendationTag.is_direct)
    return sa.select(sa.func.count()).where(*own).correlate(C.id.table).scalar_subquery()


def stood_as(axis: str, name: str) -> Condition:
    """Return the condition that it stood on *axis* as one of the values of *name* at MOMENT."""
    return stood_in("recommendation", axis, lambda state: one_of(name, state), C.id, MOMENT)


def ended_then(is_state: Callable[[Expression], Condition]) -> Condition:
    """Return the condition that it was there at MOMENT, and *is_state* holds of how it ended."""
    return stood_in("recommendation", "ended", is_state, C.id, MOMENT)


def led_then(*offices: Condition) -> Condition:
    """Return the condition that one of *offices*, or any, led it or was suggested at MOMENT."""
    led = offices or (StatePeriod.office_id.is_not(None),)
    return stood_with("recommendation", "ended", C.id, MOMENT, *led)


THEN: Values = {
    "progress_then": stood_as("progress", "progress_then"),
    "acceptance_then": stood_as("acceptance", "acceptance_then"),
    "specificity_then": stood_as("specificity", "specificity_then"),
    "ended_then": ended_then(lambda state: state != NOT_ENDED),
    "standing_then": ended_then(lambda state: state == NOT_ENDED),
    "lead_then": led_then(one_of("lead_then", StatePeriod.office_id)),
    "had_lead_then": led_then(),
}
"""Filter of a list as of MOMENT → condition; either of two names is always asked for."""

STATES = ("progress", "acceptance", "specificity")
UNTOLD = frozenset(
    {"clock", "due_after", "due_before", "lead_status", "overdue", "promised", "reported"}
)
"""Filters on what no period keeps; of the parts of offices only the lead's is kept."""


def values_now(values: Values) -> Values:
    """Return *values* with what stands or what ended as it is now."""
    named = "ended" if values["ended"] else "standing"
    return {name: value for name, value in values.items() if name != "ended"} | {named: True}


def values_then(values: Values) -> Values:
    """Return *values* with the filters on what periods keep under their names for a moment."""
    then: Values = {f"{name}_then": as_kept(values[name]) for name in STATES if name in values}
    then["ended_then" if values["ended"] else "standing_then"] = True
    if "office_id" in values:
        then["lead_then"] = values["office_id"]
    elif "part" in values:
        then["had_lead_then"] = True
    gone = {*STATES, "ended", "office_id", "part"}
    return {name: value for name, value in values.items() if name not in gone} | then


def of_view(view: ActorView, due: lateness.NextDue) -> Values:
    """Return the conditions that read what only *view* sees: lateness by *due*, and more."""
    percent = last_percent(view)
    promised = promises_shown(sa.select(Commitment.recommendation_id), view).correlate(None)
    return lateness.lateness(due) | {
        "clock": one_of("clock", due.clock),
        "reported": percent.is_not(None),
        "not_reported": percent.is_(None),
        "promised": C.id.in_(promised),
        "not_promised": C.id.not_in(promised),
    }


def by_part(part: OfficeRole, offices: list[int] | None) -> Values:
    """Return the parameters for what has one of *offices*, or any, as its lead or beside it."""
    of_office, of_any = (
        ("lead_is", "has_lead") if part is OfficeRole.LEAD else ("part_is", "has_part")
    )
    return {of_any: True} if offices is None else {of_office: offices}
