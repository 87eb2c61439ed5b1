"""Keys: made once, shown once, kept only as a hash."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import utcnow
from app.errors import InvalidChange
from app.models import ApiKey, Organization, Principal, PrincipalRole
from app.rules.permissions import Actor
from app.rules.vocabularies import ActorKind, Role
from app.services.events import record_event

PREFIX_LENGTH = 12
LONGEST_NAME = 100


def add_key(
    session: Session,
    actor: Actor,
    *,
    name: str,
    roles: Collection[str],
    office: str | None = None,
    expires_at: datetime | None = None,
) -> str:
    """Make a principal called *name* with a key, and return the key; it cannot be read again.

    Raises InvalidChange for an unknown role or an *office* (slug) that does not exist, or for
    an office editor without an office.
    """
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        told = (
            f"名称应有 1 至 {LONGEST_NAME} 个字符",
            f"a name has 1 to {LONGEST_NAME} characters",
        )
        raise InvalidChange(fields={"name": told})
    place = find_office(session, office)
    check_roles(roles, place)
    principal = Principal(
        kind=str(ActorKind.INTEGRATOR), name=name, office_id=place.id if place else None
    )
    principal.roles = [PrincipalRole(role=role) for role in sorted(set(roles))]
    session.add(principal)
    session.flush()
    secret = f"prk_{secrets.token_urlsafe(32)}"
    keep_key(session, principal, secret, expires_at)
    record_event(
        session,
        actor,
        principal,
        "principal.created",
        {"name": (None, name), "roles": ([], sorted(set(roles))), "office": (None, office)},
        reference=secret[:PREFIX_LENGTH],
    )
    session.flush()
    return secret


def keep_key(
    session: Session, principal: Principal, secret: str, expires_at: datetime | None
) -> None:
    """Keep the hash of the key *secret*."""
    session.add(
        ApiKey(
            principal_id=principal.id,
            prefix=secret[:PREFIX_LENGTH],
            secret_sha256=secret_hash(secret),
            created_at=utcnow(),
            expires_at=expires_at,
        )
    )


def find_office(session: Session, slug: str | None) -> Organization | None:
    """Return the organization *slug*, or raise InvalidChange."""
    if slug is None:
        return None
    found = session.scalar(select(Organization).where(Organization.slug == slug))
    if found is None:
        raise InvalidChange(fields={"office": (f"没有机构 {slug}", f"there is no office {slug}")})
    return found


def check_roles(roles: Collection[str], office: Organization | None) -> None:
    """Raise InvalidChange for an unknown role, or an office editor without an office."""
    unknown = sorted(set(roles) - set(Role))
    if unknown or not roles:
        known = ", ".join(Role)
        raise InvalidChange(fields={"roles": (f"角色只能是：{known}", f"roles are: {known}")})
    if Role.OFFICE_EDITOR in roles and office is None:
        raise InvalidChange(
            fields={"office": ("经办人必须有单位", "an office editor needs an office")}
        )


def revoke_key(session: Session, actor: Actor, prefix: str) -> int:
    """Revoke every valid key that begins with *prefix*; return how many there were."""
    keys = session.scalars(
        select(ApiKey).where(ApiKey.prefix == prefix, ApiKey.revoked_at.is_(None))
    ).all()
    for key in keys:
        key.revoked_at = utcnow()
        principal = session.get_one(Principal, key.principal_id)
        record_event(
            session,
            actor,
            principal,
            "principal.key_revoked",
            {"key": (prefix, None)},
            reference=prefix,
        )
        session.flush()
    return len(keys)


def secret_hash(secret: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(secret.encode()).hexdigest()
