"""Replies: their steps, what a point says in words and letters, and what it does to a
recommendation.

The letters come from the label scheme of the place; the outcome is ours.
"""

from collections.abc import Iterable
from dataclasses import replace

from app.core.codes import (
    Acceptance,
    AssignmentRole,
    AssignmentState,
    Need,
    PromiseStrength,
    ReplyOutcome,
    ReplyState,
)
from app.core.errors import Sentence
from app.core.rules.permissions import Permission
from app.core.rules.state_groups import ANSWERING
from app.core.rules.workflow import Step, Workflow
from app.deadlines.rules.rulebook import Scheme
from app.handling.assignments.rules import may_take

S, N, O = ReplyState, Need, ReplyOutcome  # noqa: E741
DISPATCH, SIGN = Permission.DISPATCH, Permission.SIGN
REASON = frozenset({N.REASON})
SIGNED = frozenset({N.DOCUMENT_NO, N.SIGNED_BY})

REPLY = Workflow(
    name="reply",
    record="reply",
    thing=("答复", "the reply"),
    operation="moveReply",
    initial=S.DRAFT,
    steps=(
        Step(S.DRAFT, S.CHECKED, DISPATCH),
        Step(S.DRAFT, S.RETURNED, DISPATCH, REASON),
        Step(S.CHECKED, S.RETURNED, DISPATCH, REASON),
        Step(S.CHECKED, S.SENT, SIGN, SIGNED),
        Step(S.SENT, S.PUBLISHED, SIGN),
        Step(S.SENT, S.WITHHELD, SIGN, REASON),
        Step(S.WITHHELD, S.PUBLISHED, SIGN),
    ),
    may=may_take,
)

OPINION = replace(
    REPLY,
    name="opinion",
    steps=(
        Step(S.DRAFT, S.SENT, SIGN, frozenset({N.SIGNED_BY})),
        Step(S.SENT, S.RETURNED, DISPATCH, REASON),
    ),
)
"""That of an office which joins another's reply."""

NO_REPLY = replace(REPLY, steps=())
"""That of an office which is only informed."""

DRAFTABLE = frozenset(
    {
        AssignmentState.RECEIVED,
        AssignmentState.IN_PROGRESS,
        AssignmentState.UPHELD,
        AssignmentState.ANSWERED,
    }
)
"""States of an assignment in which a version can be drafted; answered: a revision."""

ACCEPTS: dict[ReplyOutcome, Acceptance] = {
    O.RESOLVED: Acceptance.ACCEPTED,
    O.PARTLY_RESOLVED: Acceptance.PARTLY_ACCEPTED,
    O.IN_PROGRESS: Acceptance.ACCEPTED,
    O.PLANNED: Acceptance.ACCEPTED,
    O.FOR_REFERENCE: Acceptance.NOT_ACCEPTED,
    O.NOT_FEASIBLE: Acceptance.NOT_ACCEPTED,
    O.REFERRED_UP: Acceptance.REFERRED_UP,
}
"""What an outcome says of acceptance, unless the point says otherwise; deferral says nothing."""


def workflow_of(role: str) -> Workflow:
    """Return the workflow of the replies of an office in *role*."""
    if role in ANSWERING:
        return REPLY
    return OPINION if role == AssignmentRole.JOINT else NO_REPLY


def matched(
    scheme: Scheme | None, outcome: ReplyOutcome | None, label: str | None
) -> tuple[ReplyOutcome | None, str | None, dict[str, Sentence]]:
    """Return the outcome and the letter of a point, each worked out from the other where it can be.

    The third is what is wrong, by field: neither is given, a letter outside the scheme, one that
    stands for several outcomes, or the two do not agree.
    """
    if outcome is None and label is None:
        return None, None, {"outcome": ("请填写 outcome 或 label", "outcome or label is needed")}
    if scheme is None:
        message = ("没有可用的结果分类", "no scheme of labels is loaded")
        return outcome, None, {} if label is None else {"label": message}
    if label is None:
        return outcome, scheme.label_of(outcome or ""), {}
    known = scheme.outcomes.get(label)
    if known is None:
        zh, en = "、".join(scheme.outcomes), ", ".join(scheme.outcomes)
        message = (f"{scheme.reference} 的标签只有：{zh}", f"{scheme.reference} has only: {en}")
        return outcome, label, {"label": message}
    if outcome is not None and outcome not in known:
        return outcome, label, {"label": stands_for(label, known, False)}
    if outcome is None and len(known) > 1:
        return None, label, {"outcome": stands_for(label, known, True)}
    return outcome or known[0], label, {}


def stands_for(label: str, known: Iterable[ReplyOutcome], choose: bool) -> Sentence:
    """Return the sentence that says for which outcomes *label* stands."""
    zh, en = "、".join(f"{o.zh}（{o}）" for o in known), ", ".join(known)
    more = ("，请写明是哪一种", "; say which") if choose else ("", "")
    return f"标签 {label} 表示：{zh}{more[0]}", f"{label} stands for: {en}{more[1]}"


def strength_of(given: PromiseStrength | None, dated: bool) -> PromiseStrength:
    """Return how firm a promise is: as it says, or by whether it is *dated*."""
    return given or (PromiseStrength.DATED if dated else PromiseStrength.UNDATED)
