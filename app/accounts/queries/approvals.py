"""Requests for approval, as far as an actor may see them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.accounts.queries.visibility import visible
from app.accounts.rules.accounts import mark_of
from app.accounts.rules.approvals import digest_of
from app.core.codes import ApprovalKind, ApprovalState
from app.core.queries.filters import among, asked
from app.core.queries.keyset import by_change
from app.core.rules.permissions import APPROVERS, Actor, Permission
from app.core.types import Condition, Conditions, Given, Row
from app.models import Approval, Principal, Recommendation

A = Approval
ASKER, DECIDER = aliased(Principal), aliased(Principal)

SHOWN = (
    A.id,
    A.kind,
    A.state,
    A.record_type,
    A.record_id,
    A.record_reference,
    A.payload,
    A.reason,
    A.asked_by_id,
    sa.func.coalesce(ASKER.name, A.asked_by).label("asked_by"),
    A.expires_at,
    A.decided_by_id,
    sa.func.coalesce(DECIDER.name, A.decided_by).label("decided_by"),
    A.decided_at,
    A.decision_note,
    A.version,
    A.created_at,
    A.updated_at,
    A.personal,
)


def allowed(statement: sa.Select, actor: Actor) -> sa.Select:
    """Leave the requests of *actor*, and those it may decide on; auditors see all.

    What is about a recommendation is seen by those who see that.
    """
    if actor.may(Permission.SEE_APPROVALS):
        return statement
    kinds = [kind for kind, needed in APPROVERS.items() if needed & actor.permissions]
    about = aliased(Recommendation)
    seen = visible(sa.select(about.id).where(about.id == A.record_id), actor, about)
    shown = sa.or_(A.record_type != "recommendation", sa.exists(seen.correlate(A)))
    return statement.where(sa.or_(A.asked_by_id == actor.principal_id, A.kind.in_(kinds)), shown)


def with_names(payload: Given, personal: Any) -> Given:
    """Return *payload* with the names and subjects of the accounts that wait, where they do."""
    if not personal:
        return payload
    kept = [{"name": one["name"], "subject": one["subject"]} for one in personal]
    pairs = zip(payload["accounts"], kept, strict=True)
    return {**payload, "accounts": [{**account, **person} for account, person in pairs]}


def false_requests(session: Session) -> Iterator[str]:
    """Yield a sentence for each request that keeps other names, or another import, than asked."""
    rows = sa.select(A.id, A.payload, A.personal).where(A.personal.is_not(None))
    for row in session.execute(rows):
        sealed = [account["sealed"] for account in row.payload["accounts"]]
        if sealed != [mark_of(one) for one in row.personal]:
            yield f"approval {row.id}: the names that wait are not those that were asked for"
    staged = sa.select(A.id, A.payload, A.staged).where(A.staged.is_not(None))
    for waiting in session.execute(staged):
        if waiting.payload.get("digest") != digest_of(waiting.staged):
            yield f"approval {waiting.id}: what is staged is not what was asked for"


def state_is(states: Sequence[ApprovalState], now: datetime) -> Condition:
    """Return the condition that a request is in one of *states*; by its time it expires itself."""
    pending = A.state == ApprovalState.PENDING
    of_time = {
        ApprovalState.PENDING: sa.and_(pending, A.expires_at > now),
        ApprovalState.EXPIRED: sa.and_(pending, A.expires_at <= now),
    }
    return sa.or_(*(of_time.get(state, A.state == state) for state in states))


ORDERS = by_change(A)


def listed(actor: Actor, filters: Given, now: datetime) -> sa.Select:
    """Return the SELECT of the requests that *filters* name: ``kind``, ``state``."""
    conditions: Conditions = {
        "kind": among(A.kind),
        "state": lambda states: state_is(states, now),
        "updated_since": lambda moment: A.updated_at >= moment,
    }
    statement = (
        sa.select(*SHOWN)
        .outerjoin(ASKER, ASKER.id == A.asked_by_id)
        .outerjoin(DECIDER, DECIDER.id == A.decided_by_id)
    )
    return allowed(statement.where(*asked(conditions, filters)), actor)


def one(session: Session, actor: Actor, approval_id: int, now: datetime) -> Row | None:
    """Return one request, or None."""
    return session.execute(listed(actor, {}, now).where(A.id == approval_id)).one_or_none()


def record(session: Session, actor: Actor, approval_id: int) -> Approval | None:
    """Return the record itself, for a decision, when *actor* may see it."""
    return session.scalar(allowed(sa.select(A).where(A.id == approval_id), actor))


def last_import(session: Session, digest: str) -> Row | None:
    """Return the newest request for an import of what has this *digest*, or None."""
    columns = (A.id, A.state, A.expires_at, A.decision_note, A.payload)
    own = (A.kind == ApprovalKind.IMPORT, A.record_reference == reference_of(digest))
    rows = session.execute(sa.select(*columns).where(*own).order_by(A.id.desc()))
    return next((row for row in rows if row.payload.get("digest") == digest), None)


def reference_of(digest: str) -> str:
    """Return how a request for an import of what has this *digest* is called in lists."""
    return digest[:16]
