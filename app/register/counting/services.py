"""Keeping who sees an answer or a promise, in the transaction that changes it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from app.core.following import FOLLOWERS
from app.core.types import Changes
from app.models import Assignment, Commitment, Proposal, Recommendation
from app.register.counting.queries.answers import answered_in, false_answers

ANSWERED = "cases of which replies or promises changed"
TABLE = Recommendation.metadata.tables["recommendations"]


def mark(session: Session, proposal_id: int) -> None:
    """Note that a reply or a promise about *proposal_id*, or who sees it, changed."""
    if ANSWERED not in session.info:
        session.info[ANSWERED] = set()
        sa.event.listen(session, "before_commit", keep_at_commit)
    session.info[ANSWERED].add(proposal_id)


def keep_at_commit(session: Session) -> None:
    """Keep what changed before *session* commits, once and not at the end of each savepoint."""
    if not session.in_nested_transaction():
        keep_answers(session)


def keep_answers(session: Session) -> None:
    """Let the recommendations of the cases that changed keep for whom they are answered.

    It raises neither an event nor a version: it is an index of the replies and promises.
    """
    changed = session.info.get(ANSWERED)
    if not changed:
        return
    session.flush()
    numbers = sorted(changed)
    changed.clear()
    for row in session.execute(false_answers(answered_in(numbers))).all():
        values = {"answered_for": row.answered, "promised_for": row.promised}
        session.execute(sa.update(TABLE).where(TABLE.c.id == row.id).values(values))
        loaded = session.identity_map.get(identity_key(Recommendation, row.id))
        for name, value in values.items() if loaded is not None else ():
            set_committed_value(loaded, name, value)


def follow(
    session: Session, record: object, operation: str, changes: Changes, at: datetime
) -> None:
    """Mark the case whose replies, promises or publication an event tells of."""
    match record:
        case Proposal() if "publication" in changes:
            mark(session, record.id)
        case Assignment() if operation.partition(".")[2].startswith("reply_"):
            mark(session, record.proposal_id)
        case Commitment():
            mark(session, record.proposal_id)


FOLLOWERS.append(follow)
