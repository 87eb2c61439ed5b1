"""Whoever comes in with a key, as they are now."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.models import ApiKey, Organization, Principal, PrincipalRole

ROLES = (
    sa.select(sa.func.aggregate_strings(PrincipalRole.role, ","))
    .where(PrincipalRole.principal_id == Principal.id)
    .correlate(Principal)
    .scalar_subquery()
    .label("roles")
)


def holder(session: Session, secret_sha256: str, now: datetime) -> sa.Row | None:
    """Return the principal of a key that is valid *now*, with office and roles, or None."""
    statement = (
        sa.select(
            Principal.id,
            Principal.kind,
            Principal.name,
            Principal.office_id,
            ApiKey.prefix,
            Organization.name_zh.label("office_name"),
            ROLES,
        )
        .join(Principal, Principal.id == ApiKey.principal_id)
        .outerjoin(Organization, Organization.id == Principal.office_id)
        .where(
            ApiKey.secret_sha256 == secret_sha256,
            ApiKey.revoked_at.is_(None),
            sa.or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > now),
        )
    )
    return session.execute(statement).one_or_none()
