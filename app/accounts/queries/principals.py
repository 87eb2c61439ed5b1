"""Whoever comes in with a key or a token, as they are now; accounts and keys for those who may."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.rules.keys import reference_of
from app.core.codes import ActorKind, Outcome, Role
from app.core.queries.filters import VERSION, among, asked
from app.core.queries.keyset import Order, by_change, by_number, read_moment, read_number
from app.core.queries.rows import View, later
from app.core.rules.permissions import Actor, Permission
from app.core.types import Condition, Conditions, Given, Row
from app.models import AccessKey, Event, KeySecret, Organization, Principal, PrincipalRole

ROLES = (
    sa.select(sa.func.aggregate_strings(PrincipalRole.role, ","))
    .where(PrincipalRole.principal_id == Principal.id)
    .correlate(Principal)
    .scalar_subquery()
    .label("roles")
)

HOLDER = (
    Principal.id,
    Principal.kind,
    Principal.name,
    Principal.name_seal,
    Principal.office_id,
    Organization.name_zh.label("office_name"),
    ROLES,
)


def holder(session: Session, secret_sha256: str, now: datetime) -> Row | None:
    """Return the principal of a secret that is valid *now*, with its key, or None."""
    return session.execute(holder_found(), {"mark": secret_sha256, "now": now}).one_or_none()


@cache
def holder_found() -> sa.Select:
    """Return the SELECT of the holder of a secret of a *mark* that is valid *now*, built once."""
    return holding(sa.bindparam("now")).where(KeySecret.secret_sha256 == sa.bindparam("mark"))


def holding(now: datetime | sa.BindParameter) -> sa.Select:
    """Return the SELECT of the principals of secrets that are valid *now*, with their keys."""
    K = AccessKey
    key = (K.id.label("key_id"), K.public_id, K.scopes, K.networks, K.rate_multiple, K.expires_at)
    return (
        sa.select(*HOLDER, *key, KeySecret.id.label("secret_id"))
        .join_from(KeySecret, AccessKey, AccessKey.id == KeySecret.key_id)
        .join(Principal, Principal.id == AccessKey.principal_id)
        .outerjoin(Organization, Organization.id == Principal.office_id)
        .where(
            KeySecret.revoked_at.is_(None),
            AccessKey.revoked_at.is_(None),
            AccessKey.expires_at > now,
            Principal.disabled_at.is_(None),
        )
    )


def known_as(session: Session, subject: str) -> Row | None:
    """Return the principal that an identity provider knows as *subject*, or None."""
    return session.execute(
        holders().where(Principal.subject == subject, Principal.disabled_at.is_(None))
    ).one_or_none()


def holders() -> sa.Select:
    """Return the SELECT of principals with their office and roles."""
    return sa.select(*HOLDER).outerjoin(Organization, Organization.id == Principal.office_id)


def actor_of(session: Session, principal_id: int, request_id: str | None) -> Actor:
    """Return a principal as an actor with the roles it has now; none when it is disabled."""
    row = session.execute(
        holders().add_columns(Principal.disabled_at).where(Principal.id == principal_id)
    ).one()
    roles = "" if row.disabled_at else row.roles
    return as_actor(row, request_id, roles=roles)


def as_actor(row: Row, request_id: str | None, roles: str | None = None, **more: Any) -> Actor:
    """Return the actor that a row of HOLDER is."""
    named = row.roles if roles is None else roles
    return Actor(
        kind=ActorKind(row.kind),
        name=row.name,
        principal_id=row.id,
        office_id=row.office_id,
        office_name=row.office_name,
        roles=frozenset(named.split(",")) if named else frozenset(),
        request_id=request_id,
        name_seal=row.name_seal or None,
        **more,
    )


PRINCIPAL = (
    Principal.id,
    Principal.kind,
    Principal.name,
    Principal.office_id,
    Principal.subject,
    Principal.disabled_at,
    Principal.version,
    Principal.created_at,
    Principal.updated_at,
    ROLES,
    VERSION,
)
PRINCIPAL = (*PRINCIPAL, *later(Principal, *PRINCIPAL, "name_seal"))


ORDERS = by_change(Principal)


def has_role(roles: Sequence[Role]) -> Condition:
    """Return the condition that an account has one of *roles*."""
    return sa.exists().where(
        PrincipalRole.principal_id == Principal.id, among(PrincipalRole.role)(roles)
    )


CONDITIONS: Conditions = {
    "role": has_role,
    "kind": among(Principal.kind),
    "updated_since": lambda value: Principal.updated_at >= value,
}
"""Filter → the condition on an account, given its value."""


def listed(filters: Given) -> sa.Select:
    """Return the SELECT of the accounts that *filters* name."""
    return sa.select(*PRINCIPAL).where(*asked(CONDITIONS, filters))


def one(session: Session, principal_id: int) -> Row | None:
    """Return one account, or None."""
    return session.execute(listed({}).where(Principal.id == principal_id)).one_or_none()


def visible_id(session: Session, actor: Actor, principal_id: int) -> int | None:
    """Return the id back where there is such an account and *actor* may see it, or None."""
    if not actor.may(Permission.SEE_PRINCIPALS):
        return None
    return session.scalar(sa.select(Principal.id).where(Principal.id == principal_id))


def listed_id(session: Session, actor: Actor, principal_id: int) -> int | None:
    """Return the id back where *actor* may list the keys of the account: their own, or any."""
    own = actor.principal_id == principal_id
    return principal_id if own else visible_id(session, actor, principal_id)


def record(session: Session, actor: Actor, principal_id: int) -> Principal | None:
    """Return the record itself, for a change, when *actor* may see accounts."""
    known = visible_id(session, actor, principal_id)
    return None if known is None else session.get(Principal, known)


KEY_ORDERS = by_number(AccessKey.id, "id")


def keys_of(principal_id: int) -> sa.Select:
    """Return the SELECT of the keys of a principal."""
    return sa.select(AccessKey).where(AccessKey.principal_id == principal_id)


KEY_ORDERS_BY_END = KEY_ORDERS | {
    "expires_at": Order(
        (AccessKey.expires_at, AccessKey.id),
        (read_moment, read_number),
        lambda row: [row.expires_at, row.id],
        stable=True,
    )
}
"""A key's end never moves."""


def keys(filters: Given, now: datetime) -> sa.Select:
    """Return the SELECT of the keys that *filters* name, as they are *now*."""
    K = AccessKey
    live = sa.and_(K.revoked_at.is_(None), K.expires_at > now)
    conditions: Conditions = {
        "principal": among(K.principal_id),
        "live": lambda value: live if value else sa.not_(live),
        "ends_before": lambda value: K.expires_at < value,
        "ends_after": lambda value: K.expires_at > value,
    }
    return sa.select(K).where(*asked(conditions, filters))


def secrets_of(session: Session, key_ids: list[int]) -> dict[int, list[KeySecret]]:
    """Return the secrets of each key, oldest first."""
    found: dict[int, list[KeySecret]] = {number: [] for number in key_ids}
    rows = sa.select(KeySecret).where(KeySecret.key_id.in_(key_ids)).order_by(KeySecret.id)
    for secret in session.scalars(rows):
        found[secret.key_id].append(secret)
    return found


def shown_key(key: AccessKey | Row, secrets: list[KeySecret], **more: object) -> View:
    """Return a key as the API shows it."""
    names = (
        "id",
        "principal_id",
        "scopes",
        "networks",
        "expires_at",
        "revoked_at",
        "version",
        "rate_multiple",
    )
    values = {name: getattr(key, name) for name in (*names, "created_at")}
    reference = reference_of(key.public_id)
    return View(**values, reference=reference, secrets=secrets, **more)


def key_record(
    session: Session, actor: Actor, key_id: int, secret_id: int | None = None
) -> AccessKey | None:
    """Return a key that *actor* may know of: its own, or any for those who see accounts.

    With *secret_id* only when that is one of its secrets.
    """
    statement = sa.select(AccessKey).where(AccessKey.id == key_id)
    if not actor.may(Permission.SEE_PRINCIPALS):
        statement = statement.where(AccessKey.principal_id == actor.principal_id)
    if secret_id is not None:
        own = sa.and_(KeySecret.id == secret_id, KeySecret.key_id == AccessKey.id)
        statement = statement.where(sa.exists().where(own))
    return session.scalar(statement)


def made_alone(session: Session, maker: int, made: int, now: datetime) -> bool:
    """Return whether the account *made* is in the hand of the account *maker*.

    That made it with nobody's approval, and nobody has approved anything of it since; or made a
    key of it so, or drew the secret of one, that is still good at the moment *now*.
    """
    done, E = Event.outcome == Outcome.DONE, Event
    alone = sa.and_(done, E.principal_id == maker, E.approval_id.is_(None))
    own = sa.and_(E.record_type == "principal", E.record_id == made)
    approved = sa.select(E.sequence).where(own, done, E.approval_id.is_not(None)).limit(1)
    begun = sa.select(E.sequence).where(own, alone, E.operation == "principal.created")
    if session.scalar(begun) is not None and session.scalar(approved) is None:
        return True
    good = sa.and_(AccessKey.revoked_at.is_(None), AccessKey.expires_at > now)
    live = sa.select(AccessKey.id).where(AccessKey.principal_id == made, good)
    drawn = sa.select(E.sequence).where(
        E.record_type == "key", E.record_id.in_(live), alone, E.operation.in_(DRAWING)
    )
    return session.scalar(drawn.limit(1)) is not None


DRAWING = ("key.created", "key.secret_issued")
"""Events after which whoever acted may know the secret of a key."""
