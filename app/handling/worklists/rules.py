"""Which operations settle what waits on a desk."""

from collections.abc import Collection

from app.accounts.rules.operation_access import ACCESS
from app.core.codes import TaskKind
from app.core.rules.permissions import Actor

K = TaskKind

SETTLED_BY: dict[TaskKind, tuple[str, ...]] = {
    K.REVIEW: ("moveProposal",),
    K.DISPATCH: ("dispatchProposal", "moveProposal"),
    K.RECEIVE: ("moveAssignment",),
    K.CO_OPINION: ("draftReply", "moveReply", "askExtension"),
    K.REPLY: ("draftReply", "moveReply", "logContact", "askExtension"),
    K.IMPLEMENT: ("moveRecommendation", "addReport"),
    K.DECIDE_OBJECTION: ("moveAssignment",),
    K.REDISPATCH: ("dispatchProposal", "moveAssignment"),
    K.DECIDE_EXTENSION: ("decideExtension",),
    K.VERIFY: ("moveRecommendation",),
    K.COUNTERSIGN: ("countersignReply",),
    K.CHECK_REPLY: ("moveReply",),
    K.FEEDBACK: ("rateReply",),
    K.PUBLISH: ("moveReply",),
    K.REHANDLE: ("draftReply", "moveReply", "logContact"),
    K.ASSESS: ("assessHandling",),
    K.KEEP_PROMISE: ("moveCommitment", "remarkCommitment"),
    K.MILESTONE: ("reachMilestone",),
    K.CONFIRM: ("remarkCommitment",),
    K.LOOK_BACK: (
        "lookBackAtRecommendation",
        "moveRecommendation",
        "remarkCommitment",
        "moveCommitment",
    ),
    K.REPORT: ("addReport",),
    K.ANSWER_PRESS: ("explainDelay",),
}
"""Kind of task → the operations that bring it to its end; nobody has to use a right to object."""


OF_PROMISES = frozenset({"moveCommitment", "remarkCommitment", "reachMilestone"})
"""Operations about a promise, which settle nothing else."""


TAKE_STEPS = frozenset(
    {"moveAssignment", "moveCommitment", "moveProposal", "moveRecommendation", "moveReply"}
)
"""Operations that take a step of what a task is about."""


def operations_for(
    kind: str, actor: Actor, *, of_promise: bool, taking: Collection[str]
) -> list[str]:
    """Return the operations that settle a task of *kind*, of those that *actor* may call.

    The task is *of_promise* or not; *taking* are the operations with a step for the actor now.
    """
    return [
        name
        for name in SETTLED_BY.get(TaskKind(kind), ())
        if (name in OF_PROMISES) == of_promise
        and (name in taking or name not in TAKE_STEPS)
        and any(actor.may(permission) for permission in ACCESS[name].permissions)
    ]
