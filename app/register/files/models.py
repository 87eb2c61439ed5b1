"""Files that prove something, and what they are attached to; their content lies in the store."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, CodeText, Key, Tracked
from app.core.codes import Publication


class File(Tracked, Base):
    """A file of a proposal: its name, its size in bytes, the SHA-256 of its content.

    It is never replaced: another one supersedes it, and both stay. A published one is as public
    as what it is attached to, an internal one never is.
    """

    __tablename__ = "files"
    __table_args__ = (
        sa.UniqueConstraint("proposal_id", "number"),
        sa.Index("ix_files_sha256", "sha256"),
    )

    reference: Mapped[str] = mapped_column(sa.String(60), unique=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposals.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    filename: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    publication: Mapped[Publication] = mapped_column(CodeText(Publication, 16))
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"))
    supersedes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("files.id"), unique=True)


class Attachment(Base):
    """That a file proves what was reported, answered or promised: one of the three.

    An internal one is for those who handle the proposal, whatever it is attached to. It was named
    with the words of the event *told_in* (None: before that was kept, or in a reply): where they
    are withheld, so is it.
    """

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("files.id"), index=True)
    sequence: Mapped[int]
    recommendation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("recommendations.id"))
    reply_id: Mapped[int | None] = mapped_column(sa.ForeignKey("replies.id"))
    commitment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("commitments.id"))
    is_internal: Mapped[bool]
    told_in: Mapped[int | None]
