"""A register in which much happened over weeks, by a clock that stands still between steps."""

from collections import Counter
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.core.codes import Axis, HandlingState, OfficeRole, Role
from app.core.errors import DomainError
from app.models import Recommendation
from app.register.recommendations.rules import AXES
from app.register.recommendations.services import holders
from app.register.recommendations.services.recommendation_offices import assign
from app.register.recommendations.services.recommendations import (
    RecommendationTransition,
    apply_step,
    edit,
)
from tests.support.casework import rows
from tests.support.factories import DATA, INDUSTRY, make_actor, organization
from tests.support.withholding import FINANCE

HERE = ZoneInfo("Asia/Shanghai")
WALKED = "D002-P04"
"""The proposal whose recommendations are moved about."""


def walk(database, ahead, chance, steps):
    """Take *steps* at random with a few recommendations, some of them at one moment."""
    for _ in range(steps):
        ahead(hours=chance.choice((0, 0, 5, 17, 30)))
        database.write(lambda session: take_one(session, chance))


def take_one(session, chance):
    """Do one thing or two, in one transaction, with one of the recommendations."""
    staff = make_actor(session, Role.REGISTRAR, Role.SUPERVISOR, Role.DISPATCHER)
    rows = sa.select(Recommendation).where(Recommendation.reference.startswith(WALKED))
    records = session.scalars(rows.order_by(Recommendation.id).limit(6)).all()
    record = chance.choice(records)
    for _ in range(chance.choice((1, 2))):
        chance.choice((move, move, move, end, judge, lead_by))(session, staff, record, chance)
        session.flush()


def move(session, staff, record, chance):
    """Take one step that a workflow has from where *record* stands, whoever may take it."""
    axis = chance.choice((Axis.PROGRESS, Axis.ACCEPTANCE))
    steps = [one for one in AXES[axis].steps if one.source == getattr(record, axis)]
    steps = [one for one in steps if "superseded" not in (one.source, one.target)]
    if steps and record.ended_as is None:
        grounds = RecommendationTransition("说明")
        apply_step(session, staff, record, axis, chance.choice(steps), grounds)


def end(session, staff, record, chance):
    """End *record* alone, or let it stand again."""
    if record.ended_as is None:
        holders.end_alone(session, staff, record, HandlingState.WITHDRAWN, "撤回")
    else:
        holders.restore_alone(session, staff, record, "又办")


def judge(session, staff, record, chance):
    """Judge anew whether *record* is concrete."""
    edit(session, staff, record, {"specificity": chance.choice(("concrete", "directional"))})


def lead_by(session, staff, record, chance):
    """Let another office lead *record*, unless it has it by a dispatch."""
    office = organization(session, chance.choice((INDUSTRY, DATA, FINANCE)))
    try:
        assign(session, staff, record, office, OfficeRole.LEAD)
    except DomainError:
        return


def check_past(caller, points):
    """Check that each number of each month is the length of its list."""
    for point in points:
        if point["list"] is None:
            assert (point["number"], point["promises"]) == (0, {})
            continue
        found = rows(caller, point["list"])
        assert len(found) == point["number"]
        for axis in ("progress", "acceptance"):
            assert Counter(row[axis] for row in found) == point[axis]
            for code, number in point[axis].items():
                assert len(rows(caller, f"{point['list']}&{axis}={code}")) == number
        for state, number in point["promises"].items():
            assert len(rows(caller, f"{point['promises_list']}&state={state}")) == number
        assert len(rows(caller, point["promises_list"])) == sum(point["promises"].values())
