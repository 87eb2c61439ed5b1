"""What is kept of each time the register was verified."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, Key


class Verification(Base):
    """That a *command* verified the register up to an event, and how many differences it found.

    It is no record and no proof: whoever writes to the database can write it. What was found is
    printed by the command alone, as it may name what only some may see.
    """

    __tablename__ = "verifications"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    command: Mapped[str] = mapped_column(sa.String(20))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    sequence: Mapped[int]
    differences: Mapped[int]
