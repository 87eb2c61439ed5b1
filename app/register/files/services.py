"""Files that prove something: taken in, attached to what they prove, superseded, never replaced."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.services.recorder import next_sequence, record_change, record_event
from app.core.codes import Publication
from app.core.errors import InvalidChange, PermissionDenied, Sentence
from app.core.rules.permissions import Actor, Permission
from app.core.rules.state_groups import reply_reference
from app.models import Assignment, Attachment, Commitment, File, Proposal, Recommendation, Reply
from app.register.files.queries import files as queries
from app.register.recommendations.queries.recommendation_details import next_number

Evidence = list[dict[str, str]]
"""What proves something: each with ``title`` and ``url``; a file with ``file`` and ``sha256``."""

Holder = Recommendation | Reply | Commitment
PUBLISHED = Publication.PUBLISHED

COLUMNS: dict[type[Holder], str] = {
    Recommendation: "recommendation_id",
    Reply: "reply_id",
    Commitment: "commitment_id",
}

STAFF = (Permission.DISPATCH, Permission.VERIFY, Permission.RATE)
"""Whoever may do one of these needs no part in a proposal to add a file to it."""


@dataclass(frozen=True)
class Content:
    """What the store took in: its name, its type, its size in bytes, its SHA-256."""

    filename: str
    media_type: str
    size: int
    sha256: str


def row_of(session: Session, proposal: Proposal, content: Content) -> File:
    """Return the next file of *proposal*, with what is known of its *content*."""
    number = next_number(session, File.number, File.proposal_id == proposal.id)
    return File(
        reference=f"{proposal.reference}-F{number:02d}",
        proposal_id=proposal.id,
        number=number,
        filename=content.filename,
        media_type=content.media_type,
        size=content.size,
        sha256=content.sha256,
    )


def add(
    session: Session,
    actor: Actor,
    proposal: Proposal,
    content: Content,
    *,
    publication: Publication = Publication.PUBLISHED,
    supersedes: File | None = None,
) -> File:
    """Keep the record of *content*, which lies in the store, perhaps in the place of another.

    What the other is attached to, this one is too. Raises PermissionDenied when the actor has no
    part in the proposal, InvalidChange for a file that cannot be superseded.
    """
    require_part_in(session, actor, proposal)
    if supersedes is not None:
        check_supersedes(session, actor, proposal, supersedes)
    made = row_of(session, proposal, content)
    made.publication, made.office_id = publication, actor.office_id
    made.supersedes_id = supersedes.id if supersedes else None
    session.add(made)
    session.flush()
    if supersedes is not None:
        take_place(session, supersedes, made)
    changes = {name: (None, getattr(made, name)) for name in ("filename", "size", "sha256")}
    changes["supersedes"] = (None, supersedes.reference if supersedes else None)
    record_event(session, actor, made, "file.created", changes)
    if supersedes is not None:
        successor = {"superseded_by": (None, made.reference)}
        record_change(session, actor, supersedes, "file.superseded", successor)
    return made


def require_part_in(session: Session, actor: Actor, proposal: Proposal) -> None:
    """Raise PermissionDenied when *actor* has no part in handling *proposal*."""
    if any(map(actor.may, STAFF)):
        return
    if not queries.is_so(session, queries.handled_by(actor.office_id, proposal.id)):
        raise PermissionDenied(
            reason_zh="您的单位没有承办这件提案",
            reason_en="your office does not handle this proposal",
        )


def check_supersedes(session: Session, actor: Actor, proposal: Proposal, former: File) -> None:
    """Raise InvalidChange when *former* cannot be superseded, or not by *actor*."""
    if former.proposal_id != proposal.id:
        message = ("是另一件提案的文件", "is a file of another proposal")
        raise InvalidChange(fields={"supersedes": message})
    if former.office_id != actor.office_id:
        message = ("是其他单位上传的", "was brought by another office")
        raise InvalidChange(fields={"supersedes": message})
    newer = superseded(session, actor, former)
    if newer is not None:
        raise InvalidChange(fields={"supersedes": newer})


def superseded(session: Session, actor: Actor, file: File) -> Sentence | None:
    """Return the sentence about *file* when a newer one has its place, else None.

    The newer one is named where *actor* may see it.
    """
    newer = queries.successor(session, file.id)
    if newer is None:
        return None
    if queries.by_reference(session, actor, newer) is None:
        return "已被更新的文件取代", "was superseded by a newer file"
    return f"已被 {newer} 取代", f"was superseded by {newer}"


def take_place(session: Session, former: File, made: File) -> None:
    """Attach *made* to whatever *former* is attached to."""
    rows = select(Attachment).where(Attachment.file_id == former.id).order_by(Attachment.id)
    sequence = next_sequence(session)
    session.add_all(
        Attachment(
            file_id=made.id,
            sequence=sequence,
            recommendation_id=row.recommendation_id,
            reply_id=row.reply_id,
            commitment_id=row.commitment_id,
            is_internal=row.is_internal,
            told_in=row.told_in,
        )
        for row in session.scalars(rows).all()
    )
    session.flush()


def cited(
    session: Session, actor: Actor, proposal_id: int, evidence: Sequence[dict[str, str]], field: str
) -> dict[str, File]:
    """Return the files that *evidence* names, by reference.

    Raises InvalidChange naming each that is absent or hidden, of another proposal, or superseded.
    """
    found, wrong = {}, {}
    for number, item in enumerate(evidence):
        if "file" not in item:
            continue
        name, place = item["file"], f"{field}.{number}.file"
        file = queries.by_reference(session, actor, name)
        newer = superseded(session, actor, file) if file else None
        if file is None:
            wrong[place] = (f"没有 {name}", f"there is no {name}")
        elif file.proposal_id != proposal_id:
            wrong[place] = ("是另一件提案的文件", "is a file of another proposal")
        elif newer is not None:
            wrong[place] = newer
        elif not may_show(session, actor, file):
            message = ("是其他单位未公开的文件", "is a file of another office that is not public")
            wrong[place] = message
        else:
            found[name] = file
    if wrong:
        raise InvalidChange(fields=wrong)
    return found


def may_show(session: Session, actor: Actor, file: File) -> bool:
    """Return whether *actor* may name *file*, which can make it public: its office, or staff."""
    if file.office_id == actor.office_id or actor.may(Permission.SEE_INTERNAL):
        return True
    return queries.is_so(session, queries.public() & (File.id == file.id))


def attach(
    session: Session,
    actor: Actor,
    evidence: Evidence | None,
    holder: Holder,
    *,
    told_in: int | None = None,
    is_internal: bool = False,
) -> None:
    """Note that the files in *evidence* prove what *holder* says; its own event stands before.

    *told_in* is the event whose words they prove; of a reply its version says which.
    What is said while a recommendation is not public stays so, and the file with it.
    """
    while_hidden = getattr(holder, "publication", PUBLISHED) != PUBLISHED
    for name in dict.fromkeys(item["file"] for item in evidence or [] if "file" in item):
        file = session.scalars(select(File).where(File.reference == name)).one()
        session.add(
            Attachment(
                file_id=file.id,
                sequence=next_sequence(session),
                is_internal=is_internal or while_hidden,
                told_in=told_in,
                **{COLUMNS[type(holder)]: holder.id},
            )
        )
        changes = {"attached_to": (None, name_of(session, holder))}
        record_change(session, actor, file, "file.attached", changes)


def name_of(session: Session, holder: Holder) -> str:
    """Return the reference of *holder*."""
    if isinstance(holder, Reply):
        assignment = session.get_one(Assignment, holder.assignment_id)
        return reply_reference(assignment.reference, holder.number)
    return holder.reference


def remove_unnamed(session: Session, sha256: str, remove: Callable[[str], None]) -> bool:
    """Let *remove* take the content with *sha256* away when no file has it; return whether it did.

    The session holds the write lock, so that no file comes to have it meanwhile.
    """
    if session.scalar(select(File.id).where(File.sha256 == sha256).limit(1)) is not None:
        return False
    remove(sha256)
    return True
