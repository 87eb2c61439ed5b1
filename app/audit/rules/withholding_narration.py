"""What was withheld from the public, and released, as sentences in zh and en."""

from app.audit.rules.sentences import About, Changes, Story, Teller, because, labels, new
from app.core.codes import WithheldKind


def narrate_withholding(changes: Changes, about: About) -> Story:
    """Tell what was withheld, and why."""
    zh, en = what_of(changes)
    return because((f"停止公开：{zh}", f"withheld from the public: {en}"), about.note)


def narrate_release(changes: Changes, about: About) -> Story:
    """Tell what was released, and why."""
    zh, en = what_of(changes)
    return because((f"恢复公开：{zh}", f"released to the public again: {en}"), about.note)


def what_of(changes: Changes) -> Story:
    """Return what is withheld, with its number."""
    zh, en = labels(WithheldKind, new(changes, "withheld_kind"))
    number = new(changes, "target")
    return f"{zh}（编号 {number}）", f"{en} {number}"


WITHHOLDING_TELLERS: dict[str, Teller] = {
    "withholding.created": narrate_withholding,
    "withholding.released": narrate_release,
}
"""Operation → what tells it."""
