"""Who may come in: principals, their roles as rows, and their keys."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, Key, Tracked


class Principal(Tracked, Base):
    """Someone or something that acts under a name, perhaps for an office."""

    __tablename__ = "principals"

    kind: Mapped[str] = mapped_column(sa.String(16))
    name: Mapped[str] = mapped_column(sa.String(100))
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organizations.id"))
    roles: Mapped[list["PrincipalRole"]] = relationship()


class PrincipalRole(Base):
    """That a principal has a role."""

    __tablename__ = "principal_roles"

    principal_id: Mapped[int] = mapped_column(sa.ForeignKey("principals.id"), primary_key=True)
    role: Mapped[str] = mapped_column(sa.String(32), primary_key=True)


class ApiKey(Base):
    """A key of a principal; only the SHA-256 of it is kept."""

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    principal_id: Mapped[int] = mapped_column(sa.ForeignKey("principals.id"), index=True)
    prefix: Mapped[str] = mapped_column(sa.String(16))
    secret_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
