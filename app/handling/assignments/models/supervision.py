"""Supervision: a supervisor presses an office for an answer, an office says why it is late."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, Key


class DelayExplanation(Base):
    """Why the office of an assignment is late, and by when it will be done; it moves no due date.

    The number is unique within its assignment. Who gave it stands in the event *sequence*.
    """

    __tablename__ = "delay_explanations"
    __table_args__ = (sa.UniqueConstraint("assignment_id", "number"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignments.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    sequence: Mapped[int]
    on: Mapped[date] = mapped_column("on_day")
    text: Mapped[str]
    done_by: Mapped[date]


class Press(Base):
    """That a supervisor pressed the office of an assignment, which is to answer by a day.

    While its task waits it is open; the explanation that answered it is named. The number is unique
    within its assignment. Who pressed stands in the event *sequence*.
    """

    __tablename__ = "presses"
    __table_args__ = (sa.UniqueConstraint("assignment_id", "number"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignments.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    sequence: Mapped[int]
    on: Mapped[date] = mapped_column("on_day")
    text: Mapped[str]
    answer_by: Mapped[date]
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id"))
    explanation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delay_explanations.id"))
