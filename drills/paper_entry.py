"""Entering the papers of a made-up year, step after step, as those do whose steps they are."""

from collections.abc import Callable, Iterable
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit.services.recorder import record_event
from app.core.base import columns_of
from app.core.codes import (
    ActorKind,
    AssignmentRole,
    AssignmentState,
    ExtensionState,
    HandlingState,
    NotFiledReason,
    ProposalKind,
    ProposerRole,
    ReplyOutcome,
    ReplyState,
    Role,
    Satisfaction,
)
from app.core.rules.permissions import Actor
from app.deadlines.rules.deadlines import Pause
from app.handling.assignments.services import assignment_transitions as assignments
from app.handling.assignments.services import extensions, pauses
from app.handling.assignments.services.context import Case, Work, case_of
from app.handling.assignments.services.dispatch import DispatchInput, dispatch
from app.handling.assignments.services.step_days import dated
from app.handling.proposals.services import draft_checks, drafts, proposal_transitions
from app.handling.proposals.services.proposal_checks import ProposalTransition
from app.handling.proposals.services.proposals import edit_proposal
from app.handling.replies.services import evaluations, reply_drafts, reply_labels, reply_transitions
from app.handling.replies.services.countersigning import countersign
from app.models import (
    Assignment,
    Organization,
    Person,
    Proposal,
    Proposer,
    Recommendation,
    Reply,
    RuleProfile,
    Sitting,
)
from app.register.people.queries.reference_data import read_book
from app.register.tags.services.tags import create_tag
from drills.paper_calendar import HENAN
from drills.paper_ledger import Ledger, Paper
from drills.paper_year import TODAY

TAG = {"slug": "paper-year", "name_zh": "补录之年", "name_en": "Paper year", "definition": "演练"}
SITTING = "zhengzhou-lianghui-industry"
SIGNED = {"document_no": "答复〔2026〕1号", "signed_by": "局长"}


def prepare(session: Session) -> None:
    """Add what the year needs: a tag, and a limit to dispatch in the usual rules of each kind."""
    create_tag(session, actor(session, Role.REGISTRAR), {**TAG, "synonyms": []})
    for slug in (HENAN.slug, OF_CONFERENCES):
        limit_dispatch(session, slug)


OF_CONFERENCES = "cppcc-common-practice"
"""The usual rules of what a political consultative conference proposes."""


def limit_dispatch(session: Session, slug: str) -> None:
    """Add an edition of the rules *slug* that says until when to dispatch."""
    own = sa.select(RuleProfile).where(RuleProfile.slug == slug)
    known = session.scalars(own.order_by(RuleProfile.edition.desc()).limit(1)).one()
    limits = {**known.limits, "dispatch": {"amount": 5, "unit": "working_days"}}
    number = known.edition + 1
    kept = {name: getattr(known, name) for name in set(columns_of(RuleProfile)) - OWN}
    new = {"limits": limits, "edition": number, "reference": f"{slug}@{number}"}
    made = RuleProfile(**{**kept, **new})
    session.add(made)
    session.flush()
    changes = {"reference": (None, made.reference)}
    record_event(session, actor(session, Role.REGISTRAR), made, "profile.created", changes)
    session.flush()


OWN = {"id", "version", "created_at", "updated_at"}


def actor(session: Session, role: Role, office: str | None = None) -> Actor:
    """Return someone with a *role*, of an *office*."""
    own = None if office is None else organization(session, office)
    return Actor(
        ActorKind.INTEGRATOR,
        "补录人员",
        office_id=own.id if own else None,
        office_name=own.name_zh if own else None,
        roles=frozenset({role}),
    )


def organization(session: Session, slug: str) -> Organization:
    """Return the organization *slug*."""
    return session.scalars(sa.select(Organization).where(Organization.slug == slug)).one()


def enter(session: Session, cases: Iterable[Ledger]) -> None:
    """Enter *cases* from their papers."""
    work = Work(session, read_book(session), TODAY)
    for case in cases:
        entry = Entry(work, case)
        for number, paper in enumerate(case.papers, 1):
            entry.enter(paper, f"补录〔2026〕{case.number}-{number}号")


class Entry:
    """The register's side of one *case* while its papers are entered."""

    def __init__(self, work: Work, case: Ledger) -> None:
        self.work, self.case, self.session = work, case, work.session
        self.registrar = actor(self.session, Role.REGISTRAR)
        self.parts: dict[int, Assignment] = {}

    @cached_property
    def proposal(self) -> Proposal:
        """Return the draft, as it was entered."""
        number = self.case.number
        asked = f"建议办好第{number}件实事"
        persons = self.session.scalars(sa.select(Person).order_by(Person.id).limit(2)).all()
        sitting = self.session.scalars(sa.select(Sitting).where(Sitting.slug == SITTING)).one()
        kinds = (ProposalKind.NPC_SUGGESTION, ProposalKind.CPPCC_PROPOSAL)
        content = draft_checks.DraftInput(
            kinds[number % 2], f"补录第{number}件", f"{asked}。\n", sitting,
            [(persons[number % 2], ProposerRole.LEAD)],
            [draft_checks.RecommendationInput(
                asked, [draft_checks.Quote(asked)], tags=[TAG["slug"]])],
        )  # fmt: skip
        return drafts.draft(self.registrar, content, self.work)

    @cached_property
    def asked(self) -> Recommendation:
        """Return the one recommendation of it."""
        own = Recommendation.proposal_id == self.proposal.id
        return self.session.scalars(sa.select(Recommendation).where(own)).one()

    def enter(self, paper: Paper, name: str) -> None:
        """Take the step that *paper*, called *name*, tells of."""
        if paper.part == 0:
            self.of_proposal(paper, name)
        else:
            STEPS.get(paper.step, of_office)(self, paper, name)

    def of_proposal(self, paper: Paper, name: str) -> None:
        """Take a step of the proposal; what is filed is published."""
        target = HandlingState(paper.step)
        filed = target is HandlingState.FILED
        grounds = ProposalTransition(
            reason="依文办理" if target in WITH_REASON else None,
            reason_code=NotFiledReason.EMPTY if target is HandlingState.NOT_FILED else None,
            case_no=f"2026-{self.case.number:04d}" if filed else None,
            on=paper.on,
            paper=name,
        )
        proposal_transitions.move(self.registrar, self.proposal, target, grounds, self.work)
        if filed:
            edit_proposal(self.session, self.registrar, self.proposal, {"publication": "published"})

    def by(self, role: Role, paper: Paper) -> Actor:
        """Return who of the office of *paper* has a *role*."""
        return actor(self.session, role, self.case.parts[paper.part - 1].office)

    def reply(self, part: int) -> Reply:
        """Return the newest version of the reply of a part."""
        return reply_drafts.versions(self.of_part(part))[-1]

    def of_part(self, part: int) -> Case:
        """Return the case of a part."""
        return case_of(self.work, self.parts[part])


WITH_REASON = (HandlingState.TRANSFERRED, HandlingState.WITHDRAWN)


def give(entry: Entry, paper: Paper, name: str) -> None:
    """Dispatch it; the first time under the rules of the case."""
    rules = entry.work.book.profile(entry.case.rules.slug)
    given = DispatchInput(
        organization(entry.session, paper.more["office"]),
        AssignmentRole(paper.more["role"]),
        paper.on,
        profile=rules if not entry.parts else None,
        paper=name,
    )
    entry.parts[paper.part] = dispatch(entry.registrar, entry.proposal, given, entry.work)


def of_office(entry: Entry, paper: Paper, name: str) -> None:
    """Take a step of an assignment: its office's, or what dispatchers decide."""
    decides = paper.step in ("returned", "upheld")
    who = entry.registrar if decides else entry.by(Role.OFFICE_EDITOR, paper)
    reason = "职责所在" if paper.step in ("objection_pending", "upheld") else None
    grounds = assignments.AssignmentTransition(paper.on, reason, paper=name)
    target = AssignmentState(paper.step)
    assignments.move(who, entry.parts[paper.part], target, grounds, entry.work)


def pause(entry: Entry, paper: Paper, name: str) -> None:
    """Let the clock stand still."""
    still = Pause(paper.on, paper.more["last"], "等待补充材料")
    work = dated(entry.work, paper.on, name)
    pauses.pause(entry.registrar, entry.parts[paper.part], still, work)


def ask(entry: Entry, paper: Paper, name: str) -> None:
    """Ask for more time."""
    who = entry.by(Role.OFFICE_EDITOR, paper)
    asked = extensions.ExtensionInput(paper.more["until"], "涉及面广", paper.on, name)
    extensions.ask_extension(who, entry.parts[paper.part], asked, entry.work)


def grant(entry: Entry, paper: Paper, name: str) -> None:
    """Grant it."""
    work, own = dated(entry.work, paper.on, name), entry.parts[paper.part]
    extensions.decide_extension(entry.registrar, own, ExtensionState.GRANTED, work, "同意")


def draft(entry: Entry, paper: Paper, name: str) -> None:
    """Draft a reply."""
    point = reply_drafts.PointInput("points.0", entry.asked, "已办结", ReplyOutcome.RESOLVED)
    who, own = entry.by(Role.OFFICE_EDITOR, paper), entry.parts[paper.part]
    reply_drafts.draft(who, own, "答复", [point], dated(entry.work, paper.on, name))


def opine(entry: Entry, paper: Paper, name: str) -> None:
    """Draft and send a joint opinion."""
    who, own = entry.by(Role.OFFICE_HEAD, paper), entry.parts[paper.part]
    made = reply_drafts.draft(who, own, "同意", [], dated(entry.work, paper.on, name))
    grounds = reply_labels.ReplyTransition(paper.on, paper=name, **SIGNED)
    reply_transitions.move(who, own, made, ReplyState.SENT, grounds, entry.work)


def sign(entry: Entry, paper: Paper, name: str) -> None:
    """Agree to a reply."""
    who, own = entry.by(Role.OFFICE_HEAD, paper), entry.parts[paper.part]
    version = entry.reply(paper.more["reply_of"])
    countersign(who, own, version, True, None, dated(entry.work, paper.on, name))


def bring_on(entry: Entry, paper: Paper, name: str) -> None:
    """Check, send or publish a reply."""
    checked = paper.step == ReplyState.CHECKED
    who = entry.registrar if checked else entry.by(Role.OFFICE_HEAD, paper)
    signed = SIGNED if paper.step == ReplyState.SENT else {}
    grounds = reply_labels.ReplyTransition(paper.on, paper=name, **signed)
    own, target = entry.parts[paper.part], ReplyState(paper.step)
    reply_transitions.move(who, own, entry.reply(paper.part), target, grounds, entry.work)


def rate(entry: Entry, paper: Paper, name: str) -> None:
    """Enter the form of the proposer."""
    own = Proposer.proposal_id == entry.proposal.id
    proposer = entry.session.scalars(sa.select(Proposer).where(own)).one()
    satisfied, not_so = Satisfaction.SATISFIED, Satisfaction.DISSATISFIED
    result = satisfied if paper.more["satisfied"] else not_so
    form = evaluations.RatingInput(proposer, satisfied, result, paper.on, name)
    evaluations.rate(
        entry.registrar, entry.parts[paper.part], entry.reply(paper.part), form, entry.work
    )


STEPS: dict[str, Callable[[Entry, Paper, str], None]] = {
    "dispatch": give,
    "pause": pause,
    "extension": ask,
    "granted": grant,
    "draft": draft,
    "opinion": opine,
    "countersign": sign,
    "checked": bring_on,
    "sent": bring_on,
    "published": bring_on,
    "rated": rate,
}
"""Step of a paper → what enters it; others are steps of the assignment."""
