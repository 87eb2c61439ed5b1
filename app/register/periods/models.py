"""The periods in which records stood so and so: an index of the events."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.base import Base, Key
from app.core.following import FOLLOWERS
from app.core.types import Changes, Row
from app.register.periods.rules import AXES, COLUMNS, OFFICE, Standing, standing_of


class StatePeriod(Base):
    """That one axis of a record stood in a *state* from a moment until another (None: still).

    An index: it follows from the events of the record, is written by the same transaction, and
    `flask verify` compares it. *office_id* is the office that led a recommendation then, or that
    had an assignment or a commitment. A row is closed, and never changed otherwise; what is
    corrected at the very moment at which it began never stood. The indexes hold all that is asked
    for: one that does not SQLite leaves aside, and looks through a whole axis for each record.
    """

    __tablename__ = "state_periods"
    __table_args__ = (
        sa.Index(
            "ix_state_periods_stood",
            "record_type",
            "axis",
            "state",
            "from_at",
            "until_at",
            "record_id",
            "office_id",
        ),
        sa.Index(
            "ix_state_periods_record",
            "record_type",
            "record_id",
            "axis",
            "from_at",
            "until_at",
            "state",
            "office_id",
        ),
        sa.Index(
            "ix_state_periods_open",
            "record_type",
            "record_id",
            "axis",
            unique=True,
            sqlite_where=sa.text("until_at IS NULL"),
            postgresql_where=sa.text("until_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    record_type: Mapped[str] = mapped_column(sa.String(16))
    record_id: Mapped[int]
    axis: Mapped[str] = mapped_column(sa.String(16))
    state: Mapped[str] = mapped_column(sa.String(32))
    office_id: Mapped[int | None]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]


PERIODS = StatePeriod.metadata.tables["state_periods"]
C = PERIODS.c


def keep_periods(
    session: Session, record: object, operation: str, changes: Changes, at: datetime
) -> None:
    """Close and begin the periods of *record* that an event of the moment *at* ends and begins."""
    kind, _, verb = operation.partition(".")
    if kind not in AXES:
        return
    names = COLUMNS[kind]
    standing = standing_of(kind, {name: getattr(record, name) for name in names})
    number: int = getattr(record, "id")  # noqa: B009
    if verb == "created":
        begin(session, kind, number, standing, at)
        return
    moved = {name for name in names if name in changes}
    if OFFICE.get(kind) not in moved:
        standing = {axis: standing[axis] for axis in standing if AXES[kind][axis].column in moved}
    if standing:
        follow(session, kind, number, standing, at)


def follow(
    session: Session, kind: str, number: int, standing: dict[str, Standing], at: datetime
) -> None:
    """Let the axes of a record stand as *standing* says from *at* on, where they did not."""
    own = (C.record_type == kind, C.record_id == number, C.axis.in_(list(standing)))
    ends = sa.or_(C.until_at.is_(None), C.until_at == at)
    columns = (C.id, C.axis, C.state, C.office_id, C.from_at, C.until_at)
    rows = session.connection().execute(sa.select(*columns).where(*own, ends)).all()
    now = {row.axis: row for row in rows if row.until_at is None}
    before = {row.axis: row for row in rows if row.until_at is not None}
    differing = {axis: how for axis, how in standing.items() if how != how_it_stood(now.get(axis))}
    ended = [now[axis] for axis in differing if axis in now]
    again = [axis for axis, how in differing.items() if how == how_it_stood(before.get(axis))]
    set_end(session, [row for row in ended if row.from_at != at], at)
    take_away(session, [row for row in ended if row.from_at == at])
    set_end(session, [before[axis] for axis in again], None)
    begin(session, kind, number, {a: how for a, how in differing.items() if a not in again}, at)


def how_it_stood(row: Row | None) -> Standing | None:
    """Return the state and the office of a period."""
    return None if row is None else (row.state, row.office_id)


def begin(
    session: Session, kind: str, number: int, standing: dict[str, Standing], at: datetime
) -> None:
    """Begin a period of each axis in *standing*."""
    rows = [
        {
            "record_type": kind,
            "record_id": number,
            "axis": axis,
            "state": state,
            "office_id": office,
            "from_at": at,
        }
        for axis, (state, office) in standing.items()
    ]
    if rows:
        session.connection().execute(sa.insert(PERIODS), rows)


def set_end(session: Session, rows: Sequence[Row], at: datetime | None) -> None:
    """Let the periods *rows* end *at* a moment, or go on."""
    if rows:
        numbers = [row.id for row in rows]
        ended = sa.update(PERIODS).where(C.id.in_(numbers)).values(until_at=at)
        session.connection().execute(ended)


def take_away(session: Session, rows: Sequence[Row]) -> None:
    """Take the periods *rows* away, which never lasted."""
    if rows:
        gone = sa.delete(PERIODS).where(C.id.in_([row.id for row in rows]))
        session.connection().execute(gone)


FOLLOWERS.append(keep_periods)
