"""Drafts: a new text with its proposal and its recommendations, all anchored in its characters."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.audit.services.recorder import created
from app.core.codes import (
    Acceptance,
    DocumentKind,
    HandlingState,
    LeadStatus,
    Progress,
    ProposerRole,
    Publication,
    SourceKind,
)
from app.core.errors import AlreadyExists, InvalidChange
from app.core.rules.permissions import Actor, Permission
from app.core.services.authorization import require
from app.core.types import Values
from app.deadlines.rules.rulebook import level_of
from app.handling.assignments.services.context import Work
from app.handling.proposals.services import proposal_checks, proposal_transitions
from app.handling.proposals.services.categories import categorise
from app.handling.proposals.services.draft_checks import (
    DraftInput,
    RecommendationInput,
    name_of,
    validate_draft,
)
from app.models import (
    Document,
    Organization,
    Passage,
    Person,
    Proposal,
    Proposer,
    Recommendation,
    Tag,
)
from app.register.documents.rules.passages import Span
from app.register.documents.rules.quotations import ComparedText, with_same_line_ends
from app.register.people.queries.persons import group_of
from app.register.recommendations.services.search_texts import search_text
from app.register.tags.services.tag_index import write_index
from app.register.tags.services.tags import read_vocabulary

INTERNAL = Publication.INTERNAL


def draft(actor: Actor, content: DraftInput, work: Work) -> Proposal:
    """Enter *content* as a draft, for the staff only, and return its proposal.

    Another draft that it replaces is withdrawn. Raises PermissionDenied, AlreadyExists for a text
    that is there, InvalidChange naming the field, such as a quotation that the text does not hold.
    """
    require(actor, Permission.FILE)
    session = work.session
    vocabulary = read_vocabulary(session)
    wrong = dict(validate_draft(content, vocabulary, work))
    if wrong:
        raise InvalidChange(fields=wrong)
    document = keep_text(session, actor, content, next_name(session, work.today))
    proposal = enter(session, actor, content, document)
    names = [name_of(found) for found, _ in content.proposers]
    anchor = Anchoring(proposal, document, names, vocabulary)
    for number, asked in enumerate(content.recommendations, 1):
        ask(session, actor, anchor, number, asked)
    if content.categories:
        categorise(actor, proposal, content.categories, None, work)
    if content.replaces is not None:
        reason = f"由 {proposal.reference} 取代 / replaced by {proposal.reference}"
        grounds = proposal_checks.ProposalTransition(reason=reason)
        proposal_transitions.move(actor, content.replaces, HandlingState.WITHDRAWN, grounds, work)
    return proposal


def next_name(session: Session, today: date) -> str:
    """Return the next name of a text that was entered here, such as N2026-0001."""
    prefix = f"N{today.year}-"
    known = select(Document.reference).where(Document.reference.startswith(prefix))
    ends = (reference.removeprefix(prefix) for reference in session.scalars(known))
    return f"{prefix}{1 + max((int(e) for e in ends if e.isdecimal()), default=0):04d}"


def keep_text(session: Session, actor: Actor, content: DraftInput, name: str) -> Document:
    """Keep the text of *content* as a document called *name*; one that is there already stands.

    Several may submit the same text, with whatever line ends. Raises AlreadyExists when one of the
    same lead proposer stands on it already, which is not rewritten by this one.
    """
    same = same_text(session, content)
    if same is not None:
        check_other(session, content, same)
        return same
    digest = digest_of(content.text)
    body = session.get_one(Organization, content.sitting.body_id)
    document = Document(
        reference=name,
        text=content.text,
        sha256=digest,
        title=content.title,
        kind=DocumentKind.FILED_TEXT,
        level=level_of(body.region_code),
        session_id=content.sitting.id,
        publication=INTERNAL,
    )
    created(session, actor, document, {"sha256": (None, digest)}, note=content.note)
    return document


def same_text(session: Session, content: DraftInput) -> Document | None:
    """Return the document with the text of *content*, whichever way the lines of either end.

    One whose lines end in several ways is known among those of the same session and title.
    """
    text = with_same_line_ends(content.text)
    written = {content.text, *(with_same_line_ends(text, end) for end in LINE_ENDS)}
    rows = select(Document).where(
        or_(
            Document.sha256.in_(sorted(map(digest_of, written))),
            (Document.session_id == content.sitting.id) & (Document.title == content.title),
        )
    )
    known = session.scalars(rows.order_by(Document.id))
    return next((one for one in known if with_same_line_ends(one.text) == text), None)


LINE_ENDS = ("\n", "\r\n", "\r")


def digest_of(text: str) -> str:
    """Return the SHA-256 of *text*."""
    return sha256(text.encode()).hexdigest()


def check_other(session: Session, content: DraftInput, text: Document) -> None:
    """Raise AlreadyExists when a lead proposer of *content* has a standing proposal with *text*."""
    leads = [found for found, role in content.proposers if role is ProposerRole.LEAD]
    people = [found for found in leads if isinstance(found, Person)]
    persons = [one.id for found in people for one in group_of(session, found)]
    bodies = [found.id for found in leads if isinstance(found, Organization)]
    known = (
        select(Proposal.reference)
        .join(Proposer, Proposer.proposal_id == Proposal.id)
        .where(
            Proposal.document_id == text.id,
            Proposal.handling_state.not_in(GONE),
            Proposer.role == ProposerRole.LEAD,
            or_(Proposer.person_id.in_(persons), Proposer.organization_id.in_(bodies)),
        )
    )
    if content.replaces is not None:
        known = known.where(Proposal.id != content.replaces.id)
    reference = session.scalar(known.limit(1))
    if reference is not None:
        raise AlreadyExists(what="proposal with this text:", what_zh="原文的提案", value=reference)


GONE = (HandlingState.WITHDRAWN, HandlingState.NOT_FILED, HandlingState.TRANSFERRED)
"""States in which a proposal no longer stands, so that its text may be submitted again."""


def enter(session: Session, actor: Actor, content: DraftInput, document: Document) -> Proposal:
    """Add the proposal of *content*, which is the whole of *document*, and its proposers."""
    known = select(func.count()).where(Proposal.document_id == document.id)
    number = 1 + (session.scalar(known) or 0)
    proposal = Proposal(
        reference=f"{document.reference}-P{number:02d}",
        kind=content.kind,
        source_kind=SourceKind.FILED_CASE,
        title=content.title,
        title_is_printed=content.title in content.text,
        document_id=document.id,
        session_id=content.sitting.id,
        handling_state=HandlingState.DRAFT,
        publication=INTERNAL,
        note=content.note,
        cosign_until=content.cosign_until,
    )
    session.add(proposal)
    session.flush()
    session.add_all(proposers_of(proposal, content))
    whole = Span(0, len(document.text))
    session.add(passage(document, 1, whole, proposal_id=proposal.id))
    replaced = content.replaces.reference if content.replaces else None
    changes: Values = {"handling_state": (None, proposal.handling_state)}
    changes |= {"replaces": (None, replaced)} if replaced else {}
    confirmed = sorted(content.confirmed)
    changes |= {"capacity_confirmed": ([], confirmed)} if confirmed else {}
    created(session, actor, proposal, changes, note=content.note)
    return proposal


def proposers_of(proposal: Proposal, content: DraftInput) -> Iterator[Proposer]:
    """Yield the rows of who proposes *proposal*, in order."""
    for position, (found, role) in enumerate(content.proposers, 1):
        yield Proposer(
            proposal_id=proposal.id,
            position=position,
            person_id=found.id if isinstance(found, Person) else None,
            organization_id=found.id if isinstance(found, Organization) else None,
            role=role,
            as_printed=name_of(found),
        )


def passage(document: Document, position: int, span: Span, **owner: int) -> Passage:
    """Return the passage of *span* of *document*."""
    text = document.text[span.start : span.end]
    return Passage(
        document_id=document.id,
        position=position,
        start=span.start,
        end=span.end,
        text=text,
        **owner,
    )


@dataclass(frozen=True)
class Anchoring:
    """What recommendations are anchored in: a proposal in its text, by whom, and the tags."""

    proposal: Proposal
    document: Document
    names: Sequence[str]
    vocabulary: dict[str, Tag]

    @cached_property
    def compared(self) -> ComparedText:
        """The text as quotations are looked for in it."""
        return ComparedText(self.document.text)

    def search_text_of(self, asked: RecommendationInput, words: Iterable[str]) -> str:
        """Return what a search for what is *asked* in these *words* looks through."""
        return search_text(
            asked.summary_zh,
            asked.summary_en,
            "".join(words),
            self.proposal.title,
            " ".join(self.names),
        )


def ask(
    session: Session, actor: Actor, anchor: Anchoring, number: int, asked: RecommendationInput
) -> Recommendation:
    """Add recommendation *number* (from 1) of a proposal, with its words and its tags."""
    document = anchor.document
    spans = [anchor.compared.spans(q.text, q.nth or 1)[-1] for q in asked.quotes]
    record = row_of(anchor.proposal, number, asked)
    words = (document.text[span.start : span.end] for span in spans)
    record.search_text = anchor.search_text_of(asked, words)
    session.add(record)
    session.flush()
    session.add_all(
        passage(document, position, span, recommendation_id=record.id)
        for position, span in enumerate(spans, 1)
    )
    write_index(session, record, set(asked.tags), anchor.vocabulary)
    names = ("progress", "acceptance", "lead_office_id", "lead_status")
    changes: Values = {name: (None, getattr(record, name)) for name in names}
    changes["tags"] = ([], sorted(set(asked.tags)))
    created(session, actor, record, changes)
    return record


def row_of(proposal: Proposal, number: int, asked: RecommendationInput) -> Recommendation:
    """Return the row of recommendation *number* of *proposal*, but for what it is found by."""
    office = asked.suggested_office
    return Recommendation(
        proposal_id=proposal.id,
        number=number,
        reference=f"{proposal.reference}-R{number:02d}",
        summary_zh=asked.summary_zh,
        summary_en=asked.summary_en,
        stance=asked.stance,
        specificity=asked.specificity,
        publication=proposal.publication,
        acceptance=Acceptance.UNDECIDED,
        progress=Progress.NOT_STARTED,
        last_move=0,
        lead_office_id=office.id if office else None,
        lead_status=LeadStatus.SUGGESTED if office else None,
        targets=list(asked.targets),
    )
