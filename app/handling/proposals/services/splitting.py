"""What a case asks, mended after it was entered: recommendations added, split, joined, taken back.

What is taken back stays where it was, with its number and its history; who answers the case has no
more to do with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.audit.services.recorder import record_change
from app.core.codes import CommitmentState, HandlingState, LineageKind
from app.core.errors import InvalidChange, NotNow, Sentence, StillHandled
from app.core.rules.permissions import Actor, Permission
from app.core.rules.state_groups import ENDS
from app.core.services.authorization import require
from app.core.types import NewChanges
from app.handling.assignments.services.context import Work
from app.handling.proposals.services.cosigning import current_proposers
from app.handling.proposals.services.draft_checks import RecommendationInput, asked_mistakes
from app.handling.proposals.services.drafts import Anchoring, ask
from app.models import Assignment, Commitment, Document, Passage, Proposal, Recommendation, Tag
from app.register.documents.rules.passages import Span, inside
from app.register.recommendations.queries.recommendation_details import next_number
from app.register.recommendations.services.holders import end_alone, restore_alone, sync_holders
from app.register.recommendations.services.recommendation_relations import (
    begin_relation,
    end_replacement,
)
from app.register.recommendations.services.state_tasks import sync_tasks
from app.register.tags.services.tags import read_vocabulary


@dataclass(frozen=True)
class Split:
    """Recommendations to add to a case, those whose place they take, and why."""

    asked: Sequence[RecommendationInput]
    replaces: Sequence[Recommendation]
    reason: str


def add_to(actor: Actor, proposal: Proposal, split: Split, work: Work) -> list[Recommendation]:
    """Add what *split* asks to *proposal*, in place of what it replaces, and return what is new.

    One in place of one is a correction, several are a split, one in place of several a joining;
    each new one supersedes what it takes the place of. Offices have them by the dispatch of the
    case. Raises PermissionDenied, NotNow, InvalidChange naming the field, StillHandled.
    """
    require(actor, Permission.EDIT)
    check_case(proposal)
    anchor, session = anchor_of(proposal, work), work.session
    wrong = dict(split_mistakes(proposal, split, anchor, work))
    if wrong:
        raise InvalidChange(fields=wrong)
    first = next_number(session, Recommendation.number, Recommendation.proposal_id == proposal.id)
    made = [
        ask(session, actor, anchor, number, one) for number, one in enumerate(split.asked, first)
    ]
    for former in split.replaces:
        withdraw(actor, former, split.reason, work)
        for record in made:
            begin_relation(session, actor, record, LineageKind.SUPERSEDES, former, split.reason)
    changes: NewChanges = {"recommendations": ([], [record.reference for record in made])}
    record_change(session, actor, proposal, "proposal.added_to", changes, split.reason)
    sync_holders(session, actor, proposal.id)
    for record in made:
        sync_tasks(session, record, work.today)
    return made


def check_case(proposal: Proposal) -> None:
    """Raise NotNow when *proposal* ended, so that what it asks is no longer mended."""
    if proposal.handling_state in (*ENDS, HandlingState.ARCHIVED):
        doing = ("增减建议", "add to it or take from it")
        raise NotNow.of(("提案", "the proposal"), proposal.handling_state.labels, doing)


def anchor_of(proposal: Proposal, work: Work) -> Anchoring:
    """Return what the recommendations of *proposal* are anchored in, as it is called now."""
    document = work.session.get_one(Document, proposal.document_id)
    names = [one.as_printed for one in current_proposers(work, proposal)]
    return Anchoring(proposal, document, names, read_vocabulary(work.session))


def split_mistakes(
    proposal: Proposal, split: Split, anchor: Anchoring, work: Work
) -> Iterator[tuple[str, Sentence]]:
    """Yield each field of *split* that is wrong, and why."""
    vocabulary: Mapping[str, Tag] = anchor.vocabulary
    own = select(Passage.start, Passage.end).where(
        Passage.proposal_id == proposal.id, Passage.withdrawn_at.is_(None)
    )
    spans = [Span(*row) for row in work.session.execute(own)]
    for number, asked in enumerate(split.asked):
        place = f"recommendations.{number}"
        mistakes = dict(asked_mistakes(place, asked, anchor.compared, vocabulary))
        yield from mistakes.items()
        yield from outside(place, asked, anchor, spans) if not mistakes else ()
    for number, former in enumerate(split.replaces):
        if former.proposal_id != proposal.id:
            message = ("不是这件提案的建议", "is no recommendation of this proposal")
            yield f"replaces.{number}", message
        elif former.ended_as is not None:
            yield f"replaces.{number}", ("已经终止", "has ended already")


def outside(
    place: str, asked: RecommendationInput, anchor: Anchoring, spans: list[Span]
) -> Iterator[tuple[str, Sentence]]:
    """Yield each quotation of *asked* that stands outside of its proposal's words, *spans*."""
    for number, quote in enumerate(asked.quotes):
        found = anchor.compared.spans(quote.text, quote.nth or 1)[-1]
        if not inside(found, spans):
            message = ("不在这件提案的文字之内", "stands outside of the words of this proposal")
            yield f"{place}.quotes.{number}.text", message


def withdraw(
    actor: Actor,
    record: Recommendation,
    reason: str,
    work: Work,
    into: Recommendation | None = None,
) -> None:
    """Take *record* back, as what was no request, or join it to another that carries it on.

    Raises PermissionDenied, InvalidChange for what it cannot be joined to, NotNow when it ended,
    StillHandled while an office was given it by itself or promised something about it.
    """
    require(actor, Permission.EDIT)
    if record.ended_as is not None:
        raise NotNow.of(("建议", "the recommendation"), record.ended_as.labels, TAKEN_BACK)
    if into is not None and (into is record or into.ended_as is not None):
        message = ("应是另一条仍在办理的建议", "must be another recommendation that stands")
        raise InvalidChange(fields={"into": message})
    check_free(record, work)
    state = HandlingState.WITHDRAWN if into is None else HandlingState.MERGED
    end_alone(work.session, actor, record, state, reason)
    if into is not None:
        begin_relation(work.session, actor, record, LineageKind.MERGED_INTO, into, reason)


TAKEN_BACK = ("撤回", "take it back")


def check_free(record: Recommendation, work: Work) -> None:
    """Raise StillHandled while an office has *record* by itself, or promised something about it."""
    open_ones = [CommitmentState.OPEN, CommitmentState.MISSED]
    given = select(Assignment.reference).where(
        Assignment.recommendation_id == record.id, Assignment.is_open
    )
    promised = select(Commitment.reference).where(
        Commitment.recommendation_id == record.id, Commitment.state.in_(open_ones)
    )
    found = [*work.session.scalars(given), *work.session.scalars(promised)]
    if found:
        raise StillHandled(by=", ".join(sorted(found)), by_zh="、".join(sorted(found)))


def restore(actor: Actor, record: Recommendation, reason: str, work: Work) -> None:
    """Let *record*, which was taken back by itself, stand again; what it was joined to is over.

    Raises PermissionDenied, NotNow when it was not taken back by itself, or its case ended.
    """
    require(actor, Permission.EDIT)
    proposal = work.session.get_one(Proposal, record.proposal_id)
    check_case(proposal)
    if not record.ended_alone:
        now = record.ended_as.labels if record.ended_as else ("在办", "followed")
        raise NotNow.of(("建议", "the recommendation"), now, ("恢复", "restore it"))
    end_replacement(work.session, actor, record, reason)
    restore_alone(work.session, actor, record, reason)
