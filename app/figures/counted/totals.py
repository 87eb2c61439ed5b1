"""What a front page shows of the whole register at a glance, each number that of a list."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from sqlalchemy.orm import Session

from app.core.codes import Specificity
from app.core.rules.permissions import Actor
from app.figures.counted.queries import CountedRecords, numbers
from app.register.counting.queries.looking import Looking
from app.register.counting.rules.figures import BY_ID

TOTALS = (
    "funnel.asked",
    "funnel.answered",
    "funnel.accepted",
    "funnel.started",
    "funnel.implemented",
    "funnel.verified",
    "stages.in_progress",
    "late_recommendations.numerator",
    "promised_recommendations.numerator",
)
"""Figure and part of each number; those of a figure stand together.

What is implemented counts what was verified as well.
"""

COUNTED = {"ended": False, "specificity": [Specificity.CONCRETE]}
"""Counted are concrete recommendations that have not ended, as figures count by themselves."""


def register_totals(
    session: Session, actor: Actor, today: date, wanted: Sequence[str] = TOTALS
) -> dict[str, int]:
    """Return how many recommendations of the whole register *actor* sees of each part *wanted*.

    Each is a figure and its part, such as ``funnel.asked``; the list of recommendations with that
    as `counted_in`, and `specificity` concrete, has just so many. It takes a statement for each
    figure, which for everyone and for the staff reads counters alone: it costs the same at any
    size. For an office, which sees internal records of its own, they are counted.
    """
    looking = Looking(actor, today)
    found: dict[str, int] = {}
    for name, parts in groupby(wanted, lambda part: part.partition(".")[0]):
        counted = numbers(CountedRecords(session, BY_ID[name], looking, COUNTED, ()))
        found |= {part: counted[part.partition(".")[2]] for part in parts}
    return found
