"""Asking for accounts, for what they may do, and for keys: another person lets each happen."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules.accounts import kept_apart, mark_of
from app.accounts.services import approvals, keys, principals
from app.accounts.services.exchanges import Half
from app.core.clock import utcnow
from app.core.codes import ActorKind, ApprovalKind
from app.core.errors import InvalidChange, Sentence
from app.core.rules.permissions import Actor
from app.core.types import Given, Values
from app.models import Approval, Principal

REQUIRED = ("必须填写", "is required")
PERSONS_ONLY = ("只用于登录人员", "is for a person only")
NO_PERSONS = ("登录人员不用密钥", "a person signs in without a key")
KNOWN = ("已有这个登录名的账户", "there is an account with it already")
TWICE = ("与前面一项重复", "stands in the list before")

Account = Given
"""What is wanted of an account: kind, name, roles, and perhaps office (a slug), subject (with its
issuer) and key (scopes, networks, days, perhaps rate_multiple)."""


def ask_for_account(
    session: Session, actor: Actor, account: Account, reason: str | None
) -> tuple[Approval, list[Half]]:
    """Ask for one account; raise InvalidChange naming what it cannot have."""
    wrong = validate_account(session, account)
    if not reason and principals.is_administrative(account["roles"]):
        wrong["reason"] = REQUIRED
    return ask_for(session, actor, [account], reason, wrong)


def ask_for_accounts(
    session: Session, actor: Actor, accounts: Sequence[Account], reason: str | None
) -> tuple[Approval, list[Half]]:
    """Ask for many accounts at once, all of which are made, or none.

    Raises InvalidChange naming what is wrong by its place in the list, from 0, and its field.
    """
    wrong: dict[str, Sentence] = {}
    known: set[str] = set()
    for number, account in enumerate(accounts):
        found = validate_account(session, account)
        if account.get("subject") in known:
            found["subject"] = TWICE
        known |= {account["subject"]} if account.get("subject") else set()
        wrong |= {f"accounts.{number}.{name}": message for name, message in found.items()}
    if not reason and any(principals.is_administrative(one["roles"]) for one in accounts):
        wrong["reason"] = REQUIRED
    return ask_for(session, actor, accounts, reason, wrong)


def ask_for(
    session: Session,
    actor: Actor,
    accounts: Sequence[Account],
    reason: str | None,
    wrong: dict[str, Sentence],
) -> tuple[Approval, list[Half]]:
    """Ask for *accounts* in which so much is *wrong*; the request names them by seals alone."""
    if wrong:
        raise InvalidChange(fields=wrong)
    personal = [kept_apart(one["name"], one.get("subject")) for one in accounts]
    listed = [
        as_listed(one) | {"sealed": mark_of(kept)}
        for one, kept in zip(accounts, personal, strict=True)
    ]
    with_key = [number for number, one in enumerate(accounts) if one.get("key")]
    asked = approvals.RequestInput(
        kind=ApprovalKind.CREATE_PRINCIPALS,
        record=("principal", 0, f"{len(listed)} new"),
        payload={"accounts": listed},
        reason=reason or "",
        personal=personal,
    )
    return approvals.ask_for_keys(session, actor, asked, with_key)


def as_listed(account: Account) -> Values:
    """Return an account as a request lists it, without what is personal."""
    key = account.get("key")
    return {
        "kind": str(account["kind"]),
        "roles": sorted({str(role) for role in account["roles"]}),
        "office": account.get("office"),
        "key": as_wanted(key) if key else None,
    }


def as_wanted(key: Given) -> Values:
    """Return a key as a request says it."""
    scopes = sorted({str(scope) for scope in key["scopes"]})
    wanted = {"scopes": scopes, "networks": list(key["networks"]), "days": key["days"]}
    return wanted | ({"rate_multiple": key["rate_multiple"]} if "rate_multiple" in key else {})


def validate_account(session: Session, account: Account) -> dict[str, Sentence]:
    """Return what *account* cannot have, by its field."""
    wrong: dict[str, Sentence] = {}
    try:
        place = principals.find_office(session, account.get("office"))
        principals.check_roles(account["roles"], place)
    except InvalidChange as error:
        wrong |= error.fields
    person, subject = account["kind"] == ActorKind.PERSON, account.get("subject")
    if person != (subject is not None):
        wrong["subject"] = REQUIRED if person else PERSONS_ONLY
    elif subject is not None and is_known(session, subject):
        wrong["subject"] = KNOWN
    key = account.get("key")
    if key and person:
        wrong["key"] = NO_PERSONS
    elif key:
        wrong |= {f"key.{name}": message for name, message in wrong_key(key).items()}
    return wrong


def is_known(session: Session, subject: str) -> bool:
    """Return whether there is an account with *subject*."""
    known = select(Principal.id).where(Principal.subject == subject)
    return session.scalar(known) is not None


def wrong_key(key: Given) -> dict[str, Sentence]:
    """Return what a *key* cannot have, by its field."""
    now = utcnow()
    try:
        keys.check_key(key["scopes"], key["networks"], keys.expiry(key["days"], now), now)
    except InvalidChange as error:
        return error.fields
    return {}


def ask_for_key(
    session: Session,
    actor: Actor,
    principal: Principal,
    wanted: Given,
    reason: str | None,
) -> tuple[Approval, list[Half]]:
    """Ask for a key of *principal*: ``scopes``, ``networks``, ``days``, perhaps ``rate_multiple``.

    Why must be said of one that can change anything. Raises InvalidChange.
    """
    wrong = wrong_key(wanted)
    if not reason and keys.can_write(wanted["scopes"]):
        wrong["reason"] = REQUIRED
    if wrong:
        raise InvalidChange(fields=wrong)
    payload = as_wanted(wanted) | {"version": principal.version}
    asked = approvals.RequestInput(
        kind=ApprovalKind.WRITE_KEY,
        record=principals.about(principal),
        payload=payload,
        reason=reason or "",
    )
    return approvals.ask_for_keys(session, actor, asked, [0])


def ask_for_change(session: Session, actor: Actor, principal: Principal, values: Given) -> Approval:
    """Ask that *principal* be given what *values* say, whose ``note`` says why.

    It must say so where it is about an administrator or the own account. Raises InvalidChange.
    """
    wanted, _ = principals.check_change(session, principal, values)
    own = actor.principal_id == principal.id
    if not values.get("note") and (own or principals.is_administrative(wanted)):
        raise InvalidChange(fields={"note": REQUIRED})
    payload = {"version": principal.version, "values": {**values, "roles": wanted}}
    kind, about = ApprovalKind.GRANT_ADMIN, principals.about(principal)
    return approvals.ask(session, actor, kind, about, payload, values.get("note") or "")
