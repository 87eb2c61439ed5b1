"""Accounts: who there is, what they are for, and taking their names away."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.audit.rules.chain import ERASED, seal_of
from app.audit.services.recorder import record_event
from app.audit.services.sealed_values import erase, seal, sealed
from app.core.clock import utcnow
from app.core.codes import ActorKind, Role
from app.core.errors import AlreadyExists, InvalidChange
from app.core.rules.permissions import ADMIN_ROLES, OF_AN_OFFICE, Actor, conflicting
from app.core.types import Changes, Given, NewChanges
from app.models import (
    AccessKey,
    Event,
    Organization,
    Principal,
    PrincipalRole,
    ProgressReport,
    Replay,
    SealedValue,
    UnsentForm,
)

LONGEST_NAME = 100


@dataclass(frozen=True, kw_only=True)
class AccountInput:
    """An account to be made: *office* is a slug, *subject* an issuer and a name in it."""

    kind: ActorKind
    name: str
    roles: Collection[str]
    office: str | None = None
    subject: str | None = None


def create_principal(
    session: Session, actor: Actor, account: AccountInput, note: str | None = None
) -> Principal:
    """Add *account* and return it.

    That a second person approves is seen to before: see accounts/services/accounts.py. Raises
    InvalidChange for roles or an office that make no sense, AlreadyExists for a known subject.
    """
    check_name(account.name)
    place = find_office(session, account.office)
    check_roles(account.roles, place)
    check_subject(session, account.subject)
    kept = seal(session, "principal", 0, account.name)
    principal = Principal(
        kind=account.kind,
        name=account.name,
        name_seal=kept.seal,
        office_id=place.id if place else None,
        subject=account.subject,
    )
    principal.roles = [PrincipalRole(role=str(role)) for role in sorted(set(account.roles))]
    session.add(principal)
    session.flush()
    kept.subject_id = principal.id
    session.flush()
    changes = first_state(session, principal, account.roles, account.office)
    record_event(session, actor, principal, "principal.created", changes, note=note)
    session.flush()
    return principal


def check_name(name: str) -> None:
    """Raise InvalidChange for a *name* that is blank or too long."""
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        message = (
            f"名称应有 1 至 {LONGEST_NAME} 个字符",
            f"a name has 1 to {LONGEST_NAME} characters",
        )
        raise InvalidChange(fields={"name": message})


def first_state(
    session: Session, principal: Principal, roles: Collection[str], office: str | None
) -> NewChanges:
    """Return what the history of a new account begins with; personal values sealed."""
    return {
        "name": (None, sealed(principal.name_seal)),
        "kind": (None, principal.kind),
        "roles": ([], sorted(set(roles))),
        "office": (None, office),
        "subject": (None, sealed(subject_seal(session, principal))),
    }


def about(principal: Principal) -> tuple[str, int, str]:
    """Return how a request for approval names *principal*."""
    return "principal", principal.id, principal.called


def subject_seal(session: Session, principal: Principal) -> str | None:
    """Return what stands for a principal's subject in events: sealed with its name's salt."""
    session.flush()
    salt = session.scalar(select(SealedValue.salt).where(SealedValue.seal == principal.name_seal))
    if principal.subject is None or salt is None:
        return None
    return seal_of(salt, principal.subject)


def check_subject(session: Session, subject: str | None) -> None:
    """Raise AlreadyExists when an account has this subject."""
    if subject is None:
        return
    if session.scalar(select(Principal.id).where(Principal.subject == subject)):
        raise AlreadyExists(what="account for", what_zh="账户", value=subject)


def find_office(session: Session, slug: str | None) -> Organization | None:
    """Return the organization *slug*, or raise InvalidChange."""
    if slug is None:
        return None
    found = session.scalar(select(Organization).where(Organization.slug == slug))
    if found is None:
        raise InvalidChange(fields={"office": (f"没有机构 {slug}", f"there is no office {slug}")})
    if found.ended_on is not None:
        message = (f"{slug} 已于 {found.ended_on} 撤销", f"{slug} ended on {found.ended_on}")
        raise InvalidChange(fields={"office": message})
    return found


def check_roles(roles: Collection[str], office: Organization | None) -> None:
    """Raise InvalidChange for an unknown role, roles that exclude each other, or no office."""
    unknown = sorted(set(roles) - set(Role))
    if unknown or not roles:
        listed = ", ".join(Role)
        raise InvalidChange(fields={"roles": (f"角色只能是：{listed}", f"roles are: {listed}")})
    alone = sorted(conflicting(roles))
    if alone:
        names = ", ".join(alone)
        message = (f"不能与其他角色兼任：{names}", f"goes with no other role: {names}")
        raise InvalidChange(fields={"roles": message})
    if OF_AN_OFFICE & set(roles) and office is None:
        message = ("承办单位的人员必须有单位", "whoever handles for an office needs an office")
        raise InvalidChange(fields={"office": message})


def is_administrative(roles: Collection[str]) -> bool:
    """Return whether whoever asks for *roles* must say why."""
    return bool(ADMIN_ROLES & set(roles))


def takes_two(session: Session, actor: Actor, principal: Principal, values: Given) -> bool:
    """Return whether *values* may be set on *principal* only once another has approved them.

    Whatever it may gain by: a role, another office or none, being let in again; and whatever
    someone changes of the own account. One person may take roles away, make it a mere reader, and
    shut it out.
    """
    own = actor.principal_id == principal.id and set(values) - {"note"}
    roles = set(values.get("roles", ()))
    wider = roles - {row.role for row in principal.roles} if roles != {Role.READER} else set()
    place = find_office(session, values.get("office"))
    moved = "office" in values and (place.id if place else None) != principal.office_id
    let_in = principal.disabled_at is not None and values.get("disabled") is False
    return bool(own or wider or moved or let_in)


def check_change(
    session: Session, principal: Principal, values: Given
) -> tuple[list[str], Organization | None]:
    """Return the roles and the office that *principal* would have with *values*.

    Raises InvalidChange where they make no sense, and for an erased account that is to come in.
    """
    if values.get("disabled") is False and principal.name == ERASED:
        message = ("个人信息已删除的账户不能再启用", "an erased account comes in no more")
        raise InvalidChange(fields={"disabled": message})
    place = (
        find_office(session, values["office"])
        if "office" in values
        else session.get(Organization, principal.office_id or 0)
    )
    roles = sorted({str(role) for role in values.get("roles", [r.role for r in principal.roles])})
    check_roles(roles, place)
    return roles, place


def edit_principal(session: Session, actor: Actor, principal: Principal, values: Given) -> None:
    """Change ``roles``, ``office`` (a slug or None) or ``disabled``; *values* may hold a ``note``.

    A disabled account comes in no more, from its next request on. Raises InvalidChange, also for
    an erased account that is to come in again.
    """
    roles = [row.role for row in principal.roles]
    wanted, place = check_change(session, principal, values)
    changes: NewChanges = {}
    if wanted != sorted(roles):
        changes["roles"] = (sorted(roles), wanted)
    if (place.id if place else None) != principal.office_id:
        changes["office_id"] = (principal.office_id, place.id if place else None)
    disabled = principal.disabled_at is not None
    if values.get("disabled", disabled) != disabled:
        changes["disabled"] = (disabled, not disabled)
    if not changes:
        return
    apply(session, principal, changes)
    record_event(
        session,
        actor,
        principal,
        "principal.edited",
        changes,
        note=values.get("note"),
    )
    session.flush()


def apply(session: Session, principal: Principal, changes: Changes) -> None:
    """Set on *principal* what *changes* say."""
    if "roles" in changes:
        before, after = changes["roles"]
        for row in [row for row in principal.roles if row.role in set(before) - set(after)]:
            session.execute(
                delete(PrincipalRole).where(
                    PrincipalRole.principal_id == principal.id, PrincipalRole.role == row.role
                )
            )
        added = set(after) - set(before)
        session.add_all(PrincipalRole(principal_id=principal.id, role=role) for role in added)
        session.flush()
        session.expire(principal, ["roles"])
    if "office_id" in changes:
        principal.office_id = changes["office_id"][1]
    if "disabled" in changes:
        principal.disabled_at = utcnow() if changes["disabled"][1] else None


def erase_principal(session: Session, actor: Actor, principal: Principal, note: str | None) -> None:
    """Take the name and the subject of *principal* away, and let it come in no more.

    Its events stay, and the chain stays whole: they hold only the seal of the name.
    """
    at = utcnow()
    number = erase(session, "principal", principal.id, at)
    revoke_keys(session, actor, principal, at)
    forget_where_named(session, principal)
    principal.name, principal.subject = ERASED, None
    principal.disabled_at = principal.disabled_at or utcnow()
    changes = {"name": (sealed(principal.name_seal), None), "values": (number, 0)}
    record_event(session, actor, principal, "principal.erased", changes, note=note, at=at)
    session.flush()


def revoke_keys(session: Session, actor: Actor, principal: Principal, at: datetime) -> None:
    """Revoke every key of *principal*, each with its event."""
    own = select(AccessKey).where(
        AccessKey.principal_id == principal.id, AccessKey.revoked_at.is_(None)
    )
    for key in session.scalars(own).all():
        key.revoked_at = at
        record_event(session, actor, key, "key.revoked", {"revoked": (False, True)}, at=at)
        session.flush()


def forget_where_named(session: Session, principal: Principal) -> None:
    """Take the name of *principal* out of reports and of answers that are kept to be repeated.

    What they were still writing goes with it.
    """
    events = select(Event.sequence).where(Event.principal_id == principal.id)
    for report in session.scalars(
        select(ProgressReport).where(ProgressReport.sequence.in_(events))
    ):
        report.reported_by = ""
    session.execute(delete(Replay).where(Replay.principal_id == principal.id))
    session.execute(delete(UnsentForm).where(UnsentForm.principal_id == principal.id))
    forget_answers(session, principal.name)
    session.flush()


def forget_answers(session: Session, name: str) -> None:
    """Take every kept answer away in which *name* stands; its request cannot be repeated."""
    written = json.dumps(name, ensure_ascii=False)[1:-1]
    holds = Replay.body.contains(written, autoescape=True)
    session.execute(update(Replay).where(holds).values(body=None))
