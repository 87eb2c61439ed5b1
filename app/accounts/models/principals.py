"""Who may come in: principals, their roles as rows, their keys and the keys' secrets."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.rules.keys import reference_of
from app.core.base import Base, CodeText, JsonText, Key, Tracked
from app.core.codes import ActorKind, Role


class Principal(Tracked, Base):
    """Someone or something that acts under a name, perhaps for an office.

    *subject* is the issuer and the name by which an identity provider knows a person,
    *name_seal* what stands for the name in the chain of events.
    """

    __tablename__ = "principals"
    __table_args__ = (sa.Index("ix_principals_subject", "subject", unique=True),)

    kind: Mapped[ActorKind] = mapped_column(CodeText(ActorKind, 16))
    name: Mapped[str] = mapped_column(sa.String(100))
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"))
    subject: Mapped[str | None] = mapped_column(sa.String(400))
    name_seal: Mapped[str] = mapped_column(sa.String(64), server_default="")
    disabled_at: Mapped[datetime | None]
    roles: Mapped[list["PrincipalRole"]] = relationship()

    @property
    def called(self) -> str:
        """How the history calls it: by its number, never by its name."""
        return f"principal {self.id}"


class PrincipalRole(Base):
    """That a principal has a role."""

    __tablename__ = "principal_roles"

    principal_id: Mapped[int] = mapped_column(sa.ForeignKey("principals.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(CodeText(Role, 32), primary_key=True)


class AccessKey(Tracked, Base):
    """A key of a principal: what it may be used for at most, from where, and until when.

    *public_id* stands in the key itself. Without networks it may come from anywhere. *exchange_id*
    is the code that its holder exchanges for its first secret; None: an operator made it.
    *rate_multiple* is how many times the usual number of requests it may send; None: once.
    """

    __tablename__ = "access_keys"

    principal_id: Mapped[int] = mapped_column(sa.ForeignKey("principals.id"), index=True)
    public_id: Mapped[str] = mapped_column(sa.String(16), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JsonText)
    networks: Mapped[list[str]] = mapped_column(JsonText)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    exchange_id: Mapped[int | None]
    rate_multiple: Mapped[int | None] = mapped_column(sa.Integer)

    @property
    def called(self) -> str:
        """How the history calls it: by what stands in the key itself."""
        return reference_of(self.public_id)


class KeySecret(Base):
    """One secret of a key, of which only the SHA-256 is kept; at most two of a key are live."""

    __tablename__ = "key_secrets"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key_id: Mapped[int] = mapped_column(sa.ForeignKey("access_keys.id"), index=True)
    secret_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
