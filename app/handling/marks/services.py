"""Marking a proposal, such as excellent, and taking the mark back."""

from dataclasses import dataclass
from datetime import date

from app.audit.services.recorder import next_sequence, record_change
from app.core.codes import HandlingState, MarkKind
from app.core.errors import AlreadyGiven, InvalidChange, NotNow, Sentence
from app.core.rules.permissions import Actor, Permission
from app.core.rules.state_groups import FILED_CASES
from app.core.services.authorization import require
from app.core.types import NewChanges
from app.handling.assignments.services.context import Work, wrong_day
from app.handling.assignments.services.step_days import NEEDS_PAPER
from app.models import Organization, Proposal, ProposalMark
from app.register.proposals.queries.marks import standing_mark

MARKED = FILED_CASES | {HandlingState.MERGED}
"""States of a proposal that can be marked: it was filed."""


@dataclass(frozen=True)
class MarkInput:
    """A mark that is given: by whom, on which day, and by what paper."""

    kind: MarkKind
    giver: Organization
    on: date
    paper: str
    note: str | None = None


@dataclass(frozen=True)
class MarkEnd:
    """That a mark is taken back on a day, and why; by what paper, where there is one."""

    kind: MarkKind
    on: date
    reason: str | None
    paper: str | None = None


def mark(actor: Actor, proposal: Proposal, given: MarkInput, work: Work) -> None:
    """Mark *proposal*, which was filed, once of each kind.

    Raises PermissionDenied, NotNow while it is not filed, AlreadyGiven naming the mark that stands,
    InvalidChange naming the field.
    """
    require(actor, Permission.EDIT_PROPOSAL)
    if proposal.handling_state not in MARKED:
        state = HandlingState(proposal.handling_state)
        raise NotNow.of(("提案", "the proposal"), state.labels, ("加标记", "mark it"))
    known = standing_mark(work.session, proposal.id, given.kind)
    if known is not None:
        raise AlreadyGiven(
            why="The proposal has the mark already",
            why_zh="这件提案已有这种标记",
            reference=f"{given.kind} ({known.on})",
        )
    wrong = wrong_day(given.on, given.on, work.today) | wrong_giver(given)
    if wrong:
        raise InvalidChange(fields=wrong)
    enter_mark(actor, proposal, given, work)


def wrong_giver(given: MarkInput) -> dict[str, Sentence]:
    """Return what is wrong with who gives a mark: it had ended by that day."""
    ended, slug = given.giver.ended_on, given.giver.slug
    if ended is None or given.on < ended:
        return {}
    return {"given_by": (f"{slug} 已于 {ended} 撤销", f"{slug} ended on {ended}")}


def enter_mark(actor: Actor, proposal: Proposal, given: MarkInput, work: Work) -> None:
    """Write the mark, and the event that tells of it."""
    row = ProposalMark(
        proposal_id=proposal.id,
        kind=given.kind,
        on=given.on,
        giver_id=given.giver.id,
        paper=given.paper,
        note=given.note,
        sequence=next_sequence(work.session),
    )
    work.session.add(row)
    changes: NewChanges = {
        "mark": (None, str(given.kind)),
        "giver_id": (None, given.giver.id),
        "done_on": (None, given.on.isoformat()),
        "paper": (None, given.paper),
    }
    record_change(work.session, actor, proposal, "proposal.marked", changes, given.note)


def take_back(actor: Actor, proposal: Proposal, end: MarkEnd, work: Work) -> None:
    """Take a mark of *proposal* back, with a reason; it stays in the history.

    Raises PermissionDenied, NotNow where none of the kind stands, InvalidChange naming the field.
    """
    require(actor, Permission.EDIT_PROPOSAL)
    row = standing_mark(work.session, proposal.id, end.kind)
    if row is None:
        state = (f"没有“{end.kind.zh}”标记", f"not marked {end.kind.en}")
        raise NotNow.of(("提案", "the proposal"), state, ("撤销这种标记", "take the mark back"))
    wrong = wrong_day(end.on, row.on, work.today)
    if end.reason is None:
        wrong["note"] = ("请写明撤销的理由", "say why it is taken back")
    if end.on < work.today and end.paper is None:
        wrong["paper"] = NEEDS_PAPER
    if wrong:
        raise InvalidChange(fields=wrong)
    row.ended_on, row.end_reason = end.on, end.reason
    row.ended_in = next_sequence(work.session)
    changes: NewChanges = {
        "mark": (str(end.kind), None),
        "done_on": (None, end.on.isoformat()),
    }
    changes |= {"paper": (None, end.paper)} if end.paper else {}
    record_change(work.session, actor, proposal, "proposal.mark_ended", changes, end.reason)
