"""Attempts that were refused, bounded: a key cannot fill the history with them.

Of each account the first sixty readings and the first sixty changes in an hour are told one by
one. The next event says that the rest of that hour is only counted, and the first one of a later
hour says how many that were.
"""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.audit.services.recorder import record_attempt
from app.core.clock import utcnow
from app.core.codes import Outcome
from app.core.rules.permissions import Actor
from app.core.types import Given, Values
from app.models import AttemptCount

READS, WRITES = "read", "write"
"""What was attempted: many refused readings hide no refused change."""

MOST = 60
HOUR = timedelta(hours=1)


def attempted(
    session: Session,
    actor: Actor,
    kind: str,
    operation: str,
    record: tuple[str, int, str],
    outcome: Outcome,
    changes: Given,
) -> None:
    """Write the event of an attempt of *actor*, or only count it, as record_attempt takes them."""
    number, left_out = counted_attempts(session, actor.principal_id or 0, kind)
    more: Values = {"left_out_before": left_out} if left_out else {}
    if number > MOST:
        more["only_counted_from_here"] = True
    if number <= MOST + 1:
        record_attempt(session, actor, operation, record, outcome, {**changes, **more})


def counted_attempts(session: Session, principal_id: int, kind: str) -> tuple[int, int]:
    """Count an attempt of an account; return the place that it has in the hour, from 1.

    The second number is how many of an earlier hour no event has told, 0 but at its first.
    """
    now, left_out = utcnow(), 0
    row = session.get(AttemptCount, (principal_id, kind))
    if row is None:
        row = AttemptCount(principal_id=principal_id, kind=kind, since=now, number=0)
        session.add(row)
    if row.since + HOUR <= now:
        left_out = max(0, row.number - MOST - 1)
        row.since, row.number = now, 0
    row.number += 1
    session.flush()
    return row.number, left_out
