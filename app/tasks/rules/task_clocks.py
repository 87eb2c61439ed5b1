"""Which day of an office comes next: the clocks that tasks are, and who may see them."""

from app.core.codes import Clock, TaskKind

CLOCKS: dict[TaskKind, Clock] = {
    TaskKind.RECEIVE: Clock.RECEIPT,
    TaskKind.REPLY: Clock.REPLY,
    TaskKind.REHANDLE: Clock.REHANDLING,
    TaskKind.CO_OPINION: Clock.JOINT_OPINION,
    TaskKind.IMPLEMENT: Clock.OWN_DAY,
    TaskKind.KEEP_PROMISE: Clock.PROMISE,
    TaskKind.MILESTONE: Clock.MILESTONE,
}
"""Kind of task → the clock that it is; other tasks are nobody's lateness, or not an office's."""

INTERNAL_CLOCKS = frozenset({Clock.REHANDLING, Clock.JOINT_OPINION})
"""Clocks that only those who take part in the handling see."""
