"""What an approval carries out, by the kind of what was asked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.rules.accounts import mark_of
from app.accounts.services import keys, principals
from app.accounts.services.exchanges import codes_of
from app.core.clock import utcnow
from app.core.codes import ActorKind, ApprovalKind
from app.core.errors import AlreadyExists, InvalidChange, Overtaken
from app.core.rules.permissions import Actor
from app.core.types import Values
from app.models import Approval, Principal

Work = Callable[[Session, Actor, Approval], list[int]]
"""(session, whoever asked, the approval) → the numbers of the accounts that were made."""


def unchanged(record: Any, approval: Approval) -> Any:
    """Return *record*; raise Overtaken when it is no longer the version that was seen."""
    if record.version != approval.payload["version"]:
        raise Overtaken
    return record


def erase_principal(session: Session, actor: Actor, approval: Approval) -> list[int]:
    """Erase an account's personal data."""
    record = unchanged(session.get_one(Principal, approval.record_id), approval)
    principals.erase_principal(session, actor, record, approval.reason)
    return []


def create_principals(session: Session, actor: Actor, approval: Approval) -> list[int]:
    """Make every account that was asked for, with its key; all of them or none."""
    wanted, kept = approval.payload["accounts"], approval.personal or []
    codes = {code.number: code.id for code in codes_of(session, approval)}
    if [account["sealed"] for account in wanted] != [mark_of(person) for person in kept]:
        raise Overtaken
    made = []
    for number, (account, person) in enumerate(zip(wanted, kept, strict=True)):
        principal = create_principal(session, actor, approval, account | person)
        if account.get("key"):
            add_key(session, actor, principal, account["key"], codes[number], approval.reason)
        made.append(principal.id)
    return made


def create_principal(
    session: Session, actor: Actor, approval: Approval, account: Values
) -> Principal:
    """Make one account; raise Overtaken when there is one with its subject by now."""
    try:
        return principals.create_principal(
            session,
            actor,
            principals.AccountInput(
                kind=ActorKind(account["kind"]),
                name=account["name"],
                roles=account["roles"],
                office=account["office"],
                subject=account["subject"],
            ),
            approval.reason or None,
        )
    except (AlreadyExists, InvalidChange) as error:
        raise Overtaken from error


def grant_admin(session: Session, actor: Actor, approval: Approval) -> list[int]:
    """Change of an account what was asked for."""
    record = unchanged(session.get_one(Principal, approval.record_id), approval)
    principals.edit_principal(session, actor, record, approval.payload["values"])
    return []


def write_key(session: Session, actor: Actor, approval: Approval) -> list[int]:
    """Add the key; its holder exchanges its code. One that an operator asked for has none."""
    record = unchanged(session.get_one(Principal, approval.record_id), approval)
    code = next((code.id for code in codes_of(session, approval)), None)
    if code is None and approval.asked_by_id is not None:
        raise Overtaken  # asked before there were codes: nobody could take its secret
    add_key(session, actor, record, approval.payload, code, approval.reason)
    return []


def add_key(
    session: Session,
    actor: Actor,
    principal: Principal,
    wanted: Values,
    code: int | None,
    reason: str,
) -> None:
    """Add to *principal* the key that is *wanted*, with its *code*; its days begin now."""
    keys.create_key(
        session,
        actor,
        principal,
        keys.KeyInput(
            scopes=wanted["scopes"],
            networks=wanted["networks"],
            expires_at=utcnow() + timedelta(days=wanted["days"]),
            exchange_id=code,
            rate_multiple=wanted.get("rate_multiple"),
        ),
        reason or None,
    )


WORK: dict[ApprovalKind, Work] = {
    ApprovalKind.ERASE_PRINCIPAL: erase_principal,
    ApprovalKind.CREATE_PRINCIPALS: create_principals,
    ApprovalKind.GRANT_ADMIN: grant_admin,
    ApprovalKind.WRITE_KEY: write_key,
}
"""What an approval carries out, by the kind of what was asked.

What is about records of other areas, app/hooks.py adds."""
