"""What is waited for, on which desk, until when; what was told of it; how much there is."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, CodeText, JsonText, Key
from app.core.codes import Desk, Publication, ReminderPoint, TaskKind, TaskOutcome, Urgency
from app.core.types import Values


class Task(Base):
    """Something that is waited for on a desk, perhaps until a day, with its clock.

    It belongs to an assignment or a commitment, whose events cover it, or follows from the state
    of a recommendation: then it is an index of what waits, and goes when that changes, or ends
    where notices point to it. *limit* is the rule its due date comes from, *pauses* and
    *extensions* what moved it: with them and the calendar the due date can be worked out and
    explained at any time. Its reminders fired until *fired_until*; the next fires on *fires_on*.
    It may be about one version of a reply, which can be another office's, or about one milestone.
    While it *awaits_receipt* its limit, which is counted from the receipt, is counted from the
    last day on which the office was to sign for it.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        sa.Index(
            "ix_tasks_desk",
            "desk",
            "office_id",
            sa.text("coalesce(due_on, '9999-12-31')"),
            "id",
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        ),
        sa.Index(
            "ix_tasks_kind",
            "desk",
            "office_id",
            "kind",
            sa.text("coalesce(due_on, '9999-12-31')"),
            "id",
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        ),
        sa.Index(
            "ix_tasks_of_assignment",
            "assignment_id",
            sqlite_where=sa.text("assignment_id IS NOT NULL"),
            postgresql_where=sa.text("assignment_id IS NOT NULL"),
        ),
        sa.Index("ix_tasks_recommendation", "recommendation_id"),
        sa.Index("ix_tasks_proposal", "proposal_id"),
        sa.Index(
            "ix_tasks_of_commitment",
            "commitment_id",
            sqlite_where=sa.text("commitment_id IS NOT NULL"),
            postgresql_where=sa.text("commitment_id IS NOT NULL"),
        ),
        sa.Index(
            "ix_tasks_fires",
            "fires_on",
            "id",
            sqlite_where=sa.text("fires_on IS NOT NULL"),
            postgresql_where=sa.text("fires_on IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[TaskKind] = mapped_column(CodeText(TaskKind, 32))
    desk: Mapped[Desk] = mapped_column(CodeText(Desk, 16))
    office_id: Mapped[int] = mapped_column(sa.BigInteger)
    role: Mapped[str | None] = mapped_column(sa.String(16))
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposals.id"))
    recommendation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("recommendations.id"))
    assignment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("assignments.id"))
    publication: Mapped[Publication] = mapped_column(CodeText(Publication, 16))
    began_on: Mapped[date | None]
    limit: Mapped[Values | None] = mapped_column("limit_rule", JsonText)
    pauses: Mapped[list[dict[str, str]]] = mapped_column(JsonText)
    extensions: Mapped[list[Values]] = mapped_column(JsonText)
    due_on: Mapped[date | None]
    original_due_on: Mapped[date | None]
    is_provisional: Mapped[bool]
    ended_on: Mapped[date | None]
    outcome: Mapped[TaskOutcome | None] = mapped_column(CodeText(TaskOutcome, 16))
    commitment_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    fired_until: Mapped[date | None]
    fires_on: Mapped[date | None]
    reply_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    milestone_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    awaits_receipt: Mapped[bool | None]


class Notice(Base):
    """A reminder that fired, in the inbox of a desk; it matters as long as its task waits.

    It hangs on what its task belongs to: an assignment, a commitment or a proposal; one about a
    recommendation hangs on nothing. *about_id* is the proposal that raised again what a commitment
    is about. It *ended_on* a day where its cause ended before its task did.
    """

    __tablename__ = "notices"
    __table_args__ = (
        sa.Index("ix_notices_desk", "desk", "office_id", "id"),
        sa.Index("ix_notices_assignment", "assignment_id"),
        sa.Index("ix_notices_commitment", "commitment_id"),
        sa.Index("ix_notices_task", "task_id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("tasks.id"))
    assignment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("assignments.id"))
    commitment_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    desk: Mapped[Desk] = mapped_column(CodeText(Desk, 16))
    office_id: Mapped[int] = mapped_column(sa.BigInteger)
    point: Mapped[ReminderPoint] = mapped_column(CodeText(ReminderPoint, 32))
    urgency: Mapped[Urgency] = mapped_column(CodeText(Urgency, 16))
    fired_on: Mapped[date]
    due_on: Mapped[date | None]
    about_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    ended_on: Mapped[date | None]


class TaskCount(Base):
    """How many open tasks a desk has of a kind and role, due on a day or in a month.

    Kept with each change. The months make counting cost the same however many days there are: a
    month is its first day.
    """

    __tablename__ = "task_counts"

    desk: Mapped[Desk] = mapped_column(CodeText(Desk, 16), primary_key=True)
    office_id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    grain: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[TaskKind] = mapped_column(CodeText(TaskKind, 32), primary_key=True)
    role: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    publication: Mapped[Publication] = mapped_column(CodeText(Publication, 16), primary_key=True)
    number: Mapped[int]
