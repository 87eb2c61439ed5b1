"""What happens in the small register: a chapter each for seeds, accounts, work and refusals."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.principals import actor_of
from app.accounts.services import approvals, keys, principals
from app.accounts.services.accounts import ask_for_accounts, ask_for_key
from app.audit.services.recorder import record_attempt
from app.core.clock import utcnow
from app.core.codes import (
    ActorKind,
    ApprovalKind,
    ApprovalState,
    AssignmentRole,
    AssignmentState,
    Axis,
    Channel,
    ExtensionState,
    HandlingState,
    MarkKind,
    OfficeRole,
    Outcome,
    ProposalKind,
    ProposerRole,
    Publication,
    RemarkKind,
    ReplyOutcome,
    ReplyState,
    Role,
    Satisfaction,
    Scope,
    WithheldKind,
)
from app.core.config import Settings
from app.core.rules.permissions import Actor
from app.deadlines.rules.deadlines import Pause
from app.handling.assignments.services import (
    assignment_transitions,
    extensions,
    pauses,
    supervision,
)
from app.handling.assignments.services.context import Work
from app.handling.assignments.services.dispatch import DispatchInput, dispatch
from app.handling.commitments.services import commitment_remarks
from app.handling.marks import services as marks
from app.handling.proposals.services import (
    draft_checks,
    drafts,
    proposal_checks,
    proposal_transitions,
)
from app.handling.proposals.services.categories import categorise
from app.handling.proposals.services.cosigning import cosign
from app.handling.proposals.services.proposals import edit_proposal
from app.handling.replies.services import contacts as log
from app.handling.replies.services import evaluations, reply_drafts, reply_labels, reply_transitions
from app.handling.replies.services.countersigning import countersign
from app.handling.withholding import services as withholding
from app.handling.withholding import targets
from app.handling.worklists.services import tick
from app.models import (
    AccessKey,
    Approval,
    Commitment,
    Milestone,
    Organization,
    Person,
    Principal,
    ProgressReport,
    Proposal,
    Proposer,
    Recommendation,
    Sitting,
    Tag,
)
from app.register.files import services as files
from app.register.people.queries.reference_data import read_book
from app.register.people.services.persons import add_person, edit_person, merge_person
from app.register.people.services.reforms import Reform, rename_organization
from app.register.recommendations.services import recommendations, reopening
from app.register.recommendations.services.recommendation_offices import assign
from app.register.recommendations.services.recommendations import RecommendationTransition, move
from app.register.recommendations.services.reports import ReportInput, correct_report, report
from app.register.tags.services.tags import create_tag, edit_tag, tag
from app.seeding.files import SeedSet, read_seeds
from app.seeding.loader import load_seeds

INDUSTRY, DATA, GOVERNMENT = "zhengzhou-industry", "zhengzhou-data", "zhengzhou-government"
ACCOUNTS = {
    "registrar": (Role.REGISTRAR, None),
    "second registrar": (Role.REGISTRAR, None),
    "editor": (Role.OFFICE_EDITOR, INDUSTRY),
    "other editor": (Role.OFFICE_EDITOR, DATA),
    "supervisor": (Role.SUPERVISOR, GOVERNMENT),
    "head": (Role.OFFICE_HEAD, INDUSTRY),
    "other head": (Role.OFFICE_HEAD, DATA),
    "leaver": (Role.OFFICE_EDITOR, INDUSTRY),
}
OPERATORS = [Actor(ActorKind.OPERATOR, name) for name in ("王操作", "李操作")]
EVIDENCE = [{"title": "竣工验收报告", "url": "https://example.org/acceptance"}]
KEPT = 3
"""How many recommendations of each of two proposals the register holds."""


# -- curated records: a part of the real ones, then a corrected load that withdraws some ---------


def few() -> SeedSet:
    """Return the first document with two short proposals, and what these name."""
    seeds = read_seeds(Settings().seeds_dir)
    document = seeds.documents[0]
    long = [p for p in document.proposals if len(p["recommendations"]) >= KEPT]
    document.proposals = long[:2]
    for proposal in document.proposals:
        del proposal["recommendations"][KEPT:]
    first, other = document.recommendations[0], document.recommendations[-1]
    other["continues"] = [first["reference"]]
    named = {p["person"] for proposal in document.proposals for p in proposal["proposers"]}
    document.persons = [person for person in document.persons if person["slug"] in named]
    seeds.documents = [document]
    seeds.sessions = [s for s in seeds.sessions if s["slug"] == document.fields["session"]]
    seeds.organizations = with_parents(seeds.organizations, offices(seeds), "parent")
    tags = {slug for record in document.recommendations for slug in record["tags"]}
    seeds.tags = with_parents(seeds.tags, tags, "broader")
    rules = ("henan-npc-2017", "shandong-npc-2017")
    papers = seeds.papers
    papers["profiles"] = [row for row in papers["profiles"] if row["slug"] in rules]
    papers["calendars"] = papers["calendars"][-3:]
    return seeds


def offices(seeds: SeedSet) -> set[str]:
    """Return the slugs of the organizations that the records and the accounts name."""
    document = seeds.documents[0]
    suggested = {record["suggested_office"] for record in document.recommendations}
    bodies = {record["body"] for record in (*seeds.sessions, *document.persons)}
    return suggested | bodies | {INDUSTRY, DATA, GOVERNMENT}


def with_parents(records: list[dict], wanted: set[str], parent: str) -> list[dict]:
    """Return those of *records* that are wanted, and what stands above them."""
    by_slug = {record["slug"]: record for record in records}
    for slug in list(wanted):
        while slug := by_slug[slug].get(parent):
            wanted.add(slug)
    return [record for record in records if record["slug"] in wanted]


def curated(session: Session) -> None:
    """Load the records."""
    load_seeds(session, few(), lambda: None)


def corrected(session: Session) -> None:
    """Load them again with less of everything that hangs on them: the rest is withdrawn."""
    seeds = few()
    document = seeds.documents[0]
    del document.corrections[0], document.stretches[0]
    document.proposals[0]["proposers"][0]["as_printed"] += "等"
    spans = document.recommendations[0]["spans"]
    spans[0] = type(spans[0])(spans[0].start, spans[0].end - 1)
    load_seeds(session, seeds, lambda: None)


# -- people at work ------------------------------------------------------------------------------


def who(session: Session, name: str) -> Actor:
    """Return the account *name* as an actor."""
    number = session.scalar(sa.select(Principal.id).where(Principal.name == name))
    return actor_of(session, number, f"request of {name}")


def office(session: Session, slug: str) -> Organization:
    """Return the organization *slug*."""
    return session.scalars(sa.select(Organization).where(Organization.slug == slug)).one()


def asked_for(session: Session) -> list[Recommendation]:
    """Return the recommendations in order."""
    return list(session.scalars(sa.select(Recommendation).order_by(Recommendation.id)))


def persons(session: Session) -> list[Person]:
    """Return the persons in order."""
    return list(session.scalars(sa.select(Person).order_by(Person.id)))


def accounts(session: Session) -> None:
    """Add the accounts, each with a key; rotate one key and revoke another."""
    for name, (role, slug) in ACCOUNTS.items():
        keys.add_key(session, OPERATORS[0], name=name, roles=[role], office=slug, note="入职")
    first, *_, last = session.scalars(sa.select(AccessKey).order_by(AccessKey.id))
    keys.issue_secret(session, OPERATORS[0], first)
    keys.revoke_secret(session, OPERATORS[0], first, keys.live_secrets(session, first)[0], "轮换")
    keys.revoke_key(session, OPERATORS[0], last, "遗失")
    subject = "https://id.example.org 甲"
    person = {"kind": ActorKind.PERSON, "name": "signed in", "subject": subject}
    principals.create_principal(
        session, OPERATORS[0], principals.AccountInput(roles=[Role.READER], **person)
    )


def handled(session: Session) -> None:
    """Let offices take on, report, claim and verify; and the register tag and correct."""
    registrar, editor = who(session, "registrar"), who(session, "editor")
    first, second, third, other, *_ = asked_for(session)
    for record, slug, role in (
        (first, DATA, OfficeRole.JOINT),
        (second, DATA, OfficeRole.JOINT),
        (second, DATA, OfficeRole.LEAD),
        (third, INDUSTRY, OfficeRole.LEAD),
        (other, INDUSTRY, OfficeRole.LEAD),
    ):
        assign(session, registrar, record, office(session, slug), role)
    lead = (office(session, INDUSTRY), OfficeRole.LEAD)
    assign(session, editor, first, *lead, due_on=date(2027, 6, 30), note="承诺")
    work_on(session, first, other)
    contacts(session, registrar)
    vocabulary(session, registrar, first, third)
    changed = {"summary_zh": "更正后的摘要", "targets": ["目标"], "note": "更正"}
    recommendations.edit(session, registrar, third, changed)


def given(session: Session) -> None:
    """Give a proposal to offices: one receives it and gets more time, one objects and is heard."""
    registrar, editor = who(session, "registrar"), who(session, "editor")
    book, today = read_book(session), utcnow().date()
    work = Work(session, book, today)
    proposal = session.scalars(sa.select(Proposal).order_by(Proposal.id)).first()
    rules = book.profile("shandong-npc-2017")
    lead = DispatchInput(
        office(session, INDUSTRY), AssignmentRole.LEAD, today, profile=rules, note="交办"
    )
    taken = dispatch(registrar, proposal, lead, work)
    assignment_transitions.move(
        editor,
        taken,
        AssignmentState.RECEIVED,
        assignment_transitions.AssignmentTransition(today),
        work,
    )
    for days in (120, 130):
        asked = extensions.ExtensionInput(today + timedelta(days=days), "涉及面广", today)
        extensions.ask_extension(editor, taken, asked, work)
        if days == 120:
            granted = ExtensionState.GRANTED
            extensions.decide_extension(registrar, taken, granted, work, "代表同意")
    still = Pause(today + timedelta(days=10), today + timedelta(days=16), "等待代表补充材料")
    pauses.pause(registrar, taken, still, work)
    joint = DispatchInput(office(session, DATA), AssignmentRole.JOINT, today)
    other = dispatch(registrar, proposal, joint, work)
    why = assignment_transitions.AssignmentTransition(
        today, reason="不属本局职责", suggested_office=office(session, GOVERNMENT)
    )
    objecting = who(session, "other editor")
    assignment_transitions.move(objecting, other, AssignmentState.OBJECTION_PENDING, why, work)
    assignment_transitions.move(
        registrar,
        other,
        AssignmentState.RETURNED,
        assignment_transitions.AssignmentTransition(today),
        work,
    )


def answered(session: Session) -> None:
    """Let an office speak to the proposers and reply, another countersign, and be rated twice."""
    registrar, editor = who(session, "registrar"), who(session, "editor")
    head, joint_head = who(session, "head"), who(session, "other head")
    work = Work(session, read_book(session), utcnow().date())
    proposal = session.scalars(sa.select(Proposal).order_by(Proposal.id)).first()
    asked = session.scalars(
        sa.select(Recommendation).where(Recommendation.proposal_id == proposal.id)
    ).first()
    taken, joint = (
        dispatch(registrar, proposal, DispatchInput(office(session, slug), role, work.today, asked),
                 work)
        for slug, role in ((INDUSTRY, AssignmentRole.LEAD), (DATA, AssignmentRole.JOINT))
    )  # fmt: skip
    received = assignment_transitions.AssignmentTransition(work.today)
    assignment_transitions.move(editor, taken, AssignmentState.RECEIVED, received, work)
    assignment_transitions.move(joint_head, joint, AssignmentState.RECEIVED, received, work)
    proposer = session.scalars(
        sa.select(Proposer).where(
            Proposer.proposal_id == proposal.id, Proposer.withdrawn_at.is_(None)
        )
    ).first()
    spoken = log.ContactInput(Channel.MEETING, work.today, "当面听取意见", proposer)
    log.log_contact(editor, taken, spoken, work)
    soon = work.today + timedelta(days=9)
    asked_why = supervision.PressInput("请说明进度", soon, work.today)
    supervision.press(who(session, "supervisor"), taken, asked_why, work)
    why = supervision.DelayExplanationInput("用地手续未办结", soon, work.today)
    supervision.explain_delay(editor, taken, why, work)
    signed = reply_labels.ReplyTransition(work.today, document_no="12号", signed_by="局长")
    opinion = reply_drafts.draft(joint_head, joint, "同意", [], work)
    reply_transitions.move(joint_head, joint, opinion, ReplyState.SENT, signed, work)
    point = reply_drafts.PointInput(
        "points.0", asked, "已列入计划", ReplyOutcome.PLANNED, promise="年底前开工",
        promised_on=work.today + timedelta(days=90),
    )  # fmt: skip
    plan = files.Content("实施方案.pdf", "application/pdf", 48, "a" * 64)
    first_plan = files.add(session, editor, proposal, plan)
    second = replace(plan, filename="实施方案（更正）.pdf", sha256="b" * 64)
    newer = files.add(session, editor, proposal, second, supersedes=first_plan)
    brought = [{"title": "方案", "file": newer.reference, "url": "/", "sha256": newer.sha256}]
    reply = reply_drafts.draft(editor, taken, "答复", [point], work, brought)
    countersign(joint_head, joint, reply, True, "同意", work)
    change = reply_labels.Relabelled("labels.0", asked, "尚未开工", ReplyOutcome.DEFERRED)
    checked = reply_labels.ReplyTransition(work.today, labels=[change])
    reply_transitions.move(registrar, taken, reply, ReplyState.CHECKED, checked, work)
    reply_transitions.move(head, taken, reply, ReplyState.SENT, signed, work)
    reply_transitions.move(
        head,
        taken,
        reply,
        ReplyState.PUBLISHED,
        reply_labels.ReplyTransition(work.today),
        work,
    )
    form = evaluations.RatingInput(
        proposer, Satisfaction.SATISFIED, Satisfaction.DISSATISFIED, work.today, "反馈表", "太慢"
    )
    evaluations.rate(registrar, taken, reply, form, work)
    promise = session.scalars(sa.select(Commitment)).one()
    commitment_remarks.add_milestone(editor, promise, "选址", work.today + timedelta(days=9), work)
    first = session.scalars(sa.select(Milestone)).one()
    commitment_remarks.reach_milestone(editor, promise, first, work.today, EVIDENCE + brought, work)
    said = commitment_remarks.RemarkInput(RemarkKind.CONFIRMATION, work.today, "继续推进")
    commitment_remarks.say(editor, promise, said, work)
    tick(Work(session, work.book, work.today + timedelta(days=61)))


def drafted(session: Session) -> None:
    """Enter a draft that one of two signs, submit it without the other, and file it."""
    registrar, work = who(session, "registrar"), Work(session, read_book(session), utcnow().date())
    people = persons(session)
    sitting = session.scalars(sa.select(Sitting)).first()
    roles = (ProposerRole.LEAD, ProposerRole.COSIGNER)
    content = draft_checks.DraftInput(
        ProposalKind.NPC_SUGGESTION, "设立基金", "建议设立基金。", sitting,
        list(zip(people, roles, strict=False)),
        [draft_checks.RecommendationInput("设立基金", [draft_checks.Quote("设立基金")])],
        work.today + timedelta(days=9), confirmed=frozenset(one.slug for one in people),
    )  # fmt: skip
    made = drafts.draft(registrar, content, work)
    joint = session.scalars(
        sa.select(Proposer).where(Proposer.proposal_id == made.id, Proposer.position == 2)
    ).one()
    cosign(registrar, made, joint, False, work.today, "来电", work)
    for state in (HandlingState.SUBMITTED, HandlingState.UNDER_REVIEW, HandlingState.FILED):
        proposal_transitions.move(
            registrar, made, state, proposal_checks.ProposalTransition(), work
        )


def sorted_and_marked(session: Session) -> None:
    """Sort a case into categories and mark it twice; take one mark back."""
    registrar, work = who(session, "registrar"), Work(session, read_book(session), utcnow().date())
    filed = Proposal.handling_state == HandlingState.FILED
    case = session.scalars(sa.select(Proposal).where(filed).order_by(Proposal.id.desc())).first()
    categorise(registrar, case, ["economy", "urban"], None, work)
    categorise(registrar, case, ["economy", "finance"], "分类有误", work)
    body = office(session, GOVERNMENT)
    for kind in MarkKind:
        given = marks.MarkInput(kind, body, work.today, "表彰通报", "年度评选")
        marks.mark(registrar, case, given, work)
    end = marks.MarkEnd(MarkKind.WELL_HANDLED, work.today, "评选有误")
    marks.take_back(registrar, case, end, work)


def work_on(session: Session, first: Recommendation, other: Recommendation) -> None:
    """Bring *first* from accepted to verified, with reports of three people; put *other* off."""
    editor, joint = who(session, "editor"), who(session, "other editor")
    move(session, editor, first, Axis.ACCEPTANCE, "accepted", grounds=RecommendationTransition())
    move(
        session,
        editor,
        first,
        Axis.PROGRESS,
        "in_progress",
        grounds=RecommendationTransition(note="开工"),
    )
    picture = files.Content("现场.jpg", "image/jpeg", 12, "c" * 64)
    asked = session.get_one(Proposal, first.proposal_id)
    seen = files.add(session, editor, asked, picture, publication=Publication.INTERNAL)
    shown = [{"title": "现场", "file": seen.reference, "url": "/", "sha256": seen.sha256}]
    report(session, editor, first, text="选址已完成", percent=40, evidence=EVIDENCE + shown)
    report(session, joint, first, text="数据已接入")
    report(session, who(session, "leaver"), first, text="完成过半", percent=60)
    claim = RecommendationTransition(evidence=EVIDENCE, note="已竣工")
    move(session, editor, first, Axis.PROGRESS, "implemented", grounds=claim)
    tick(Work(session, read_book(session), utcnow().date() + timedelta(days=31)))
    move(
        session,
        who(session, "supervisor"),
        first,
        Axis.PROGRESS,
        "verified",
        grounds=RecommendationTransition(),
    )
    later = RecommendationTransition(reason="资金未到位", review_on=date(2027, 3, 1))
    move(session, editor, other, Axis.PROGRESS, "deferred", grounds=later)


def contacts(session: Session, registrar: Actor) -> None:
    """Note how both persons are reached, one of them twice."""
    first, second = persons(session)
    edit_person(session, registrar, first, {"phone": "0371-1", "note": "来信"})
    edit_person(session, registrar, first, {"phone": "0371-2", "email": "a@example.org"})
    edit_person(session, registrar, second, {"address": "某街一号"})


def vocabulary(session: Session, registrar: Actor, *tagged: Recommendation) -> None:
    """Add a narrower tag, rename it, give it to records and take another away."""
    broader = session.scalars(sa.select(Tag.slug).order_by(Tag.id)).first()
    content = {"name_zh": "整车", "name_en": "Cars", "definition": "整车", "synonyms": ["车"]}
    made = create_tag(session, registrar, {"slug": "cars", "broader": broader, **content})
    edit_tag(session, registrar, made, {"name_en": "Whole cars"})
    tag(session, registrar, list(tagged), add=["cars"])
    tag(session, registrar, list(tagged[:1]), remove=["cars"], note="误加")
    last = session.scalars(sa.select(Proposal).order_by(Proposal.id.desc())).first()
    edit_proposal(session, registrar, last, {"case_no": "A-17", "publication": "internal"})


def decided(session: Session) -> None:
    """Supersede, ask for what takes two, and approve, reject or leave it."""
    editor, supervisor = who(session, "editor"), who(session, "supervisor")
    registrar, security = who(session, "registrar"), OPERATORS[0]
    _, second, third, *_, last = asked_for(session)
    instead = RecommendationTransition(superseded_by=last)
    move(session, editor, third, Axis.PROGRESS, "superseded", grounds=instead)
    why = RecommendationTransition(reason="仍须单独办理")
    decide(session, reopening.ask_reopening(session, supervisor, third, "planned", why))
    move(session, editor, second, Axis.PROGRESS, "superseded", grounds=instead)
    erased = persons(session)[1]
    about = ("person", erased.id, erased.slug)
    reason = "本人要求"
    decide(
        session,
        approvals.ask(
            session,
            registrar,
            ApprovalKind.ERASE_PERSON,
            about,
            {"version": erased.version},
            reason,
        ),
    )
    leaver = who(session, "leaver").principal_id
    about = ("principal", leaver, f"principal {leaver}")
    seen = {"version": session.get_one(Principal, leaver).version}
    gone = approvals.ask(session, security, ApprovalKind.ERASE_PRINCIPAL, about, seen, "离职")
    again = approvals.ask(session, security, ApprovalKind.ERASE_PRINCIPAL, about, seen, "重复")
    decide(session, again, ApprovalState.REJECTED)
    decide(session, gone)
    asked_for_accounts(session, security)


def asked_for_accounts(session: Session, security: Actor) -> None:
    """Ask for a further key of the editor, which is approved, and for accounts, which wait."""
    wanted = {"scopes": [Scope.WRITE], "networks": ["10.1.0.0/16"], "days": 9}
    editor = session.get_one(Principal, who(session, "editor").principal_id)
    made, _ = ask_for_key(session, security, editor, wanted, "换新")
    decide(session, made)
    person = {"kind": "person", "name": "待批人员", "roles": ["reader"], "subject": "i|waiting"}
    more = {"kind": "integrator", "name": "待批接口", "roles": ["reader"], "key": wanted}
    ask_for_accounts(session, security, [person, more], "待批")


def decide(
    session: Session,
    approval: Approval,
    decision: ApprovalState = ApprovalState.APPROVED,
) -> None:
    """Let the second operator decide on *approval*."""
    approvals.decide(session, OPERATORS[1], approval, decision, "已核对")


def refused(session: Session) -> None:
    """End with attempts that changed nothing: of their events no record tells anything."""
    for number in range(1, 5):
        record = ("recommendation", number, str(number))
        outcome = Outcome.FAILED if number == 2 else Outcome.REFUSED
        told = {"status": 403, "problem": "permission_denied"}
        record_attempt(session, who(session, "editor"), "decide", record, outcome, told)


def reformed(session: Session) -> None:
    """Call an office otherwise from today on."""
    now = utcnow()
    reform = Reform(now.date(), now.replace(hour=0, minute=0, second=0, microsecond=0), "1号文")
    office = session.scalars(sa.select(Organization).where(Organization.slug == DATA)).one()
    names = {"name_zh": "郑州市数据局", "name_en": None}
    rename_organization(session, who(session, "registrar"), office, names, reform)


def withheld(session: Session) -> None:
    """Mend a report; withhold it and what it was before; release one of them again."""
    registrar, editor = who(session, "registrar"), who(session, "editor")
    first = asked_for(session)[0]
    own = sa.select(ProgressReport).where(ProgressReport.office_id == editor.office_id)
    former = session.scalars(own.order_by(ProgressReport.id)).first()
    mended = correct_report(session, editor, first, former, ReportInput("选址完成", evidence=[]))
    for number in (former.id, mended.id):
        target = targets.found(session, editor, WithheldKind.REPORT, number)
        made = withholding.withhold(session, editor, target, "误写了个人信息")
    withholding.release(session, registrar, made, "已核实")


def entered_twice(session: Session) -> None:
    """Enter somebody a second time, with all that may be known of them, and merge the two."""
    registrar, first = who(session, "registrar"), persons(session)[0]
    known = {"delegation": "中原代表团", "sector": "科技界", "unit": "某单位", "terms": [15, 16]}
    values = {"slug": "again", "name": first.name, "capacity": first.capacity, "is_namesake": True}
    again = add_person(session, registrar, values | known | {"member_number": "17"}, first.body_id)
    merge_person(session, registrar, again, first, "同一人")
    edit_person(session, registrar, first, {"name": f"{first.name}（更正）", "terms": [16]})


CHAPTERS: tuple[Callable[[Session], None], ...] = (
    curated,
    corrected,
    accounts,
    handled,
    given,
    answered,
    drafted,
    sorted_and_marked,
    entered_twice,
    reformed,
    withheld,
    decided,
    refused,
)
"""What happens in the register; a checkpoint is made after each."""
