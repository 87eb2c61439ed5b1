"""What the seed loader wrote, so that it never overwrites what someone changed since."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base


class SeedRecord(Base):
    """A record that came from the curated files: their digest and the record's version then."""

    __tablename__ = "seed_records"

    kind: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    version: Mapped[int] = mapped_column(sa.Integer)
