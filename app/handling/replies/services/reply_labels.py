"""Letters of points that a check changes, and what is wrong with them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from app.core.codes import ReplyOutcome
from app.core.errors import Sentence
from app.handling.assignments.services.context import Case
from app.handling.replies.rules import matched
from app.handling.replies.services.reply_drafts import scheme_of
from app.models import Recommendation, Reply, ReplyPoint


@dataclass(frozen=True)
class Relabelled:
    """What a check puts in the place of the outcome and letter of a point, and why."""

    place: str
    recommendation: Recommendation
    reason: str
    outcome: ReplyOutcome | None = None
    label: str | None = None


@dataclass(frozen=True)
class ReplyTransition:
    """What comes with a step of a reply."""

    on: date
    reason: str | None = None
    document_no: str | None = None
    signed_by: str | None = None
    labels: Sequence[Relabelled] = field(default_factory=list)
    paper: str | None = None


def label_mistakes(
    case: Case, reply: Reply, grounds: ReplyTransition
) -> Iterator[tuple[str, Sentence]]:
    """Yield what is wrong with what a check would change."""
    points, scheme = points_of(case, reply), scheme_of(case)
    seen: set[int] = set()
    for change in grounds.labels:
        number = change.recommendation.id
        if number not in points:
            message = ("这件答复没有涉及这条建议", "the reply has no point on it")
            yield f"{change.place}.recommendation", message
        elif number in seen:
            yield f"{change.place}.recommendation", ("重复", "is there twice")
        seen.add(number)
        _, label, wrong = matched(scheme, change.outcome, change.label)
        if label and scheme and scheme.needs_date(label) and undated(points, number):
            message = (f"标签 {label} 须有承诺期限", f"{label} needs a day that was promised")
            yield f"{change.place}.label", message
        for name, sentence in wrong.items():
            yield f"{change.place}.{name}", sentence


def undated(points: Mapping[int, ReplyPoint], number: int) -> bool:
    """Return whether the point on a recommendation, if there is one, promises no day."""
    return number in points and points[number].promised_on is None


def points_of(case: Case, reply: Reply) -> dict[int, ReplyPoint]:
    """Return the points of *reply* by recommendation."""
    own = select(ReplyPoint).where(ReplyPoint.reply_id == reply.id).order_by(ReplyPoint.id)
    with case.work.session.no_autoflush:
        return {point.recommendation_id: point for point in case.work.session.scalars(own)}
