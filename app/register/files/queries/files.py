"""Files, what they are attached to, and who may see them."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.accounts.queries.visibility import R, given_to, handles, owes, visible
from app.accounts.queries.withheld import W, marked, nobody_withholds, of_another, shown_to
from app.core.base import columns_of
from app.core.codes import Publication, WithheldKind
from app.core.queries.filters import VERSION, asked
from app.core.queries.keyset import by_change
from app.core.queries.rows import View
from app.core.rules.permissions import Actor, Permission
from app.core.types import Condition, Conditions, Expression, Given, Row
from app.models import (
    Assignment,
    Attachment,
    Commitment,
    File,
    Proposal,
    Recommendation,
    Reply,
    ReplyPoint,
)

ANSWERED = aliased(Reply, name="answered")
PROMISED = aliased(Reply, name="promised")
COLUMNS = tuple(getattr(File, name) for name in columns_of(File))


def attached() -> sa.Select:
    """Return the SELECT of attachments with the replies that decide whether they are public."""
    return (
        sa.select(Attachment.id)
        .outerjoin(ANSWERED, ANSWERED.id == Attachment.reply_id)
        .outerjoin(Commitment, Commitment.id == Attachment.commitment_id)
        .outerjoin(ReplyPoint, ReplyPoint.id == Commitment.point_id)
        .outerjoin(PROMISED, PROMISED.id == ReplyPoint.reply_id)
    )


NAMED = (WithheldKind.REPORT, WithheldKind.REMARK, WithheldKind.MILESTONE)


def named_in_withheld(*from_whom: Condition) -> Condition:
    """Return the condition that a file was named with words that are withheld *from_whom*.

    Of what was attached before it was kept with which words, that any about its proposal are.
    """
    earlier = sa.and_(
        Attachment.told_in.is_(None),
        Attachment.reply_id.is_(None),
        W.kind.in_(NAMED),
        W.proposal_id == File.proposal_id,
    )
    of_reply = sa.and_(W.kind == WithheldKind.REPLY, W.target_id == Attachment.reply_id)
    words = sa.or_(W.told_in == Attachment.told_in, earlier, of_reply)
    found = sa.exists().where(W.released_at.is_(None), words, *from_whom)
    return found.correlate(Attachment, File)


def published(reply: Any) -> Condition:
    """Return the condition that everyone who sees the proposal reads *reply*."""
    return sa.and_(reply.published_on.is_not(None), nobody_withholds(WithheldKind.REPLY, reply.id))


IS_PUBLIC = sa.and_(
    ~Attachment.is_internal,
    sa.or_(Attachment.recommendation_id.is_not(None), published(ANSWERED), published(PROMISED)),
    ~named_in_withheld(),
)
"""What is reported is public with the recommendation, the rest with the reply it belongs to; what
is withheld takes its files with it."""


def handled_by(office: int | None, proposal: Expression | int) -> Condition:
    """Return the condition that an office handles *proposal*, or a recommendation of it.

    One that still owes what it promised has to prove that.
    """
    if office is None:
        return sa.false()
    part = sa.exists().where(R.c.proposal_id == proposal, handles(office))
    return sa.or_(part, given_to(proposal, office), owes(proposal, office))


def inside(actor: Actor, proposal: Expression | int, office: Expression | int | None) -> Condition:
    """Return the condition that *actor* sees a file of *proposal*, brought by *office*, anyway.

    Those do whose office was given the proposal, or brought the file itself; to have taken on a
    recommendation, which an office can do by itself, is not enough.
    """
    if actor.may(Permission.SEE_INTERNAL):
        return sa.true()
    if not actor.may(Permission.SEE_HANDLED):
        return sa.false()
    if actor.office_id is None:
        return sa.false()
    brought: Condition
    if isinstance(office, int | None):
        brought = sa.true() if office == actor.office_id else sa.false()
    else:
        brought = office == actor.office_id
    return sa.or_(given_to(proposal, actor.office_id), brought)


def is_so(session: Session, condition: Condition) -> bool:
    """Return whether *condition* holds."""
    return session.scalar(sa.select(sa.literal(1)).where(condition)) is not None


def public() -> Condition:
    """Return the condition that everyone who sees the proposal sees the file."""
    own = attached().where(Attachment.file_id == File.id, IS_PUBLIC).correlate(File)
    return sa.and_(
        File.publication == Publication.PUBLISHED,
        nobody_withholds(WithheldKind.FILE, File.id),
        own.exists(),
    )


def seen(columns: Sequence[Any], actor: Actor) -> sa.Select:
    """Return the SELECT of *columns* of the files that *actor* may see."""
    statement = sa.select(*columns).join(Proposal, Proposal.id == File.proposal_id)
    statement = visible(statement, actor, Proposal)
    return statement.where(
        sa.or_(public(), sa.and_(inside(actor, File.proposal_id, File.office_id), told_of(actor))),
        shown_to(actor, WithheldKind.FILE, File.id),
    )


def told_of(actor: Actor) -> Condition:
    """Return the condition that no words of others that a file proves are withheld from *actor*."""
    if actor.may(Permission.SEE_INTERNAL):
        return sa.true()
    others = named_in_withheld(of_another(actor.office_id))
    own = sa.select(Attachment.id).where(Attachment.file_id == File.id, others)
    return ~own.correlate(File).exists()


ORDERS = by_change(File)
CONDITIONS: Conditions = {"updated_since": lambda value: File.updated_at >= value}


def listed(actor: Actor, proposal_id: int, filters: Given) -> sa.Select:
    """Return the SELECT of the files of a proposal that *filters* name."""
    own = seen((*COLUMNS, VERSION), actor).where(File.proposal_id == proposal_id)
    return own.where(*asked(CONDITIONS, filters))


def record(session: Session, actor: Actor, file_id: int) -> File | None:
    """Return the record itself when *actor* may see it."""
    return session.scalar(seen((File,), actor).where(File.id == file_id))


def by_reference(session: Session, actor: Actor, reference: str) -> File | None:
    """Return the file called *reference* when *actor* may see it."""
    return session.scalar(seen((File,), actor).where(File.reference == reference))


def successor(session: Session, file_id: int) -> str | None:
    """Return the reference of the file that supersedes another, or None."""
    return session.scalar(sa.select(File.reference).where(File.supersedes_id == file_id))


def file_views(session: Session, actor: Actor, rows: Sequence[Any]) -> list[View]:
    """Return rows of files with what they supersede, are superseded by, and are attached to."""
    ids = [row.id for row in rows]
    before = references_by(session, actor, File.id.in_([r.supersedes_id for r in rows]), File.id)
    after = references_by(session, actor, File.supersedes_id.in_(ids), File.supersedes_id)
    holders = attachments(session, actor, rows)
    everyones = set(session.scalars(sa.select(File.id).where(File.id.in_(ids), public())))
    shown = [
        View.of_record(
            row,
            columns_of(File),
            publication=Publication.PUBLISHED if row.id in everyones else Publication.INTERNAL,
            is_internal=row.publication != Publication.PUBLISHED,
            supersedes=before.get(row.supersedes_id),
            superseded_by=after.get(row.id),
            attached_to=holders[row.id],
        )
        for row in rows
    ]
    return marked(session, actor, WithheldKind.FILE, shown)


def references_by(
    session: Session, actor: Actor, condition: Condition, key: object
) -> dict[int, str]:
    """Return the references of files that *actor* sees, by *key*."""
    found = seen((key, File.reference), actor).where(condition)
    return {row[0]: row[1] for row in session.execute(found)}


def attachments(session: Session, actor: Actor, rows: Iterable[Row]) -> dict[int, list[str]]:
    """Return the references of what files are attached to, as *actor* may know it."""
    owners = {row.id: (row.proposal_id, row.office_id) for row in rows}
    own = {pair: is_so(session, inside(actor, *pair)) for pair in set(owners.values())}
    version = Assignment.reference + "-V" + sa.cast(ANSWERED.number, sa.String)
    reference = sa.func.coalesce(Recommendation.reference, Commitment.reference, version)
    statement = (
        attached()
        .add_columns(Attachment.file_id, reference, IS_PUBLIC)
        .outerjoin(Recommendation, Recommendation.id == Attachment.recommendation_id)
        .outerjoin(Assignment, Assignment.id == ANSWERED.assignment_id)
        .join(File, File.id == Attachment.file_id)
        .where(Attachment.file_id.in_(owners))
        .order_by(Attachment.id)
    )
    found: dict[int, list[str]] = {number: [] for number in owners}
    for _, file_id, name, file_views in session.execute(statement):
        if (file_views or own[owners[file_id]]) and name not in found[file_id]:
            found[file_id].append(name)
    return found


def contents(session: Session) -> Iterable[Row]:
    """Return the SHA-256 of each content that is recorded, with the first file that has it."""
    first = sa.func.min(File.reference)
    return session.execute(sa.select(File.sha256, first).group_by(File.sha256))
