"""What comes with a step of a proposal, and what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.core.codes import HandlingState, LabelledEnum, Need, NotFiledReason, Publication, TaskKind
from app.core.errors import Sentence
from app.core.rules.workflow import NOT_TAKEN, Step, lacking, surplus
from app.handling.assignments.services.context import Work
from app.handling.proposals.rules import HOLDS_MERGED
from app.handling.proposals.services.proposal_days import wrong_proposal_day
from app.handling.proposals.services.proposal_status import waits
from app.models import Proposal, Recommendation
from app.tasks.queries.holders import members

S = HandlingState


@dataclass(frozen=True)
class ProposalTransition:
    """What comes with a step of a proposal; *into* is the one it is merged into.

    *without_recommendations* says that a proposal in which none was found is filed on purpose.
    It was taken *on* a day, today when None; an earlier one rests on a *paper*.
    """

    reason: str | None = None
    reason_code: NotFiledReason | None = None
    into: Proposal | None = None
    case_no: str | None = None
    without_recommendations: bool = False
    on: date | None = None
    paper: str | None = None


def validate_transition(
    work: Work, proposal: Proposal, step: Step, grounds: ProposalTransition
) -> Iterator[tuple[str, Sentence]]:
    """Yield what *step* lacks, or does not take."""
    yield from lacking(step, grounds).items()
    yield from wrong_proposal_day(work, proposal).items()
    yield from surplus(step, grounds, Need.REASON_CODE, Need.INTO).items()
    yield from filing_mistakes(work, proposal, step.target, grounds)
    if grounds.reason_code is NotFiledReason.OTHER and not grounds.reason:
        yield "reason", ("其他情形必须说明理由", "another reason must be told")
    if grounds.into is not None:
        yield from into_mistakes(work, proposal, grounds.into)
    if step.target is S.CLOSED and waits(work.session, proposal.id, (TaskKind.ASSESS,)):
        yield "to", ("办理情况尚待评估，评估后才能办结", "its handling is still to be assessed")


def filing_mistakes(
    work: Work, proposal: Proposal, target: LabelledEnum, grounds: ProposalTransition
) -> Iterator[tuple[str, Sentence]]:
    """Yield what is wrong with what comes with filing alone.

    A proposal without a single recommendation would be followed nowhere, so whoever files it says
    that there is none.
    """
    if grounds.case_no is not None and target is not S.FILED:
        yield "case_no", ("只有立案时填写", "a case number comes with filing")
    empty = target is S.FILED and not has_recommendations(work, proposal)
    if empty and not grounds.without_recommendations:
        yield "without_recommendations", NO_RECOMMENDATION
    if grounds.without_recommendations and not empty:
        yield "without_recommendations", NOT_TAKEN


NO_RECOMMENDATION: Sentence = (
    "本提案没有登记任何建议，立案后无从跟踪落实；请先补录建议，确无建议的请填 true",
    "no recommendation of this proposal is registered, so nothing could be followed once it is"
    " filed: enter them first, or send true where there is none",
)


def has_recommendations(work: Work, proposal: Proposal) -> bool:
    """Return whether at least one recommendation of *proposal* is registered."""
    own = select(Recommendation.id).where(Recommendation.proposal_id == proposal.id).limit(1)
    return work.session.scalar(own) is not None


def into_mistakes(work: Work, proposal: Proposal, into: Proposal) -> Iterator[tuple[str, Sentence]]:
    """Yield what forbids merging *proposal* into *into*."""
    if len(members(work.session, proposal.id)) > 1:
        yield "into", ("已有提案并入本提案", "others were merged into this one")
    if proposal.publication == Publication.RESTRICTED != into.publication:
        message = "a restricted proposal cannot be merged into one that offices see"
        yield "into", ("受限的提案不能并入承办单位可见的提案", message)
    if into.id == proposal.id:
        yield "into", ("不能并入自身", "a proposal cannot be merged into itself")
    elif into.handling_state not in HOLDS_MERGED:
        state = S(into.handling_state)
        yield "into", (f"{into.reference}现为“{state.zh}”", f"{into.reference} is {state.en}")
