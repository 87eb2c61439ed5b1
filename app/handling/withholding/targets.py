"""What can be withheld, by its kind and number, as far as an actor sees it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.visibility import visible
from app.accounts.queries.withheld import shown_to
from app.audit.rules.sealed_texts import is_free, leaves
from app.core.codes import Outcome, WithheldKind
from app.core.rules.permissions import Actor
from app.core.types import Model, Row
from app.handling.assignments.queries import assignments
from app.handling.commitments import queries as commitments
from app.models import (
    Assignment,
    Commitment,
    Contact,
    Evaluation,
    Event,
    File,
    Milestone,
    ProgressReport,
    Recommendation,
    Remark,
    Reply,
    ReplyPoint,
)
from app.register.files.queries import files
from app.register.proposals.queries import handling_visibility as seen
from app.register.proposals.queries import proposals
from app.register.recommendations.queries import recommendations
from app.register.recommendations.queries.recommendation_details import seen_reports

K = WithheldKind
OFFICE = sa.func.coalesce(Reply.office_id, Assignment.office_id)


@dataclass(frozen=True)
class Target:
    """What is to be withheld: what it is about, whose words, and told in which event.

    *words* are its texts. A reply that is not *published* is nothing that the public reads.
    """

    kind: WithheldKind
    number: int
    proposal_id: int
    recommendation_id: int | None
    office_id: int | None
    told_in: int | None = None
    words: list[str] = field(default_factory=list)
    published: bool = True


def found(session: Session, actor: Actor, kind: WithheldKind, number: int) -> Target | None:
    """Return what of *kind* has this number, where *actor* sees it."""
    return FINDERS[kind](session, actor, number)


def words_in(*values: object) -> list[str]:
    """Return every text in *values*, but those of no sign."""
    return [text for text in leaves(list(values)) if text.strip()]


def report(session: Session, actor: Actor, number: int) -> Target | None:
    """Find a progress report."""
    about = session.get(ProgressReport, number)
    if about is None:
        return None
    rows = (
        sa.select(ProgressReport, Recommendation.proposal_id)
        .join(Recommendation, Recommendation.id == ProgressReport.recommendation_id)
        .join(Event, Event.sequence == ProgressReport.sequence)
        .where(ProgressReport.id == number)
    )
    rows = visible(rows, actor, Recommendation)
    rows = seen_reports(rows, actor, about.recommendation_id, None)
    row = session.execute(rows).one_or_none()
    if row is None:
        return None
    own, words = row.ProgressReport, words_in(about.text, about.evidence)
    holder = row.proposal_id, own.recommendation_id
    return Target(K.REPORT, number, *holder, own.office_id, own.sequence, words)


def file(session: Session, actor: Actor, number: int) -> Target | None:
    """Find a file."""
    own = files.record(session, actor, number)
    if own is None:
        return None
    words = [own.filename, own.reference, own.sha256]
    return Target(K.FILE, number, own.proposal_id, None, own.office_id, None, words)


def reply(session: Session, actor: Actor, number: int) -> Target | None:
    """Find a version of a reply, or of a joint opinion."""
    columns = (Reply, Assignment.proposal_id, Assignment.recommendation_id, OFFICE.label("office"))
    row = session.execute(seen.replies_seen(actor, columns).where(Reply.id == number)).one_or_none()
    if row is None:
        return None
    own = row.Reply
    points = session.scalars(sa.select(ReplyPoint).where(ReplyPoint.reply_id == number))
    said = [(one.text, one.promise, one.check_reason) for one in points]
    words = words_in(own.text, own.attachments, own.remark, own.document_no, own.signed_by, said)
    holder = row.proposal_id, row.recommendation_id
    published = own.published_on is not None
    return Target(K.REPLY, number, *holder, row.office, None, words, published)


def contact(session: Session, actor: Actor, number: int) -> Target | None:
    """Find a contact."""
    row = under_assignment(session, actor, Contact, K.CONTACT, number)
    if row is None:
        return None
    own, holder = row.Contact, (row.proposal_id, row.recommendation_id)
    words = words_in(own.note)
    return Target(K.CONTACT, number, *holder, row.entered_at, own.sequence, words)


def evaluation(session: Session, actor: Actor, number: int) -> Target | None:
    """Find a rating, which those see who take part in handling."""
    row = under_assignment(session, actor, Evaluation, K.EVALUATION, number)
    if row is None or not seen.takes_part(session, actor, row.proposal_id):
        return None
    own, holder = row.Evaluation, (row.proposal_id, row.recommendation_id)
    words = words_in(own.paper, own.comment)
    return Target(K.EVALUATION, number, *holder, row.entered_at, own.sequence, words)


def under_assignment(
    session: Session, actor: Actor, model: Model, kind: WithheldKind, number: int
) -> Row | None:
    """Return a row of *model* with what its assignment is about, and where it was entered."""
    entered_at = Event.office_id.label("entered_at")
    columns = (model, Assignment.proposal_id, Assignment.recommendation_id, entered_at)
    rows = seen.assignments_seen(actor, columns).join(model, model.assignment_id == Assignment.id)
    rows = rows.join(Event, Event.sequence == model.sequence).where(model.id == number)
    return session.execute(rows.where(shown_to(actor, kind, model.id))).one_or_none()


def remark(session: Session, actor: Actor, number: int) -> Target | None:
    """Find what was said of a promise; a rating is for those who take part in handling."""
    entered_at = Event.office_id.label("entered_at")
    columns = (Remark, Commitment.proposal_id, Commitment.recommendation_id, entered_at)
    rows = seen.commitments_seen(columns, actor).join(Remark, Remark.commitment_id == Commitment.id)
    rows = rows.join(Event, Event.sequence == Remark.sequence).where(
        Remark.id == number, shown_to(actor, K.REMARK, Remark.id)
    )
    row = session.execute(rows).one_or_none()
    if row is None:
        return None
    own, holder = row.Remark, (row.proposal_id, row.recommendation_id)
    if own.proposer_id is not None and not seen.takes_part(session, actor, row.proposal_id):
        return None
    words = words_in(own.text, own.evidence)
    return Target(K.REMARK, number, *holder, row.entered_at, own.sequence, words)


def milestone(session: Session, actor: Actor, number: int) -> Target | None:
    """Find a milestone of a promise."""
    columns = (Milestone, Commitment)
    rows = seen.commitments_seen(columns, actor).join(
        Milestone, Milestone.commitment_id == Commitment.id
    )
    rows = rows.where(Milestone.id == number, shown_to(actor, K.MILESTONE, Milestone.id))
    row = session.execute(rows).one_or_none()
    if row is None:
        return None
    own, promise = row.Milestone, row.Commitment
    holder = promise.proposal_id, promise.recommendation_id
    told_in = commitments.added_in(session, own)
    words = words_in(own.text, own.evidence)
    return Target(K.MILESTONE, number, *holder, promise.office_id, told_in, words)


def note(session: Session, actor: Actor, number: int) -> Target | None:
    """Find an entry of a history by its sequence, where someone wrote words in it."""
    event = session.get(Event, number)
    if event is None or event.outcome != Outcome.DONE or event.record_type not in HOLDERS:
        return None
    holder = HOLDERS[event.record_type](session, actor, event.record_id)
    if holder is None:
        return None
    changes = json.loads(event.changes)
    words = words_in(event.note, [pair for n, pair in changes.items() if is_free(n, pair)])
    if not words:
        return None
    return Target(K.NOTE, number, *holder, event.office_id, number, words)


Holder = tuple[int, int | None]
"""The proposal, and perhaps the recommendation, that a record is about."""


def of_recommendation(session: Session, actor: Actor, number: int) -> Holder | None:
    """Return what a recommendation is about."""
    own = recommendations.record(session, actor, number)
    return None if own is None else (own.proposal_id, own.id)


def of_proposal(session: Session, actor: Actor, number: int) -> Holder | None:
    """Return what a proposal is about."""
    own = proposals.record(session, actor, number)
    return None if own is None else (own.id, None)


def of_assignment(session: Session, actor: Actor, number: int) -> Holder | None:
    """Return what an assignment is about."""
    own = assignments.record(session, actor, number)
    return None if own is None else (own.proposal_id, own.recommendation_id)


def of_commitment(session: Session, actor: Actor, number: int) -> Holder | None:
    """Return what a promise is about."""
    own = commitments.record(session, actor, number)
    return None if own is None else (own.proposal_id, own.recommendation_id)


HOLDERS: dict[str, Callable[[Session, Actor, int], Holder | None]] = {
    "assignment": of_assignment,
    "commitment": of_commitment,
    "proposal": of_proposal,
    "recommendation": of_recommendation,
}
"""Records whose events make up a history → what finds what they are about."""

FINDERS: dict[WithheldKind, Callable[[Session, Actor, int], Target | None]] = {
    K.REPORT: report,
    K.FILE: file,
    K.REPLY: reply,
    K.CONTACT: contact,
    K.EVALUATION: evaluation,
    K.REMARK: remark,
    K.MILESTONE: milestone,
    K.NOTE: note,
}
"""Kind → what finds the one with a number, where the actor sees it."""


def copies(session: Session, actor: Actor, target: Target) -> Iterator[Target]:
    """Yield the other files with the content of *target*, as far as *actor* sees them."""
    if target.kind is not K.FILE:
        return
    own = session.get_one(File, target.number)
    same = sa.select(File.id).where(File.sha256 == own.sha256, File.id != own.id)
    for number in session.scalars(same.order_by(File.id)).all():
        found = file(session, actor, number)
        if found is not None:
            yield found
