"""Into which categories a proposal is sorted, each under the edition in which it was given."""

from collections.abc import Iterator, Sequence

from app.audit.services.recorder import change
from app.core.errors import InvalidChange, Sentence
from app.core.rules.permissions import Actor, Permission
from app.core.services.authorization import require
from app.deadlines.rules.categories import CategoryOptions
from app.handling.assignments.services.context import Work
from app.models import Proposal, Sitting
from app.register.proposals.queries.ledgers import made_at

WHY: Sentence = (
    "请写明改动分类的理由，历史记录中与原分类一同显示",
    "say why: the history shows it beside the category that goes",
)


def options(
    kind: str, sitting: Sitting | None, work: Work, present: Sequence[str] = ()
) -> CategoryOptions:
    """Return what a proposal of *kind*, made at *sitting*, can be sorted into."""
    every = work.book.categories
    holding = every.holding(made_at(work.session, kind, sitting))
    return CategoryOptions(every, holding, present)


def category_mistakes(
    words: Sequence[str], among: CategoryOptions
) -> Iterator[tuple[str, Sentence]]:
    """Yield each of *words* that is wrong, as a field, and why."""
    for number, message in among.mistakes(words):
        yield f"categories.{number}", message


def categorise(
    actor: Actor, proposal: Proposal, words: Sequence[str], note: str | None, work: Work
) -> None:
    """Let *proposal* be in the categories *words* and in no others, in one event.

    What it was in already keeps the edition it was given under. Raises PermissionDenied,
    InvalidChange naming the field: a word that is none here, or a note where a category goes.
    """
    require(actor, Permission.EDIT_PROPOSAL)
    number, before = proposal.session_id, proposal.categories or []
    sitting = work.session.get(Sitting, number) if number else None
    among = options(proposal.kind, sitting, work, before)
    wrong = dict(category_mistakes(words, among))
    after = among.chosen(words)
    if not wrong and note is None and not set(before) <= set(after):
        wrong["note"] = WHY
    if wrong:
        raise InvalidChange(fields=wrong)
    values = {"categories": after or None, "note": note}
    change(work.session, actor, proposal, "proposal.categorised", values)
    work.session.flush()
