"""Who has a recommendation: following its dispatch, and ending with its proposal."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.audit.services.recorder import change, record_event
from app.core.clock import utcnow
from app.core.codes import HandlingState, OfficeRole
from app.core.rules.permissions import HELD, Actor
from app.core.types import Given, NewChanges
from app.models import Recommendation, RecommendationOffice, RecommendationTag
from app.register.recommendations.services.state_tasks import followers, notify_loss, sync_tasks
from app.tasks.queries.holders import by_role, given_in, members, survivor
from app.tasks.rules.holders import NOBODY, PARTS, Holders, holders_now, holders_of
from app.tasks.services import tasks

Changes = NewChanges
TAGGED = RecommendationTag.metadata.tables["recommendation_tags"]


def sync_holders(session: Session, actor: Actor, proposal_id: int, on: date | None = None) -> int:
    """Let the recommendations of a case be had by whom its assignments name.

    *proposal_id* is the case or a proposal that was merged into it. Each that changes gets its
    event, and what is asked of whom begins *on* a day, today when None; return how many did.
    """
    session.flush()
    case = survivor(session, proposal_id)
    assignments = given_in(session, case)
    rows = select(Recommendation).where(Recommendation.proposal_id.in_(members(session, case)))
    records = session.scalars(rows.order_by(Recommendation.id)).all()
    return sum(hand(session, actor, r, holders_now(r, assignments), on) for r in records)


def hand(
    session: Session,
    actor: Actor,
    record: Recommendation,
    holders: Holders,
    on: date | None = None,
) -> bool:
    """Give *record* to *holders* from *on*, with its event; return whether anything changed."""
    at = utcnow()
    changes = set_parts(session, record, holders, at)
    session.flush()  # before the record changes, which it does once, with its event
    if holders.dispatched:
        notify_former_lead(session, record, holders, at)
        changes |= set_lead(record, holders.lead_office_id, holders.lead_status)
    if record_holders(session, actor, record, changes, at):
        sync_tasks(session, record, on)
    return bool(changes)


def pass_on(
    session: Session, actor: Actor, record: Recommendation, offices: tuple[int, int], note: str
) -> bool:
    """Let the second of *offices* have what the first has of *record*, with its event.

    What waits on the desk of the first keeps its days. Return whether anything changed.
    """
    former, office = offices
    waiting = followers(session, record)
    there = {task.kind for task in waiting if task.office_id == office}
    for task in waiting:
        if task.office_id == former and task.kind not in there:
            tasks.pass_on(session, task, office)
    at = utcnow()
    holders = holders_now(record, given_in(session, survivor(session, record.proposal_id)))
    changes = set_parts(session, record, holders, at, offices)
    session.flush()
    if holders.dispatched:
        changes |= set_lead(record, holders.lead_office_id, holders.lead_status)
    elif record.lead_office_id == former:
        changes |= set_lead(record, office, record.lead_status)
    if record_holders(session, actor, record, changes, at, note):
        sync_tasks(session, record)
    return bool(changes)


def notify_former_lead(
    session: Session, record: Recommendation, holders: Holders, at: datetime
) -> None:
    """Tell the office that led *record* where another one leads it now."""
    former, lead = record.lead_office_id, holders.lead_office_id
    held = record.lead_status in HELD
    if held and former is not None and lead not in (None, former):
        notify_loss(session, record, former, at.date())


def set_lead(record: Recommendation, office_id: int | None, status: str | None) -> Changes:
    """Set the lead of *record* and how it stands, and return what changes."""
    wanted = {"lead_office_id": office_id, "lead_status": status}
    before = {name: getattr(record, name) for name in wanted}
    for name, value in wanted.items():
        setattr(record, name, value)
    return {name: (before[name], value) for name, value in wanted.items() if before[name] != value}


def record_holders(
    session: Session,
    actor: Actor,
    record: Recommendation,
    changes: Changes,
    at: datetime,
    note: str | None = None,
) -> bool:
    """Write the event of *changes* in who has *record*; return whether there are any."""
    if changes:
        record_event(
            session,
            actor,
            record,
            "recommendation.given",
            changes,
            note=note,
            at=at,
        )
    return bool(changes)


def set_parts(
    session: Session,
    record: Recommendation,
    holders: Holders,
    at: datetime,
    passed: tuple[int, int] | None = None,
) -> Changes:
    """Let the offices beside the lead be those of *holders*, and whom people named beside them.

    Of those people named, the second of *passed* takes the place of the first. Return what
    changes, by part.
    """
    own = select(RecommendationOffice).where(RecommendationOffice.recommendation_id == record.id)
    rows = {row.office_id: row for row in session.scalars(own)}
    before = by_role(current_parts(rows.values()))
    if passed is not None:
        take_place(session, record, rows, passed, at)
    for office, (role, assignment_id) in holders.parts.items():
        row = row_for(session, record, rows, office)
        row.role, row.assignment_id, row.withdrawn_at = role, assignment_id, None
    for office, row in rows.items():
        by_dispatch, leads = row.assignment_id is not None, office == holders.lead_office_id
        if row.withdrawn_at is None and office not in holders.parts and (by_dispatch or leads):
            row.withdrawn_at, row.assignment_id = at, None
    after = by_role(current_parts(rows.values()))
    return {
        f"{role}_office_ids": (before[role], after[role])
        for role in PARTS
        if before[role] != after[role]
    }


def take_place(
    session: Session,
    record: Recommendation,
    rows: dict[int, RecommendationOffice],
    passed: tuple[int, int],
    at: datetime,
) -> None:
    """Let the second office of *passed* stand in *rows* where people named the first."""
    former, office = passed
    named, own = standing(rows.get(former)), standing(rows.get(office))
    leads = record.lead_office_id in passed and record.lead_status in HELD
    if leads and own is not None and own.assignment_id is None:
        own.withdrawn_at = at
    if named is None or named.assignment_id is not None:
        return
    named.withdrawn_at = at
    if leads or own is not None:
        return
    row = row_for(session, record, rows, office)
    row.role, row.assignment_id, row.withdrawn_at = named.role, None, None


def row_for(
    session: Session,
    record: Recommendation,
    rows: dict[int, RecommendationOffice],
    office: int,
) -> RecommendationOffice:
    """Return the row of *office* among *rows* of *record*, a new one where it had none."""
    if office not in rows:
        rows[office] = RecommendationOffice(recommendation_id=record.id, office_id=office)
        session.add(rows[office])
    return rows[office]


def standing(row: RecommendationOffice | None) -> RecommendationOffice | None:
    """Return *row* where the office has its part now."""
    return row if row is not None and row.withdrawn_at is None else None


def current_parts(rows: Iterable[RecommendationOffice]) -> dict[int, OfficeRole]:
    """Return the offices of *rows* that have a part now, each with it."""
    return {row.office_id: row.role for row in rows if row.withdrawn_at is None}


def release(session: Session, actor: Actor, proposal_id: int) -> None:
    """Let nobody have what a merged proposal asks, whose case ends: it is reviewed again."""
    case = given_in(session, survivor(session, proposal_id))
    for record in recommendations_of(session, proposal_id):
        if holders_of(record.id, case).dispatched:
            hand(session, actor, record, NOBODY)
    session.flush()


def end_all(session: Session, actor: Actor, proposal_id: int, state: HandlingState) -> None:
    """End the recommendations of a proposal with it, in lists, index and counters.

    Nobody has them any more.
    """
    set_end(session, actor, with_proposal(session, proposal_id), {"ended_as": state})
    sync_holders(session, actor, proposal_id)


def restore_all(session: Session, actor: Actor, proposal_id: int) -> None:
    """Let the recommendations of a proposal stand again that ended with it."""
    set_end(session, actor, with_proposal(session, proposal_id), {"ended_as": None})
    sync_holders(session, actor, proposal_id)


def with_proposal(session: Session, proposal_id: int) -> list[Recommendation]:
    """Return the recommendations of a proposal that end with it, and none that ended alone."""
    return [one for one in recommendations_of(session, proposal_id) if not one.ended_alone]


def end_alone(
    session: Session, actor: Actor, record: Recommendation, state: HandlingState, note: str
) -> None:
    """End *record* while its proposal goes on; *note* says why. Nobody has it any more."""
    values = {"ended_as": state, "ended_alone": True, "note": note}
    set_end(session, actor, [record], values)
    sync_holders(session, actor, record.proposal_id)


def restore_alone(session: Session, actor: Actor, record: Recommendation, note: str) -> None:
    """Let *record*, which ended alone, stand again, with who has its case; *note* says why."""
    values = {"ended_as": None, "ended_alone": None, "note": note}
    set_end(session, actor, [record], values)
    sync_holders(session, actor, record.proposal_id)


def set_end(
    session: Session, actor: Actor, records: Sequence[Recommendation], values: Given
) -> None:
    """Set by *values* how *records* ended or that they stand, where they leave and enter lists."""
    session.flush()
    numbers, ended_as = [record.id for record in records], values["ended_as"]
    operation = "recommendation.restored" if ended_as is None else "recommendation.ended"
    for record in records:
        change(session, actor, record, operation, values)
    session.flush()
    rows = update(TAGGED).where(TAGGED.c.recommendation_id.in_(numbers))
    session.execute(rows.values(is_ended=ended_as is not None))
    for record in records:
        sync_tasks(session, record)


def recommendations_of(session: Session, proposal_id: int) -> Sequence[Recommendation]:
    """Return the recommendations of a proposal, in order."""
    rows = select(Recommendation).where(Recommendation.proposal_id == proposal_id)
    return session.scalars(rows.order_by(Recommendation.id)).all()
