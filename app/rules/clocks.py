"""Clocks: which of them a task lets run, and which the public does not see."""

from app.rules.vocabularies import Clock, TaskKind

K = TaskKind

CLOCKS: dict[TaskKind, Clock] = {
    K.RECEIVE: Clock.RECEIPT,
    K.REPLY: Clock.REPLY,
    K.REHANDLE: Clock.REHANDLING,
    K.CO_OPINION: Clock.JOINT_OPINION,
    K.IMPLEMENT: Clock.OWN_DAY,
    K.KEEP_PROMISE: Clock.PROMISE,
    K.MILESTONE: Clock.MILESTONE,
}
"""Kind of task → the clock it lets run; who is late with any other kind is late for nobody."""

INTERNAL_CLOCKS = frozenset({Clock.REHANDLING, Clock.JOINT_OPINION})
"""Clocks of which only those who take part in the handling know."""
