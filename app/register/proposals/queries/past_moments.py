"""A past moment, and what was to be seen at it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.accounts.queries.visibility import handled_now, sees, view_of
from app.audit.queries.events import last_event
from app.audit.queries.record_state import RECORDS
from app.core.rules.permissions import Actor


@dataclass(frozen=True)
class PastMoment:
    """A past moment: *on* is its day at the register's place."""

    at: datetime
    on: date


def was_seen(session: Session, actor: Actor, kind: str, number: int, moment: PastMoment) -> bool:
    """Return whether *actor* sees a proposal or a recommendation as public as it was then."""
    event = last_event(session, kind, number, moment.at)
    if event is None:
        return False

    def handled() -> bool:
        return bool(handled_now(session, actor, RECORDS[kind], [number]))

    return sees(view_of(actor), event.publication, handled)
