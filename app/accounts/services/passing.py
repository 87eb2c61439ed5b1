"""What becomes of the accounts of an office that ends: they act for its successor, without keys."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.services.keys import end_key
from app.accounts.services.principals import edit_principal
from app.core.rules.permissions import Actor
from app.models import AccessKey, Organization, Principal


def accounts_of(session: Session, office_id: int) -> Sequence[Principal]:
    """Return the accounts of an office, in order; those too that are closed and may come back."""
    own = select(Principal).where(Principal.office_id == office_id)
    return session.scalars(own.order_by(Principal.id)).all()


def keys_of(session: Session, accounts: Sequence[Principal]) -> Sequence[AccessKey]:
    """Return the keys of *accounts* that are not revoked, in order."""
    numbers = [account.id for account in accounts]
    own = select(AccessKey).where(
        AccessKey.principal_id.in_(numbers), AccessKey.revoked_at.is_(None)
    )
    return session.scalars(own.order_by(AccessKey.id)).all()


def pass_accounts(
    session: Session, actor: Actor, former: Organization, office: Organization, note: str
) -> None:
    """Let the accounts of *former* act for *office*; their keys end, and each needs a new one.

    A key was given for what its holder might do then, not for another office.
    """
    accounts = accounts_of(session, former.id)
    for key in keys_of(session, accounts):
        end_key(session, actor, key, note)
    for account in accounts:
        edit_principal(session, actor, account, {"office": office.slug, "note": note})
