"""What hangs on a recommendation or a proposal: passages, reports, relations."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.accounts.queries.visibility import R as HANDLED
from app.accounts.queries.visibility import seen, view_of, visible
from app.accounts.queries.withheld import marked, shown_in
from app.audit.queries.events import SHOWN_NAME
from app.core.codes import LineageKind, WithheldKind
from app.core.queries.keyset import Order, read_number
from app.core.queries.rows import View
from app.core.rules.permissions import Actor
from app.core.rules.sizes import SHOWN, newest, with_evidence
from app.core.types import Condition, Expression, Row
from app.models import Event, Lineage, Passage, ProgressReport, Recommendation, SealedValue
from app.register.files.queries.evidence import with_seen

M = ProgressReport
R = Recommendation
REPORT = WithheldKind.REPORT


def next_number(session: Session, column: Any, owner: Any) -> int:
    """Return the number after the last one in *column*, among the rows that *owner* selects."""
    return 1 + (session.scalar(sa.select(sa.func.max(column)).where(owner)) or 0)


def passages_of(session: Session, owner: str, ids: Collection[int]) -> dict[int, list[Row]]:
    """Return the passages of the proposals or recommendations *ids*, each in reading order.

    *owner* is the column that names them: ``proposal_id`` or ``recommendation_id``.
    """
    column = getattr(Passage, owner)
    columns = (Passage.document_id, Passage.position, Passage.start, Passage.end, Passage.text)
    statement = sa.select(column.label("owner"), *columns).where(
        column.in_(ids), Passage.withdrawn_at.is_(None)
    )
    found: dict[int, list[Row]] = {number: [] for number in ids}
    for row in session.execute(statement.order_by(column, Passage.position)):
        found[row.owner].append(row)
    return found


def reports(actor: Actor, recommendation_id: int, until: int | None = None) -> sa.Select:
    """Return the SELECT of the progress reports, up to the event *until*.

    One that was written while the recommendation was hidden from *actor* stays hidden, and so does
    one that is withheld. Evidence that is a file which *actor* may not see is left out when rows
    are shown, by `shown_reports`.
    """
    former, later = aliased(M), aliased(M)
    columns: tuple[Expression, ...] = (
        M.id,
        M.sequence,
        M.text,
        M.percent,
        M.evidence,
        M.office_id,
        M.reported_at,
        sa.case((M.reported_by != "", M.reported_by), else_=SHOWN_NAME).label("reported_by"),
        other_version(actor, former, former.id == M.corrects_id, until).label("corrects"),
        other_version(actor, later, later.corrects_id == M.id, until).label("corrected_by"),
    )
    statement = (
        sa.select(*columns)
        .join(Event, Event.sequence == M.sequence)
        .outerjoin(SealedValue, SealedValue.seal == Event.actor_seal)
    )
    return seen_reports(statement, actor, recommendation_id, until)


def other_version(actor: Actor, other: Any, own: Condition, until: int | None) -> Expression:
    """Return the subquery for the id of the report *other* that is *own* to one, where it is seen.

    That is what the one mends, or what mends it up to the event *until*.
    """
    written = aliased(Event)
    view, office = view_of(actor), actor.office_id
    shown = seen(view, written.publication, HANDLED.c.id == other.recommendation_id, office)
    statement = sa.select(other.id).join(written, written.sequence == other.sequence)
    statement = statement.where(own, *shown_in(view, REPORT, other.id, office))
    if shown:
        statement = statement.where(sa.or_(written.publication.is_(None), *shown))
    if until is not None:
        statement = statement.where(other.sequence <= until)
    return statement.correlate(M).scalar_subquery()


def seen_reports(
    statement: sa.Select, actor: Actor, recommendation_id: int | Expression, until: int | None
) -> sa.Select:
    """Leave in *statement* only reports of one recommendation that *actor* may see.

    It is a number, or the column of the statement that has it.
    """
    view, office = view_of(actor), actor.office_id
    shown = seen(view, Event.publication, HANDLED.c.id == M.recommendation_id, office)
    statement = statement.where(
        M.recommendation_id == recommendation_id, *shown_in(view, REPORT, M.id, office)
    )
    if shown:
        statement = statement.where(sa.or_(Event.publication.is_(None), *shown))
    return statement if until is None else statement.where(M.sequence <= until)


REPORTED = (
    (M.sequence, M.id),
    (read_number, read_number),
    lambda row: [row.sequence, row.id],
)
REPORT_ORDERS = {
    "id": Order(*REPORTED, stable=True),
    "-id": Order(*REPORTED, descending=True, stable=True),
}
"""By the event that a report came with, which is the order of the id."""


def report(session: Session, actor: Actor, recommendation_id: int, report_id: int) -> Any:
    """Return one progress report that *actor* may see."""
    own = reports(actor, recommendation_id).where(M.id == report_id)
    return shown_reports(session, actor, session.execute(own).all())[0]


def report_to_mend(
    session: Session, actor: Actor, recommendation_id: int, report_id: int
) -> ProgressReport | None:
    """Return the report itself that a further version mends, where *actor* sees it."""
    own = sa.select(M).join(Event, Event.sequence == M.sequence).where(M.id == report_id)
    return session.scalar(seen_reports(own, actor, recommendation_id, None))


def shown_reports(session: Session, actor: Actor, rows: Sequence[Row]) -> list[View]:
    """Return *rows* of reports() as *actor* may see them, and how each is withheld."""
    return marked(session, actor, REPORT, with_seen(session, actor, rows))


@dataclass
class Reported:
    """What an office reported: how often, the last time, and the last percentage with its event."""

    number: int = 0
    sequence: int = 0
    last_reported_at: datetime | None = None
    percent_sequence: int | None = None
    percent: int | None = None


def newest_reports(
    session: Session, actor: Actor, recommendation_id: int, until: int | None
) -> tuple[list[View], Mapping[int | None, Reported | Row]]:
    """Return the newest reports up to the event *until*, and what each office `reported`.

    The reports are as many as are shown, oldest first. Where that is all of them, nothing more is
    asked of the database.
    """
    rows = reports(actor, recommendation_id, until).order_by(M.sequence.desc(), M.id.desc())
    found = session.execute(rows.limit(SHOWN + 1)).all()[::-1]
    shown = newest(shown_reports(session, actor, found[-SHOWN:]), with_evidence)
    if len(found) > SHOWN:
        return shown, reported(session, actor, recommendation_id, until)
    return shown, reported_in(found)


def reported_in(reports: Iterable[Row]) -> dict[int | None, Reported]:
    """Return what each office `reported`, of all its *reports* in their order.

    The percentage of a report that was mended counts no more.
    """
    offices: dict[int | None, Reported] = {}
    for row in reports:
        own = offices.setdefault(row.office_id, Reported())
        own.number += 1
        own.sequence, own.last_reported_at = row.sequence, row.reported_at
        if row.percent is not None and row.corrected_by is None:
            own.percent_sequence, own.percent = row.sequence, row.percent
    return offices


def reported(
    session: Session, actor: Actor, recommendation_id: int, until: int | None
) -> dict[int | None, Row]:
    """Return what each office reported up to the event *until*, by office.

    That is the *number* of its reports, the moment of the last and its event's *sequence*, the last
    percentage and, as *percent_sequence*, when that was.
    """
    later = aliased(M)
    mended = other_version(actor, later, later.corrects_id == M.id, until)
    percent = sa.case((sa.and_(M.percent.is_not(None), mended.is_(None)), M.sequence))
    columns = (
        M.office_id,
        sa.func.count().label("number"),
        sa.func.max(M.sequence).label("sequence"),
        sa.func.max(percent).label("percent_sequence"),
    )
    rows = sa.select(*columns).join(Event, Event.sequence == M.sequence).group_by(M.office_id)
    found = seen_reports(rows, actor, recommendation_id, until).subquery()
    latest, rated = aliased(M), aliased(M)
    last_one = latest.recommendation_id == recommendation_id, latest.sequence == found.c.sequence
    last_rated = (
        rated.recommendation_id == recommendation_id,
        rated.sequence == found.c.percent_sequence,
    )
    statement = (
        sa.select(found, latest.reported_at.label("last_reported_at"), rated.percent)
        .join(latest, sa.and_(*last_one))
        .outerjoin(rated, sa.and_(*last_rated))
    )
    return {row.office_id: row for row in session.execute(statement)}


def curated_relations(session: Session, recommendation_id: int) -> list[str]:
    """Return how a recommendation relates to others, but for succession: kind and reference."""
    statement = (
        sa.select(Lineage.kind, R.reference)
        .join(R, R.id == Lineage.other_id)
        .where(
            Lineage.recommendation_id == recommendation_id,
            Lineage.kind != LineageKind.SUPERSEDES,
            Lineage.withdrawn_sequence.is_(None),
        )
    )
    return sorted(f"{kind} {reference}" for kind, reference in session.execute(statement))


def relations(
    session: Session, actor: Actor, recommendation_id: int, until: int | None
) -> list[Row]:
    """Return the recommendations related to this one, those it points at first.

    With *until* they are those that were related after that event.
    """
    stands: Any = Lineage.withdrawn_sequence.is_(None)
    if until is not None:
        later = Lineage.withdrawn_sequence > until
        stands = sa.and_(Lineage.sequence <= until, sa.or_(stands, later))
    other = aliased(R)
    shown = (other.id, other.reference, other.summary_zh, other.progress)

    def side(own: Any, far: Any, outgoing: bool) -> sa.Select:
        statement = (
            sa.select(Lineage.kind, sa.literal(outgoing).label("outgoing"), *shown)
            .join(other, other.id == far)
            .where(own == recommendation_id, stands)
        )
        return visible(statement, actor, other)

    both = sa.union_all(
        side(Lineage.recommendation_id, Lineage.other_id, True),
        side(Lineage.other_id, Lineage.recommendation_id, False),
    ).subquery()
    order = (sa.desc(both.c.outgoing), both.c.id, both.c.kind)
    return list(session.execute(sa.select(both).order_by(*order)))
