"""Rows of one form that are carried out in one batch: which were, what is said of others."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.console.calls import Answered, Refusal
from app.console.forms import Form
from app.console.pages import say
from app.console.registry.acts import send_form
from app.core.errors import Sentence
from app.core.types import Values

ATOMIC, ROW_BY_ROW = "atomic", "row_by_row"


@dataclass(frozen=True)
class SentRow:
    """A row of a batch: which row *at* of the form it is of, and what it sends."""

    at: int
    row: Values


@dataclass
class BatchOutcome:
    """What became of a batch: which of the *sent* rows were *carried* out, and the *problems*.

    *problems* are sentences by row of the form; *refusal* is set where the whole was refused.
    """

    sent: list[SentRow]
    carried: list[SentRow] = field(default_factory=list)
    problems: dict[int, list[str]] = field(default_factory=dict)
    refusal: Refusal | None = None

    @property
    def is_whole(self) -> bool:
        """Return whether all was carried out."""
        return not self.problems and self.refusal is None

    @property
    def finished(self) -> set[int]:
        """Return the rows of the form of which nothing is left to do."""
        left = {one.at for one in self.sent if one not in self.carried}
        return {one.at for one in self.carried} - left


def send_batch(form: Form, operation: str, sent: list[SentRow]) -> BatchOutcome:
    """Carry the rows out as *form* says, all or none or each by itself; raise Refusal for 401."""
    outcome = BatchOutcome(sent)
    body = {"mode": form.text("mode") or ATOMIC, "rows": [one.row for one in sent]}
    try:
        answer = send_form(form, operation, {}, body)
    except Refusal as refusal:
        if refusal.status == 401:
            raise
        outcome.refusal = refusal
        note_problems(outcome, refusal.document.get("rows") or ())
        return outcome
    note_rows(outcome, answer)
    return outcome


def note_rows(outcome: BatchOutcome, answer: Answered) -> None:
    """Note in *outcome* what the batch answered of each row."""
    rows = answer.content["rows"]
    outcome.carried = [
        one for one, row in zip(outcome.sent, rows, strict=True) if row["problem"] is None
    ]
    note_problems(outcome, rows)


def note_problems(outcome: BatchOutcome, rows: object) -> None:
    """Note in *outcome* what is wrong with each of *rows*, at the row of the form it is of."""
    if not isinstance(rows, (list, tuple)):
        return
    for row in rows:
        if row["problem"] is not None:
            at = outcome.sent[row["index"]].at
            own = outcome.problems.setdefault(at, [])
            own += [text for text in sentences_of(row["problem"]) if text not in own]


def sentences_of(problem: Mapping[str, object]) -> list[str]:
    """Return what a problem says: of each field, else of the whole."""
    errors = problem.get("errors")
    found = [str(one["message"]) for one in errors] if isinstance(errors, list) else []
    return found or [str(problem["detail"])]


def number_at(form: Form, name: str) -> list[int]:
    """Return the numbers of the rows that *form* has under *name*, in order."""
    starts = {key.split(".")[1] for key in form.values if key.startswith(f"{name}.")}
    return sorted(int(one) for one in starts if one.isdigit())


def in_part(outcome: BatchOutcome, unit: Sentence) -> str:
    """Return the sentence that says how much of a batch was carried out, in a *unit*."""
    number, left = len(outcome.finished), len(outcome.problems)
    if outcome.refusal is not None:
        zh = "有不能办理的行，全部没有执行。请改正后再提交，或选择“能办的先办”。"
        en = "Some rows are refused, so nothing was done. Mend them, or have each done by itself."
        return str(say(zh, en))
    zh = f"已办{number}{unit[0]}，有{left}{unit[0]}没有办，原因写在各行。"
    en = f"{number} {unit[1]} were done; {left} were not, see each row."
    return str(say(zh, en))
