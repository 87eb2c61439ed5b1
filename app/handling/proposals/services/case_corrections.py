"""What registrars correct on a case that was entered wrongly: its kind, its session, its proposers.

Nothing is entered anew: the number, the history and what offices did stay where they are. What is
still waited for is counted by the rules of what the case is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.audit.queries.record_state import children_hash
from app.audit.services.recorder import change, record_change
from app.core.clock import utcnow
from app.core.codes import CountFrom, ProposalKind, ProposerRole, TaskKind, TaskOutcome
from app.core.errors import InvalidChange, Sentence
from app.core.rules.permissions import Actor, Permission
from app.core.services.authorization import require
from app.core.types import NewChanges, Values
from app.deadlines.rules.deadlines import Limit
from app.deadlines.rules.rulebook import Profile
from app.handling.assignments.rules import LIMITS
from app.handling.assignments.services.calendars import days_of, record_move
from app.handling.assignments.services.context import Case, Work, case_of, chosen
from app.handling.proposals.services.cosigning import current_proposers, rename
from app.handling.proposals.services.draft_checks import name_of, proposer_mistakes, strangers
from app.handling.proposals.services.proposal_transitions import dispatch_limit
from app.handling.proposals.services.proposals import check_case_no
from app.models import Assignment, Document, Organization, Person, Proposal, Proposer, Sitting, Task
from app.tasks.rules.tasks import as_rule
from app.tasks.services import tasks

Proposing = Sequence[tuple[Person | Organization, ProposerRole]]

FROM_RECEIPT = (TaskKind.OBJECTION, TaskKind.CO_OPINION, TaskKind.REPLY)
"""What a profile may count from the receipt, or from the dispatch."""


@dataclass(frozen=True)
class CaseCorrection:
    """What a case really is; what is None was right. *note* says why, *case_no* is its number.

    *confirmed* are the slugs of proposers whose seat was asked about.
    """

    note: str | None
    kind: ProposalKind | None = None
    sitting: Sitting | None = None
    proposers: Proposing | None = None
    case_no: str | None = None
    confirmed: frozenset[str] = frozenset()


def correct(actor: Actor, proposal: Proposal, to: CaseCorrection, work: Work) -> None:
    """Correct *proposal*, in one event, and let all that follows from it follow.

    Its case number must be free in the series that it belongs to now. Raises PermissionDenied,
    InvalidChange naming the field, AlreadyExists for the case number.
    """
    require(actor, Permission.EDIT_PROPOSAL)
    wrong = dict(correction_mistakes(proposal, to, work))
    if wrong:
        raise InvalidChange(fields=wrong)
    session, usual = work.session, usual_profile(proposal, work)
    values = corrected_values(to)
    check_case_no(session, proposal, to.case_no, values)
    before = current_proposers(work, proposal)
    changes = propose(proposal, to.proposers, work) if to.proposers is not None else {}
    if "session_id" in values and to.sitting is not None:
        former = session.get(Sitting, proposal.session_id) if proposal.session_id else None
        changes["session"] = (former.slug if former else None, to.sitting.slug)
    if not differs(proposal, changes, values):
        return
    record_change(session, actor, proposal, "proposal.edited", changes, to.note, values)
    if "proposers" in changes:
        rename(actor, proposal, before, current_proposers(work, proposal), work)
    move_text(actor, proposal, to, work)
    count_anew(actor, proposal, usual, work)


def correction_mistakes(
    proposal: Proposal, to: CaseCorrection, work: Work
) -> Iterator[tuple[str, Sentence]]:
    """Yield each field that is wrong, and why."""
    if not to.note:
        message = "say why: the history shows it beside what was wrong"
        yield "note", ("请写明更正的理由，历史记录中与原内容一同显示", message)
    if to.proposers is not None:
        yield from proposer_mistakes(to.proposers)
        number, kind = proposal.session_id, to.kind or proposal.kind
        sitting = to.sitting or (work.session.get(Sitting, number) if number else None)
        if sitting is not None:
            yield from strangers(to.proposers, to.confirmed, (kind, sitting), work)


def corrected_values(to: CaseCorrection) -> Values:
    """Return the columns that *to* corrects."""
    values: Values = {}
    if to.kind is not None:
        values["kind"] = to.kind
    if to.sitting is not None:
        values["session_id"] = to.sitting.id
    return values


def differs(proposal: Proposal, changes: NewChanges, values: Values) -> bool:
    """Return whether anything of *proposal* becomes another."""
    told = any(old != new for old, new in changes.values())
    return told or any(getattr(proposal, name) != value for name, value in values.items())


def propose(proposal: Proposal, wanted: Proposing, work: Work) -> NewChanges:
    """Let *wanted* propose *proposal*, in their order, and return what changes with that.

    Whoever stays keeps their row, with what they rated and said, and is called as before.
    """
    session, standing = work.session, current_proposers(work, proposal)
    hung = children_hash(session, proposal)
    called = [[one.as_printed for one in standing], [str(one.role) for one in standing]]
    left = {(one.person_id, one.organization_id): one for one in standing}
    for position, (found, role) in enumerate(wanted, 1):
        who = (found.id, None) if isinstance(found, Person) else (None, found.id)
        row = left.pop(who, None) or Proposer(
            proposal_id=proposal.id,
            person_id=who[0],
            organization_id=who[1],
            as_printed=name_of(found),
        )
        row.position, row.role = position, role
        session.add(row)
    for one in left.values():
        one.withdrawn_at = utcnow()
    session.flush()
    now = current_proposers(work, proposal)
    names, roles = [one.as_printed for one in now], [str(one.role) for one in now]
    pairs: NewChanges = {
        "proposers": (called[0], names),
        "proposer_roles": (called[1], roles),
        "children": (hung, children_hash(session, proposal)),
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def move_text(actor: Actor, proposal: Proposal, to: CaseCorrection, work: Work) -> None:
    """Let the text of *proposal* be of the same session, where it was entered here."""
    number = proposal.document_id
    text = work.session.get(Document, number) if to.sitting is not None and number else None
    if text is not None and text.publication is not None and to.sitting is not None:
        values = {"session_id": to.sitting.id, "note": to.note}
        change(work.session, actor, text, "document.edited", values)


# -- clocks ------------------------------------------------------------------------------------


def usual_profile(proposal: Proposal, work: Work) -> Profile | None:
    """Return the profile that would be chosen for *proposal* now, or None before its dispatch."""
    return chosen(work, proposal) if proposal.profile else None


def count_anew(actor: Actor, proposal: Proposal, usual: Profile | None, work: Work) -> None:
    """Let what is waited for about *proposal* be counted by the rules of what it is now.

    What ended stays as it was judged, and so does a profile that is not the *usual* one of what it
    was: dispatchers chose it by name.
    """
    if usual is None:
        count_dispatch(actor, proposal, work)
        return
    now = chosen(work, proposal)
    if now.reference == usual.reference or proposal.profile != usual.reference:
        return
    own = select(Assignment).where(Assignment.proposal_id == proposal.id)
    cases = [case_of(work, one) for one in work.session.scalars(own.order_by(Assignment.id))]
    given = {task.id: task for case in cases for task in by_profile(case)}
    values = {"profile": now.reference}
    record_change(work.session, actor, proposal, "proposal.edited", {}, values=values)
    for case in cases:
        for task in case.waited_for(*LIMITS):
            if task.id in given:
                count_task_anew(actor, case, task)


def count_dispatch(actor: Actor, proposal: Proposal, work: Work) -> None:
    """Let the dispatch of *proposal*, where it is waited for, be due by the rules of now."""
    limit = dispatch_limit(proposal, work)
    for task in tasks.open_tasks(work.session, proposal, TaskKind.DISPATCH):
        if limit is not None and task.began_on is not None and as_rule(limit) != task.limit:
            set_rule(actor, task, limit, (task.began_on, task.awaits_receipt), work)


def by_profile(case: Case) -> Iterator[Task]:
    """Yield what is waited for in *case* whose limit is the one that its profile gives."""
    for task in case.waited_for(*LIMITS):
        limit = case.limit(LIMITS[TaskKind(task.kind)], case.assignment.dispatched_on)
        if limit is not None and task.limit == as_rule(limit):
            yield task


def count_task_anew(actor: Actor, case: Case, task: Task) -> None:
    """Let *task* be counted by the limit of the profile that *case* is handled under now.

    Where that knows no window to object, there is none any more; a duty stays as it was.
    """
    limit = case.limit(LIMITS[TaskKind(task.kind)], case.assignment.dispatched_on)
    if limit is None and task.kind == TaskKind.OBJECTION:
        case.end(TaskKind.OBJECTION, on=case.work.today, outcome=TaskOutcome.VOID)
        changes: NewChanges = {"dropped": (None, [str(TaskKind.OBJECTION)])}
        case.tell(actor, "assignment.no_longer_waited_for", changes)
    if limit is not None and task.limit != as_rule(limit):
        set_rule(actor, task, limit, begins(case, task, limit), case.work)


def begins(case: Case, task: Task, limit: Limit) -> tuple[date | None, bool | None]:
    """Return from which day *limit* counts in *case*, and whether that day awaits the receipt."""
    own = case.assignment
    if task.kind not in FROM_RECEIPT:
        return task.began_on, task.awaits_receipt
    if limit.count_from is not CountFrom.RECEIPT:
        return own.dispatched_on, None
    if own.received_on is not None:
        return own.received_on, None
    awaited = next(iter(case.waited_for(TaskKind.RECEIVE)), None)
    return (awaited.due_on if awaited else None) or own.dispatched_on, True


def set_rule(
    actor: Actor, task: Task, limit: Limit, begun: tuple[date | None, bool | None], work: Work
) -> None:
    """Give *task* another *limit*, counted from another day, and tell where it is due then."""
    before = days_of(task)
    tasks.change_rule(work.session, task, limit, begun, work.book.calendar)
    record_move(work.session, actor, task, before)
