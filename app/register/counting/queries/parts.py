"""What each part of a figure counts of the records of the figure's list."""

from collections.abc import Iterable

import sqlalchemy as sa

from app.core.codes import (
    CommitmentState,
    HandlingState,
    Progress,
    ReplyState,
    Satisfaction,
)
from app.core.rules.state_groups import BEGUN, CARRIED_OUT, FILED_CASES, OUT
from app.core.types import Condition
from app.models import (
    Commitment,
    Evaluation,
    Reply,
)
from app.register.counting.queries.looking import Part, every, fixed
from app.register.counting.queries.of_answers import (
    AS_IT_HOLDS,
    IS_ADOPTED,
    KEPT_IN_TIME,
    OWED,
    has_answer,
    has_due_day,
    has_promise,
    is_late,
    is_resolved,
    now_resolved,
    progress,
    promise,
    promised_by,
    reply_states,
    returned,
    was_b,
)
from app.register.counting.queries.of_cases import (
    DUE,
    ORIGINAL,
    OWN_CASE,
    RECEIVED,
    all_replied,
    dispatched,
    handling,
    has_not_replied,
    has_replied,
    in_time,
    met,
    timed,
    undated,
)

SATISFIED = (Satisfaction.SATISFIED, Satisfaction.BASICALLY_SATISFIED)


def forms(*conditions: Condition) -> Part:
    """Return the part of the forms for which *conditions* hold, of those that hold."""
    return every(fixed(AS_IT_HOLDS, *conditions))


def satisfied() -> Iterable[tuple[str, Part]]:
    """Yield the parts of the shares of satisfied forms, each by its name."""
    for name, only in (("", sa.true()), ("first_", Reply.round == 1)):
        for on, column in (("attitude", Evaluation.attitude), ("result", Evaluation.result)):
            figure = f"{name}satisfaction_rate_{on}"
            yield f"{figure}.denominator", forms(only)
            yield f"{figure}.numerator", forms(only, column.in_(list(SATISFIED)))


PARTS: dict[str, Part] = {
    "filing_rate.numerator": every(handling(*FILED_CASES)),
    "filing_rate.denominator": every(handling(*RECEIVED)),
    "filing_rate.merged": every(handling(HandlingState.MERGED)),
    "filing_rate.withdrawn": every(handling(HandlingState.WITHDRAWN)),
    "reply_rate.numerator": every(dispatched, all_replied),
    "reply_rate.denominator": every(dispatched),
    "closure_rate.numerator": every(
        dispatched, handling(HandlingState.CLOSED, HandlingState.ARCHIVED)
    ),
    "closure_rate.denominator": every(dispatched),
    "on_time_reply_rate.numerator": in_time(DUE),
    "on_time_reply_rate.denominator": timed(DUE),
    "on_time_reply_rate.undated": undated,
    "on_time_reply_rate_original.numerator": in_time(ORIGINAL),
    "on_time_reply_rate_original.denominator": timed(ORIGINAL),
    "on_time_reply_rate_original.undated": undated,
    "meeting_rate.numerator": met,
    "meeting_rate.denominator": OWN_CASE,
    **dict(satisfied()),
    "feedback_return_rate.numerator": returned,
    "feedback_return_rate.denominator": reply_states(*OUT),
    "publication_rate.numerator": reply_states(ReplyState.PUBLISHED),
    "publication_rate.denominator": reply_states(ReplyState.SENT, ReplyState.PUBLISHED),
    "publication_rate.withheld": reply_states(ReplyState.WITHHELD),
    "resolved_rate.numerator": every(is_resolved),
    "resolved_rate.denominator": every(has_answer),
    "b_to_a_rate.numerator": every(was_b, now_resolved),
    "b_to_a_rate.denominator": every(was_b),
    "implementation_rate_strict.numerator": every(IS_ADOPTED, progress(Progress.VERIFIED)),
    "implementation_rate_strict.denominator": every(IS_ADOPTED),
    "implementation_rate_broad.numerator": every(IS_ADOPTED, progress(*BEGUN)),
    "implementation_rate_broad.denominator": every(IS_ADOPTED),
    "adopted_recommendations.numerator": every(IS_ADOPTED),
    "adopted_recommendations.denominator": every(),
    "late_recommendations.numerator": every(is_late),
    "late_recommendations.denominator": every(has_due_day),
    "promised_recommendations.numerator": every(has_promise),
    "promised_recommendations.denominator": every(),
    "commitment_kept_rate.numerator": every(
        promise(CommitmentState.KEPT), promised_by, KEPT_IN_TIME
    ),
    "commitment_kept_rate.denominator": every(promise(*OWED), promised_by),
    "commitment_kept_rate.undated": every(promise(*OWED), fixed(Commitment.promised_on.is_(None))),
    "funnel.asked": every(),
    "funnel.answered": every(has_answer),
    "funnel.accepted": every(IS_ADOPTED),
    "funnel.started": every(progress(*BEGUN)),
    "funnel.implemented": every(progress(*CARRIED_OUT)),
    "funnel.verified": every(progress(Progress.VERIFIED)),
    **{f"stages.{code}": every(progress(code)) for code in Progress},
    "reply_days.counted": lambda looking: [*OWN_CASE(looking), has_replied(looking)],
    "open_days.counted": lambda looking: [*OWN_CASE(looking), has_not_replied(looking)],
    "promise_days.counted": every(
        promise(CommitmentState.KEPT), fixed(Commitment.ended_on.is_not(None))
    ),
}
"""Figure and part → what it counts of the records of the figure's list."""
