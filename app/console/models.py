"""What the console keeps: who is signed in in which browser, and what somebody is still writing."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, JsonText, Key


class SignIn(Base):
    """That somebody signed in in a browser, by a secret of a key or by the identity provider.

    The browser holds a token of which only the SHA-256 is kept. It ends by signing out, half an
    hour after it was last seen, twelve hours after it began, and with the secret it began with.
    """

    __tablename__ = "sign_ins"
    __table_args__ = (sa.Index("ix_sign_ins_principal", "principal_id", "began_at"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    token_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    principal_id: Mapped[int] = mapped_column(sa.ForeignKey("principals.id"))
    secret_id: Mapped[int | None] = mapped_column(sa.ForeignKey("key_secrets.id"))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class UnsentForm(Base):
    """What somebody has typed into the form at an *address* and not sent yet; theirs alone.

    It is no record: it goes when the form is sent, and thirty days after it was last saved.
    """

    __tablename__ = "unsent_forms"
    __table_args__ = (sa.UniqueConstraint("principal_id", "address"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    principal_id: Mapped[int] = mapped_column(sa.ForeignKey("principals.id"))
    address: Mapped[str] = mapped_column(sa.String(300))
    content: Mapped[dict[str, list[str]]] = mapped_column(JsonText)
    saved_at: Mapped[datetime] = mapped_column(index=True)
