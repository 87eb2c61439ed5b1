"""The day that an office names for a recommendation, and when it may lie in the past."""

from datetime import date

from app.core.errors import InvalidChange, Sentence
from app.core.rules.permissions import Actor, Permission

PAST: Sentence = ("办理期限不能早于今天", "the due date must not be in the past")
OLDER_PAPER: Sentence = (
    "办理期限早于今天：补录以前的文件，请在 note 中说明依据",
    "the due date is in the past: where an older paper says so, name it in note",
)


def check_due_on(
    actor: Actor, permission: Permission, due_on: date | None, today: date, note: str | None
) -> None:
    """Raise InvalidChange for a day before *today*.

    Who has *permission* enters older papers, and may name such a day with a *note* of the reason.
    """
    if due_on is None or due_on >= today:
        return
    if not actor.may(permission):
        raise InvalidChange(fields={"due_on": PAST})
    if not note:
        raise InvalidChange(fields={"due_on": OLDER_PAPER})
