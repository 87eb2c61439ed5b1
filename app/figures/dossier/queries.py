"""What a dossier tells: a page of recommendations, what came of each, and figures of the whole."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.queries.visibility import ActorView, seen, view_of
from app.accounts.queries.visibility import R as HANDLED
from app.audit.queries.events import SHOWN_NAME
from app.core.codes import Outcome, Progress, Specificity
from app.core.queries.keyset import PAGE_ROWS, Order, read_number
from app.core.queries.register_state import STATE
from app.core.rules.permissions import Actor
from app.core.rules.sizes import newest
from app.core.rules.state_groups import ADOPTED, GIVEN_BACK, OUT
from app.core.types import Condition, Given, Row
from app.models import (
    Assignment,
    Commitment,
    Event,
    Reply,
    ReplyPoint,
    SealedValue,
    Sitting,
)
from app.register.proposals.queries.handling_visibility import (
    SENT_BY,
    commitments_seen,
    replies_seen,
)
from app.register.recommendations.models import SPECIFICITY
from app.register.recommendations.queries import lateness
from app.register.recommendations.queries.populations import Counted
from app.register.recommendations.queries.recommendation_columns import C, P, shown_columns
from app.register.recommendations.queries.recommendation_offices import PROMISED
from app.register.recommendations.queries.recommendations import found

MOST_COUNTED = 100_000
"""Of how many recommendations a dossier is made: they are sorted and counted at each reading."""

NEVER = sa.literal_column("'0001-01-01'", sa.Date)
ORDER = (
    sa.func.coalesce(Sitting.starts_on, NEVER).label("day"),
    sa.func.coalesce(P.session_id, 0).label("session_key"),
    P.id.label("case_id"),
    C.number.label("place"),
)
"""Sessions from the newest on, what has none last; in each the proposals, and their parts."""

PAGED = Order(
    ORDER,
    (date.fromisoformat, read_number, read_number, read_number),
    lambda row: [row.day, row.session_key, row.case_id, row.place],
)


@dataclass(frozen=True)
class DossierRows(Counted):
    """The recommendations that *filters* leave, names resolved, and what is searched in them."""

    session: Session
    actor: Actor
    today: date
    filters: Given
    searched: Given

    @property
    def asked(self) -> Given:
        """The filters of all that is counted."""
        return self.filters

    @property
    def words(self) -> Given:
        """The parameters of what is searched for."""
        return self.searched


# -- the page ------------------------------------------------------------------------------------


@lru_cache(maxsize=200)
def paged(view: ActorView, names: frozenset[str], goes_on: bool) -> sa.Select:
    """Return the SELECT of one page of a dossier; its parameters are those of page_values()."""
    columns = (*shown_columns(view), *ORDER, P.case_no.label("proposal_case_no"), STATE)
    rows = found(view, names, columns).outerjoin(Sitting, Sitting.id == P.session_id)
    if goes_on:
        rows = rows.where(beyond())
    day, session, case, place = (key.element for key in ORDER)
    return rows.order_by(day.desc(), session.desc(), case, place).limit(PAGE_ROWS)


def beyond() -> Condition:
    """Return the condition that a row stands after the key that the page goes on from."""
    day, session, case, place = (key.element for key in ORDER)
    after = [sa.bindparam(f"after_{n}", type_=key.type) for n, key in enumerate(ORDER)]
    later = sa.tuple_(case, place) > sa.tuple_(*after[2:])
    within = sa.or_(session < after[1], sa.and_(session == after[1], later))
    return sa.or_(day < after[0], sa.and_(day == after[0], within))


def arrivals(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, Row]:
    """Return the last move of each of the recommendations *ids* on the axis of progress, by its id.

    What was done to one while *actor* did not see it is left out.
    """
    columns = (Event.record_id, Event.at, Event.office_name, SHOWN_NAME.label("shown_name"))
    moved: Condition = Event.changes.contains('"progress":', autoescape=True)
    statement = (
        sa.select(*columns, Event.changes)
        .outerjoin(SealedValue, SealedValue.seal == Event.actor_seal)
        .where(Event.record_type == "recommendation", Event.record_id.in_(ids), moved)
        .where(Event.outcome == Outcome.DONE)
        .order_by(Event.sequence)
    )
    shown = seen(
        view_of(actor), Event.publication, HANDLED.c.id == Event.record_id, actor.office_id
    )
    if shown:
        statement = statement.where(sa.or_(Event.publication.is_(None), *shown))
    return {row.record_id: row for row in session.execute(statement)}


def answers(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, list[Row]]:
    """Return what the reply that holds of each office says of each of *ids*, by that.

    Replies are those that the list of them shows *actor*; what was given back does not count.
    """
    columns = (
        ReplyPoint,
        Assignment.office_id.label("holder"),
        SENT_BY.label("office_id"),
        Assignment.reference,
        Reply.number,
        Reply.sent_on,
        Reply.published_on,
    )
    statement = (
        replies_seen(actor, columns)
        .join(ReplyPoint, ReplyPoint.reply_id == Reply.id)
        .where(ReplyPoint.recommendation_id.in_(ids))
        .where(Reply.state.in_(OUT), Assignment.state.not_in(GIVEN_BACK))
        .order_by(ReplyPoint.id)
    )
    last: defaultdict[int, dict[int, Row]] = defaultdict(dict)
    for row in session.execute(statement):
        last[row.ReplyPoint.recommendation_id][row.holder] = row
    return {number: list(own.values()) for number, own in last.items()}


def promises(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, list[Row]]:
    """Return the newest promises about each of *ids* that *actor* may see, oldest first."""
    columns = (*(getattr(Commitment, name) for name in PROMISED), Commitment.recommendation_id)
    statement = commitments_seen(columns, actor).where(Commitment.recommendation_id.in_(ids))
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in session.execute(statement.order_by(Commitment.id)):
        found[row.recommendation_id].append(row)
    return {number: newest(own) for number, own in found.items()}


# -- the whole -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Whole:
    """How many there are, by progress, acceptance, specificity and session, promised, and late."""

    progress: Counter[Progress]
    acceptance: Counter[str]
    specificity: Counter[str]
    sessions: dict[int, Counter[str]]
    promised: int
    late: int

    @property
    def number(self) -> int:
        """How many there are in all."""
        return self.progress.total()

    @property
    def concrete(self) -> int:
        """How many of them could be proven done."""
        return self.specificity[Specificity.CONCRETE]

    @property
    def accepted(self) -> int:
        """How many were accepted, wholly or partly."""
        return sum(self.acceptance[code] for code in ADOPTED)


def are_too_many(asked: DossierRows) -> bool:
    """Return whether more than MOST_COUNTED are *asked*: of so many no dossier is made."""
    some = asked.chosen(C.id).limit(MOST_COUNTED + 1).subquery()
    return number_of(asked.session, some) > MOST_COUNTED


def whole(asked: DossierRows) -> Whole:
    """Return the numbers of all that is *asked*."""
    promised, late = of_those(asked, promised=True), of_those(asked, overdue=True)
    found = Whole(Counter(), Counter(), Counter(), {}, promised, late)
    columns = (C.progress, C.acceptance, SPECIFICITY.label("specificity"), P.session_id)
    for progress, acceptance, specificity, sitting, number in asked.counts(asked.rows(*columns)):
        found.specificity[specificity] += number
        found.progress[Progress(progress)] += number
        found.acceptance[acceptance] += number
        if sitting is not None:
            found.sessions.setdefault(sitting, Counter())[str(progress)] += number
    return found


def due_days(asked: DossierRows, most: int) -> Sequence[Row]:
    """Return the first days on which any of what is *asked* is next due, and how many are."""
    due = lateness.next_due(C, view_of(asked.actor), C.proposal_id)
    rows = asked.rows(due.due_on.label("on"))
    counted = sa.select(rows.c.on, sa.func.count().label("number")).where(rows.c.on.is_not(None))
    return asked.session.execute(counted.group_by(rows.c.on).order_by(rows.c.on).limit(most)).all()


def of_those(asked: DossierRows, **filters: object) -> int:
    """Return how many *filters* leave besides."""
    return number_of(asked.session, asked.rows(C.id, **filters))


def number_of(session: Session, rows: sa.Subquery) -> int:
    """Return how many *rows* there are."""
    return session.scalar(sa.select(sa.func.count()).select_from(rows)) or 0


def sittings_newest_first(session: Session, ids: Collection[int], most: int) -> Sequence[Row]:
    """Return the newest of the sessions *ids*, in short, at most *most* of them."""
    columns = (Sitting.id, Sitting.slug, Sitting.name_zh, Sitting.name_en)
    day = sa.func.coalesce(Sitting.starts_on, NEVER)
    rows = sa.select(*columns).where(Sitting.id.in_(ids)).order_by(day.desc(), Sitting.id.desc())
    return session.execute(rows.limit(most)).all()
